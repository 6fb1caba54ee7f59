//! The four tables, behind a small port.
