//! The client against a backend that misbehaves on demand: what no healthy backend would show.

mod calls;
mod fake;
mod live;
mod sessions;
