//! Imports of sizes that matter: killed in the middle, without a backend, twice, and of hostile or very large files.

use std::{fmt::Write as _, fs, io::Write as _};

use caltrack_client::config::variable;

use super::{
    accounts::desk,
    offline::{json, signed_in},
    serving::Served,
    *,
};

/// The rows of the large import; `CALTRACK_IMPORT_ROWS=100000` is that of the budget.
fn rows() -> usize {
    let rows = variable("CALTRACK_IMPORT_ROWS").and_then(|rows| rows.into_string().ok()?.parse().ok());
    rows.unwrap_or(1_500)
}

/// The megabytes of the large file; `CALTRACK_IMPORT_MEGABYTES=1100` is beyond a gigabyte.
fn megabytes() -> usize {
    let megabytes = variable("CALTRACK_IMPORT_MEGABYTES");
    let megabytes = megabytes.and_then(|number| number.into_string().ok()?.parse().ok());
    megabytes.unwrap_or(24)
}

/// A servings export with so many entries, 20 a day, three of four distinct.
fn servings(place: &Place, rows: usize) -> String {
    let path = place.parent.path().join("servings.csv");
    let mut text = "Day,Time,Group,Food Name,Amount,Energy (kcal)\n".to_owned();
    let first = jiff::civil::date(2012, 1, 1);
    for row in 0..rows {
        let days = i32::try_from(row / 20).expect("a number of days");
        let day = first.checked_add(jiff::Span::new().days(days)).expect("a day");
        // Equal rows are distinct entries.
        let food = row - row % 4 / 3;
        writeln!(text, "{day},12:30,Lunch,Food {food},1.00 g,{}.00", 100 + row % 7).expect("a string");
    }
    fs::write(&path, text).expect("a file");
    path.to_str().expect("a path").to_owned()
}

/// Runs to the end; returns the most memory that it had, in KiB.
#[cfg(target_os = "linux")]
fn peak(place: &Place, arguments: &[&str]) -> (Run, u64) {
    let script = r#""$@" & child=$!; peak=0
        while line=$(grep VmHWM /proc/$child/status 2>/dev/null); do set -- $line; peak=$2; done
        wait $child; code=$?; echo "VmHWM $peak" >&2; exit $code"#;
    let command = place.command(&[]);
    let program = env!("CARGO_BIN_EXE_caltrack-tui");
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh", program]).args(arguments);
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output().expect("a shell");
    let err = String::from_utf8(output.stderr).expect("text");
    let (err, last) = err.trim_end().rsplit_once("VmHWM ").expect("a figure");
    let run = Run {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: err.to_owned(),
    };
    (run, last.parse().expect("a figure"))
}

fn count(place: &Place) -> usize {
    let export = place.run(&["export"]);
    assert_eq!(export.code, 0, "{export:?}");
    // Without the header.
    export.out.lines().count() - 1
}

#[test]
fn an_import_that_is_killed_is_continued_without_a_row_twice() {
    let place = Place::fresh();
    let rows = rows();
    let file = servings(&place, rows);
    // It is killed in the middle, as the backend has a part of it.
    place.json(&["today"]);
    let mut child = place
        .command(&["import", &file])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let served = loop {
        let days = place.json(&["totals", "--from", "2012-01-01", "--to", "2012-01-01"]);
        let consumed = days[0]["caloriesConsumed"].as_i64().expect("a number");
        if consumed > 0 || child.try_wait().expect("a state").is_some() {
            break consumed;
        }
    };
    child.kill().expect("a signal");
    child.wait().expect("an end");
    assert!(served > 0);
    let begun = std::time::Instant::now();
    let again = place.json(&["import", &file]);
    eprintln!(
        "continued: {} of {rows} rows in {:?}, {} were there",
        again["imported"],
        begun.elapsed(),
        again["already"]
    );
    let sum = again["imported"].as_u64().expect("a number") + again["already"].as_u64().expect("a number");
    assert_eq!(sum, rows as u64, "{again}");
    assert_eq!(count(&place), rows);
    let twice = place.json(&["import", &file]);
    assert_eq!((&twice["imported"], &twice["already"]), (&0.into(), &rows.into()));
    assert_eq!(count(&place), rows);
}

#[test]
fn an_import_without_a_backend_waits_and_is_sent_later() {
    let (host, place, served) = signed_in();
    let address = served.address();
    let run = |arguments: &[&str]| desk(&place, &[arguments, &["--json"]].concat(), "");
    json(&run(&["sync"]));
    assert_eq!(served.end("-TERM"), Some(0));
    let file = servings(&place, 300);
    let error = run(&["import", &file]).error(4);
    assert_eq!(error["kept"].as_array().expect("entries").len(), 300, "{error}");
    // What waits is known.
    let again = json(&run(&["import", &file]));
    assert_eq!((&again["imported"], &again["already"]), (&0.into(), &300.into()));
    let served = Served::start_on(&host, &address, &[]);
    assert_eq!(json(&run(&["sync"]))["pending"], 0);
    assert_eq!(desk(&place, &["export"], "").out.lines().count(), 301);
    assert_eq!(served.end("-TERM"), Some(0));
}

/// Figures: docs/data.md.
#[cfg(target_os = "linux")]
#[test]
fn hostile_and_very_large_files_take_bounded_memory() {
    /// The most memory of a command without a file, and for a file, in KiB.
    const MOST: u64 = 400 << 10;
    const STREAMED: u64 = 160 << 10;
    let place = Place::fresh();
    place.json(&["today"]);
    let write = |name: &str, bytes: &[u8]| {
        let path = place.parent.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path.to_str().expect("a path").to_owned()
    };
    let (_, alone) = peak(&place, &["today"]);
    eprintln!("today: {alone} KiB");
    let columns = format!("Date,{}\n", "a,".repeat(1_000_000));
    let quote = [b"Date,Meal,Calories\n\"".to_vec(), vec![b'x'; 64 << 20]].concat();
    let entities = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE HealthData [<!ENTITY a \"{}\"><!ENTITY b \"{}\">]><HealthData>&b;</HealthData>",
        "x".repeat(1_000),
        "&a;".repeat(1_000)
    );
    let deep = format!("{}{}", "[".repeat(1 << 20), "]".repeat(1 << 20));
    let cases = [
        write("columns.csv", columns.as_bytes()),
        write("quote.csv", &quote),
        write("entities.xml", entities.as_bytes()),
        write("deep.json", deep.as_bytes()),
        write("zeros.csv", &vec![0; 100 << 20]),
        write("too-large.csv", &vec![b'1'; 130 << 20]),
    ];
    for file in &cases {
        let (run, peak) = peak(&place, &["import", file]);
        eprintln!("{file}: exit {}, {peak} KiB", run.code);
        assert_ne!(run.code, 101, "{run:?}");
        assert!(peak < MOST, "{file}: {peak} KiB");
        fs::remove_file(file).expect("a file");
    }
    let health = place.parent.path().join("export.xml");
    health_export(&health, megabytes());
    let name = health.to_str().expect("a path");
    let (run, peak) = peak(&place, &["import", "--dry-run", name]);
    eprintln!("Apple Health, {} MB: {peak} KiB", megabytes());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(peak < STREAMED, "{peak} KiB");
    fs::remove_file(&health).expect("a file");
}

/// An export of Apple Health of so many megabytes: heart rates and steps, and an entry eaten in a thousand records.
fn health_export(path: &std::path::Path, megabytes: usize) {
    let mut file = std::io::BufWriter::new(fs::File::create(path).expect("a file"));
    writeln!(
        file,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HealthData locale=\"en_GB\">"
    )
    .expect("a disk");
    let mut written = 0;
    let mut record = 0_u64;
    while written < megabytes << 20 {
        let (kind, unit, value) = match record % 1_000 {
            0 => (
                "HKQuantityTypeIdentifierDietaryEnergyConsumed",
                "kcal",
                100 + record % 500,
            ),
            n if n % 2 == 0 => ("HKQuantityTypeIdentifierHeartRate", "count/min", 60 + n % 80),
            n => ("HKQuantityTypeIdentifierStepCount", "count", n),
        };
        let (day, minute) = (1 + record / 1_440 % 28, record % 60);
        let line = format!(
            " <Record type=\"{kind}\" sourceName=\"Watch\" unit=\"{unit}\" creationDate=\"2026-10-{day:02} 08:{minute:02}:00 +0100\" \
             startDate=\"2026-10-{day:02} 08:{minute:02}:00 +0100\" endDate=\"2026-10-{day:02} 08:{minute:02}:30 +0100\" \
             value=\"{value}\"/>\n"
        );
        written += line.len();
        record += 1;
        file.write_all(line.as_bytes()).expect("a disk");
    }
    writeln!(file, "</HealthData>").expect("a disk");
    file.flush().expect("a disk");
}

/// Each sample of another tracker, imported twice: the second time adds nothing.
#[test]
fn every_sample_imported_twice_adds_nothing() {
    let place = Place::fresh();
    let directory = format!("{}/crates/import/tests/fixtures", env!("CARGO_MANIFEST_DIR"));
    let mut samples: Vec<PathBuf> = fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| !path.ends_with("expected.json") && !path.ends_with("README.md"))
        .collect();
    samples.sort();
    assert!(samples.len() >= 38, "{samples:?}");
    for sample in samples {
        let path = sample.to_str().expect("a path");
        let arguments = ["import", path, "--dates", "month-first", "--weights", "lb"];
        let first = place.json(&arguments);
        let second = place.json(&arguments);
        let added = first["imported"].as_u64().expect("a number");
        let already = second["already"].as_u64().expect("a number");
        assert_eq!(second["imported"], 0, "{path}: {second}");
        assert!(already >= added, "{path}: {first} {second}");
    }
}
