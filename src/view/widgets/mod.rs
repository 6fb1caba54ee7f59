//! Pieces that several pictures share.

pub(super) mod footer;
pub(super) mod gauge;
pub(super) mod input;
pub(super) mod popup;
pub(super) mod qr;
pub(super) mod text;
