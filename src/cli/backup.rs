//! `backup` and `restore`: an account in one file, and back.

use std::{
    fs::File,
    io::{BufReader, Read as _},
    path::Path,
};

use caltrack_client::config::{BackendKind, Config};
use caltrack_domain::{Account, clean, outbox::import_name, shortened};
use caltrack_import::{AccountData, BackupError, BackupHead, is_backup, read_backup, write_backup};
use caltrack_private_files as private_files;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    account_data::{Deleted, PutReport, logged_days},
    context::{CommandContext, with_account},
    error::CommandError,
    notice::notice,
    now::Now,
    output::Output,
};
use crate::embedded;

/// Bytes that show whether a file is a backup.
const BEGINNING: u64 = 64;
/// Characters of a name in the history.
const MAX_NAME: usize = 40;

/// A backup that is complete and as it was written.
#[derive(Debug)]
pub(super) struct Backup {
    head: BackupHead,
    data: AccountData,
    /// The name of its file.
    name: String,
}

/// Refuses a place where another file is.
pub(super) fn check_place(path: &Path) -> Result<(), CommandError> {
    let mut beginning = Vec::new();
    match File::open(path) {
        Ok(file) => {
            let is_read = file.take(BEGINNING).read_to_end(&mut beginning);
            if is_read.is_err() || !(beginning.is_empty() || is_backup(&beginning)) {
                return Err(CommandError::value(format!(
                    "{} is another file, and was left alone; name a new one",
                    shown(path)
                )));
            }
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(CommandError::value(format!(
            "{} can't be used ({error})",
            shown(path)
        ))),
    }
}

/// Reads a backup whole, and checks it.
pub(super) fn read(path: &Path) -> Result<Backup, CommandError> {
    let refused = |error: BackupError| {
        let message = format!("{}: {error}; nothing was changed", shown(path));
        match error {
            BackupError::Other => CommandError::value(message).advising("`import` reads other files"),
            BackupError::Newer(_) => {
                CommandError::value(message).advising("update caltrack-tui, then repeat it")
            }
            BackupError::Truncated | BackupError::Damaged(_) => {
                CommandError::value(message).advising("use another copy of the file, or an earlier backup")
            }
            BackupError::Io(_) => CommandError::usage(message).advising("name the file of a backup"),
        }
    };
    let file = File::open(path).map_err(|error| refused(error.into()))?;
    let (head, data) = read_backup(BufReader::new(file)).map_err(refused)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(Backup {
        head,
        data,
        name: shortened(&clean(&name), MAX_NAME),
    })
}

fn shown(path: &Path) -> String {
    clean(&path.display().to_string())
}

impl CommandContext<'_> {
    /// Writes the account to a file, and reads that again.
    pub(super) async fn back_up(&self, account: &Account, path: &Path) -> Result<Output, CommandError> {
        let fetched = self.known_account(account).await?;
        let mut bytes = Vec::new();
        let unwritten = |error: std::io::Error| {
            CommandError::storage(format!("{} can't be written ({error})", shown(path)))
                .advising("name another file; an earlier backup there is as it was")
        };
        let owner = (account.username.as_str(), account.sub.as_str());
        write_backup(&fetched.data, owner, Timestamp::now(), &mut bytes).map_err(unwritten)?;
        // Complete or not at all: an earlier backup is replaced by a whole one only.
        private_files::replace(path, &bytes).map_err(unwritten)?;
        let written = read(path)?;
        let is_verified = fetched.is_verified && written.data == fetched.data;
        if !is_verified {
            notice(
                "not verified: some days' entries don't match their totals, or the backend can't be reached; repeat it later",
            );
        }
        let (activities, weights) = (fetched.data.activities.len(), fetched.data.weights.len());
        let days = logged_days(&fetched.data);
        Ok(Output::done(
            figures(&fetched.data, is_verified),
            format!(
                "{} has {activities} entries of {days} days, {weights} weights, profile and library of {}",
                shown(path),
                clean(&account.username)
            ),
            "written",
        ))
    }

    /// Puts a backup into the account.
    pub(super) async fn restore(
        &self,
        account: &Account,
        backup: &Backup,
        now: &Now,
    ) -> Result<Output, CommandError> {
        let Backup { head, data, name } = backup;
        let mark = mark(&format!("{} {} {}", head.sub, head.created, account.sub));
        let name = import_name(name, &mark);
        let report = self
            .put_account(account, data, name, Deleted::Restored, now)
            .await?;
        Ok(report.output(
            data,
            &format!("the backup of {} of {:.0}", clean(&head.username), head.created),
        ))
    }
}

/// Goes back to a snapshot of the box, and shows what the account has then.
pub(super) async fn restore_snapshot(config: &Config, name: &str) -> Result<Output, CommandError> {
    if config.profile.backend != BackendKind::InTheBox {
        return Err(CommandError::usage(
            "snapshots are those of the backend in the box, on profile local",
        ));
    }
    let replaced = embedded::restore_snapshot(&config.data, name).await?;
    with_account(config, async |context, _| {
        let fetched = context.fetch_account().await?;
        let (entries, days) = (fetched.data.activities.len(), logged_days(&fetched.data));
        Ok(Output::done(
            figures(&fetched.data, fetched.is_verified),
            format!(
                "the log is that of the snapshot {}: {entries} entries of {days} days
what it replaced is the snapshot {replaced}",
                clean(name)
            ),
            "restored",
        ))
    })
    .await
}

/// Tells a restore or a copy from others, in the history.
pub(super) fn mark(text: &str) -> String {
    let hash = Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes()).simple();
    shortened(&hash.to_string(), 8)
}

fn figures(data: &AccountData, is_verified: bool) -> Value {
    json!({
        "activities": data.activities.len(),
        "days": logged_days(data),
        "weights": data.weights.len(),
        "verified": is_verified,
    })
}

impl PutReport {
    /// What a command reports that put `data` into an account.
    pub(super) fn output(&self, data: &AccountData, what: &str) -> Output {
        let Self {
            added,
            updated,
            already,
            kept,
            deleted,
            is_verified,
        } = self;
        let mut lines = vec![format!(
            "{what}: {added} of {} entries added, {already} were there already",
            data.activities.len()
        )];
        if *updated > 0 {
            lines.push(format!("{updated} older entries are as they were there"));
        }
        if *kept > 0 {
            lines.push(format!("{kept} entries were changed since, and stay"));
        }
        if *deleted > 0 {
            lines.push(format!("{deleted} entries were deleted since, and stay deleted"));
        }
        lines.push(if *is_verified {
            format!("verified: the digests of {} days are right", logged_days(data))
        } else {
            "not verified: the totals of some days don't match yet; repeat the command".to_owned()
        });
        Output::done(figures(data, *is_verified), lines.join("\n"), "done")
    }
}
