use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::*;

/// Simulates power cuts: after every sync it copies the files as they are on the disk.
struct CopyingSyncer {
    syncer: WalSyncer,
    database: PathBuf,
    copies: PathBuf,
    made: Arc<AtomicUsize>,
}

impl Syncer for CopyingSyncer {
    fn sync(&mut self) -> std::io::Result<()> {
        self.syncer.sync()?;
        let copy = self.copies.join(self.made.load(Ordering::SeqCst).to_string());
        fs::create_dir(&copy)?;
        fs::copy(&self.database, copy.join("tables.db"))?;
        fs::copy(with_suffix(&self.database, "-wal"), copy.join("tables.db-wal"))?;
        self.made.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// `wal_autocheckpoint` is low, so that checkpoints run between the writes.
#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_write_survives_a_power_cut_at_any_sync() {
    let directory = tempfile::tempdir().unwrap();
    let (database, copies) = (
        directory.path().join("tables.db"),
        directory.path().join("copies"),
    );
    fs::create_dir(&copies).unwrap();
    let made = Arc::new(AtomicUsize::new(0));
    let engine = Engine::open(&database).unwrap();
    engine
        .storage()
        .conn()
        .pragma_update(None, "wal_autocheckpoint", 40)
        .unwrap();
    let recorder = CopyingSyncer {
        syncer: WalSyncer::of(&database),
        database: database.clone(),
        copies: copies.clone(),
        made: Arc::clone(&made),
    };
    let tables = Tables::on(engine, &database, Box::new(recorder)).unwrap();

    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (tables, made) = (tables.clone(), Arc::clone(&made));
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for number in 0..12 {
                    let id = format!("{writer}-{number}");
                    tables.call(Operation::PutItem, put(&id, "u", 1)).await.unwrap();
                    acknowledged.push((id, made.load(Ordering::SeqCst)));
                }
                acknowledged
            })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    tables.close().await;

    let made = made.load(Ordering::SeqCst);
    assert!(made > 12, "{made} syncs");
    for copy in 0..made {
        let left = copies.join(copy.to_string()).join("tables.db");
        // Later writes may have reached the disk in part: a torn end of the log.
        let log = with_suffix(&left, "-wal");
        let mut torn = fs::read(&log).unwrap();
        torn.extend(std::iter::repeat_n(0x5a, 6_000));
        fs::write(&log, torn).unwrap();

        let mut engine = Engine::open(&left).unwrap();
        let found = engine
            .call(Operation::Scan, json!({ "TableName": ACTIVITY_TABLE }))
            .unwrap();
        let items = found["Items"].as_array().unwrap();
        for (id, copies_then) in &acknowledged {
            if *copies_then <= copy + 1 {
                assert!(
                    items.iter().any(|item| item["id"]["S"] == *id),
                    "{id} is missing in copy {copy}"
                );
            }
        }
        let records = engine.read_stream(0, usize::MAX).unwrap().0;
        assert_eq!(
            records.len(),
            items.len(),
            "each entry is stored together with its stream record"
        );
    }
}
