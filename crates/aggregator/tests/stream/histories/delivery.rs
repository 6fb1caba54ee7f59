//! Random ways of a stream's records to the aggregator: mixed, repeated, in batches, with faults.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};

use super::writes::Written;
use crate::support::{Fault, Refusal};

/// How the stream's records reach the aggregator.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    /// Which item's next record comes; 0 is the earliest one. Where this ends, records come in order.
    picks: Vec<Index>,
    /// Records that come once more (which, and how much later).
    repeats: Vec<(Index, Index)>,
    /// Records in a batch, in turn.
    sizes: Vec<usize>,
    /// Batches that come once more (which, and how much later).
    batches_again: Vec<(Index, Index)>,
    /// Two batches at a time.
    pub(super) in_parallel: bool,
    /// What goes wrong with transactions.
    pub(super) faults: Vec<Option<Fault>>,
    /// Which reads fail.
    pub(super) reads: Vec<bool>,
    /// Which publications fail.
    pub(super) publications: Vec<bool>,
    /// The record that the store refuses to book.
    pub(super) refused: Option<(Index, Refusal)>,
}

pub(super) fn delivery() -> impl Strategy<Value = Delivery> {
    let pair = || (any::<Index>(), any::<Index>());
    let fault = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Fault::Throttled)),
        1 => Just(Some(Fault::Conflict)),
        1 => Just(Some(Fault::MarkerConflict)),
        1 => Just(Some(Fault::Unreached)),
        2 => Just(Some(Fault::AnswerLost)),
    ];
    let refusal = select(vec![Refusal::Request, Refusal::Reason]);
    (
        vec(any::<Index>(), 0..24),
        vec(pair(), 0..8),
        vec(1_usize..8, 1..6),
        vec(pair(), 0..3),
        any::<bool>(),
        vec(fault, 0..24),
        vec(any::<bool>(), 0..8),
        vec(any::<bool>(), 0..8),
        option::weighted(0.2, (any::<Index>(), refusal)),
    )
        .prop_map(
            |(picks, repeats, sizes, batches_again, in_parallel, faults, reads, publications, refused)| {
                Delivery {
                    picks,
                    repeats,
                    sizes,
                    batches_again,
                    in_parallel,
                    faults,
                    reads,
                    publications,
                    refused,
                }
            },
        )
}

impl Delivery {
    /// The batches as they are given: items mixed, records and batches repeated.
    pub(super) fn batches(&self, records: &[Written]) -> Vec<Vec<Written>> {
        let mut left = records.to_vec();
        let mut picks = self.picks.iter();
        let mut delivered = Vec::new();
        while !left.is_empty() {
            // The first record of each item that is left, the earliest first.
            let mut heads: Vec<usize> = Vec::new();
            for (place, written) in left.iter().enumerate() {
                if !heads.iter().any(|head| left[*head].slot == written.slot) {
                    heads.push(place);
                }
            }
            let pick = picks.next().map_or(0, |pick| pick.index(heads.len()));
            delivered.push(left.remove(heads[pick]));
        }
        repeat(&mut delivered, &self.repeats);
        let mut batches = Vec::new();
        let mut sizes = self.sizes.iter().cycle();
        while !delivered.is_empty() {
            let size = delivered.len().min(*sizes.next().unwrap());
            batches.push(delivered.drain(..size).collect());
        }
        repeat(&mut batches, &self.batches_again);
        batches
    }

    /// Whether a publish may fail, or the read before it.
    pub(super) fn publishing_fails(&self) -> bool {
        self.reads.contains(&true) || self.publications.contains(&true)
    }

    /// How often something goes wrong at most.
    pub(super) fn most_faults(&self) -> usize {
        self.faults.len() + self.reads.len() + self.publications.len()
    }
}

/// Puts copies of some behind their originals.
fn repeat<T: Clone>(sequence: &mut Vec<T>, repeats: &[(Index, Index)]) {
    for (which, later) in repeats {
        if !sequence.is_empty() {
            let which = which.index(sequence.len());
            let place = which + 1 + later.index(sequence.len() - which);
            sequence.insert(place, sequence[which].clone());
        }
    }
}
