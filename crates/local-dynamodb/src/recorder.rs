//! Records every call and its answer, for `.ci/check-differential` to replay them on another DynamoDB.
//!
//! Only for tests, by the feature `record`: a recording holds all items.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
};

use caltrack_local_core::tables::{DynamoError, Operation};
use serde_json::{Value, json};

use crate::{engine::Engine, observer::Observer, schema};

/// The environment variable that names the folder of the recordings, which has a file for each database.
const FOLDER: &str = "CALTRACK_RECORD";

/// A recording of one database.
pub(crate) struct Recorder {
    /// None if the environment names no folder.
    file: Option<File>,
    /// The call that is being executed.
    current: Option<(Operation, Value)>,
}

impl Recorder {
    /// Starts a recording. It counts the items that the database holds already: a replay can't know them.
    pub(crate) fn new(path: &Path, engine: &mut Engine) -> Self {
        let file = std::env::var_os(FOLDER).and_then(|folder| {
            let name = path.display().to_string().replace(['/', '\\'], "_");
            let path = Path::new(&folder).join(format!("{name}.jsonl"));
            OpenOptions::new().create(true).append(true).open(path).ok()
        });
        let mut recorder = Self { file, current: None };
        if recorder.file.is_some() {
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

    fn line(&mut self, line: &Value) {
        if let Some(file) = &mut self.file {
            // A lost line shows in the replay, which reports how many calls it has. One write per line: the process
            // can be killed at any moment.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}

impl Observer for Recorder {
    fn called(&mut self, operation: Operation, body: &Value) {
        self.current = Some((operation, body.clone()));
    }

    fn answered(&mut self, answer: &Result<Value, DynamoError>) {
        let answer = match answer {
            Ok(answer) => json!({ "ok": answer }),
            Err(error) => json!({ "error": error.body }),
        };
        if let Some((operation, body)) = self.current.take() {
            self.line(&json!({ "operation": operation.name(), "body": body, "answer": answer }));
        }
    }

    fn changed_elsewhere(&mut self) {
        self.line(&json!({ "swept": true }));
    }

    fn closed(&mut self) {
        self.line(&json!({ "closed": true }));
    }
}
