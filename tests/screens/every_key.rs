//! A journey for every key of the keymap that the program uses: from a screen on which the key means something, to what it does.

use caltrack_tui::app::{
    Effect,
    input::{
        action::{
            Action, Control,
            Motion::{Down, First, Last, PageDown, PageUp, Up},
        },
        bindings::Meaning,
        context::Context,
        keymap::Keymap,
    },
    tab::Tab,
};

use crate::{
    entries::{SUB, entry, today, totals, totals_on, yesterday},
    history::year,
    import, pictures,
    pool::code_sent,
    world::{Code, Setup, World},
};

/// Three entries of today and a year of days.
pub(crate) fn full() -> World {
    let entries = [
        entry("a", "Breakfast", 350).named("oatmeal").at("07:40"),
        entry("b", "Lunch", 650).named("soup").at("12:05"),
        entry("c", "Dinner", 700).named("curry").at("12:20"),
    ];
    let mut world = World::with(&entries, &totals(1_700, 0, 3));
    let sub = SUB.to_owned();
    let days = year();
    world.send_all([caltrack_tui::app::Message::AllTotals { sub, days }]);
    world.named(&[
        ("granola", 270, 12, 30),
        ("banana", 105, 18, 3),
        ("apple", 95, 12, 9),
    ]);
    world.library_is(
        serde_json::from_str(
            r#"{"food:1":{"at":"2026-11-20T08:00:00Z","value":{"name":"Granola","category":"Food","type":"Breakfast","kcal":270}},
                "food:2":{"at":"2026-11-20T08:00:00Z","value":{"name":"Muesli","category":"Food","type":"Breakfast","kcal":200}},
                "food:3":{"at":"2026-11-20T08:00:00Z","value":{"name":"Porridge","category":"Food","type":"Breakfast","kcal":300}}}"#,
        )
        .unwrap(),
    );
    world
}

fn keyed(keys: &str) -> World {
    let mut world = full();
    world.type_in(keys);
    world
}

fn commanded(command: &str) -> World {
    let mut world = full();
    world.command(command);
    world
}

/// A world in which keys go to this part of the screens.
fn opened(context: Context) -> World {
    match context {
        Context::Global | Context::Tab(Tab::Today) => full(),
        Context::Tab(Tab::History) => keyed("2"),
        Context::Tab(Tab::Trends) => keyed("3"),
        Context::Tab(Tab::Suggestions) => keyed("4"),
        Context::Tab(Tab::Profile) => keyed("5"),
        Context::Start => Setup::new().start(),
        Context::Account => pictures::sign_in_refused(),
        Context::Quick => keyed("aegg"),
        Context::Picker => {
            let mut world = keyed("a");
            world.hit(Code::Tab);
            world
        }
        Context::Text => {
            let mut world = opened(Context::Picker);
            world.enter().enter().type_in("650");
            world
        }
        Context::Help => keyed("?"),
        Context::Palette => keyed(":"),
        Context::Queue => pictures::queue(),
        Context::Repeat => {
            let mut world = keyed("R");
            let lunch = |id: &str, kcal| entry(id, "Lunch", kcal).on(yesterday());
            world.answer_days(vec![
                (
                    yesterday(),
                    vec![lunch("x", 500), entry("y", "Dinner", 700).on(yesterday())],
                ),
                (today(), vec![entry("z", "Breakfast", 300)]),
            ]);
            world
        }
        Context::Library => commanded("library"),
        Context::LibraryItem => {
            let mut world = commanded("new own food");
            world.type_in("stew");
            world
        }
        Context::MoveTo => keyed("M-1d"),
        Context::ChangeType => keyed("c"),
        Context::Search => {
            let mut world = keyed("/soup");
            world.found(
                "soup",
                &[
                    entry("b", "Lunch", 650).named("soup"),
                    entry("q", "Dinner", 9).named("soups"),
                ],
            );
            world
        }
        Context::Found => {
            let mut world = opened(Context::Search);
            world.hit(Code::Down);
            world
        }
        Context::Jump => keyed("J2026-11-20"),
        Context::Themes => commanded("choose a theme"),
        Context::Settings => commanded("settings of the screens"),
        Context::Tour => commanded("tour"),
        Context::ImportFile => {
            let mut world = commanded("import a file");
            world.type_in("~/ex");
            world
        }
        Context::Import => import::columns(),
        Context::Value => keyed("w80"),
        Context::WholeAccount => {
            let mut world = commanded("move to the cloud");
            let profiles = ["cloud", "desk", "work", "old"].map(str::to_owned);
            world.send_all([caltrack_tui::app::Message::Profiles(profiles.to_vec())]);
            world
        }
        Context::SignOut => {
            let mut world = pictures::queued();
            world.command("sign out");
            world
        }
    }
}

/// The same, where the meaning changes something: away from the end that a motion leads to, with something to undo.
fn ready(context: Context, meaning: Meaning) -> World {
    let mut world = opened(context);
    let move_by = |world: &mut World, motion| {
        let key = world.shell().keymap.key(context, Control::Move(motion));
        if let Some(key) = key {
            for _ in 0..3 {
                world.press(key);
            }
        }
    };
    match meaning {
        // There every motion leads to the list.
        Meaning::Control(Control::Move(_)) if context == Context::Search => {}
        Meaning::Control(Control::Move(Up | PageUp | First)) => move_by(&mut world, Down),
        Meaning::Control(Control::Move(Down | PageDown | Last)) => move_by(&mut world, Up),
        Meaning::Control(Control::PreviousField) => {
            world.hit(Code::Tab);
        }
        // The table scrolls, and marks are taken off.
        Meaning::Control(Control::Back) if context == Context::Tab(Tab::Today) => {
            world.type_in(" ");
        }
        Meaning::Action(Action::Paste) => {
            world.type_in("y");
        }
        Meaning::Action(Action::GoToToday) if context == Context::Tab(Tab::Today) => {
            world
                .type_in("h")
                .answer_day(&[], &totals_on(yesterday(), 0, 0, 1));
        }
        Meaning::Action(Action::GoToToday) => {
            world.hit(Code::Down);
        }
        Meaning::Action(Action::ResendCode) => {
            world = resendable();
        }
        Meaning::Action(_) | Meaning::Control(_) => {}
    }
    if let (Context::Tab(Tab::Trends), Meaning::Control(Control::Move(motion))) = (context, meaning) {
        world.type_in("v");
        if matches!(motion, Up | PageUp | First) {
            move_by(&mut world, Down);
        }
    }
    world
}

/// A form that waits for a code.
fn resendable() -> World {
    let mut world = Setup::new().start();
    world.type_in("f").type_in("alice").enter();
    world.answer(code_sent("a***@e***"));
    world
}

/// What is seen and what is requested.
fn seen(world: &World) -> String {
    format!("{}\n{:?}", world.screen(80, 24), world.loads())
}

/// Whether an action did what its name says.
fn is_done(action: Action, context: Context, world: &World) -> bool {
    let has = |wanted: fn(&Effect) -> bool| world.loads().iter().any(wanted);
    let saves = || has(|effect| matches!(effect, Effect::Save { .. } | Effect::SaveChanges { .. }));
    let screen = world.screen(80, 24);
    // A frame with a title that begins so.
    let opens = |title: &str| screen.contains(&format!("╭ {title}"));
    match action {
        Action::Add => opens("Add to"),
        Action::AddByForm => opens("Add an entry"),
        Action::LogAgain
        | Action::LogSuggestion
        | Action::Delete
        | Action::Paste
        | Action::Favourite
        | Action::AcceptProposal
        | Action::RemoveSaved => saves(),
        Action::Repeat => opens("Repeat"),
        Action::Mark => world.count().contains("1 marked"),
        Action::Copy => has(|effect| matches!(effect, Effect::CopyText(_))),
        Action::CopyDay if context == Context::Tab(Tab::History) => {
            has(|effect| matches!(effect, Effect::ReadDays { .. }))
        }
        Action::CopyDay => has(|effect| matches!(effect, Effect::CopyText(_))),
        Action::MoveTo => opens("Move to another day"),
        Action::ChangeType => opens("Change the type"),
        Action::MakeRecipe => opens("Recipe"),
        Action::Library => opens("Library"),
        Action::NewFood => opens("Library: own food"),
        Action::Edit | Action::Open => opens("Edit entry"),
        Action::Undo | Action::Redo => has(|effect| matches!(effect, Effect::Undo(_))),
        Action::PreviousDay => world.day().contains("yesterday"),
        Action::NextDay => world.day().contains("tomorrow"),
        Action::GoToToday if context == Context::Tab(Tab::History) => screen.contains("│>Mon 2026-11-23"),
        Action::ChangeOrder | Action::ShowWeek => has(|effect| matches!(effect, Effect::KeepPreferences(_))),
        Action::GoToToday | Action::ShowToday => world.day().contains("today"),
        Action::ShowHistory => screen.contains("consumed  burned     net"),
        Action::ShowTrends => screen.contains("30 days"),
        Action::ShowSuggestions => screen.contains("Fits into the rest of today"),
        Action::ShowProfile => screen.contains("Targets"),
        Action::NoteWeight => opens("Weight on"),
        Action::LessSugar => screen.contains("sugar below 20 g"),
        Action::MoreSugar => screen.contains("sugar below 30 g"),
        Action::EditSetting => opens("Target from"),
        Action::OpenDay => world.day().contains("2026-11-23"),
        Action::ShorterRange => screen.contains(" 7 days"),
        Action::LongerRange => screen.contains("90 days"),
        Action::ChartOrTable => screen.contains("day             consumed"),
        Action::Search => opens("Search"),
        Action::Jump => opens("Go to a day"),
        Action::ChooseTheme => opens("Themes"),
        Action::ScreenSettings => opens("Settings"),
        Action::Import => opens("Import"),
        Action::Tour => opens("Tour 1 of"),
        Action::Mouse => has(|effect| matches!(effect, Effect::SaveSetting(_))),
        Action::Refresh => has(|effect| matches!(effect, Effect::WatchDay { fresh: true, .. })),
        Action::Queue => opens("Queue"),
        Action::Help => opens("Keys") || opens("Help"),
        Action::Palette => opens("Commands"),
        Action::SignOut => has(|effect| matches!(effect, Effect::SignOut { everywhere: false })),
        Action::SignOutEverywhere => has(|effect| matches!(effect, Effect::SignOut { everywhere: true })),
        Action::ChangePassword => screen.contains("password"),
        Action::SetUpAuthenticator | Action::TurnOffTwoStep | Action::ResendCode => {
            has(|effect| matches!(effect, Effect::Account { .. }))
        }
        Action::MoveToCloud => has(|effect| matches!(effect, Effect::ListProfiles)),
        Action::DeleteAccount => opens("Delete"),
        Action::Suspend => has(|effect| matches!(effect, Effect::Suspend)),
        Action::Quit => has(|effect| matches!(effect, Effect::Quit)),
        Action::SignIn | Action::SignUp | Action::ResetPassword => screen.contains("User name"),
        Action::Retry => has(|effect| matches!(effect, Effect::Retry(_))),
        Action::Drop => has(|effect| matches!(effect, Effect::Drop(_))),
    }
}

#[test]
fn every_key_of_the_keymap_does_what_the_help_says() {
    let keymap = Keymap::default();
    let mut count = 0;
    for context in Context::all() {
        for binding in keymap.bindings(context) {
            let mut outcomes = Vec::new();
            for key in &binding.keys {
                let mut world = ready(context, binding.meaning);
                let before = seen(&world);
                world.press(*key);
                let after = seen(&world);
                let name = format!("{key} ({}) in {}", binding.meaning.title(), context.title());
                match binding.meaning {
                    Meaning::Action(action) => {
                        assert!(is_done(action, context, &world), "{name}:\n{after}");
                    }
                    Meaning::Control(_) => {
                        assert_ne!(before, after, "{name} changes nothing");
                    }
                }
                outcomes.push(after);
                count += 1;
            }
            let first = outcomes.first().unwrap();
            for (outcome, key) in outcomes.iter().zip(&binding.keys) {
                assert_eq!(
                    outcome,
                    first,
                    "{key} and {} differ in {}",
                    binding.keys[0],
                    context.title()
                );
            }
        }
    }
    assert!(count > 300, "{count}");
}

#[test]
fn every_action_is_reached_by_a_key_or_by_the_palette() {
    use strum::VariantArray as _;
    let keymap = Keymap::default();
    for action in Action::VARIANTS {
        let by_key = Context::all().any(|context| {
            let mut bindings = keymap.bindings(context);
            bindings.any(|binding| binding.meaning == Meaning::Action(*action))
        });
        let by_palette = Tab::VARIANTS.iter().any(|tab| {
            let offered = caltrack_tui::app::dialogs::palette::Palette::offered(Context::Tab(*tab));
            offered.contains(action)
        });
        assert!(by_key || by_palette, "{action:?}");
    }
}

#[test]
fn every_command_of_the_palette_does_what_it_says() {
    use strum::VariantArray as _;
    for tab in Tab::VARIANTS {
        let context = Context::Tab(*tab);
        for action in caltrack_tui::app::dialogs::palette::Palette::offered(context) {
            let mut world = ready(context, Meaning::Action(action));
            world.command(action.title());
            assert!(
                is_done(action, context, &world),
                "{} on {}:\n{}",
                action.title(),
                context.title(),
                seen(&world)
            );
        }
    }
}
