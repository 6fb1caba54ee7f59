//! Pictures of the screens, at three sizes.

use caltrack_domain::outbox::{Answer, Reason, ReasonKind, Rejection, RejectionKind};
use rstest::rstest;

use crate::{
    entries::{Entry, entry as plain, totals},
    world::{Code, FailureKind, Setup, World},
};

pub(crate) const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];

/// A failure is red; nothing else is, least of all a day over its target.
pub(crate) const RED: bool = true;
pub(crate) const NO_RED: bool = false;

fn entry(id: &str, time: &str, kind: &str, kcal: u32, name: Option<&str>) -> Entry {
    let entry = plain(id, kind, kcal).at(time);
    name.map_or(entry.clone(), |name| entry.named(name))
}

pub(crate) fn first_start() -> World {
    Setup::new().start()
}

pub(crate) fn sign_in_refused() -> World {
    let mut world = first_start();
    world
        .type_in("s")
        .type_in("alice")
        .enter()
        .type_in("secret")
        .enter();
    world.refuse(FailureKind::Unauthorized, "Incorrect username or password");
    world
}

fn empty() -> World {
    World::today()
}

fn loading() -> World {
    Setup::new().signed_in("alice").start()
}

pub(crate) fn full() -> World {
    full_on(Setup::new())
}

fn full_on(setup: Setup) -> World {
    let mut entries = vec![
        entry("a", "07:40", "Coffee", 5, None),
        entry("b", "08:10", "Breakfast", 350, Some("oatmeal with berries")),
        entry("c", "12:05", "Lunch", 650, Some("面包 and soup 🍲")),
        entry(
            "d",
            "17:30",
            "Run",
            300,
            Some("along the river, the long way round past the old mill"),
        ),
        entry("e", "18:00", "Vitamins", 2, Some("\u{1b}[31mred\u{202e}herring")),
    ];
    for at in 0..30 {
        entries.push(entry(
            &format!("f{at:02}"),
            &format!("19:{at:02}"),
            "Snacks",
            at,
            None,
        ));
    }
    let mut world = setup
        .signed_in("alice")
        .start()
        .loaded(&entries, &totals(1440, 300, 35));
    for _ in 0..20 {
        world.hit(Code::Up);
    }
    world
}

pub(crate) fn saving() -> World {
    let mut world = World::with(
        &[entry("b", "08:10", "Breakfast", 350, Some("oatmeal"))],
        &totals(350, 0, 1),
    );
    world.type_in("d");
    world.log("lunch 650 soup");
    world
}

pub(crate) fn over_the_target() -> World {
    World::with(
        &[entry("a", "12:00", "Lunch", 2600, Some("feast"))],
        &totals(2600, 0, 1),
    )
}

pub(crate) fn offline() -> World {
    let mut world = World::with(&[entry("b", "08:10", "Breakfast", 350, None)], &totals(350, 0, 1));
    world.offline(Some("connection refused"));
    world
}

pub(crate) fn failed() -> World {
    let mut world = loading();
    let load = world.load().unwrap();
    world.day_failed(load, FailureKind::Unreachable, "the backend can't be reached");
    world
}

/// A log of years is being copied for the first time.
pub(crate) fn syncing() -> World {
    let mut world = full();
    world.syncing(12_000, 100_000);
    world
}

pub(crate) fn unverified() -> World {
    let mut world = World::today();
    let oatmeal = entry("b", "08:10", "Breakfast", 350, Some("oatmeal"));
    world.day_unverified(&[oatmeal], &totals(700, 0, 2));
    world
}

pub(crate) fn quick_line() -> World {
    let mut world = full();
    world.type_in("a").type_in("lunch 650 soup");
    world
}

fn quick_line_refused() -> World {
    let mut world = World::today();
    world.type_in("a").type_in("lnch 650").enter();
    world
}

/// Offline for a while: two changes wait, one of an entry that is new.
pub(crate) fn queued() -> World {
    let mut world = World::with(
        &[entry("b", "08:10", "Breakfast", 350, Some("oatmeal"))],
        &totals(350, 0, 1),
    );
    world.offline(None);
    let (request, _) = world.log("lunch 650 soup");
    world.queued(request);
    let (request, _) = world.log("run 300");
    world.queued(request);
    world
}

pub(crate) fn queue() -> World {
    let mut world = rejected();
    let (request, _) = world.log("run 300");
    let reason = Reason {
        kind: ReasonKind::Unreachable,
        text: "the backend can't be reached: connection refused".to_owned(),
    };
    let unreachable = Answer::Waiting {
        reason,
        may_be_done: true,
    };
    world.answered_by(request, &unreachable).command("queue");
    world.hit(Code::Up);
    world
}

pub(crate) fn rejected() -> World {
    let mut world = empty();
    let (request, _) = world.log("lunch 650 soup");
    let rejection = Rejection {
        kind: RejectionKind::BadRequest,
        text: "caloriesConsumed is 0 to 99999".to_owned(),
    };
    world.answered_by(request, &Answer::Rejected(rejection));
    world.hit(Code::Up);
    world
}

fn sign_out() -> World {
    let mut world = queued();
    world.command("sign out");
    world
}

pub(crate) fn save_failed() -> World {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    world
}

pub(crate) fn form_category() -> World {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab);
    world
}

pub(crate) fn form_kcal() -> World {
    let mut world = form_category();
    world.enter().type_in("din").enter().type_in("lots").enter();
    world
}

fn form_edit() -> World {
    let mut world = full();
    world.type_in("gjjj").type_in("e");
    world
}

pub(crate) fn help() -> World {
    let mut world = World::today();
    world.type_in("?");
    world
}

pub(crate) fn palette() -> World {
    let mut world = World::today();
    world.type_in(":").type_in("da");
    world
}

#[rstest]
#[case::first_start("first_start", first_start(), NO_RED)]
#[case::sign_in_refused("sign_in_refused", sign_in_refused(), RED)]
#[case::empty("today_empty", empty(), NO_RED)]
#[case::loading("today_loading", loading(), NO_RED)]
#[case::full("today_full", full(), NO_RED)]
#[case::saving("today_saving", saving(), NO_RED)]
#[case::over_the_target("today_over_the_target", over_the_target(), NO_RED)]
#[case::offline("today_offline", offline(), RED)]
#[case::failed("today_failed", failed(), RED)]
#[case::syncing("today_syncing", syncing(), NO_RED)]
#[case::unverified("today_unverified", unverified(), NO_RED)]
#[case::quick_line("quick_line", quick_line(), NO_RED)]
#[case::quick_line_refused("quick_line_refused", quick_line_refused(), RED)]
#[case::queued("today_queued", queued(), RED)]
#[case::rejected("today_rejected", rejected(), RED)]
#[case::queue("queue", queue(), RED)]
#[case::sign_out("sign_out", sign_out(), RED)]
#[case::save_failed("save_failed", save_failed(), RED)]
#[case::form_category("form_category", form_category(), NO_RED)]
#[case::form_kcal("form_kcal", form_kcal(), RED)]
#[case::form_edit("form_edit", form_edit(), NO_RED)]
#[case::help("help", help(), NO_RED)]
#[case::palette("palette", palette(), NO_RED)]
fn picture(#[case] name: &str, #[case] mut world: World, #[case] red: bool) {
    for (width, height) in SIZES {
        world.resize(width, height);
        let picture = world.picture(width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture.to_string());
        assert_eq!(picture.has_red(), red, "{name} at {width}×{height}");
    }
}

#[test]
fn a_terminal_that_is_too_small_is_reported() {
    insta::assert_snapshot!(full().screen(39, 9));
    let narrow = full().screen(20, 5);
    let words: Vec<&str> = narrow.split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "The terminal is too small. It is 20×5; 40×10 is enough."
    );
}

#[test]
fn without_colours_no_cell_has_one_and_the_selection_is_still_seen() {
    use ratatui::style::{Color, Modifier};
    let world = full_on(Setup::new().without_colours());
    let picture = world.picture(80, 24);
    let cells = picture.cells.content();
    assert!(
        cells
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    let reversed = |cell: &&ratatui::buffer::Cell| cell.modifier.contains(Modifier::REVERSED);
    let seen: String = cells
        .iter()
        .filter(reversed)
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    // The tab and the entry.
    assert!(seen.starts_with(" 1 Today  >   19:09  Snacks "), "{seen}");
    assert_eq!(world.selected(), "19:09 Snacks 9");
}
