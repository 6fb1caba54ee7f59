//! The queue of outgoing frames of a WebSocket.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::{Notify, mpsc};

/// The sending end. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct FrameSender {
    frames: mpsc::Sender<String>,
    bytes: Arc<AtomicUsize>,
    most_bytes: usize,
    full: Arc<Notify>,
}

/// The receiving end, which the socket's writer owns.
#[derive(Debug)]
pub(super) struct FrameReceiver {
    frames: mpsc::Receiver<String>,
    bytes: Arc<AtomicUsize>,
}

impl FrameSender {
    /// A queue with a capacity in frames and in bytes of events.
    pub(super) fn new(most: usize, most_bytes: usize) -> (Self, FrameReceiver) {
        let (frames, receiver) = mpsc::channel(most);
        let bytes = Arc::new(AtomicUsize::new(0));
        let sender = Self {
            frames,
            bytes: Arc::clone(&bytes),
            most_bytes,
            full: Arc::new(Notify::new()),
        };
        (
            sender,
            FrameReceiver {
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
        let queued = self.bytes.fetch_add(length, Ordering::Relaxed);
        if queued.saturating_add(length) > self.most_bytes || self.frames.try_send(frame).is_err() {
            self.full.notify_one();
        }
    }

    /// Completes once the queue had no room for an event.
    pub(super) async fn overflowed(&self) {
        self.full.notified().await;
    }
}

impl FrameReceiver {
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

    fn overflows(sender: &FrameSender) -> bool {
        sender.overflowed().now_or_never().is_some()
    }

    #[test]
    fn an_event_beyond_the_capacity_in_frames_or_bytes_overflows() {
        let (sender, _frames) = FrameSender::new(3, 100);
        for _ in 0..3 {
            sender.push("x".to_owned());
        }
        assert!(!overflows(&sender));
        sender.push("x".to_owned());
        assert!(overflows(&sender));

        let (sender, _frames) = FrameSender::new(3, 100);
        sender.push("x".repeat(100));
        assert!(!overflows(&sender));
        sender.push("x".to_owned());
        assert!(overflows(&sender));
    }

    #[test]
    fn a_frame_that_was_taken_makes_room_for_another() {
        let (sender, mut frames) = FrameSender::new(3, 100);
        for _ in 0..10 {
            sender.push("x".repeat(90));
            assert_eq!(
                frames.next().now_or_never().flatten().map(|frame| frame.len()),
                Some(90)
            );
        }
        assert!(!overflows(&sender));
        drop(sender);
        assert_eq!(frames.next().now_or_never(), Some(None));
    }
}
