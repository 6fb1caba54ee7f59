//! Inputs at random: parts of the corpus, cut, repeated, joined and changed. The same in every run.

/// The longest input.
const LONGEST: usize = 2_048;

pub(crate) struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutator<'a> {
    /// `corpus` has at least one input.
    pub(crate) const fn new(corpus: &'a [Vec<u8>]) -> Self {
        Self { corpus, state: 1 }
    }

    pub(crate) fn next_input(&mut self) -> Vec<u8> {
        let mut input = self.part();
        for _ in 0..=self.below(4) {
            let at = self.below(input.len() + 1);
            match self.below(5) {
                0 => {
                    let end = at + self.below(input.len() - at + 1);
                    input.drain(at..end);
                }
                1 => {
                    let part = self.part();
                    input.splice(at..at, part);
                }
                2 => {
                    let end = at + self.below(input.len() - at + 1);
                    let part = input[at..end].to_vec();
                    input.splice(at..at, part);
                }
                _ => {
                    let byte = self.byte();
                    let end = (at + self.below(2)).min(input.len());
                    input.splice(at..end, [byte]);
                }
            }
        }
        input.truncate(LONGEST);
        input
    }

    /// A part of an input, often all of it.
    fn part(&mut self) -> Vec<u8> {
        let input = &self.corpus[self.below(self.corpus.len())];
        if self.below(2) == 0 {
            return input.clone();
        }
        let from = self.below(input.len() + 1);
        let end = from + self.below(input.len() - from + 1);
        input[from..end].to_vec()
    }

    /// A byte of the corpus, or any.
    fn byte(&mut self) -> u8 {
        let input = &self.corpus[self.below(self.corpus.len())];
        if input.is_empty() || self.below(3) == 0 {
            return u8::try_from(self.below(256)).unwrap_or_default();
        }
        input[self.below(input.len())]
    }

    /// A number below a limit: `SplitMix64` ("Fast Splittable Pseudorandom Number Generators", Steele et al. 2014).
    fn below(&mut self, limit: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % limit as u64).unwrap_or_default()
    }
}
