//! What a deleted account leaves on this computer, removed.

use std::{fs, io};

use caltrack_client::config::{BackendKind, Config, DataDir};
use caltrack_domain::Account;
use caltrack_local_backend::remains;

use super::file;

/// The beginning and the end of the names of days as text.
const DAY_TEXT: (&str, &str) = ("day-", ".txt");

/// Removes the password of a deleted account, days as text and, for an account of the box, what the box's files still have of
/// it: snapshots, codes, bytes of deleted rows.
///
/// # Errors
///
/// [`io::Error`]; repeating it removes the rest.
pub fn remove_remains(config: &Config, account: &Account) -> io::Result<()> {
    remove_day_texts(&config.data)?;
    if config.profile.backend != BackendKind::InTheBox {
        return Ok(());
    }
    let path = config.data.account();
    // A damaged file has no account that could be opened.
    let is_theirs = file::read(&path)
        .is_ok_and(|record| record.is_some_and(|record| record.username == account.username));
    if is_theirs {
        fs::remove_file(&path)?;
    }
    remains::remove(&config.data.backend(), &account.username, &account.sub)
}

fn remove_day_texts(data: &DataDir) -> io::Result<()> {
    let (beginning, end) = DAY_TEXT;
    for entry in data.path().read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(beginning) && name.ends_with(end) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
