use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
};

use super::*;

/// A disk whose syncs report their start, then block until the test sends their result.
struct SlowDisk {
    started: SyncSender<()>,
    result: Receiver<io::Result<()>>,
}

impl Syncer for SlowDisk {
    fn sync(&mut self) -> io::Result<()> {
        self.started.send(()).map_err(io::Error::other)?;
        self.result.recv().map_err(io::Error::other)?
    }
}

/// The test's end of a [`SlowDisk`].
struct Disk {
    started: Receiver<()>,
    result: SyncSender<io::Result<()>>,
}

impl Disk {
    fn wait_for_a_sync(&self) {
        self.started
            .recv_timeout(Duration::from_secs(30))
            .expect("a sync");
    }

    fn finish(&self, result: io::Result<()>) {
        self.result.send(result).unwrap();
    }
}

fn on_a_slow_disk() -> (Tables, Disk, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let (started, starts) = sync_channel(100);
    let (results, result) = sync_channel(100);
    let disk = Disk {
        started: starts,
        result: results,
    };
    // Opening the tables syncs too.
    disk.finish(Ok(()));
    let path = directory.path().join("tables.db");
    let tables = Tables::on(
        Engine::open(&path).unwrap(),
        &path,
        Box::new(SlowDisk { started, result }),
    )
    .unwrap();
    disk.wait_for_a_sync();
    (tables, disk, directory)
}

#[tokio::test]
async fn a_write_is_acknowledged_after_its_sync() {
    let (tables, disk, _directory) = on_a_slow_disk();
    let mut write = std::pin::pin!(tables.call(Operation::PutItem, put("a", "u", 1)));
    assert!(futures_util::poll!(&mut write).is_pending());
    disk.wait_for_a_sync();
    assert!(
        futures_util::poll!(&mut write).is_pending(),
        "the sync is still running"
    );
    disk.finish(Ok(()));
    soon(write).await.unwrap();
}

#[tokio::test]
async fn queued_writes_share_one_sync_and_reads_behind_them_wait_for_it() {
    let (tables, disk, _directory) = on_a_slow_disk();
    let mut first = std::pin::pin!(tables.call(Operation::PutItem, put("first", "u", 1)));
    assert!(futures_util::poll!(&mut first).is_pending());
    disk.wait_for_a_sync();
    // These wait in the queue while the first write is synced.
    let read = json!({ "TableName": ACTIVITY_TABLE, "Key": { "id": { "S": "3" } } });
    let mut before = std::pin::pin!(tables.call(Operation::GetItem, read.clone()));
    assert!(futures_util::poll!(&mut before).is_pending());
    let ids: Vec<String> = (0..20).map(|id| id.to_string()).collect();
    let mut writes: Vec<_> = ids
        .iter()
        .map(|id| Box::pin(tables.call(Operation::PutItem, put(id, "u", 1))))
        .collect();
    for write in &mut writes {
        assert!(futures_util::poll!(write).is_pending());
    }
    let mut behind = std::pin::pin!(tables.call(Operation::GetItem, read));
    assert!(futures_util::poll!(&mut behind).is_pending());

    disk.finish(Ok(()));
    soon(first).await.unwrap();
    assert_eq!(
        soon(before).await.unwrap().get("Item"),
        None,
        "a read ahead of the writes needs no sync"
    );
    disk.wait_for_a_sync();
    for write in &mut writes {
        assert!(futures_util::poll!(write).is_pending());
    }
    assert!(
        futures_util::poll!(&mut behind).is_pending(),
        "it read writes that are not synced yet"
    );
    disk.finish(Ok(()));
    for write in writes {
        soon(write).await.unwrap();
    }
    assert_eq!(soon(behind).await.unwrap()["Item"]["id"]["S"], "3");
    assert!(disk.started.try_recv().is_err(), "all writes share one sync");
}

#[tokio::test]
async fn a_caller_with_many_queued_calls_delays_another_by_one_call() {
    let (tables, disk, _directory) = on_a_slow_disk();
    let (heavy, light) = (Arc::from("heavy"), Arc::from("light"));
    let mut first = std::pin::pin!(tables.call(Operation::PutItem, put("first", "u", 1)));
    assert!(futures_util::poll!(&mut first).is_pending());
    disk.wait_for_a_sync();
    // These wait in the queue while the first write is synced.
    let scan = json!({ "TableName": ACTIVITY_TABLE });
    let mut reads: Vec<_> = (0..50)
        .map(|_| tables.call_for(&heavy, Operation::Scan, scan.clone()))
        .collect();
    for read in &mut reads {
        assert!(futures_util::poll!(read).is_pending());
    }
    let mut write = std::pin::pin!(tables.call_for(&light, Operation::PutItem, put("light", "u", 1)));
    assert!(futures_util::poll!(&mut write).is_pending());
    disk.finish(Ok(()));
    soon(first).await.unwrap();
    // The tables' thread waits for this sync.
    disk.wait_for_a_sync();
    let mut finished = 0;
    for read in &mut reads {
        finished += usize::from(futures_util::poll!(read).is_ready());
    }
    assert_eq!(finished, 1, "the write runs after one read");
    disk.finish(Ok(()));
    soon(write).await.unwrap();
}

#[tokio::test]
async fn the_stream_delivers_only_synced_records() {
    let (tables, disk, _directory) = on_a_slow_disk();
    let mut stream = tables.stream().await.unwrap();
    let mut write = std::pin::pin!(tables.call(Operation::PutItem, put("a", "u", 1)));
    assert!(futures_util::poll!(&mut write).is_pending());
    disk.wait_for_a_sync();
    let mut next = std::pin::pin!(stream.next_batch(1));
    assert!(futures_util::poll!(&mut next).is_pending());
    disk.finish(Ok(()));
    assert_eq!(soon(next).await.unwrap().records.len(), 1);
}

#[tokio::test]
async fn after_a_failed_sync_every_call_fails() {
    let (tables, disk, _directory) = on_a_slow_disk();
    let mut write = std::pin::pin!(tables.call(Operation::PutItem, put("a", "u", 1)));
    assert!(futures_util::poll!(&mut write).is_pending());
    disk.wait_for_a_sync();
    disk.finish(Err(io::Error::other("no more sectors")));
    assert_eq!(soon(write).await.unwrap_err().kind, "InternalServerError");
    // A second sync could succeed although the data of the first is lost, so none is tried.
    let later = soon(tables.call(Operation::PutItem, put("b", "u", 1)))
        .await
        .unwrap_err();
    assert!(later.message.contains("The disk refused"), "{later}");
    let read = tables.call(Operation::Scan, json!({ "TableName": ACTIVITY_TABLE }));
    assert!(soon(read).await.is_err());
    assert!(disk.started.try_recv().is_err());
}

#[test]
fn a_commit_appends_to_the_log_without_a_sync() {
    let directory = tempfile::tempdir().unwrap();
    let engine = Engine::open(&directory.path().join("tables.db")).unwrap();
    let connection = engine.storage().conn();
    let synchronous: i64 = connection
        .query_row("PRAGMA synchronous", [], |row| row.get(0))
        .unwrap();
    let journal: String = connection
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        (synchronous, journal.as_str()),
        (1, "wal"),
        "synchronous = NORMAL with a write-ahead log"
    );
}

#[test]
fn a_replaced_log_is_reopened_and_a_missing_one_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("tables.db");
    let log = directory.path().join("tables.db-wal");
    let mut syncer = WalSyncer::of(&database);
    assert!(syncer.sync().is_err(), "there is no log to sync");
    std::fs::write(&log, "first").unwrap();
    syncer.sync().unwrap();
    std::fs::remove_file(&log).unwrap();
    assert!(syncer.sync().is_err());
    std::fs::write(&log, "second").unwrap();
    syncer.sync().unwrap();
}
