//! Search over every entry, going to a day, themes, settings, the tour, and hints at keys of other layouts.

use caltrack_domain::{DisplaySetting, Measures};
use caltrack_tui::app::{Effect, input::action::Action};
use rstest::rstest;

use crate::{
    entries::{entry, today, totals, yesterday},
    world::{Code, Key, World},
};

fn searching(words: &str) -> World {
    let mut world = World::today();
    world.type_in("/").type_in(words);
    world
}

#[test]
fn what_is_found_is_opened_on_its_day() {
    let mut world = searching("soup");
    assert_eq!(world.last_effect(), Some(&Effect::Search("soup".to_owned())));
    let old = entry("1", "Lunch", 420).named("tomato soup").on(yesterday());
    world.found("soup", std::slice::from_ref(&old));
    assert!(world.screen(80, 24).contains("tomato soup"));
    world.enter();
    assert!(!world.has_dialog());
    assert_eq!(world.load().unwrap().date, yesterday());
    world.answer_day(
        &[entry("0", "Breakfast", 100).on(yesterday()), old],
        &totals(520, 0, 2),
    );
    assert!(world.day().contains("yesterday"), "{}", world.day());
}

#[test]
fn what_is_found_is_logged_again_by_r_in_the_list() {
    let mut world = searching("soup");
    world.found(
        "soup",
        &[
            entry("2", "Lunch", 420).named("tomato soup").on(yesterday()),
            entry("1", "Dinner", 380).named("pea soup").on(yesterday()),
        ],
    );
    // Without a move, it is a letter.
    world.type_in("r");
    assert_eq!(world.last_effect(), Some(&Effect::Search("soupr".to_owned())));
    world.hit(Code::Backspace);
    world.found(
        "soup",
        &[
            entry("2", "Lunch", 420).named("tomato soup").on(yesterday()),
            entry("1", "Dinner", 380).named("pea soup").on(yesterday()),
        ],
    );
    world.hit(Code::Down).hit(Code::Down).type_in("r");
    let [caltrack_domain::LogCommand::Create(new)] = world.step() else {
        panic!("one create");
    };
    assert_eq!(
        (new.entry.name.as_deref(), new.entry.date),
        (Some("pea soup"), today())
    );
    assert!(!world.has_dialog());
}

#[test]
fn an_answer_to_words_that_were_changed_since_is_ignored() {
    let mut world = searching("so");
    world.type_in("u");
    world.found("so", &[entry("1", "Lunch", 420).named("sole")]);
    assert!(!world.screen(80, 24).contains("sole"));
    world.found("sou", &[]);
    assert!(world.screen(80, 24).contains("no entry has these words"));
}

#[rstest]
#[case::on_today("1")]
#[case::on_trends("3")]
fn a_typed_day_is_shown(#[case] tab: &str) {
    let mut world = World::today();
    world.type_in(tab).type_in("J").type_in("-1d");
    assert!(world.screen(80, 24).contains(&yesterday().to_string()));
    world.enter();
    assert_eq!(world.load().unwrap().date, yesterday());
}

#[test]
fn a_typed_day_is_selected_in_the_history_and_an_invalid_one_is_named() {
    let mut world = World::today();
    world.type_in("2").type_in("J").type_in("someday").enter();
    assert!(world.has_dialog());
    world.ctrl('u').type_in("-1d").enter();
    assert!(!world.has_dialog());
    world.requests_nothing();
}

#[test]
fn what_is_queued_is_found_too() {
    let mut world = World::today();
    world.offline(None);
    let (request, _) = world.log("dinner 410 Crème brûlée # after the theatre");
    world.queued(request);
    let listed = |world: &World| world.dialog().lines.join("\n").contains("Crème brûlée");
    world.type_in("/");
    for (words, is_found) in [
        ("creme", true),
        ("theatre brul", true),
        ("dinn", true),
        ("cake", false),
    ] {
        world.retype(words).found(words, &[]);
        assert_eq!(listed(&world), is_found, "{words}");
    }
}

#[test]
fn a_theme_is_shown_while_it_is_selected_and_kept_by_enter_alone() {
    let mut world = World::today();
    let before = world.shell().theme.clone();
    world.command("choose a theme").hit(Code::Down);
    let tried = world.shell().theme.clone();
    assert_ne!(tried, before);
    world.hit(Code::Esc);
    assert_eq!(world.shell().theme, before);
    world.command("choose a theme").hit(Code::Down).enter();
    assert_eq!(world.shell().theme, tried);
    assert_eq!(
        world.last_effect(),
        Some(&Effect::SaveSetting(DisplaySetting::Theme("gruvbox".to_owned())))
    );
}

#[test]
fn a_setting_is_changed_and_written_at_once() {
    let mut world = World::today();
    world.command("settings of the screens").hit(Code::Down).enter();
    assert_eq!(
        world.last_effect(),
        Some(&Effect::SaveSetting(DisplaySetting::Measures(Measures::Imperial)))
    );
    assert!(world.screen(80, 24).contains("imperial"));
    world.enter();
    assert_eq!(world.shell().display.measures, Measures::Metric);
}

#[test]
fn the_tour_ends_by_itself_and_names_the_keys_as_they_are() {
    let mut world = World::today();
    world.command("tour");
    let mut pages = 0;
    while world.has_dialog() {
        pages += 1;
        assert!(world.screen(80, 24).contains(&format!("Tour {pages} of")));
        world.enter();
    }
    assert!(pages >= 3, "{pages}");
    world.requests_nothing();
}

#[rstest]
#[case::another_layout('ф', "config.toml")]
#[case::caps_lock('A', "Caps Lock")]
fn a_letter_of_another_layout_gets_a_hint(#[case] letter: char, #[case] says: &str) {
    let mut world = World::today();
    world.press(Key::char(letter)).requests_nothing();
    assert!(world.notice().contains(says), "{}", world.notice());
    assert!(world.notice().contains(letter));
}

#[test]
fn a_key_without_a_meaning_leads_to_the_help_or_to_its_screen() {
    let mut world = World::today();
    world.type_in("z").requests_nothing();
    assert_eq!(world.notice(), "z is no key here; ? lists the keys");
    world.hit(Code::Backspace);
    assert_eq!(world.notice(), "Backspace is no key here; ? lists the keys");
    world.type_in("v");
    assert_eq!(world.notice(), "v is for Trends (3): Chart or table");
}

#[test]
fn every_action_of_a_tab_is_in_its_palette_and_every_bound_one_in_the_help() {
    use caltrack_tui::app::{input::context::Context, tab::Tab};
    use strum::VariantArray as _;
    let world = World::today();
    let keymap = &world.shell().keymap;
    for tab in Tab::VARIANTS {
        let context = Context::Tab(*tab);
        let palette = caltrack_tui::app::dialogs::palette::Palette::offered(context);
        for action in Action::VARIANTS
            .iter()
            .filter(|action| action.available_in(context))
        {
            assert!(
                palette.contains(action) || *action == Action::Palette,
                "{action:?}"
            );
            let bound = keymap.key(context, *action).is_some();
            let listed = keymap
                .bindings(context)
                .chain(keymap.bindings(Context::Global))
                .any(|binding| binding.meaning == (*action).into());
            assert_eq!(bound, listed, "{action:?}");
        }
    }
}

#[test]
fn a_narrow_list_of_what_is_found_has_the_names() {
    let mut world = searching("soup");
    world.found("soup", &[entry("1", "Lunch", 420).named("Pumpkin soup")]);
    let narrow = world.screen(40, 12);
    assert!(narrow.contains("Pumpkin soup 420 kcal"), "{narrow}");
    let wide = world.screen(80, 24);
    assert!(wide.contains("Lunch 420 kcal (Pumpkin soup)"), "{wide}");
}
