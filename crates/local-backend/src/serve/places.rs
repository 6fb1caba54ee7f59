//! The connections that a port holds: as many as leave the box the descriptors that it needs, and none for good that says nothing.
//!
//! On a loopback port everybody has the same address, so a stranger can't be told from an honest client by it. What tells them apart is
//! what their connections do: a request that has arrived is answered at once, and then its connection waits for its client again. Where
//! all places are taken, the connection that has waited longest for its client makes room. So whoever opens connections and says
//! nothing loses them to the next one, and an honest request only needs to arrive sooner than all places are taken anew.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// Connections of a port, where descriptors allow it.
const MOST: usize = 256;
/// Fewer than these are of no use.
const LEAST: usize = 8;

/// How many connections a port may hold: at most half of the files that the process may open.
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
    left: Notify,
    /// At most half of the places are sockets', which last: requests find room beside them.
    sockets: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Table {
    /// Given to places and to the moments at which they begin to wait.
    next: u64,
    taken: HashMap<u64, Taken>,
    /// Those that wait for their client, by the moment since when.
    waiting: BTreeMap<u64, u64>,
}

#[derive(Debug)]
struct Taken {
    /// What the box does for it.
    busy: usize,
    /// Since when it waits, where it does.
    waits_since: Option<u64>,
    leave: Arc<Notify>,
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
            left: Notify::new(),
            sockets: Arc::new(Semaphore::new(most / 2)),
        }))
    }

    /// Takes a place; where there is none, the connection that has waited longest for its client gives its own up.
    pub(super) async fn take(&self) -> Place {
        loop {
            let left = self.0.left.notified();
            {
                let mut table = self.0.lock();
                if table.taken.len() < self.0.most {
                    let number = table.number();
                    let leave = Arc::new(Notify::new());
                    table.taken.insert(
                        number,
                        Taken {
                            busy: 0,
                            waits_since: None,
                            leave: Arc::clone(&leave),
                        },
                    );
                    table.wait(number);
                    return Place(Arc::new(Held {
                        number,
                        leave,
                        places: Arc::clone(&self.0),
                    }));
                }
                if let Some((_, longest)) = table.waiting.pop_first()
                    && let Some(taken) = table.taken.get_mut(&longest)
                {
                    taken.waits_since = None;
                    taken.leave.notify_one();
                }
            }
            left.await;
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
pub(crate) struct Place(Arc<Held>);

#[derive(Debug)]
struct Held {
    number: u64,
    leave: Arc<Notify>,
    places: Arc<Shared>,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut table = self.places.lock();
        let taken = table.taken.remove(&self.number);
        if let Some(since) = taken.and_then(|taken| taken.waits_since) {
            table.waiting.remove(&since);
        }
        drop(table);
        self.places.left.notify_one();
    }
}

impl Place {
    /// Completes where another connection needs the place.
    pub(crate) async fn given_up(&self) {
        self.0.leave.notified().await;
    }

    /// As long as it lives, the place is not given up.
    pub(crate) fn busy(&self) -> Busy {
        self.work();
        Busy(self.clone())
    }

    /// Whether the box does something for it.
    pub(super) fn is_busy(&self) -> bool {
        let table = self.0.places.lock();
        table
            .taken
            .get(&self.0.number)
            .is_some_and(|taken| taken.busy > 0)
    }

    fn work(&self) {
        let mut table = self.0.places.lock();
        let since = table.taken.get_mut(&self.0.number).and_then(|taken| {
            taken.busy += 1;
            taken.waits_since.take()
        });
        if let Some(since) = since {
            table.waiting.remove(&since);
        }
    }

    /// Waits for something that is not the box's work: meanwhile the place may be given up.
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

    /// A place among the sockets; none where they have half of all places.
    pub(crate) fn socket(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.places.sockets).try_acquire_owned().ok()
    }

    fn rest(&self) {
        let mut table = self.0.places.lock();
        let idle = table.taken.get_mut(&self.0.number).is_some_and(|taken| {
            taken.busy = taken.busy.saturating_sub(1);
            taken.busy == 0
        });
        if idle {
            table.wait(self.0.number);
        }
    }
}

/// The box does something for a connection.
#[derive(Debug)]
pub(crate) struct Busy(Place);

impl Drop for Busy {
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

    fn told_to_leave(place: &Place) -> bool {
        place.given_up().now_or_never().is_some()
    }

    #[test]
    fn the_one_that_waited_longest_makes_room_and_only_then_is_there_room() {
        let places = Places::new(3);
        let [first, second, third] = [(); 3].map(|()| take(&places).unwrap());
        // The first has just been served, so the second waits longest.
        drop(first.busy());
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second, &third].map(told_to_leave), [false, true, false]);
        drop(second);
        let fourth = next.now_or_never().unwrap();
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &third, &fourth].map(told_to_leave), [false, true, false]);
    }

    #[test]
    fn what_is_being_served_is_not_given_up() {
        let places = Places::new(2);
        let [first, second] = [(); 2].map(|()| take(&places).unwrap());
        let (working, also) = (first.busy(), first.busy());
        let second_works = second.busy();
        let mut next = std::pin::pin!(places.take());
        assert!(next.as_mut().now_or_never().is_none());
        assert_eq!([&first, &second].map(told_to_leave), [false, false]);
        drop(working);
        drop(also);
        drop(second_works);
        drop(second);
        assert!(next.now_or_never().is_some());
        assert!(!told_to_leave(&first));
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
        assert!(!told_to_leave(&first), "it has its turn");
        {
            let mut waiting = std::pin::pin!(first.idle_while(std::future::pending::<()>()));
            assert!(waiting.as_mut().now_or_never().is_none());
            assert!(take(&places).is_none());
            assert!(told_to_leave(&first));
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
