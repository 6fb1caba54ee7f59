//! Checks of the outbox and of this computer's copy of the log.

use caltrack_domain::Account;
use jiff::Timestamp;

use super::check::Check;
use caltrack_client::{
    config::Config,
    outbox::{Listing, Outbox, OutboxOwner},
    replica::{Owner, Replica},
};

/// Unverified days that are named.
const NAMED_DAYS: usize = 10;

/// What waits and what was rejected, and whether changes can be saved.
pub(super) fn outbox(config: &Config, account: Option<&Account>) -> Check {
    const NAME: &str = "outbox";
    let path = config.data.outbox();
    if !path.exists() {
        return Check::ok(NAME, "nothing waits");
    }
    let outbox = Outbox::open(&path);
    if let Err(reason) = outbox.access().writable() {
        return Check::failed(NAME, reason);
    }
    let owner = account.map(|account| OutboxOwner {
        profile: config.profile.name.clone(),
        sub: account.sub.clone(),
    });
    let listing = owner
        .as_ref()
        .map_or_else(Listing::default, |owner| outbox.list(owner));
    let of_others = outbox
        .owners()
        .into_iter()
        .filter(|(other, _)| Some(other) != owner.as_ref())
        .map(|(_, count)| count)
        .sum();
    standing(&listing, of_others).map_or_else(
        || Check::ok(NAME, "nothing waits"),
        |(message, next)| Check::warn(NAME, message, next),
    )
}

/// What is in a queue, and what to do about it; none if there is nothing.
fn standing(listing: &Listing, of_others: usize) -> Option<(String, String)> {
    let pending = listing.rows.iter().filter(|row| row.is_pending());
    let oldest = pending.clone().map(|row| row.since).min();
    let (waiting, unreadable) = (pending.count(), listing.unreadable.len());
    let rejected = listing.rows.len() - waiting;
    let mut parts = Vec::new();
    if let Some(oldest) = oldest {
        let why = listing.trouble.reason.as_ref();
        let why = why.map_or_else(String::new, |reason| format!(": {}", reason.text));
        parts.push((
            format!(
                "{waiting} wait to be sent, the oldest since {}{why}",
                minute(oldest)
            ),
            "`sync` sends what waits",
        ));
    }
    if rejected > 0 {
        parts.push((
            format!("{rejected} were rejected"),
            "`outbox` lists what was rejected; `outbox retry ID` sends it again, `outbox drop ID` removes it",
        ));
    }
    if unreadable > 0 {
        parts.push((
            format!("{unreadable} can't be read and stay in the file"),
            "a newer version of this program can read the others",
        ));
    }
    if of_others > 0 {
        parts.push((
            format!("{of_others} are of other accounts or profiles"),
            "those of other accounts are sent when that account is signed in",
        ));
    }
    let (messages, advice): (Vec<String>, Vec<&str>) = parts.into_iter().unzip();
    (!messages.is_empty()).then(|| (format!("changes: {}", messages.join("; ")), advice.join("; ")))
}

fn minute(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// Whether this computer's copy of the log can be trusted; none if there is no copy.
pub(super) fn copy(config: &Config, account: Option<&Account>) -> Option<Check> {
    const NAME: &str = "copy of the log";
    let path = config.data.cache();
    if !path.exists() {
        return None;
    }
    let damaged = |detail: String| {
        Check::warn(
            NAME,
            format!("{} is damaged ({detail})", path.display()),
            "`doctor --recover` replaces it; `sync` or the screens fill it again",
        )
    };
    match Replica::damage(&path) {
        Ok(None) => {}
        Ok(Some(detail)) => return Some(damaged(detail)),
        Err(error) => return Some(damaged(error.to_string())),
    }
    let owner = Owner {
        profile: &config.profile.name,
        sub: &account?.sub,
    };
    let unverified = Replica::open(&path).and_then(|opened| opened.replica.unverified(owner));
    Some(match unverified {
        Ok(days) if days.is_empty() => Check::ok(NAME, "no day is unverified"),
        Ok(days) => {
            let named: Vec<String> = days.iter().take(NAMED_DAYS).map(ToString::to_string).collect();
            let more = days.len().saturating_sub(NAMED_DAYS);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            Check::warn(
                NAME,
                format!("unverified days: {}{more}", named.join(", ")),
                "their totals and entries disagree at the backend: `reconcile` recounts totals (docs/deploy.md)",
            )
        }
        Err(error) => damaged(error.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use caltrack_domain::{
        LogCommand, NewActivity,
        outbox::{Command, Reason, ReasonKind, Rejection, RejectionKind, Row, RowState},
    };
    use jiff::civil::date;

    use super::*;

    fn row(number: u64, state: RowState) -> Row {
        let moment: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let entry = caltrack_domain::Entry::new(date(2026, 11, 30), moment, "Food", "Lunch", 650);
        Row {
            number,
            command: Command::Log(LogCommand::Create(NewActivity::new(number.to_string(), entry))),
            state,
            since: moment,
            reason: None,
            is_undo: false,
            unlisted: None,
        }
    }

    #[test]
    fn each_kind_of_row_is_counted_with_its_advice() {
        assert_eq!(standing(&Listing::default(), 0), None);
        let rejection = Rejection {
            kind: RejectionKind::BadRequest,
            text: "no".to_owned(),
        };
        let listing = Listing {
            rows: vec![row(1, RowState::Waiting), row(2, RowState::Rejected(rejection))],
            unreadable: vec![3],
            trouble: caltrack_client::outbox::Trouble {
                attempts: 1,
                reason: Some(Reason {
                    kind: ReasonKind::Unreachable,
                    text: "no route".to_owned(),
                }),
            },
        };
        let (message, next) = standing(&listing, 4).unwrap();
        assert_eq!(
            message,
            "changes: 1 wait to be sent, the oldest since 2026-11-30 12:00 UTC: no route; 1 were rejected; \
             1 can't be read and stay in the file; 4 are of other accounts or profiles"
        );
        assert_eq!(next.matches("; ").count(), 4, "{next}");
    }
}
