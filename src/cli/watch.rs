//! `watch`: today's figures, again at every change.

use std::time::Duration;

use caltrack_domain::{Account, DailyTotals};
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::mpsc;

use super::{
    context::CommandContext,
    error::CommandError,
    format::Format,
    json,
    local_days::QueuedChanges,
    notice::notice,
    output::{Output, print_line},
    read::figures,
};
use crate::runtime::{internal, settings::Settings, signals::TerminationSignals};
use caltrack_client::api::{ConnectionState, RealtimeEvent};

/// Events that may wait for a slow reader of the output.
const MAX_QUEUED: usize = 64;
/// The exit code of a program that a signal ends is this and the signal's number.
const SIGNALLED: i32 = 128;
/// The time until a day whose end is unknown is read again.
const UNKNOWN_END: Duration = Duration::from_hours(1);

/// How a line is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineStyle<'a> {
    /// The user's own text.
    pub(super) format: Option<&'a Format>,
    /// A JSON object a line.
    pub(super) json: bool,
}

impl CommandContext<'_> {
    /// Prints today's figures at once and at every change, until a signal ends the program or the reader of the output ends.
    pub(super) async fn watch(
        &self,
        account: &Account,
        style: LineStyle<'_>,
    ) -> Result<Output, CommandError> {
        let mut signals =
            TerminationSignals::listen().map_err(|error| CommandError::from(internal(error)))?;
        let (sender, events) = mpsc::channel(MAX_QUEUED);
        tokio::select! {
            signal = signals.next() => {
                Ok(Output::ended(u8::try_from(SIGNALLED.saturating_add(signal)).unwrap_or(u8::MAX)))
            }
            shown = self.show_changes(account, events, style) => shown.map(|()| Output::ended(0)),
            ended = self.client.listen(sender) => Err(ended.into()),
        }
    }

    async fn show_changes(
        &self,
        account: &Account,
        mut events: mpsc::Receiver<RealtimeEvent>,
        style: LineStyle<'_>,
    ) -> Result<(), CommandError> {
        let local = self.local(account);
        let ((mut day, mut settings, _), known_by) = self.known_day(account, None).await?;
        let mut connection = if known_by == "live" {
            "connecting"
        } else {
            known_by
        };
        let mut queued = local.take_queued_day(&mut day);
        let mut totals = day.totals;
        let mut shown = None;
        loop {
            let figures = Figures::of(&totals, &settings, &queued);
            if shown.as_ref() != Some(&figures) {
                if !print_line(&figures.line(connection, style))
                    .map_err(|error| super::output::unwritten(&error))?
                {
                    return Ok(());
                }
                shown = Some(figures);
            }
            let event = tokio::select! {
                event = events.recv() => event,
                () = tokio::time::sleep(until_the_end(&totals, &settings)) => Some(RealtimeEvent::PollTick),
            };
            let is_due = match event {
                None => return Ok(()),
                Some(RealtimeEvent::Connection(state)) => {
                    connection = name(state);
                    if state == ConnectionState::Live {
                        self.is_silent.set(false);
                        self.send_waiting(account).await;
                    }
                    state == ConnectionState::Live
                }
                Some(RealtimeEvent::Totals(changed)) if changed.date == totals.date => {
                    if changed.version >= totals.version {
                        totals = changed;
                    }
                    // The target may have changed as well.
                    settings = self.settings(account, Timestamp::now()).await.unwrap_or(settings);
                    false
                }
                Some(RealtimeEvent::User { .. }) => {
                    settings = self.settings(account, Timestamp::now()).await.unwrap_or(settings);
                    false
                }
                Some(RealtimeEvent::PollTick) => true,
                Some(RealtimeEvent::Notice(text)) => {
                    notice(&text);
                    false
                }
                Some(RealtimeEvent::Totals(_) | RealtimeEvent::Activity(..)) => false,
            };
            // A failure is repeated by the next event of the connection.
            if is_due && let Ok((mut day, present, _)) = self.present_day(account, None).await {
                queued = local.take_queued_day(&mut day);
                (totals, settings) = (day.totals, present);
            }
        }
    }
}

/// The figures of a line, apart from the state of the connection.
#[derive(Debug, PartialEq)]
struct Figures {
    members: Value,
    text: String,
}

impl Figures {
    fn of(totals: &DailyTotals, settings: &Settings, queued: &QueuedChanges) -> Self {
        Self {
            members: json::figures(totals, settings, queued, "live"),
            text: figures(totals, settings, queued).join("  "),
        }
    }

    fn line(&self, connection: &str, style: LineStyle<'_>) -> String {
        let mut members = self.members.clone();
        if let Some(member) = members.get_mut("connection") {
            *member = connection.into();
        }
        match style.format {
            _ if style.json => json::text(&members),
            Some(format) => caltrack_domain::clean(&format.fill(&members)),
            None => self.text.clone(),
        }
    }
}

/// The time until the user's day ends.
fn until_the_end(totals: &DailyTotals, settings: &Settings) -> Duration {
    let end = totals
        .date
        .tomorrow()
        .ok()
        .and_then(|next| settings.clock.beginning_of(next).ok());
    let left = end.map(|end| end.duration_since(Timestamp::now()));
    // It has ended already.
    left.map_or(UNKNOWN_END, |left| {
        Duration::try_from(left).unwrap_or(Duration::from_secs(1))
    })
}

const fn name(state: ConnectionState) -> &'static str {
    match state {
        ConnectionState::Connecting => "connecting",
        ConnectionState::Live => "live",
        ConnectionState::Polling => "polling",
        ConnectionState::Offline => "offline",
    }
}
