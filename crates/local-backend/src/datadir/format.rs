//! The format of the directory.

/// The format of the directory that this program writes: its days have entries, digest and grams. An older program would book
/// entries without them, so it must not open such a directory.
pub(crate) const FORMAT: u32 = 2;
/// The first format: its days have kcal alone.
pub(super) const KCAL_ALONE: u32 = 1;
