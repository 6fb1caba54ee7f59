//! A bounded queue to one thread, in which callers take turns.
//!
//! A caller with a thousand queued jobs delays another caller by one job, not by a thousand. Each caller's own jobs keep
//! their order.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The number of jobs that one caller may have queued; with more, only that caller waits.
const CAPACITY: usize = 256;

/// The queue is closed, or its receiver was dropped: no more jobs are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

/// Creates a queue with its two ends.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(QueueState {
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            closed: false,
        }),
        changed: Condvar::new(),
    });
    let sender = Sender(Arc::new(SendingEnd(Arc::clone(&shared))));
    (sender, Receiver(shared))
}

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<QueueState<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct QueueState<T> {
    /// Callers with queued jobs, and callers that wait for room.
    lanes: HashMap<Arc<str>, Lane<T>>,
    /// Callers with queued jobs, in the order of their turns.
    turns: VecDeque<Arc<str>>,
    closed: bool,
}

#[derive(Debug)]
struct Lane<T> {
    jobs: VecDeque<(T, OwnedSemaphorePermit)>,
    room: Arc<Semaphore>,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, QueueState<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops accepting jobs; queued ones stay.
    fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        for lane in state.lanes.values() {
            lane.room.close();
        }
        drop(state);
        self.changed.notify_all();
    }
}

impl<T> QueueState<T> {
    fn lane(&mut self, caller: &Arc<str>) -> &mut Lane<T> {
        self.lanes.entry(Arc::clone(caller)).or_insert_with(|| Lane {
            jobs: VecDeque::new(),
            room: Arc::new(Semaphore::new(CAPACITY)),
        })
    }

    /// The oldest matching job of the first caller in turn that has one.
    fn take(&mut self, matches: impl Fn(&T) -> bool) -> Option<T> {
        let turns = self.turns.iter().enumerate();
        let (turn, place) = turns.into_iter().find_map(|(turn, caller)| {
            let jobs = &self.lanes.get(caller)?.jobs;
            Some((turn, jobs.iter().position(|(job, _)| matches(job))?))
        })?;
        let caller = self.turns.remove(turn)?;
        let lane = self.lanes.get_mut(&caller)?;
        let (job, permit) = lane.jobs.remove(place)?;
        drop(permit);
        if !lane.jobs.is_empty() {
            self.turns.push_back(caller);
        } else if Arc::strong_count(&lane.room) == 1 {
            self.lanes.remove(&caller);
        }
        Some(job)
    }
}

/// The sending end. Dropping the last clone closes the queue.
#[derive(Debug)]
pub struct Sender<T>(Arc<SendingEnd<T>>);

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[derive(Debug)]
struct SendingEnd<T>(Arc<Shared<T>>);

impl<T> Drop for SendingEnd<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> Sender<T> {
    /// Whether no job is queued.
    pub fn is_empty(&self) -> bool {
        self.0.0.lock().turns.is_empty()
    }

    /// Queues a caller's job; waits while that caller has too many queued.
    ///
    /// # Errors
    ///
    /// [`Closed`]: the job was dropped.
    pub async fn send(&self, caller: &Arc<str>, job: T) -> Result<(), Closed> {
        let shared = &self.0.0;
        let room = {
            let mut state = shared.lock();
            if state.closed {
                return Err(Closed);
            }
            Arc::clone(&state.lane(caller).room)
        };
        let permit = room.acquire_owned().await.map_err(|_| Closed)?;
        let mut state = shared.lock();
        if state.closed {
            return Err(Closed);
        }
        let lane = state.lane(caller);
        let first = lane.jobs.is_empty();
        lane.jobs.push_back((job, permit));
        if first {
            state.turns.push_back(Arc::clone(caller));
        }
        drop(state);
        shared.changed.notify_one();
        Ok(())
    }
}

/// The receiving end. Dropping it drops the queued jobs.
#[derive(Debug)]
pub struct Receiver<T>(Arc<Shared<T>>);

impl<T> Receiver<T> {
    /// Blocks until a job is queued; none once the queue is closed and empty.
    pub fn recv(&mut self) -> Option<T> {
        let mut state = self.0.lock();
        loop {
            if let Some(job) = state.take(|_| true) {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A matching job that is already queued.
    pub fn try_recv_if(&mut self, matches: impl Fn(&T) -> bool) -> Option<T> {
        self.0.lock().take(matches)
    }

    /// Stops accepting jobs; queued ones can still be received.
    pub fn close(&mut self) {
        self.0.close();
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.close();
        let mut state = self.0.lock();
        let lanes = std::mem::take(&mut state.lanes);
        state.turns.clear();
        drop(state);
        // Dropping a job runs foreign code, so not while the lock is held.
        drop(lanes);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn caller(name: &str) -> Arc<str> {
        Arc::from(name)
    }

    fn send(sender: &Sender<u32>, name: &str, job: u32) -> Option<Result<(), Closed>> {
        sender.send(&caller(name), job).now_or_never()
    }

    #[test]
    fn a_caller_with_many_jobs_delays_another_by_one() {
        let (sender, mut receiver) = channel();
        for job in 0..100 {
            send(&sender, "heavy", job).unwrap().unwrap();
        }
        send(&sender, "light", 1_000).unwrap().unwrap();
        send(&sender, "other", 2_000).unwrap().unwrap();
        assert!(!sender.is_empty());
        let order: Vec<u32> = (0..5).filter_map(|_| receiver.recv()).collect();
        assert_eq!(order, [0, 1_000, 2_000, 1, 2]);
        send(&sender, "light", 1_001).unwrap().unwrap();
        let order: Vec<u32> = (0..3).filter_map(|_| receiver.recv()).collect();
        assert_eq!(order, [3, 1_001, 4]);
    }

    #[test]
    fn matching_jobs_are_taken_in_turns_and_the_others_keep_their_order() {
        let (sender, mut receiver) = channel();
        for (name, job) in [("a", 1), ("a", 2), ("a", 4), ("b", 3), ("b", 6)] {
            send(&sender, name, job).unwrap().unwrap();
        }
        let even = |job: &u32| job.is_multiple_of(2);
        let mut taken = Vec::new();
        while let Some(job) = receiver.try_recv_if(even) {
            taken.push(job);
        }
        assert_eq!(taken, [2, 6, 4]);
        assert_eq!((receiver.recv(), receiver.recv()), (Some(3), Some(1)));
    }

    #[test]
    fn only_the_caller_with_too_many_queued_jobs_waits() {
        let (sender, mut receiver) = channel();
        for job in 0..256 {
            send(&sender, "heavy", job).unwrap().unwrap();
        }
        let heavy = caller("heavy");
        let mut waiting = std::pin::pin!(sender.send(&heavy, 256));
        assert_eq!(waiting.as_mut().now_or_never(), None);
        assert_eq!(send(&sender, "light", 1_000), Some(Ok(())));
        assert_eq!(receiver.recv(), Some(0));
        assert_eq!(waiting.now_or_never(), Some(Ok(())));
    }

    #[test]
    fn a_closed_queue_can_be_emptied_and_accepts_no_jobs() {
        let (sender, mut receiver) = channel();
        for job in 0..256 {
            send(&sender, "a", job).unwrap().unwrap();
        }
        let name = caller("a");
        let mut waiting = std::pin::pin!(sender.send(&name, 256));
        assert_eq!(waiting.as_mut().now_or_never(), None);
        receiver.close();
        assert_eq!(waiting.now_or_never(), Some(Err(Closed)));
        assert_eq!(send(&sender, "b", 0), Some(Err(Closed)));
        assert_eq!(std::iter::from_fn(|| receiver.recv()).count(), 256);
    }

    #[test]
    fn dropping_one_end_closes_the_other() {
        let (sender, mut receiver) = channel();
        send(&sender, "a", 1).unwrap().unwrap();
        drop(sender);
        assert_eq!((receiver.recv(), receiver.recv()), (Some(1), None));
        let (sender, receiver) = channel();
        let (job, answer) = tokio::sync::oneshot::channel::<()>();
        sender.send(&caller("a"), job).now_or_never().unwrap().unwrap();
        drop(receiver);
        assert!(answer.now_or_never().unwrap().is_err(), "the job was dropped");
        let (job, _answer) = tokio::sync::oneshot::channel::<()>();
        assert_eq!(sender.send(&caller("a"), job).now_or_never(), Some(Err(Closed)));
    }

    #[test]
    fn callers_without_jobs_take_no_memory() {
        let (sender, mut receiver) = channel();
        for number in 0..1_000 {
            send(&sender, &format!("caller {number}"), number)
                .unwrap()
                .unwrap();
            receiver.recv().unwrap();
        }
        assert!(sender.is_empty());
        assert_eq!(receiver.0.lock().lanes.len(), 0);
    }
}
