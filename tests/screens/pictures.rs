//! What the screens look like, at three sizes.

use caltrack_domain::Activity;
use caltrack_tui::app::{Code, Connection, FailureKind, Message};
use rstest::rstest;

use crate::world::{World, account, activity, failure, startup, totals};

pub(crate) const SIZES: [(u16, u16); 3] = [(40, 12), (80, 24), (120, 40)];

fn entry(id: &str, time: &str, kind: &str, kcal: u32, name: Option<&str>) -> Activity {
    let mut activity = activity(id, kind, kcal);
    activity.entry.moment = format!("2026-11-23T{time}:00Z").parse().unwrap();
    activity.entry.name = name.map(str::to_owned);
    activity
}

fn first_start() -> World {
    World::start(startup())
}

fn sign_in_refused() -> World {
    let mut world = first_start();
    world
        .type_in("s")
        .type_in("alice")
        .enter()
        .type_in("secret")
        .enter();
    let [caltrack_tui::app::Effect::Account { request, .. }] = world.effects[..] else {
        panic!()
    };
    let result = Err(failure(
        FailureKind::Unauthorized,
        "Incorrect username or password",
    ));
    world.send(Message::Account { request, result });
    world
}

fn empty() -> World {
    World::today()
}

fn loading() -> World {
    World::start(caltrack_tui::app::Startup {
        account: Some(account("alice")),
        ..startup()
    })
}

fn full() -> World {
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
    let mut world = World::with(&entries, &totals(1440, 300, 35));
    for _ in 0..20 {
        world.hit(Code::Up);
    }
    world
}

fn saving() -> World {
    let mut world = World::with(
        &[entry("b", "08:10", "Breakfast", 350, Some("oatmeal"))],
        &totals(350, 0, 1),
    );
    world.type_in("d");
    world.log("lunch 650 soup");
    world
}

fn over_the_target() -> World {
    World::with(
        &[entry("a", "12:00", "Lunch", 2600, Some("feast"))],
        &totals(2600, 0, 1),
    )
}

fn offline() -> World {
    let mut world = World::with(&[entry("b", "08:10", "Breakfast", 350, None)], &totals(350, 0, 1));
    world.send(Message::Connection(Connection::Offline {
        reason: Some("connection refused".into()),
    }));
    world
}

fn failed() -> World {
    let mut world = loading();
    while world.load().is_none() {
        world.wait();
    }
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::Unreachable, "the backend can't be reached"));
    world.send(Message::DayLoaded {
        request,
        date,
        result,
    });
    world
}

fn quick_line() -> World {
    let mut world = full();
    world.type_in("a").type_in("lunch 650 soup");
    world
}

fn quick_line_refused() -> World {
    let mut world = World::today();
    world.type_in("a").type_in("lnch 650").enter();
    world
}

fn save_failed() -> World {
    let mut world = World::today();
    let (request, _) = world.log("lunch 650");
    world.failed(request, FailureKind::Unreachable, "the backend can't be reached");
    world
}

fn form_category() -> World {
    let mut world = World::today();
    world.type_in("a").hit(Code::Tab);
    world
}

fn form_kcal() -> World {
    let mut world = form_category();
    world.enter().type_in("din").enter().type_in("lots").enter();
    world
}

fn form_edit() -> World {
    let mut world = full();
    world.type_in("g").hit(Code::Down).type_in("e");
    world
}

fn help() -> World {
    let mut world = World::today();
    world.type_in("?");
    world
}

fn palette() -> World {
    let mut world = World::today();
    world.type_in(":").type_in("da");
    world
}

#[rstest]
#[case::first_start("first_start", first_start())]
#[case::sign_in_refused("sign_in_refused", sign_in_refused())]
#[case::empty("today_empty", empty())]
#[case::loading("today_loading", loading())]
#[case::full("today_full", full())]
#[case::saving("today_saving", saving())]
#[case::over_the_target("today_over_the_target", over_the_target())]
#[case::offline("today_offline", offline())]
#[case::failed("today_failed", failed())]
#[case::quick_line("quick_line", quick_line())]
#[case::quick_line_refused("quick_line_refused", quick_line_refused())]
#[case::save_failed("save_failed", save_failed())]
#[case::form_category("form_category", form_category())]
#[case::form_kcal("form_kcal", form_kcal())]
#[case::form_edit("form_edit", form_edit())]
#[case::help("help", help())]
#[case::palette("palette", palette())]
fn picture(#[case] name: &str, #[case] mut world: World) {
    for (width, height) in SIZES {
        world.state.size = (width, height);
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), world.screen(width, height));
    }
}

#[test]
fn too_small_a_terminal_is_told_so() {
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
    use ratatui::{Terminal, backend::TestBackend, style::Color, style::Modifier};
    let mut world = full();
    world.state.color = false;
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal
        .draw(|frame| caltrack_tui::view::draw(frame, &world.state))
        .unwrap();
    let cells = terminal.backend().buffer().content();
    assert!(
        cells
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    assert!(
        cells
            .iter()
            .any(|cell| cell.modifier.contains(Modifier::REVERSED))
    );
    assert!(world.screen(80, 24).contains(" > "));
}
