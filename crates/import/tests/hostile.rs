//! Files that are damaged, or made to exhaust memory: refused or skipped with a reason.

#![expect(clippy::unwrap_used, reason = "a broken assumption ends a test")]

use std::io::{Cursor, Read, Seek, SeekFrom};

use caltrack_import::{Import, ImportError, Options, read};

fn import(bytes: impl Into<Vec<u8>>) -> Result<Import, ImportError> {
    read("file", Cursor::new(bytes.into()), &Options::default())
}

const HEADER: &str = "Date,Meal,Calories,Fat (g)\n";

/// A zip archive of one part, which is packed as it is given.
fn zip(name: &str, method: u16, packed: &[u8], size: u32, crc: u32) -> Vec<u8> {
    let length = u32::try_from(packed.len()).unwrap().to_le_bytes();
    let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
    let common = [
        &20_u16.to_le_bytes()[..],
        &0_u16.to_le_bytes(),
        &method.to_le_bytes(),
        &[0; 4],
        &crc.to_le_bytes(),
        &length,
        &size.to_le_bytes(),
        &name_length,
        &[0; 2],
    ]
    .concat();
    let local = [&b"PK\x03\x04"[..], &common, name.as_bytes(), packed].concat();
    let central = [&b"PK\x01\x02"[..], &[0; 2], &common, &[0; 14], name.as_bytes()].concat();
    let end = [
        &b"PK\x05\x06"[..],
        &[0; 4],
        &1_u16.to_le_bytes(),
        &1_u16.to_le_bytes(),
        &u32::try_from(central.len()).unwrap().to_le_bytes(),
        &u32::try_from(local.len()).unwrap().to_le_bytes(),
        &[0; 2],
    ]
    .concat();
    [local, central, end].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(bytes, 6)
}

fn archived(name: &str, bytes: &[u8]) -> Vec<u8> {
    let size = u32::try_from(bytes.len()).unwrap();
    zip(name, 8, &deflated(bytes), size, crc32fast::hash(bytes))
}

#[test]
fn an_archive_is_read_and_its_checksum_is_checked() {
    let table = format!("{HEADER}2026-11-02,Lunch,650,1\n");
    assert_eq!(
        import(archived("a.csv", table.as_bytes())).unwrap().entries.len(),
        1
    );
    let size = u32::try_from(table.len()).unwrap();
    let stored = zip(
        "a.csv",
        0,
        table.as_bytes(),
        size,
        crc32fast::hash(table.as_bytes()),
    );
    assert_eq!(import(stored).unwrap().entries.len(), 1);
    let wrong = zip("a.csv", 8, &deflated(table.as_bytes()), size, 7);
    assert!(matches!(import(wrong), Err(ImportError::Damaged(reason)) if reason.contains("a.csv")));
}

#[test]
fn an_archive_that_expands_too_far_is_refused() {
    let bomb = vec![b' '; 64 << 20];
    let error = import(archived("a.csv", &bomb)).unwrap_err();
    assert!(error.to_string().contains("300 times"), "{error}");
}

#[test]
fn archives_in_an_archive_are_read_to_some_depth() {
    let table = format!("{HEADER}2026-11-02,Lunch,650,1\n");
    let mut packed = archived("export/meals.csv", table.as_bytes());
    for depth in 0..4 {
        assert_eq!(import(packed.clone()).unwrap().entries.len(), 1, "{depth}");
        packed = archived("inner.zip", &packed);
    }
    assert!(matches!(import(packed), Err(ImportError::Unknown { .. })));
    let bomb = archived("a.csv", &vec![b' '; 64 << 20]);
    let error = import(archived("inner.zip", &bomb)).unwrap_err();
    assert!(error.to_string().contains("300 times"), "{error}");
    let text = vec![b'x'; 3 << 20];
    let parts = archived("inner.zip", &archived("a.txt", &text));
    assert!(import(parts).is_err());
}

#[test]
fn an_archive_that_claims_ten_gigabytes_is_refused() {
    let claim = zip("a.csv", 8, &deflated(b"x"), 0xffff_fff0, 0);
    assert!(matches!(import(claim), Err(ImportError::TooLarge { .. })));
}

#[test]
fn an_archive_that_is_cut_off_is_refused() {
    let whole = archived("a.csv", format!("{HEADER}2026-11-02,Lunch,650,1\n").as_bytes());
    for end in 4..whole.len() {
        assert!(import(&whole[..end]).is_err(), "{end}");
    }
}

#[test]
fn a_million_columns_are_refused() {
    let table = format!(
        "Date,Meal,Calories,{}\n2026-11-02,Lunch,650\n",
        ",".repeat(1_000_000)
    );
    assert!(matches!(import(table), Err(ImportError::TooLarge { .. })));
}

#[test]
fn more_rows_than_a_table_may_have_are_refused() {
    let table = format!("{HEADER}{}", "\n".repeat(1_100_000));
    assert!(matches!(import(table), Err(ImportError::TooLarge { .. })));
}

/// A file that has no end.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        into.fill(b'x');
        self.0 += into.len() as u64;
        Ok(into.len())
    }
}

impl Seek for Endless {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Ok(0)
    }
}

#[test]
fn a_file_without_end_is_refused_at_the_limit() {
    let mut file = Endless(0);
    let error = read("file", &mut file, &Options::default()).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { .. }));
    assert!(file.0 < 200 << 20, "{}", file.0);
}

#[test]
fn entities_are_neither_fetched_nor_expanded() {
    let entities = (0..20).map(|n| format!("<!ENTITY a{n} \"{}\">", "&a;".repeat(10)));
    let entities: Vec<String> = entities.collect();
    let mut file = "<?xml version=\"1.0\"?><!DOCTYPE HealthData [<!ENTITY a \"aaaaaaaaaa\">".to_owned();
    file.push_str(&entities.concat());
    file.push_str("<!ENTITY x SYSTEM \"file:///etc/passwd\">]><HealthData><Record type=\"HKQuantityTypeIdentifierDietaryEnergyConsumed\" sourceName=\"&x;\" unit=\"kcal\" startDate=\"2026-11-02 08:00:00 +0100\" value=\"5\"><MetadataEntry key=\"HKFoodType\" value=\"&x;&a19;\"/></Record></HealthData>");
    let import = import(file).unwrap();
    assert_eq!(import.entries[0].name.as_deref(), Some("&x;&a19;"));
}

#[test]
fn health_records_that_are_cut_off_keep_what_comes_before() {
    let record = "<Record type=\"HKQuantityTypeIdentifierDietaryEnergyConsumed\" unit=\"kcal\" startDate=\"2026-11-02 08:00:00 +0100\" value=\"5\"/>";
    let import = import(format!("<HealthData>{record}<Record type=\"HK")).unwrap();
    assert_eq!(import.entries.len(), 1);
    assert!(import.warnings.iter().any(|warning| warning.contains("cut off")));
}

#[test]
fn rows_that_are_broken_are_skipped_and_the_others_stay() {
    let table = format!(
        "{HEADER}2026-11-02,\"Lunch,650\n2026-11-02,Dinner,700,2\nno date,Dinner,1,1\n2026-11-03,Lunch,many,1\n"
    );
    let import = import(table).unwrap();
    assert_eq!(import.entries.len(), 1);
    let lines: Vec<u64> = import.skipped.iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 4, 5]);
}

#[test]
fn skipped_rows_beyond_ten_thousand_are_counted() {
    let table = format!("{HEADER}{}", "x,Lunch,1,1\n".repeat(12_000));
    let import = import(table).unwrap();
    assert_eq!(
        (import.skipped.len(), import.unnamed, import.read),
        (10_000, 2_000, 12_000)
    );
}

#[test]
fn what_is_no_log_is_unknown() {
    for bytes in [
        &b""[..],
        b"\0\0\0\0",
        b"%PDF-1.7",
        b"hello",
        b"<html></html>",
        b"{}",
        b"[1]",
        b"PK\x05\x06",
    ] {
        assert!(import(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn any_file_is_read_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/files"), |bytes| {
        if let Ok(import) = read("file", Cursor::new(bytes), &Options::default()) {
            let import = import.settled();
            assert!(import.entries.iter().all(|entry| entry.kcal > 0.0));
            assert!(import.weights.iter().all(|weight| weight.value > 0.0));
        }
    });
}
