//! Many changes as one step of the history: a part at a time is saved in the outbox and sent.

use caltrack_domain::{
    Activity,
    outbox::{Command, Reason},
};
use jiff::Timestamp;

use super::{
    context::CommandContext,
    error::CommandError,
    local_log::LocalLog,
    sending::{Sent, SentChange},
};

/// The changes of a part.
pub(super) const PART: usize = 250;

/// What is known while the parts are sent.
pub(super) struct Parts<'a> {
    pub(super) local: &'a LocalLog<'a>,
    /// The name of the step, by which its parts are recognised.
    name: String,
    is_begun: bool,
    /// Why nothing is sent any more: the rest is queued.
    waiting: Option<Waiting>,
    /// The entries that are queued.
    pub(super) kept: Vec<Activity>,
}

struct Waiting {
    reason: Reason,
    sent: Sent,
}

impl<'a> Parts<'a> {
    pub(super) const fn new(local: &'a LocalLog<'a>, name: String) -> Self {
        Self {
            local,
            name,
            is_begun: false,
            waiting: None,
            kept: Vec::new(),
        }
    }

    /// The failure of the step, if something of it waits.
    pub(super) fn queued(&mut self) -> Option<CommandError> {
        let kept = std::mem::take(&mut self.kept);
        let waiting = self.waiting.take()?;
        Some(waiting.sent.queued(&waiting.reason, kept))
    }
}

impl CommandContext<'_> {
    /// Saves a part and sends it, unless the backend is known to be away.
    pub(super) async fn send_part(
        &self,
        parts: &mut Parts<'_>,
        commands: Vec<Command>,
    ) -> Result<Vec<SentChange>, CommandError> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut outbox = self.outbox()?;
        let owner = parts.local.owner();
        let now = Timestamp::now();
        let count = commands.len();
        let saved = if parts.is_begun {
            outbox.save_more(&owner, &parts.name, commands, now)?
        } else {
            outbox.save(&owner, &parts.name, commands, now)?
        };
        parts.is_begun = true;
        if let Some(waiting) = &parts.waiting {
            self.outbox.replace(Some(outbox));
            return Ok(vec![SentChange::Waiting(waiting.reason.clone()); count]);
        }
        let mut sent = self.deliver(parts.local, outbox, &saved).await?;
        let outcomes = std::mem::take(&mut sent.outcomes);
        let reason = outcomes.iter().find_map(|outcome| match outcome {
            SentChange::Waiting(reason) => Some(reason.clone()),
            _ => None,
        });
        if let Some(reason) = reason {
            parts.waiting = Some(Waiting { reason, sent });
        }
        Ok(outcomes)
    }

    /// Drops a rejected change of a part, which is made in another way.
    pub(super) fn forget_row(&self, parts: &Parts<'_>, row: u64) -> Result<(), CommandError> {
        let mut outbox = self.outbox()?;
        outbox.drop_row(&parts.local.owner(), row)?;
        self.outbox.replace(Some(outbox));
        Ok(())
    }
}
