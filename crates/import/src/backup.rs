//! A backup: an account in one file, a JSON object a line. The first line has the format, the last one the checksum of the
//! lines before it, so that a file that was cut off or changed is recognised before anything of it is used.

use std::{
    fmt::Write as _,
    io::{self, BufRead, Read as _, Write},
};

use caltrack_domain::{Activity, Profile, outbox::Library};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The name of the format, without its number.
const NAME: &str = "caltrack-backup/";
/// The newest format that this program reads, and the one that it writes.
const FORMAT: u32 = 1;
/// Bytes of the longest line: the library has at most 100 kB, an entry less.
const MAX_LINE: u64 = 1 << 20;
/// The most lines that are read.
const MAX_LINES: usize = 5_000_000;

/// Everything of an account.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AccountData {
    /// The profile with its targets; `None` for a user who has none.
    pub user: Option<Profile>,
    /// Favourites, own foods and recipes.
    pub library: Library,
    /// kg by day.
    pub weights: Vec<(Date, f64)>,
    /// The entries, with ids and revisions.
    pub activities: Vec<Activity>,
}

/// The first line of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupHead {
    format: String,
    /// When it was made.
    pub created: Timestamp,
    /// The name of the account.
    pub username: String,
    /// The id of the account.
    pub sub: String,
    activities: usize,
    weights: usize,
}

/// Why a file can't be used as a backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It has another content.
    #[error("it is no backup of this program")]
    Other,
    /// A newer version of the program wrote it.
    #[error("a newer version of this program wrote it (format {0}, this one reads up to {FORMAT})")]
    Newer(u32),
    /// Its end is missing.
    #[error("it is cut off: the last line, which has the checksum, is missing")]
    Truncated,
    /// It was changed since it was written.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It can't be read.
    #[error("it can't be read ({0})")]
    Io(#[from] io::Error),
}

#[derive(Serialize, Deserialize)]
struct DayWeight {
    date: Date,
    weight: f64,
}

/// A line after the first.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Profile(Profile),
    Library(Library),
    Weight(DayWeight),
    Activity(Activity),
    Sha256(String),
}

/// Hashes what it writes.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Hashing<W> {
    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.hash.update(&text);
        self.inner.write_all(&text)
    }
}

/// Writes a backup.
///
/// # Errors
///
/// [`io::Error`] of the writer; what it has is incomplete then.
pub fn write_backup(
    data: &AccountData,
    (username, sub): (&str, &str),
    created: Timestamp,
    to: impl Write,
) -> io::Result<()> {
    let mut out = Hashing {
        inner: to,
        hash: Sha256::new(),
    };
    out.line(&BackupHead {
        format: format!("{NAME}{FORMAT}"),
        created,
        username: username.to_owned(),
        sub: sub.to_owned(),
        activities: data.activities.len(),
        weights: data.weights.len(),
    })?;
    if let Some(user) = &data.user {
        out.line(&Line::Profile(user.clone()))?;
    }
    out.line(&Line::Library(data.library.clone()))?;
    for (date, weight) in &data.weights {
        out.line(&Line::Weight(DayWeight {
            date: *date,
            weight: *weight,
        }))?;
    }
    for activity in &data.activities {
        out.line(&Line::Activity(activity.clone()))?;
    }
    let checksum = hexadecimal(&out.hash.clone().finalize());
    out.line(&Line::Sha256(checksum))?;
    out.inner.flush()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A string takes it.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether a file begins as a backup does.
pub fn is_backup(beginning: &[u8]) -> bool {
    beginning.starts_with(format!("{{\"format\":\"{NAME}").as_bytes())
}

/// Reads a backup, and checks that it is complete and as it was written.
///
/// # Errors
///
/// [`BackupError`].
pub fn read_backup(mut from: impl BufRead) -> Result<(BackupHead, AccountData), BackupError> {
    let mut hash = Sha256::new();
    let head = head(&read_line(&mut from, &mut hash)?)?;
    let mut data = AccountData::default();
    for number in 2..MAX_LINES {
        let before = hash.clone();
        let text = read_line(&mut from, &mut hash)?;
        if text.last() != Some(&b'\n') {
            return Err(BackupError::Truncated);
        }
        let line = serde_json::from_slice(&text)
            .map_err(|error| BackupError::Damaged(format!("line {number} is invalid ({error})")))?;
        match line {
            Line::Profile(user) => data.user = Some(user),
            Line::Library(library) => data.library = library,
            Line::Weight(DayWeight { date, weight }) => data.weights.push((date, weight)),
            Line::Activity(activity) => data.activities.push(activity),
            Line::Sha256(checksum) => {
                let rest = read_line(&mut from, &mut hash)?;
                let is_whole = rest.is_empty()
                    && checksum == hexadecimal(&before.finalize())
                    && (data.activities.len(), data.weights.len()) == (head.activities, head.weights);
                return if is_whole {
                    Ok((head, data))
                } else {
                    Err(BackupError::Damaged(
                        "its content doesn't match its checksum".to_owned(),
                    ))
                };
            }
        }
    }
    Err(BackupError::Damaged("it has too many lines".to_owned()))
}

fn head(text: &[u8]) -> Result<BackupHead, BackupError> {
    #[derive(Deserialize)]
    struct Format {
        format: String,
    }
    if !is_backup(text) {
        return Err(BackupError::Other);
    }
    if text.last() != Some(&b'\n') {
        return Err(BackupError::Truncated);
    }
    let damaged = |error: serde_json::Error| BackupError::Damaged(format!("line 1 is invalid ({error})"));
    let Format { format } = serde_json::from_slice(text).map_err(damaged)?;
    let number = format.strip_prefix(NAME).and_then(|number| number.parse().ok());
    match number {
        Some(FORMAT) => serde_json::from_slice(text).map_err(damaged),
        Some(number) if number > FORMAT => Err(BackupError::Newer(number)),
        _ => Err(BackupError::Damaged(
            "its format is none that ever was".to_owned(),
        )),
    }
}

fn read_line(from: &mut impl BufRead, hash: &mut Sha256) -> Result<Vec<u8>, BackupError> {
    let mut line = Vec::new();
    from.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
    hash.update(&line);
    Ok(line)
}

#[cfg(test)]
mod tests {
    use caltrack_domain::Entry;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    fn data() -> AccountData {
        let activity = |id: &str, rev| Activity {
            id: id.to_owned(),
            owner: "s".to_owned(),
            entry: Entry {
                name: Some("soup\n\u{1b}[0m".to_owned()),
                quantity: Some(0.1 + 0.2),
                ..Entry::new(date(2026, 11, 23), Timestamp::UNIX_EPOCH, "Food", "Lunch", 650)
            },
            rev,
        };
        AccountData {
            user: Some(Profile::new("ann")),
            library: serde_json::from_value(json!({
                "food:1": { "at": "2026-11-23T07:30:00Z", "value": { "name": "soup" } },
                "favourite:2": { "at": "2026-11-23T07:30:00Z", "value": null },
            }))
            .unwrap(),
            weights: vec![(date(2026, 11, 22), 81.4), (date(2026, 11, 23), 81.3)],
            activities: vec![activity("a", 1), activity("b", 7)],
        }
    }

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        write_backup(&data(), ("ann", "s"), Timestamp::UNIX_EPOCH, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_backup_is_read_as_it_was_written() {
        let (head, read) = read_backup(written().as_slice()).unwrap();
        assert_eq!((head.username.as_str(), head.sub.as_str()), ("ann", "s"));
        assert_eq!(read, data());
        assert!(is_backup(&written()));
    }

    #[test]
    fn a_file_that_was_cut_off_anywhere_is_refused() {
        let whole = written();
        for length in 0..whole.len() {
            let error = read_backup(&whole[..length]).unwrap_err();
            let is_named = matches!(error, BackupError::Truncated | BackupError::Other);
            assert!(is_named, "{length}: {error}");
        }
        let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for left_out in 1..lines.len() {
            let others = lines.iter().enumerate().filter(|(at, _)| *at != left_out);
            let bytes: Vec<u8> = others.flat_map(|(_, line)| line.to_vec()).collect();
            read_backup(bytes.as_slice()).unwrap_err();
        }
    }

    #[test]
    fn a_file_with_another_byte_anywhere_is_refused() {
        let whole = written();
        for at in 0..whole.len() {
            for flip in [1, 0x20, 0x80] {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                assert!(read_backup(changed.as_slice()).is_err(), "byte {at}");
            }
        }
        let more = [whole.as_slice(), b" "].concat();
        assert!(matches!(
            read_backup(more.as_slice()),
            Err(BackupError::Damaged(_))
        ));
    }

    #[test]
    fn a_newer_format_is_named() {
        let newer = String::from_utf8(written())
            .unwrap()
            .replacen("backup/1", "backup/2", 1);
        assert!(matches!(
            read_backup(newer.as_bytes()),
            Err(BackupError::Newer(2))
        ));
        assert!(matches!(
            read_backup(b"id,date\n".as_slice()),
            Err(BackupError::Other)
        ));
    }

    #[test]
    fn a_line_without_an_end_takes_bounded_memory() {
        let endless = io::BufReader::new(io::repeat(b'x'));
        assert!(matches!(read_backup(endless), Err(BackupError::Other)));
        let head = br#"{"format":"caltrack-backup/1""#;
        let endless = io::BufReader::new(head.chain(io::repeat(b' ')));
        assert!(matches!(read_backup(endless), Err(BackupError::Truncated)));
    }
}
