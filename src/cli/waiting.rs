//! What an earlier command or the screens left in the outbox: commands that read send it first, unless another program does.

use std::time::{Duration, Instant};

use caltrack_client::outbox::OutboxEvent;
use caltrack_domain::{Account, EnergyUnit, outbox::Outcome};

use super::{context::CommandContext, local_log::LocalLog, notice::notice};
use crate::app::outbox::collision;

/// How long a reading command waits for the answer to each change that it sends.
const PATIENCE: Duration = Duration::from_secs(2);

impl CommandContext<'_> {
    /// Sends what waits; costs next to nothing if nothing does. A failure leaves it in the outbox, from where the next command
    /// sends it.
    pub(super) async fn send_waiting(&self, account: &Account) {
        let local = self.local(account);
        if self.is_read_only || local.waiting() == 0 {
            return;
        }
        let Ok(outbox) = self.outbox() else {
            // `doctor` and every command that changes something report why.
            return;
        };
        let begun = Instant::now();
        let saved = outbox.saved(&local.owner(), Vec::new());
        let delivery = self.deliver_within(&local, outbox, &saved, Some(PATIENCE)).await;
        let Ok(delivery) = delivery else {
            return;
        };
        let (mut trouble, mut sent, mut rejected) = (false, 0, 0);
        for event in &delivery.events {
            match event {
                OutboxEvent::Outcome { outcome, .. } => match outcome {
                    Outcome::Acknowledged(_) | Outcome::Collided(_) => sent += 1,
                    Outcome::Rejected(_) => rejected += 1,
                    Outcome::Waiting(_) | Outcome::Withdrawn => {}
                },
                OutboxEvent::Collision(lost) => notice(&collision(lost, "`undo`", EnergyUnit::Kcal)),
                OutboxEvent::Trouble(reason) => trouble = reason.is_some(),
                OutboxEvent::Changed | OutboxEvent::Failed(_) => {}
            }
        }
        self.is_silent.set(trouble && begun.elapsed() >= PATIENCE);
        if sent > 0 {
            notice(&format!("sent {}", changes_that_waited(sent)));
        }
        if rejected > 0 {
            notice(&format!(
                "the backend rejected {}: `outbox` lists them",
                changes_that_waited(rejected)
            ));
        }
    }
}

impl LocalLog<'_> {
    /// How many changes wait to be sent.
    pub(super) fn waiting(&self) -> usize {
        self.listing().rows.iter().filter(|row| row.is_pending()).count()
    }
}

/// `1 change that waited`.
fn changes_that_waited(count: usize) -> String {
    match count {
        1 => "1 change that waited".to_owned(),
        count => format!("{count} changes that waited"),
    }
}
