//! The connections of a port: a bounded number, so that the process keeps descriptors for the socket file and SQLite.
//!
//! On a loopback port all clients have the same address, so it doesn't distinguish an attacker from an honest client.
//! Their connections differ, though: an honest request arrives at once, is answered, and its connection is idle again.
//! When all places are taken, the connection that has been idle longest is evicted. An attacker's half-open connections
//! therefore evict each other, and an honest request only has to arrive before all places are taken again.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Maximum number of connections of a port.
const MOST: usize = 256;
/// Minimum number of connections of a port, however few files the process may open.
const LEAST: usize = 8;

/// The number of connections for a port: at most half of the files that the process may open.
pub(crate) fn most_connections() -> usize {
    #[cfg(unix)]
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    #[cfg(not(unix))]
    let limit: Option<u64> = None;
    let half = limit.and_then(|limit| usize::try_from(limit / 2).ok());
    half.unwrap_or(MOST).clamp(LEAST, MOST)
}

/// The places of a port; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    table: Mutex<Table>,
    /// Notified when a place is free, or another can be evicted.
    changed: Notify,
    /// Half of the places: the most that sockets may take, since they last.
    sockets: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Table {
    /// The next number for places and for the order in which they became idle.
    next: u64,
    taken: HashMap<u64, PlaceState>,
    /// Idle connections, in the order in which they became idle.
    waiting: BTreeMap<u64, u64>,
}

#[derive(Debug)]
struct PlaceState {
    /// Its requests and sockets in progress.
    busy: usize,
    /// Its position among idle connections, if it is idle.
    waits_since: Option<u64>,
    /// Whether it was evicted.
    leaves: bool,
    evict: Arc<Notify>,
}

impl Table {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn wait(&mut self, place: u64) {
        let since = self.number();
        if let Some(taken) = self.taken.get_mut(&place) {
            taken.waits_since = Some(since);
            self.waiting.insert(since, place);
        }
    }
}

impl Places {
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Shared {
            most,
            table: Mutex::default(),
            changed: Notify::new(),
            sockets: Arc::new(Semaphore::new(most / 2)),
        }))
    }

    /// Takes a place; if all are taken, the connection that has been idle longest is evicted.
    pub(super) async fn take(&self) -> Place {
        loop {
            let changed = self.0.changed.notified();
            {
                let mut table = self.0.lock();
                if table.taken.len() < self.0.most {
                    let number = table.number();
                    let evict = Arc::new(Notify::new());
                    table.taken.insert(
                        number,
                        PlaceState {
                            busy: 0,
                            waits_since: None,
                            leaves: false,
                            evict: Arc::clone(&evict),
                        },
                    );
                    table.wait(number);
                    return Place(Arc::new(PlaceGuard {
                        number,
                        evict,
                        places: Arc::clone(&self.0),
                    }));
                }
                // One connection that is ending is enough, unless it has a request to answer first.
                let leaving = table.taken.values().any(|taken| taken.leaves && taken.busy == 0);
                if !leaving
                    && let Some((_, longest)) = table.waiting.pop_first()
                    && let Some(taken) = table.taken.get_mut(&longest)
                {
                    taken.waits_since = None;
                    taken.leaves = true;
                    taken.evict.notify_one();
                }
            }
            changed.await;
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of one connection, until its last clone is dropped.
#[derive(Debug, Clone)]
pub(crate) struct Place(Arc<PlaceGuard>);

#[derive(Debug)]
struct PlaceGuard {
    number: u64,
    evict: Arc<Notify>,
    places: Arc<Shared>,
}

impl Drop for PlaceGuard {
    fn drop(&mut self) {
        let mut table = self.places.lock();
        let taken = table.taken.remove(&self.number);
        if let Some(since) = taken.and_then(|taken| taken.waits_since) {
            table.waiting.remove(&since);
        }
        drop(table);
        self.places.changed.notify_one();
    }
}

impl Place {
    /// Completes when the place is evicted.
    pub(crate) async fn evicted(&self) {
        self.0.evict.notified().await;
    }

    /// While it lives, the place is not evicted.
    pub(crate) fn busy(&self) -> BusyGuard {
        self.work();
        BusyGuard(self.clone())
    }

    /// Whether a request of it is in progress.
    pub(super) fn is_busy(&self) -> bool {
        let table = self.0.places.lock();
        table
            .taken
            .get(&self.0.number)
            .is_some_and(|taken| taken.busy > 0)
    }

    fn work(&self) {
        let mut table = self.0.places.lock();
        let Some(taken) = table.taken.get_mut(&self.0.number) else {
            return;
        };
        taken.busy += 1;
        let (since, leaves) = (taken.waits_since.take(), taken.leaves);
        if let Some(since) = since {
            table.waiting.remove(&since);
        }
        drop(table);
        if leaves {
            // It leaves only after its response; another place may be free earlier.
            self.0.places.changed.notify_one();
        }
    }

    /// Waits as an idle connection: meanwhile the place can be evicted.
    pub(crate) async fn idle_while<T>(&self, waiting: impl Future<Output = T>) -> T {
        struct Resume<'p>(&'p Place);
        impl Drop for Resume<'_> {
            fn drop(&mut self) {
                self.0.work();
            }
        }
        self.rest();
        let resume = Resume(self);
        let outcome = waiting.await;
        drop(resume);
        outcome
    }

    /// A place for a WebSocket; `None` if they have half of all places.
    pub(crate) fn socket(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.places.sockets).try_acquire_owned().ok()
    }

    fn rest(&self) {
        let mut table = self.0.places.lock();
        let idle = table.taken.get_mut(&self.0.number).is_some_and(|taken| {
            taken.busy = taken.busy.saturating_sub(1);
            taken.busy == 0 && !taken.leaves
        });
        if idle {
            table.wait(self.0.number);
            drop(table);
            self.0.places.changed.notify_one();
        }
    }
}

/// A request of a connection is in progress.
#[derive(Debug)]
pub(crate) struct BusyGuard(Place);

impl Drop for BusyGuard {
    fn drop(&mut self) {
        self.0.rest();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn take(places: &Places) -> Option<Place> {
        places.take().now_or_never()
    }

    fn is_evicted(place: &Place) -> bool {
        place.evicted().now_or_never().is_some()
    }

    #[test]
    fn the_one_that_waited_longest_makes_room_and_only_then_is_there_room() {
        let places = Places::new(3);
        let [first, second, third] = [(); 3].map(|()| take(&places).unwrap());
        // The first has just been served, so the second waits longest.
        drop(first.busy());
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second, &third].map(is_evicted), [false, true, false]);
        drop(second);
        let fourth = next.now_or_never().unwrap();
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &third, &fourth].map(is_evicted), [false, true, false]);
    }

    #[test]
    fn what_is_being_served_is_not_given_up() {
        let places = Places::new(2);
        let [first, second] = [(); 2].map(|()| take(&places).unwrap());
        let (working, also) = (first.busy(), first.busy());
        let second_works = second.busy();
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(is_evicted), [false, false]);
        drop(working);
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(is_evicted), [false, false]);
        // Once one has been answered it leaves, without waiting for its client.
        drop(also);
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(is_evicted), [true, false]);
        drop(second_works);
        drop(first);
        assert!(next.now_or_never().is_some());
        assert!(!is_evicted(&second));
    }

    #[test]
    fn where_a_request_arrives_at_the_last_moment_another_leaves() {
        let places = Places::new(2);
        let [first, second] = [(); 2].map(|()| take(&places).unwrap());
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(is_evicted), [true, false]);
        let _working = first.busy();
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(is_evicted), [false, true]);
        drop(second);
        assert!(next.now_or_never().is_some());
    }

    #[test]
    fn a_request_that_waits_for_its_turn_may_be_given_up_and_one_that_has_it_may_not() {
        let places = Places::new(1);
        let first = take(&places).unwrap();
        let working = first.busy();
        {
            let (turn, waiting) = tokio::sync::oneshot::channel::<()>();
            let mut waiting = std::pin::pin!(first.idle_while(waiting));
            assert!(waiting.as_mut().now_or_never().is_none());
            turn.send(()).unwrap();
            waiting.as_mut().now_or_never().unwrap().unwrap();
        }
        assert!(take(&places).is_none());
        assert!(!is_evicted(&first), "it has its turn");
        {
            let mut waiting = std::pin::pin!(first.idle_while(std::future::pending::<()>()));
            assert!(waiting.as_mut().now_or_never().is_none());
            assert!(take(&places).is_none());
            assert!(is_evicted(&first));
        }
        assert!(first.is_busy(), "it no longer waits");
        drop(working);
        drop(first);
        assert!(take(&places).is_some(), "nothing keeps its place");
    }

    #[test]
    fn sockets_have_half_of_the_places() {
        let places = Places::new(4);
        let [first, second, third] = [(); 3].map(|()| take(&places).unwrap());
        let sockets = [first.socket(), second.socket(), third.socket()];
        assert_eq!(sockets.each_ref().map(Option::is_some), [true, true, false]);
        drop(sockets);
        assert!(third.socket().is_some());
    }
}
