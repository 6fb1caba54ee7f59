//! A small generator of numbers (`SplitMix64`): the same seed gives the same log in every version.

/// The state of the generator.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// Whether something happens that does so in `percent` of all cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several values; none if there are none.
    pub(super) fn choose<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(values.len() as u64)).unwrap_or(0);
        values.get(at)
    }

    /// A number around 0 with a standard deviation of about 1: the sum of twelve equal distributions, less their mean.
    pub(super) fn noise(&mut self) -> f64 {
        let sum: u64 = (0..12).map(|_| self.below(1_000)).sum();
        f64::from(u32::try_from(sum).unwrap_or(0)) / 1_000.0 - 6.0
    }

    /// Random bytes of an id.
    pub(super) fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        let random = self
            .next()
            .to_le_bytes()
            .into_iter()
            .chain(self.next().to_le_bytes());
        for (byte, random) in bytes.iter_mut().zip(random) {
            *byte = random;
        }
        bytes
    }
}
