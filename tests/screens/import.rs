//! The import of a file: its path, what it leaves open, the preview, the progress and the result.

use caltrack_tui::app::{
    Effect,
    import::{FileColumn, FileReading, ImportPreview, ImportQuestion, ImportReport},
};
use rstest::rstest;

use crate::{
    entries::{entry, yesterday},
    pictures::{NO_RED, RED, SIZES},
    world::{Code, World},
};

fn choosing() -> World {
    let mut world = World::today();
    world.command("import a file");
    world
}

fn reading(path: &str) -> World {
    let mut world = choosing();
    world.type_in(path).enter();
    world
}

fn preview() -> ImportPreview {
    let lunch = entry("1", "Lunch", 650).named("lentil curry").on(yesterday());
    let run = entry("2", "Run", 300);
    ImportPreview {
        sources: vec!["cronometer".to_owned()],
        read: 12,
        entries: 2,
        weights: 1,
        foods: 0,
        already: 7,
        first: [lunch, run].map(|entry| entry.stored().entry).to_vec(),
        left_out: 2,
        reasons: vec![
            (6, "Water: 0 kcal".to_owned()),
            (9, "Totals: a sum of other rows".to_owned()),
        ],
        warnings: vec!["the file has totals of days".to_owned()],
        days: Some((yesterday(), crate::entries::today())),
    }
}

fn previewed() -> World {
    let mut world = reading("~/export.csv");
    world.file_read(FileReading::Preview(Box::new(preview())));
    world
}

#[test]
fn the_footer_has_the_keys_of_the_stage() {
    assert_eq!(previewed().footer(), "Enter go on ↓ move Esc back");
    assert_eq!(running().footer(), "Esc back");
    assert!(columns().footer().contains("next column"));
}

fn running() -> World {
    let mut world = previewed();
    world.enter();
    let request = world.starting();
    world.import_at(request, 1, 3);
    world
}

fn finished(report: ImportReport) -> World {
    let mut world = previewed();
    world.enter();
    let request = world.starting();
    world.import_ended(request, report);
    world
}

pub(crate) fn columns() -> World {
    let mut world = reading("own.csv");
    let column = |name: &str, sample: &str| FileColumn {
        name: name.to_owned(),
        sample: sample.to_owned(),
    };
    world.file_read(FileReading::Question(ImportQuestion::Columns {
        columns: vec![
            column("Datum", "24.10.2026"),
            column("Lebensmittel", "Brot"),
            column("Kalorien", "250,5"),
        ],
        keys: [
            ("date", Some(0)),
            ("time", None),
            ("name", Some(1)),
            ("kcal", Some(2)),
        ]
        .map(|(key, column)| (key.to_owned(), column))
        .to_vec(),
    }));
    world
}

fn unclear() -> World {
    let mut world = reading("diary.csv");
    world.file_read(FileReading::Question(ImportQuestion::DayOrder(
        "11/02/2026".to_owned(),
    )));
    world
}

fn completed() -> World {
    let mut world = choosing();
    world.type_in("~/ex").hit(Code::Tab);
    world.path_completed("~/ex", "~/export-", &["export-2025.zip", "export-2026.zip"]);
    world
}

fn refused() -> World {
    let mut world = reading("photo.jpg");
    world.file_refused("photo.jpg: no tracker is known that writes such a file");
    world
}

fn stopped() -> World {
    let mut world = running();
    world.hit(Code::Esc);
    world
}

fn waiting() -> World {
    finished(ImportReport {
        imported: 0,
        already: 7,
        waiting: Some((3, "connection refused".to_owned())),
        rejected: None,
        is_stopped: false,
    })
}

#[rstest]
#[case::file("import_file", completed(), NO_RED)]
#[case::refused("import_refused", refused(), RED)]
#[case::columns("import_columns", columns(), NO_RED)]
#[case::unclear("import_question", unclear(), NO_RED)]
#[case::preview("import_preview", previewed(), NO_RED)]
#[case::running("import_running", running(), NO_RED)]
#[case::waiting("import_waiting", waiting(), NO_RED)]
fn picture(#[case] name: &str, #[case] mut world: World, #[case] red: bool) {
    for (width, height) in SIZES {
        world.resize(width, height);
        let picture = world.picture(width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture.to_string());
        assert_eq!(picture.has_red(), red, "{name} at {width}×{height}");
    }
}

#[test]
fn tab_completes_the_path_unless_it_was_changed_since() {
    let mut world = choosing();
    world.type_in("~/ex").hit(Code::Tab);
    assert_eq!(world.completing(), "~/ex");
    world.type_in("p");
    world.path_completed("~/ex", "~/export.csv", &[]);
    world.enter();
    assert_eq!(world.reading().1, "~/exp");
}

#[test]
fn a_decision_is_taken_to_the_next_reading() {
    let mut world = unclear();
    world.hit(Code::Down).enter();
    let (_, path, decisions) = world.reading();
    assert_eq!(
        (path.as_str(), decisions.is_day_first),
        ("diary.csv", Some(false))
    );
    world.file_read(FileReading::Question(ImportQuestion::WeightUnit(3)));
    world.hit(Code::Down).enter();
    let (.., decisions) = world.reading();
    assert_eq!(decisions.is_day_first, Some(false));
    assert!(decisions.weight_unit.is_some());
}

#[test]
fn columns_are_corrected_and_the_preview_leads_back_to_them() {
    let mut world = columns();
    world
        .hit(Code::Down)
        .hit(Code::Down)
        .hit(Code::Right)
        .hit(Code::Right)
        .enter();
    assert_eq!(world.reading().2.mapping.as_deref(), Some("date=0,kcal=2"));
    world.file_refused("own.csv: a mapping needs date and one of kcal, kj and weight");
    assert!(world.screen(80, 24).contains("a mapping needs date"));
    world.enter();
    world.file_read(FileReading::Preview(Box::new(preview())));
    world.hit(Code::Esc);
    assert!(world.screen(80, 24).contains("Which column has what?"));
}

#[test]
fn what_is_previewed_is_imported_and_the_names_are_read_again() {
    let mut world = previewed();
    world.enter();
    let request = world.starting();
    world.import_at(request, 2, 3);
    assert!(world.screen(80, 24).contains("importing: 2 of 3 rows"));
    world.import_ended(
        request,
        ImportReport {
            imported: 3,
            already: 7,
            ..ImportReport::default()
        },
    );
    assert_eq!(world.loads(), [Effect::LoadNames, Effect::LoadLibrary]);
    assert!(world.screen(80, 24).contains("3 rows imported, 7 already logged"));
    world.enter();
    assert!(!world.has_dialog());
}

#[test]
fn esc_ends_a_running_import_and_keeps_the_dialog_until_it_has_ended() {
    let world = stopped();
    assert_eq!(world.last_effect(), Some(&Effect::StopImport));
    assert!(world.screen(80, 24).contains("ending: 1 of 3 rows"));
    assert!(world.has_dialog());
}

#[test]
fn esc_goes_back_by_one_stage() {
    let mut world = previewed();
    world.hit(Code::Esc);
    assert!(world.screen(80, 24).contains("~/export.csv"));
    world.hit(Code::Esc);
    assert!(!world.has_dialog());
    // An answer that comes late is ignored.
    let mut world = reading("a.csv");
    let (request, ..) = world.reading();
    world.hit(Code::Esc);
    world.import_at(request, 1, 2);
    assert!(world.screen(80, 24).contains("a.csv"));
}
