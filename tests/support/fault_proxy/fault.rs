//! Faults, and when they happen.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use rand::{Rng as _, rngs::StdRng};

/// The name under which scripts have the events of subscriptions.
pub(crate) const EVENT: &str = "event";

/// What happens to a request, or to an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    None,
    /// It arrives later.
    Delay(Duration),
    /// A part of the request arrives, then the connection is closed.
    CutRequest,
    /// It is executed; the connection is closed without an answer. An event gets lost with its connection.
    DropAnswer,
    /// It is executed, and a part of the answer arrives.
    CutAnswer,
    /// It doesn't arrive, and the connection stays open. After such an event no other one comes, not even a keep-alive.
    Silence,
    /// It is executed, and the connection stays open without an answer. An event gets lost alone: a publish that was
    /// abandoned.
    SilenceAfter,
    /// It arrives twice, and the second answer is delivered.
    Duplicate,
    /// It doesn't arrive, and the answer is this status.
    Status(u16),
    /// It is executed, and the answer is this status.
    StatusAfter(u16),
    /// It doesn't arrive, and its token is said to have expired.
    Expired,
    /// It doesn't arrive, and the answer is a GraphQL error of this type with this message.
    Error(&'static str, &'static str),
    /// The answer is that of the last equal request, if there was one: an index that lags behind.
    Stale,
    /// It arrives after the next event.
    Swap,
}

/// Faults at random.
#[derive(Debug, Clone)]
pub(crate) struct Mix {
    dice: StdRng,
    /// Of 100 requests, those with a fault.
    percent: u32,
}

impl Mix {
    pub(crate) fn new(dice: StdRng, percent: u32) -> Self {
        Self { dice, percent }
    }

    fn draw(&mut self, operation: &str) -> Fault {
        if self.dice.random_range(0..100) >= self.percent {
            return Fault::None;
        }
        let dice = &mut self.dice;
        let delay = Fault::Delay(Duration::from_millis(dice.random_range(1..40)));
        if operation == EVENT {
            return match dice.random_range(0..5) {
                0 => delay,
                1 => Fault::DropAnswer,
                2 => Fault::SilenceAfter,
                3 => Fault::Duplicate,
                _ => Fault::Swap,
            };
        }
        match dice.random_range(0..14) {
            0 => delay,
            1 => Fault::CutRequest,
            2..=4 => Fault::DropAnswer,
            5 => Fault::CutAnswer,
            6 => Fault::Duplicate,
            7 => Fault::Status(429),
            8 => Fault::Status(500),
            9 => Fault::StatusAfter(502),
            10 => Fault::StatusAfter(500),
            11 => Fault::Expired,
            12 => Fault::Error(
                "DynamoDB:ProvisionedThroughputExceededException",
                "The level of configured provisioned throughput for the table was exceeded.",
            ),
            _ => Fault::Stale,
        }
    }
}

/// Scripts, the mix and counters of a proxy.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    scripts: BTreeMap<String, VecDeque<Fault>>,
    counts: BTreeMap<String, usize>,
    pub(crate) mix: Option<Mix>,
    pub(crate) requests: usize,
    pub(crate) responses: usize,
    pub(crate) faults: usize,
    /// The last answers, by request.
    answers: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// The answers that are kept for [`Fault::Stale`].
const MAX_ANSWERS: usize = 200;

impl Rules {
    pub(crate) fn script(&mut self, operation: &str, faults: Vec<Fault>) {
        self.scripts
            .entry(operation.to_owned())
            .or_default()
            .extend(faults);
    }

    pub(crate) fn is_script_done(&self) -> bool {
        self.scripts.values().all(VecDeque::is_empty)
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        self.counts.get(operation).copied().unwrap_or_default()
    }

    /// Counts a request, and chooses what happens to it.
    pub(crate) fn choose(&mut self, operation: &str) -> Fault {
        *self.counts.entry(operation.to_owned()).or_default() += 1;
        let scripted = self.scripts.get_mut(operation).and_then(VecDeque::pop_front);
        let fault = match (scripted, &mut self.mix) {
            (Some(fault), _) => fault,
            (None, Some(mix)) => mix.draw(operation),
            (None, None) => Fault::None,
        };
        self.faults += usize::from(fault != Fault::None);
        fault
    }

    /// The last answer to an equal request.
    pub(crate) fn answer(&self, request: &[u8]) -> Option<Vec<u8>> {
        self.answers.get(request).cloned()
    }

    pub(crate) fn note_answer(&mut self, request: &[u8], answer: &[u8]) {
        if self.answers.len() >= MAX_ANSWERS {
            self.answers.clear();
        }
        self.answers.insert(request.to_vec(), answer.to_vec());
    }
}
