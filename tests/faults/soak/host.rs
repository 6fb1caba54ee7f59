//! The host of the box.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use super::device::LONG;

/// The box in a process of its own.
pub(super) struct Host {
    directory: PathBuf,
    pub(super) port: u16,
    process: Child,
}

impl Host {
    pub(super) fn start(directory: &Path) -> Self {
        let begun = Instant::now();
        loop {
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            // A connection of another process may have taken it meanwhile.
            if let Some(process) = Self::serve(directory, port) {
                return Self {
                    directory: directory.to_owned(),
                    port,
                    process,
                };
            }
            assert!(begun.elapsed() < LONG, "the host doesn't start");
        }
    }

    /// The process, once it listens; none if it can't.
    fn serve(directory: &Path, port: u16) -> Option<Child> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_caltrack-tui"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(directory)
            .env_remove("CALTRACK_PROFILE")
            .env_remove("CALTRACK_CONFIG")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It prints a line once it listens.
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        if line.contains("graphqlEndpoint") {
            return Some(process);
        }
        process.wait().unwrap();
        None
    }

    /// Kills it, and starts it again.
    pub(super) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let begun = Instant::now();
        self.process = loop {
            if let Some(process) = Self::serve(&self.directory, self.port) {
                break process;
            }
            assert!(begun.elapsed() < LONG, "the host doesn't start again");
        };
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
