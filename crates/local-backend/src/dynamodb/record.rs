//! Writes down every call and its answer, for `.ci/check-differential` to give them to another DynamoDB. Never part of a program that is
//! used: the feature `record` is off, and what is written down is whole.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
};

use serde_json::{Value, json};

use super::{DynamoError, Operation, engine::Engine, schema};

/// The folder that recordings go to, a file for each database.
const FOLDER: &str = "CALTRACK_RECORD";

/// A recording of one database.
pub(super) struct Recorder(Option<File>);

impl Recorder {
    /// Begins where the folder is named. What is in the database already is counted, since a replay can't know it.
    pub(super) fn new(path: &Path, engine: &mut Engine) -> Self {
        let file = std::env::var_os(FOLDER).and_then(|folder| {
            let name = path.display().to_string().replace(['/', '\\'], "_");
            let path = Path::new(&folder).join(format!("{name}.jsonl"));
            OpenOptions::new().create(true).append(true).open(path).ok()
        });
        let mut recorder = Self(file);
        if recorder.0.is_some() {
            let tables = schema::tables();
            let mut rows = 0;
            for table in &tables {
                let scan = json!({ "TableName": table.name, "Select": "COUNT" });
                let counted = engine.call(Operation::Scan, scan).ok();
                rows += counted
                    .and_then(|answer| answer.get("Count")?.as_u64())
                    .unwrap_or(1);
            }
            let tables: Vec<Value> = tables.into_iter().map(|table| table.create).collect();
            recorder.line(&json!({ "opened": { "tables": tables, "rows": rows } }));
        }
        recorder
    }

    /// A call and its answer.
    pub(super) fn call(&mut self, operation: Operation, body: &Value, answer: &Result<Value, DynamoError>) {
        let answer = match answer {
            Ok(answer) => json!({ "ok": answer }),
            Err(error) => json!({ "error": error.body }),
        };
        self.line(&json!({ "operation": operation.name(), "body": body, "answer": answer }));
    }

    /// Items were deleted past the calls.
    pub(super) fn swept(&mut self) {
        self.line(&json!({ "swept": true }));
    }

    /// The database was closed, so nothing is missing: a process that is killed may not have come to write down its last calls.
    pub(super) fn closed(&mut self) {
        self.line(&json!({ "closed": true }));
    }

    fn line(&mut self, line: &Value) {
        if let Some(file) = &mut self.0 {
            // A recording that can't be written is one that is missing: the replay says how many calls it had.
            // In one piece, since the process may be killed at any moment.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}
