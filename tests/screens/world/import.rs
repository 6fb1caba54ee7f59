//! Imports: what the runtime reports of them.

use caltrack_tui::app::{
    Effect, Failure, FailureKind, Message, Progress, Request,
    import::{FileReading, ImportDecisions, ImportReport},
};

use super::World;

impl World {
    /// The path that is to be completed.
    #[track_caller]
    pub(crate) fn completing(&self) -> &str {
        match self.last_effect() {
            Some(Effect::CompletePath(path)) => path,
            other => panic!("expected a path to complete, not {other:?}"),
        }
    }

    pub(crate) fn path_completed(&mut self, typed: &str, completed: &str, found: &[&str]) -> &mut Self {
        self.send(Message::PathCompleted {
            typed: typed.to_owned(),
            completed: completed.to_owned(),
            found: found.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    /// The file that is to be read.
    #[track_caller]
    pub(crate) fn reading(&self) -> (Request, String, ImportDecisions) {
        match self.last_effect() {
            Some(Effect::ReadImport {
                request,
                path,
                decisions,
            }) => (*request, path.clone(), decisions.clone()),
            other => panic!("expected a file to read, not {other:?}"),
        }
    }

    /// The file that is being read has this.
    #[track_caller]
    pub(crate) fn file_read(&mut self, reading: FileReading) -> &mut Self {
        let (request, ..) = self.reading();
        self.send(Message::FileRead {
            request,
            result: Ok(reading),
        })
    }

    #[track_caller]
    pub(crate) fn file_refused(&mut self, message: &str) -> &mut Self {
        let (request, ..) = self.reading();
        self.send(Message::FileRead {
            request,
            result: Err(Failure::new(FailureKind::Value, message)),
        })
    }

    /// The import that is to start.
    #[track_caller]
    pub(crate) fn starting(&self) -> Request {
        match self.last_effect() {
            Some(Effect::StartImport(request)) => *request,
            other => panic!("expected an import to start, not {other:?}"),
        }
    }

    pub(crate) fn import_at(&mut self, request: Request, done: u64, total: u64) -> &mut Self {
        self.send(Message::ImportProgress {
            request,
            progress: Progress { done, total },
        })
    }

    pub(crate) fn import_ended(&mut self, request: Request, report: ImportReport) -> &mut Self {
        self.send(Message::Imported {
            request,
            result: Ok(report),
        })
    }
}
