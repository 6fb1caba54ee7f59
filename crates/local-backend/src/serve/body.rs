//! Request bodies with a time limit.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{BoxError, body::Bytes};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Sleep, sleep};

use super::places::{BusyGuard, Place};

/// The stage of a request.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<Mutex<RequestStage>>);

#[derive(Debug)]
enum RequestStage {
    /// The body has not arrived completely: the connection waits for its client.
    Arriving(Option<Place>),
    /// The request is being executed.
    Arrived(#[expect(dead_code, reason = "keeps the place while it lives")] Option<BusyGuard>),
    Answered,
}

impl Progress {
    pub(super) fn new(place: Option<Place>) -> Self {
        Self(Arc::new(Mutex::new(RequestStage::Arriving(place))))
    }

    pub(super) fn arrived(&self) {
        let mut stage = self.stage();
        if let RequestStage::Arriving(place) = &*stage {
            let busy = place.as_ref().map(Place::busy);
            *stage = RequestStage::Arrived(busy);
        }
    }

    /// Returns whether the body had arrived completely. If not, the connection can't be used for another request.
    pub(super) fn answered(&self) -> bool {
        let stage = std::mem::replace(&mut *self.stage(), RequestStage::Answered);
        matches!(stage, RequestStage::Arrived(_))
    }

    fn stage(&self) -> MutexGuard<'_, RequestStage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that fails when its time limit is exceeded.
pub(super) struct TimedBody {
    body: Incoming,
    limit: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

impl TimedBody {
    pub(super) fn new(body: Incoming, time: Duration, progress: Progress) -> Self {
        let empty = body.is_end_stream();
        if empty {
            progress.arrived();
        }
        Self {
            body,
            limit: (!empty).then(|| Box::pin(sleep(time))),
            progress,
        }
    }
}

impl Body for TimedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        if let Some(limit) = &mut this.limit
            && limit.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Some(Err("the body took too long".into())));
        }
        let frame = Pin::new(&mut this.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) || this.body.is_end_stream() {
            this.progress.arrived();
        }
        frame.map(|frame| frame.map(|frame| frame.map_err(BoxError::from)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
