//! Confirmation codes in a file, where Cognito sends e-mail.

use std::{io, io::Write as _, path::PathBuf};

use jiff::Timestamp;
use serde_json::json;

use crate::{
    cognito::{CodeSink, Delivery},
    datadir::private_file,
};

/// Codes, one JSON object a line, readable by the owner alone: whoever can read it owns the computer's account anyway.
#[derive(Debug)]
pub struct CodeFile {
    path: PathBuf,
}

impl CodeFile {
    /// The file need not exist; it appears with the first code.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }
}

impl CodeSink for CodeFile {
    fn deliver(&self, delivery: &Delivery) -> io::Result<()> {
        let Delivery {
            username,
            purpose,
            code,
        } = delivery;
        let line = json!({ "username": username, "purpose": purpose.name(), "code": code, "at": Timestamp::now().to_string() });
        let mut file = private_file().append(true).open(&self.path)?;
        file.write_all(format!("{line}\n").as_bytes())
    }
}
