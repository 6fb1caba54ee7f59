//! Imports of the screens: a file is read and compared with the log, and sent through the outbox's task.

mod outlet;
mod path;
mod reading;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::mpsc::Sender;

pub(super) use self::path::complete;
use self::{outlet::ScreenOutlet, reading::read};
use super::{context::Context, event::Event, outbox::Order};
use crate::{
    app::{
        Failure, FailureKind, Message, Progress, Request,
        import::{FileReading, ImportDecisions, ImportReport},
    },
    importer::{Plan, send},
};

/// The import of the screens; there is one at a time. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(super) struct ImportTask {
    /// What was read last, until it is imported.
    plan: Arc<Mutex<Option<Plan>>>,
    /// Whether the running import is to end.
    is_stopped: Arc<AtomicBool>,
}

impl ImportTask {
    /// Reads a file, and keeps its rows for [`ImportTask::import`].
    pub(super) async fn read(
        self,
        context: Context,
        path: String,
        decisions: ImportDecisions,
    ) -> Result<FileReading, Failure> {
        let (reading, plan) = read(&context, path, decisions).await?;
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = plan;
        Ok(reading)
    }

    /// Imports what was read last.
    pub(super) async fn import(
        self,
        context: Context,
        request: Request,
        orders: Option<Sender<Order>>,
        events: Sender<Event>,
    ) -> Result<ImportReport, Failure> {
        self.is_stopped.store(false, Ordering::Relaxed);
        let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (Some(mut plan), Some(orders), Some(sub)) = (plan, orders, context.sub()) else {
            return Err(Failure::new(FailureKind::Internal, "there is nothing to import"));
        };
        let all = u64::try_from(plan.rows()).unwrap_or(u64::MAX);
        let advance = async move |done| {
            let progress = Progress { done, total: all };
            let message = Message::ImportProgress { request, progress };
            // An error means that the program ends.
            let _ = events.send(Event::Message(message)).await;
        };
        let mut outlet = ScreenOutlet::new((orders, plan.step_name()), self.is_stopped.clone(), advance);
        let sent = send(&mut outlet, &sub, &mut plan).await?;
        outlet.end().await;
        Ok(ImportReport {
            imported: sent.counts.imported,
            already: sent.counts.already,
            waiting: sent.waiting.map(|reason| (sent.kept.len(), reason.text)),
            rejected: sent.rejected.map(|(line, rejection)| match line {
                Some(line) => format!("line {line}: {}", rejection.text),
                None => rejection.text,
            }),
            is_stopped: sent.is_stopped,
        })
    }

    /// Ends the running import after the rows that are being sent.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}
