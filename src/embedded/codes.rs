//! Confirmation codes of the box. Instead of sending e-mails, the host appends them to a file that only this user can read, so
//! that the program that created an account can confirm it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use caltrack_client::config::DataDir;

/// One line of the file.
#[derive(Deserialize)]
struct CodeRecord {
    username: String,
    code: String,
}

/// The file of codes, in the directory of the box.
pub(super) fn path(backend: &Path) -> PathBuf {
    backend.join("codes.jsonl")
}

/// The file of codes, for users who look up a code.
pub fn codes_file(data: &DataDir) -> PathBuf {
    path(&data.backend())
}

/// The last code of a user. Invalid lines, such as one cut short by a crash, are ignored.
pub(super) fn last(path: &Path, username: &str) -> Option<String> {
    let bytes = caltrack_private_files::read(path).ok()?;
    bytes
        .rsplit(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<CodeRecord>(line).ok())
        .find(|record| record.username == username)
        .map(|record| record.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_code_of_the_user_is_returned() {
        let dir = tempfile::tempdir().unwrap();
        let path = path(dir.path());
        assert_eq!(last(&path, "me"), None);
        let lines = [
            r#"{"username":"me","purpose":"signUp","code":"111111","at":"2026-11-23T07:30:00Z"}"#,
            r#"{"username":"me","purpose":"signUp","code":"222222","at":"2026-11-23T07:31:00Z"}"#,
            r#"{"username":"you","purpose":"signUp","code":"333333","at":"2026-11-23T07:32:00Z"}"#,
            r#"{"username":"me","purp"#,
        ];
        std::fs::write(&path, lines.join("\n")).unwrap();
        assert_eq!(last(&path, "me").as_deref(), Some("222222"));
        assert_eq!(last(&path, "nobody"), None);
    }
}
