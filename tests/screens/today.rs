//! The Today screen: groups, order, quantities, macros and the side panel.

use caltrack_domain::{DailyTotals, Grams, LogCommand};
use caltrack_tui::app::{Message, preferences::Order};
use jiff::ToSpan as _;

use crate::{
    entries::{Entry, SUB, entry, today, totals, totals_on},
    world::{Code, Setup, World},
};

fn meals() -> Vec<Entry> {
    vec![
        entry("a", "Breakfast", 380)
            .at("07:10")
            .named("oatmeal")
            .amount(60.0, "g"),
        entry("b", "Coffee", 5).at("07:25"),
        entry("c", "Lunch", 650)
            .at("12:40")
            .named("lentil curry")
            .amount(1.5, "portion"),
        entry("d", "Breakfast", 35).at("09:00").named("banana"),
        entry("e", "Run", 300).at("08:00").named("along the river"),
        entry("f", "Walk", 100).at("11:00"),
    ]
}

fn world() -> World {
    World::with(&meals(), &totals(1_070, 400, 6))
}

#[test]
fn entries_are_below_the_heading_of_their_type_with_its_subtotal() {
    assert_eq!(
        world().list_of_day(),
        [
            "Breakfast 415",
            "07:10 oatmeal 60 g 380",
            "09:00 banana 35",
            "Coffee 5",
            "07:25 Coffee 5",
            "Lunch 650",
            "> 12:40 lentil curry 1.5 portions 650",
            "Exercise -400",
            "08:00 Run · along the river -300",
            "11:00 Walk -100"
        ]
    );
}

#[test]
fn o_changes_to_the_order_of_time_which_is_remembered() {
    let mut world = world();
    world.type_in("o");
    assert_eq!(
        world.list_of_day(),
        [
            "07:10 Breakfast Food oatmeal 60 g 380",
            "07:25 Coffee Drink 5",
            "08:00 Run Exercise along the river -300",
            "09:00 Breakfast Food banana 35",
            "11:00 Walk Exercise -100",
            "> 12:40 Lunch Food lentil curry 1.5 portions 650"
        ]
    );
    let kept = world.kept_preferences();
    assert_eq!(kept.map(|kept| kept.order), Some(Order::ByTime));
    let again = Setup::new()
        .preferring(kept.unwrap())
        .signed_in("alice")
        .start()
        .loaded(&meals(), &totals(1_070, 400, 6));
    assert_eq!(again.list_of_day(), world.list_of_day());
    // A heading gives the selection to its first entry.
    world.type_in("ogo");
    assert_eq!(world.selected_line(), "> 07:10 Breakfast Food oatmeal 60 g 380");
}

#[test]
fn a_heading_is_no_entry() {
    let mut world = world();
    world.hit(Code::Home).type_in("e");
    assert!(!world.has_dialog());
    assert_eq!(
        world.notice(),
        "Breakfast is selected, 2 entries; ↓ leads to the first"
    );
    world.type_in("je");
    assert_eq!(world.dialog().field("Name"), "oatmeal");
}

#[test]
fn what_is_done_on_a_heading_is_done_to_its_entries() {
    let mut world = world();
    world.hit(Code::Home).type_in("r");
    let logged = |world: &World| -> Vec<u32> {
        let kcal = |command: &LogCommand| match command {
            LogCommand::Create(new) => new.entry.kcal,
            LogCommand::Update { before, .. } | LogCommand::Delete(before) => before.entry.kcal,
        };
        world.step().iter().map(kcal).collect()
    };
    assert_eq!(logged(&world), [380, 35]);
    world.carry_out_next();
    world.hit(Code::Home).type_in(" ");
    assert_eq!(world.count(), "8 entries, 4 marked");
    assert_eq!(world.selected_line(), "> Coffee 5");
    world.hit(Code::Home).type_in(" ");
    assert_eq!(world.count(), "8 entries");
    world.hit(Code::Home).type_in("d");
    assert_eq!(logged(&world), [380, 35, 380, 35]);
    assert_eq!(world.selected_line(), "> Breakfast 0");
}

#[test]
fn macros_are_shown_where_entries_have_them_and_count_what_is_queued() {
    let mut day = totals(650, 0, 1);
    let mut world = World::with(&[entry("a", "Lunch", 650)], &day);
    assert!(!world.totals().contains("protein"), "{}", world.totals());
    day.protein = Some(Grams::from_tenths(305));
    day.fat = Some(Grams::whole(12));
    day.version = 2;
    world.publish(SUB, &day);
    assert!(
        world
            .totals()
            .ends_with("target 2000 protein 30.5 carbs 0 fat 12"),
        "{}",
        world.totals()
    );
    let (request, _) = world.log("shake 250 p30 f5 c12");
    world.queued(request);
    assert!(
        world.totals().ends_with("protein 60.5 carbs 12 fat 17"),
        "{}",
        world.totals()
    );
    world.publish(
        SUB,
        &DailyTotals {
            protein: None,
            version: 3,
            ..day
        },
    );
    assert!(!world.totals().contains("protein"), "{}", world.totals());
}

/// The lines of the side panel.
fn panel(world: &World, title: &str) -> Vec<String> {
    let screen = world.screen(120, 40);
    let column = |line: &str| line.chars().skip(85).collect::<String>();
    let lines: Vec<String> = screen.lines().map(column).collect();
    let words = |line: &String| {
        let line = line.trim_matches(['│', ' ']);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let from = lines.iter().position(|line| line.contains(title)).unwrap();
    lines[from + 1..]
        .iter()
        .take_while(|line| !line.contains('╯'))
        .map(words)
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn the_side_panel_shows_the_week_and_what_is_left_of_it() {
    let mut world = world();
    world.resize(120, 40);
    let days = vec![
        totals_on(today() - 1.days(), 9_999, 0, 1),
        totals(1_070, 400, 6),
        totals_on(today() + 2.days(), 500, 0, 1),
    ];
    world.send_all([Message::AllTotals {
        sub: SUB.to_owned(),
        days: days
            .into_iter()
            .map(|day| DailyTotals {
                entries: Some(1),
                ..day
            })
            .collect(),
    }]);
    let figures = |world: &World| -> Vec<String> {
        let last = |line: &String| {
            let mut words = line.split(' ');
            let first = words.next().unwrap().to_owned();
            format!("{first} {}", words.next_back().unwrap_or_default())
        };
        panel(world, "This week").iter().map(last).collect()
    };
    let week = ["Mon 1070", "Tue ·", "Wed 500", "Thu ·", "Fri ·", "Sat ·", "Sun ·"];
    assert_eq!(figures(&world), week);
    // Monday 1330, Wednesday 1500, and 2000 on five days.
    world.command("week");
    assert_eq!(panel(&world, "This week").last().unwrap(), "left this week 12830");
    assert!(world.kept_preferences().unwrap().shows_week);
    world.log("dinner 500");
    assert_eq!(panel(&world, "This week").last().unwrap(), "left this week 12330");
    assert!(
        world.screen(80, 24).contains("left this week 12330"),
        "no side panel"
    );
    assert_eq!(figures(&world)[0], "Mon 1570");
    // The week of the day before.
    world.type_in("h");
    assert_eq!(figures(&world)[6], "Sun 9999");
}

#[test]
fn the_side_panel_offers_what_is_usual_at_this_hour() {
    let mut world = World::today();
    world.resize(120, 40);
    assert_eq!(
        panel(&world, "Usual at this hour").join(" ").trim(),
        "What you log by a with a name is offered here."
    );
    world.named(&[("granola", 270, 12, 30), ("khinkali", 300, 12, 20)]);
    assert_eq!(
        panel(&world, "Usual at this hour"),
        ["granola 270", "khinkali 300"]
    );
    world.named(&[("granola", 270, 4, 30)]);
    assert_eq!(panel(&world, "Often logged"), ["granola 270"]);
}
