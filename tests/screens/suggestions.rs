//! The Suggestions screen.

use caltrack_domain::LogCommand;
use caltrack_tui::app::{Answer, Effect, Message, Query, SuggestionQuery};
use rstest::rstest;

use crate::{
    entries::{SUB, entry, today, totals},
    pictures::SIZES,
    world::{Code, World},
};

/// 300 kcal remain.
fn opened() -> World {
    let mut world = World::with(&[entry("1", "Lunch", 1_700)], &totals(1_700, 0, 1));
    let sub = SUB.to_owned();
    world.send_all([Message::AllTotals {
        sub,
        days: vec![totals(1_700, 0, 1)],
    }]);
    world.named(&[
        ("granola", 270, 12, 30),
        ("pizza", 900, 12, 90),
        ("banana", 105, 18, 3),
    ]);
    world.type_in("4");
    world
}

/// What the backend's foods are to fit.
fn queried(world: &World) -> Option<SuggestionQuery> {
    world.loads().into_iter().find_map(|effect| match effect {
        Effect::Load {
            query: Query::Suggestions(query),
            ..
        } => Some(query),
        _ => None,
    })
}

fn listed(world: &World) -> Vec<String> {
    let screen = world.screen(80, 24);
    let inside = screen.lines().skip_while(|line| !line.contains("Fits into"));
    let inside = inside.skip(1).take_while(|line| !line.starts_with('╰'));
    let words = |line: &str| {
        line.trim_matches(['│', ' '])
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    inside.map(words).filter(|line| !line.is_empty()).collect()
}

fn answered() -> World {
    let mut world = opened();
    let apple = entry("x", "Snacks", 95).named("Apple (1 apple)");
    world.answer_suggestions(&[apple, entry("y", "Dinner", 470).named("Beef steak")]);
    world
}

#[rstest]
#[case::empty("empty", World::today())]
#[case::full("full", answered())]
fn picture(#[case] name: &str, #[case] mut world: World) {
    let sub = SUB.to_owned();
    if name == "empty" {
        world.send_all([Message::AllTotals {
            sub,
            days: Vec::new(),
        }]);
    }
    world.type_in("4");
    for (width, height) in SIZES.into_iter().chain([(200, 60), (40, 10)]) {
        insta::assert_snapshot!(
            format!("suggestions_{name}_{width}x{height}"),
            world.screen(width, height)
        );
    }
}

#[test]
fn what_fits_into_the_rest_of_the_day_comes_from_the_log_and_the_backends_foods() {
    let world = opened();
    let query = queried(&world).unwrap();
    assert_eq!((query.calories, query.sugar), (301, 25));
    assert_eq!(
        listed(&world),
        ["> granola logged before 270", "banana logged before 105"]
    );
    let world = answered();
    assert_eq!(
        listed(&world),
        [
            "> granola logged before 270",
            "banana logged before 105",
            "Apple 1 apple foods 95"
        ]
    );
}

#[test]
fn enter_logs_the_selected_one_today_and_what_no_longer_fits_disappears() {
    let mut world = answered();
    world.hit(Code::Down).enter();
    let [LogCommand::Create(new)] = world.step() else {
        panic!("one create");
    };
    assert_eq!(
        (new.entry.date, new.entry.kcal, new.entry.name.as_deref()),
        (today(), 105, Some("banana"))
    );
    // 195 kcal remain.
    assert_eq!(
        listed(&world),
        ["banana logged before 105", "> Apple 1 apple foods 95"]
    );
}

#[test]
fn the_cap_of_sugar_is_changed_and_kept() {
    let mut world = opened();
    world.type_in("[");
    assert_eq!(queried(&world).map(|query| query.sugar), Some(20));
    assert_eq!(world.kept_preferences().map(|kept| kept.sugar), Some(20));
    world.type_in("]]");
    assert_eq!(world.kept_preferences().map(|kept| kept.sugar), Some(30));
}

#[test]
fn a_live_total_changes_what_fits_without_a_key() {
    let mut world = opened();
    assert_eq!(listed(&world).len(), 2);
    world.live_totals(1_850, 2);
    assert_eq!(listed(&world), ["> banana logged before 105"]);
    world.live_totals(2_100, 3);
    assert_eq!(listed(&world), ["Today's target is used up."]);
}

impl World {
    fn answer_suggestions(&mut self, foods: &[crate::entries::Entry]) -> &mut Self {
        let foods = foods.iter().map(|food| food.stored().entry).collect();
        self.send_all([Message::Loaded {
            request: crate::world::UNKNOWN,
            result: Ok(Answer::Suggestions(foods)),
        }])
    }
}
