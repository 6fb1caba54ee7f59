//! Confirmation codes in a file, where Cognito sends e-mail.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
};

use caltrack_private_files as private_files;
use jiff::Timestamp;
use serde_json::json;

use crate::codes::{CodeSink, Delivery};

/// A file of codes, one JSON object per line, which only its owner can read.
#[derive(Debug)]
pub struct CodeFile {
    path: PathBuf,
}

impl CodeFile {
    /// The file's name in the backend's directory.
    pub const NAME: &str = "codes.jsonl";

    /// The first code creates the file if it is absent.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Appends a line, and removes it again unless it `stays`.
    fn write(&self, delivery: &Delivery, stays: bool) -> io::Result<()> {
        let Delivery {
            username,
            purpose,
            code,
        } = delivery;
        let line = json!({ "username": username, "purpose": purpose.name(), "code": code, "at": Timestamp::now().to_string() });
        let mut file = private_files::open(
            &self.path,
            OpenOptions::new().read(true).append(true).create(true),
        )?;
        // A line that a crash cut short must not absorb this one.
        let before = if ends_in_a_line(&mut file)? { "" } else { "\n" };
        let length = file.metadata()?.len();
        let text = format!("{before}{line}\n");
        file.write_all(text.as_bytes())?;
        // The same system calls either way, so that timing reveals nothing.
        let added = if stays { text.len() } else { 0 };
        file.set_len(length + u64::try_from(added).unwrap_or_default())
    }
}

impl CodeSink for CodeFile {
    fn deliver(&self, delivery: &Delivery) -> io::Result<()> {
        self.write(delivery, true)
    }

    fn rehearse(&self, delivery: &Delivery) -> io::Result<()> {
        self.write(delivery, false)
    }
}

/// Whether the file is empty or ends with a complete line.
fn ends_in_a_line(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
