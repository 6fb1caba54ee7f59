//! The queue of outgoing frames of a WebSocket.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{Notify, mpsc};

/// The sending end. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Outbox {
    frames: mpsc::Sender<String>,
    bytes: Arc<AtomicUsize>,
    most_bytes: usize,
    full: Arc<Notify>,
}

/// The receiving end, which the socket's writer owns.
#[derive(Debug)]
pub(super) struct Frames {
    frames: mpsc::Receiver<String>,
    bytes: Arc<AtomicUsize>,
}

impl Outbox {
    /// A queue with a capacity in frames and in bytes of events.
    pub(super) fn new(most: usize, most_bytes: usize) -> (Self, Frames) {
        let (sender, receiver) = mpsc::channel(most);
        let bytes = Arc::new(AtomicUsize::new(0));
        let outbox = Self {
            frames: sender,
            bytes: Arc::clone(&bytes),
            most_bytes,
            full: Arc::new(Notify::new()),
        };
        (
            outbox,
            Frames {
                frames: receiver,
                bytes,
            },
        )
    }

    /// Queues a response, and waits while the queue is full.
    pub(super) async fn send(&self, frame: String) {
        self.bytes.fetch_add(frame.len(), Ordering::Relaxed);
        // The writer has ended, and so does the socket.
        let _ = self.frames.send(frame).await;
    }

    /// Queues an event. If the queue is full, its subscriber reads too slowly and must be disconnected: it reconnects
    /// and catches up by query. Waiting would delay all subscribers, and queueing would fill the memory.
    pub(super) fn push(&self, frame: String) {
        let length = frame.len();
        let waiting = self.bytes.fetch_add(length, Ordering::Relaxed);
        if waiting.saturating_add(length) > self.most_bytes || self.frames.try_send(frame).is_err() {
            self.full.notify_one();
        }
    }

    /// Completes once the queue had no room for an event.
    pub(super) async fn overflowed(&self) {
        self.full.notified().await;
    }
}

impl Frames {
    /// The next frame; `None` once all senders are dropped.
    pub(super) async fn next(&mut self) -> Option<String> {
        let frame = self.frames.recv().await?;
        self.bytes.fetch_sub(frame.len(), Ordering::Relaxed);
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn overflows(outbox: &Outbox) -> bool {
        outbox.overflowed().now_or_never().is_some()
    }

    #[test]
    fn neither_more_frames_nor_more_bytes_wait_than_may() {
        let (outbox, _frames) = Outbox::new(3, 100);
        for _ in 0..3 {
            outbox.push("x".to_owned());
        }
        assert!(!overflows(&outbox));
        outbox.push("x".to_owned());
        assert!(overflows(&outbox));

        let (outbox, _frames) = Outbox::new(3, 100);
        outbox.push("x".repeat(100));
        assert!(!overflows(&outbox));
        outbox.push("x".to_owned());
        assert!(overflows(&outbox));
    }

    #[test]
    fn what_was_taken_leaves_room() {
        let (outbox, mut frames) = Outbox::new(3, 100);
        for _ in 0..10 {
            outbox.push("x".repeat(90));
            assert_eq!(
                frames.next().now_or_never().flatten().map(|frame| frame.len()),
                Some(90)
            );
        }
        assert!(!overflows(&outbox));
        drop(outbox);
        assert_eq!(frames.next().now_or_never(), Some(None));
    }
}
