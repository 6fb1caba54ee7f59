//! Moving between days, and keeping one fresh.

use caltrack_tui::app::account::ask::{AccountAnswer, AccountAsk};
use caltrack_tui::app::{ChangeKind, Code, Connection, Day, Effect, FailureKind, Message, Request, Startup};

use crate::{
    live::live,
    world::{World, account, activity, failure, now, startup, stored, today, totals},
};

#[test]
fn letters_and_arrows_both_lead_to_other_days() {
    let mut world = World::today();
    for (key, date) in [
        ('h', "2026-11-22"),
        ('h', "2026-11-21"),
        ('l', "2026-11-22"),
        ('t', "2026-11-23"),
    ] {
        world.type_in(&key.to_string());
        assert_eq!(world.load().unwrap().1.to_string(), date);
    }
    world.hit(Code::Left);
    assert_eq!(world.load().unwrap().1.to_string(), "2026-11-22");
    world.shows("yesterday").hit(Code::Right).shows("today");
}

#[test]
fn an_answer_for_another_day_or_an_older_question_is_ignored() {
    let mut world = World::today();
    world.type_in("h");
    let (old, yesterday) = world.load().unwrap();
    world.type_in("l");
    let (new, _) = world.load().unwrap();
    let day = |kcal| Day {
        activities: vec![activity("1", "Lunch", kcal)],
        totals: totals(1, 0, 1),
        notice: None,
    };
    world
        .send(Message::DayLoaded {
            request: old,
            date: yesterday,
            result: Ok(day(111)),
        })
        .hides("111");
    world
        .send(Message::DayLoaded {
            request: old,
            date: today(),
            result: Ok(day(222)),
        })
        .hides("222");
    world
        .send(Message::DayLoaded {
            request: new,
            date: today(),
            result: Ok(day(333)),
        })
        .shows("333");
    world
        .send(Message::DayLoaded {
            request: new,
            date: today(),
            result: Ok(day(444)),
        })
        .hides("444");
    world
        .send(Message::Saved {
            request: Request(9_999),
            result: Ok(activity("x", "Lunch", 555)),
        })
        .hides("555");
}

#[test]
fn an_acknowledged_entry_stays_while_the_index_lags() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    world
        .saved(request, stored(&new, 1))
        .send(Message::Look)
        .day(Vec::new(), totals(651, 0, 1))
        .shows("Lunch")
        .shows("1 entry");
    world
        .send(Message::Look)
        .day(vec![stored(&new, 1)], totals(651, 0, 2))
        .shows("1 entry");
    // From here on the list alone decides.
    world
        .send(Message::Look)
        .day(Vec::new(), totals(651, 0, 3))
        .shows("0 entries");
}

#[test]
fn what_no_list_shows_after_a_minute_is_let_go() {
    let mut world = World::today();
    let (request, new) = world.log("lunch 651");
    world.saved(request, stored(&new, 1));
    world.send(Message::Clock("2026-11-23T12:32:00+00:00[UTC]".parse().unwrap()));
    world
        .send(live(0, 2))
        .wait()
        .day(Vec::new(), totals(0, 0, 2))
        .shows("0 entries");
}

#[test]
fn an_entry_moved_to_another_day_leaves_this_one() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    let mut moved = activity("1", "Lunch", 651);
    moved.rev = 2;
    moved.entry.date = today().yesterday().unwrap();
    world
        .send(Message::LiveActivity(ChangeKind::Updated, moved))
        .shows("0 entries");
}

#[test]
fn going_live_again_asks_for_what_was_missed() {
    let mut world = World::today();
    world.send(Message::Connection(Connection::Offline { reason: None }));
    assert_eq!(world.effects, []);
    world.send(Message::Connection(Connection::Live));
    assert!(world.load().is_some());
    assert!(
        world
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::LoadTarget { .. }))
    );
}

#[test]
fn a_save_without_a_live_connection_asks_for_the_totals() {
    let mut world = World::today();
    world.send(Message::Connection(Connection::Polling));
    world.answer_reads(&[], &totals(0, 0, 0));
    let (request, new) = world.log("lunch 650");
    world.saved(request, stored(&new, 1));
    assert!(world.load().is_some());
    world
        .day(vec![stored(&new, 1)], totals(650, 0, 1))
        .shows("consumed 650");
}

#[test]
fn a_day_that_cannot_be_loaded_keeps_what_was_seen_and_says_so() {
    let mut world = World::with(&[activity("1", "Lunch", 651)], &totals(651, 0, 1));
    world.send(Message::Look);
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::Unreachable, "the backend can't be reached"));
    world.send(Message::DayLoaded {
        request,
        date,
        result,
    });
    world
        .shows("the backend can't be reached")
        .shows("651")
        .shows("from before");
}

#[test]
fn a_day_never_seen_that_cannot_be_loaded_claims_no_totals() {
    let mut world = World::today();
    world.type_in("h").hides("consumed 0").shows("consumed –");
    let (request, date) = world.load().unwrap();
    let result = Err(failure(FailureKind::Unreachable, "the backend can't be reached"));
    world
        .send(Message::DayLoaded {
            request,
            date,
            result,
        })
        .shows("can't be shown")
        .hides("Nothing logged");
}

#[test]
fn categories_that_cannot_be_loaded_are_reported_until_they_arrive() {
    let mut world = World::start(crate::world::startup());
    world.enter();
    let [
        Effect::Account {
            request,
            ask: AccountAsk::StartOnThisComputer,
        },
    ] = world.effects[..]
    else {
        panic!()
    };
    world.send(Message::Account {
        request,
        result: Ok(AccountAnswer::SignedIn(crate::world::account("alice"))),
    });
    world.send(Message::CategoriesLoaded(Err(failure(
        FailureKind::Busy,
        "the backend is busy",
    ))));
    world.shows("the categories are missing");
    world
        .type_in("a")
        .type_in("lunch 650")
        .enter()
        .shows("not loaded yet");
    world
        .send(Message::CategoriesLoaded(Ok(crate::world::categories())))
        .hit(Code::Enter);
    assert_eq!(world.created().1.entry.kcal, 650);
}

#[test]
fn a_target_that_cannot_be_loaded_leaves_the_one_before() {
    let mut world = World::with(&[], &totals(500, 0, 1));
    world
        .send(Message::Connection(Connection::Connecting))
        .send(Message::Connection(Connection::Live));
    let request = world.effects.iter().find_map(|effect| match effect {
        Effect::LoadTarget { request } => Some(*request),
        _ => None,
    });
    let request = request.unwrap();
    let result = Err(failure(FailureKind::Busy, "busy"));
    world
        .send(Message::TargetLoaded { request, result })
        .shows("remaining 1500");
    let target = caltrack_tui::app::Target {
        kcal: 1_800,
        count_exercise: false,
    };
    world
        .send(Message::TargetLoaded {
            request,
            result: Ok(target),
        })
        .shows("remaining 1300");
}

#[test]
fn the_screen_goes_on_at_midnight_unless_another_day_is_shown() {
    let tomorrow: jiff::Zoned = "2026-11-24T00:00:00+00:00[UTC]".parse().unwrap();
    let mut world = World::today();
    world
        .send(Message::Clock(tomorrow.clone()))
        .shows("Tuesday 2026-11-24");
    assert!(world.load().is_some());
    let mut world = World::today();
    world
        .type_in("h")
        .send(Message::Clock(tomorrow))
        .shows("Sunday 2026-11-22");
    assert_eq!(world.effects, []);
}

#[test]
fn a_line_on_a_past_day_logs_for_that_day() {
    let mut world = World::today();
    world.type_in("h").day(
        Vec::new(),
        caltrack_domain::DailyTotals::empty(today().yesterday().unwrap()),
    );
    let (_, new) = world.log("lunch 650");
    assert_eq!(new.entry.date.to_string(), "2026-11-22");
    assert_eq!(new.entry.moment.to_string(), "2026-11-22T12:30:00Z");
}

#[test]
fn the_selection_stays_on_its_entry_when_others_arrive() {
    let mut first = activity("b", "Lunch", 651);
    first.entry.moment = "2026-11-23T12:00:00Z".parse().unwrap();
    let mut world = World::with(&[first], &totals(651, 0, 1));
    world.send(Message::LiveActivity(
        ChangeKind::Created,
        activity("a", "Coffee", 5),
    ));
    assert_eq!(world.state.today.selected, 1);
    world.hit(Code::Up);
    assert_eq!(world.state.today.selection().unwrap().activity.id, "a");
    world.type_in("G");
    assert_eq!(world.state.today.selection().unwrap().activity.id, "b");
    world.hit(Code::Home).type_in("k");
    assert_eq!(world.state.today.selection().unwrap().activity.id, "a");
}

#[test]
fn an_answer_under_way_is_shown_and_what_it_may_have_missed_is_asked_for_after_it() {
    let mut world = World::today();
    world.send(Message::Look);
    let (request, date) = world.load().unwrap();
    world
        .send(Message::Connection(Connection::Connecting))
        .send(Message::Connection(Connection::Live));
    assert_eq!(world.load(), None);
    let day = Day {
        activities: vec![activity("1", "Lunch", 651)],
        totals: totals(651, 0, 1),
        notice: None,
    };
    world.send(Message::DayLoaded {
        request,
        date,
        result: Ok(day),
    });
    assert!(world.load().is_some());
    world.shows("consumed 651");
}

#[test]
fn a_look_asks_for_the_day_and_for_nothing_else() {
    let mut world = World::today();
    world.send(Message::Look);
    assert!(matches!(world.effects[..], [Effect::LoadDay { .. }]));
    world.send(Message::Look);
    assert_eq!(world.effects, [], "one load is under way at a time");
}

/// If it were queried before the subscription is active, the day would have to be queried again.
#[test]
fn at_the_start_the_day_waits_for_the_connection_and_is_asked_for_once() {
    for settled in [
        Connection::Live,
        Connection::Polling,
        Connection::Offline { reason: None },
    ] {
        let mut world = World::start(Startup {
            account: Some(account("alice")),
            ..startup()
        });
        assert_eq!(world.load(), None);
        let asked = |world: &World, what: fn(&Effect) -> bool| world.effects.iter().any(what);
        assert!(asked(&world, |effect| matches!(
            effect,
            Effect::LoadTarget { .. }
        )));
        assert!(asked(&world, |effect| *effect == Effect::LoadCategories));
        let pause = world.effects.clone();
        world.send(Message::Connection(Connection::Connecting));
        assert_eq!(world.effects, []);
        world.send(Message::Connection(settled));
        assert!(matches!(world.only(), Effect::LoadDay { .. }));
        world.day(Vec::new(), totals(0, 0, 0));
        // The pause that is over by then asks for nothing.
        world.effects = pause;
        world.wait();
        assert_eq!(world.effects, []);
    }
}

#[test]
fn a_connection_that_takes_long_is_not_waited_for() {
    let mut world = World::start(Startup {
        account: Some(account("alice")),
        ..startup()
    });
    let mut pauses = 0;
    while world.load().is_none() {
        world.wait();
        pauses += 1;
    }
    assert!((2..=5).contains(&pauses), "{pauses}");
    world.day(Vec::new(), totals(0, 0, 0));
    // It missed what happened before the connection stood.
    world.send(Message::Connection(Connection::Live));
    assert!(world.load().is_some());
}

#[test]
fn categories_are_asked_for_once_a_day() {
    let asks = |age: Option<jiff::SignedDuration>| {
        let world = World::start(Startup {
            account: Some(account("alice")),
            categories: crate::world::categories(),
            categories_at: age.map(|age| now().timestamp() - age),
            ..startup()
        });
        world.effects.contains(&Effect::LoadCategories)
    };
    let hours = jiff::SignedDuration::from_hours;
    assert!(!asks(Some(hours(0))));
    assert!(!asks(Some(hours(23))));
    assert!(asks(Some(hours(25))));
    assert!(asks(Some(hours(-1))), "the clock was set back");
    assert!(asks(None));
}
