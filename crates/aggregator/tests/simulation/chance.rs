//! Dice that don't depend on the order in which they are thrown.

use std::hash::{DefaultHasher, Hash, Hasher as _};

/// A number from 0 to 1 that belongs to a seed and a thing.
pub(crate) fn chance(seed: u64, of: impl Hash) -> f64 {
    let mut hasher = DefaultHasher::new();
    (seed, of).hash(&mut hasher);
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept")]
    let number = (hasher.finish() >> 11) as f64;
    number / 9_007_199_254_740_992.0
}

/// A number below `end` that belongs to a seed and a thing.
pub(crate) fn pick(seed: u64, of: impl Hash, end: u64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (seed, of, "pick").hash(&mut hasher);
    hasher.finish() % end.max(1)
}
