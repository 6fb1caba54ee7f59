//! Whatever happens in whatever order at whatever size: no panic.

use caltrack_domain::DailyTotals;
use caltrack_tui::app::{
    Account, ChangeKind, Code, Connection, Day, Effect, FailureKind, Key, Message, Password, Request,
    Startup, Target,
    account::ask::{AccountAnswer, AccountAsk, Challenge, Wanted},
};
use proptest::prelude::*;

use crate::world::{World, activity, categories, failure, startup, stored, today, totals};

fn code() -> impl Strategy<Value = Code> {
    prop_oneof![
        6 => "[a-z0-9 ?:G]".prop_map(|s| Code::Char(s.chars().next().unwrap())),
        1 => any::<char>().prop_map(Code::Char),
        3 => Just(Code::Enter),
        2 => Just(Code::Tab),
        1 => Just(Code::Esc),
        4 => prop::sample::select(vec![
            Code::BackTab, Code::Backspace, Code::Delete, Code::Left, Code::Right, Code::Up, Code::Down,
            Code::Home, Code::End, Code::PageUp, Code::PageDown,
        ]),
    ]
}

fn key() -> impl Strategy<Value = Message> {
    (code(), prop::bool::weighted(0.1)).prop_map(|(code, ctrl)| {
        Message::Key(Key {
            code,
            ctrl,
            alt: false,
        })
    })
}

fn kind() -> impl Strategy<Value = FailureKind> {
    prop::sample::select(vec![
        FailureKind::NotFound,
        FailureKind::Conflict,
        FailureKind::SignedOut,
        FailureKind::Unreachable,
        FailureKind::Rejected,
    ])
}

#[derive(Debug, Clone)]
enum Step {
    Send(Message),
    /// Answers the oldest open effect.
    Answer(Result<(), FailureKind>, String),
    /// Types a line and logs it.
    Log(String),
}

fn step() -> impl Strategy<Value = Step> {
    let text = prop_oneof![any::<String>(), Just("\u{202e}اختبار 面包 👨‍👩‍👧".to_owned())];
    prop_oneof![
        8 => key().prop_map(Step::Send),
        1 => text.clone().prop_map(|text| Step::Send(Message::Paste(text))),
        1 => (1_u16..=200, 1_u16..=60).prop_map(|(width, height)| Step::Send(Message::Resized { width, height })),
        1 => (0_i64..5, 0_u64..9).prop_map(|(kcal, version)| Step::Send(Message::LiveTotals {
            sub: "sub-alice".into(),
            totals: totals(kcal * (i64::MAX / 4), 0, version),
        })),
        1 => ("[a-c]", any::<u32>(), 0_u8..3).prop_map(|(id, kcal, what)| {
            let kind = [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Deleted][usize::from(what)];
            Step::Send(Message::LiveActivity(kind, activity(&id, "Lunch", kcal)))
        }),
        1 => Just(Step::Send(Message::Look)),
        1 => any::<bool>().prop_map(|live| Step::Send(Message::Connection(
            if live { Connection::Live } else { Connection::Offline { reason: Some("why".into()) } },
        ))),
        1 => text.clone().prop_map(|text| Step::Send(Message::Notice(text))),
        6 => (prop_oneof![3 => Just(Ok(())), 1 => kind().prop_map(Err)], text)
            .prop_map(|(result, text)| Step::Answer(result, text)),
        2 => "(lunch|run|cofee|) ?[0-9]{0,6}( soup)?".prop_map(Step::Log),
    ]
}

/// What a user pool could answer: now this, now that.
fn account_answer(ask: &AccountAsk, text: &str) -> AccountAnswer {
    let secret = || Password::new("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");
    let asked = |wanted| {
        AccountAnswer::Asked(Challenge {
            wanted,
            user_id: text.to_owned(),
            session: Password::new("session"),
        })
    };
    match (ask, text.len() % 4) {
        (AccountAsk::SignIn { .. }, 0) => AccountAnswer::NotConfirmed,
        (AccountAsk::SignIn { .. } | AccountAsk::Answer { .. }, 1) => asked(Wanted::Enrolment(secret())),
        (AccountAsk::SignIn { .. } | AccountAsk::Answer { .. }, 2) => asked(Wanted::NewPassword),
        (AccountAsk::SignUp { .. } | AccountAsk::Forgot { .. } | AccountAsk::Resend { .. }, _) => {
            AccountAnswer::CodeSent {
                said: text.to_owned(),
            }
        }
        (AccountAsk::BeginAuthenticator, _) => AccountAnswer::Secret(secret()),
        (
            AccountAsk::ChangePassword { .. }
            | AccountAsk::FinishAuthenticator { .. }
            | AccountAsk::DropAuthenticator,
            _,
        ) => AccountAnswer::Done,
        (AccountAsk::Confirm { password: None, .. }, _) => AccountAnswer::Confirmed,
        (
            AccountAsk::StartOnThisComputer
            | AccountAsk::SignIn { .. }
            | AccountAsk::Answer { .. }
            | AccountAsk::Confirm { .. }
            | AccountAsk::Reset { .. },
            _,
        ) => AccountAnswer::SignedIn(Account {
            username: text.to_owned(),
            sub: "sub-alice".into(),
        }),
    }
}

/// What the runtime could answer to an effect.
fn answer(effect: &Effect, how: Result<(), FailureKind>, text: &str) -> Option<Message> {
    let outcome = how.map_err(|kind| failure(kind, text));
    let mut named = activity("a", "Lunch", 650);
    named.entry.name = Some(text.to_owned());
    Some(match effect.clone() {
        Effect::Account { request, ask } => Message::Account {
            request,
            result: outcome.map(|()| account_answer(&ask, text)),
        },
        Effect::SignOut { .. } => Message::SignedOut { reason: None },
        Effect::LoadCategories => Message::CategoriesLoaded(outcome.map(|()| categories())),
        Effect::LoadTarget { request } => Message::TargetLoaded {
            request,
            result: outcome.map(|()| Target::default()),
        },
        Effect::LoadDay { request, date } => Message::DayLoaded {
            request,
            date,
            result: outcome.map(|()| Day {
                activities: [named, activity("b", "Vitamins", 0)]
                    .map(|mut activity| {
                        activity.entry.date = date;
                        activity
                    })
                    .to_vec(),
                totals: DailyTotals {
                    date,
                    ..totals(650, 0, 1)
                },
                notice: None,
            }),
        },
        Effect::Create { request, activity } => Message::Saved {
            request,
            result: outcome.map(|()| stored(&activity, 1)),
        },
        Effect::Update { request, id, .. } => Message::Saved {
            request,
            result: outcome.map(|()| activity(&id, "Dinner", 5)),
        },
        Effect::Delete { request, id } => Message::Saved {
            request,
            result: outcome.map(|()| activity(&id, "Lunch", 650)),
        },
        Effect::Pause { request } => Message::LookAgain { request },
        Effect::RememberDay(_) | Effect::Connect | Effect::Suspend | Effect::Quit => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_happens_breaks_the_screens(
        signed_in in any::<bool>(),
        color in any::<bool>(),
        steps in prop::collection::vec(step(), 0..80),
        sizes in prop::collection::vec((1_u16..=200, 1_u16..=60), 3),
    ) {
        let mut world = if signed_in { World::today() } else {
            World::start(Startup { color, ..startup() })
        };
        let mut open: Vec<Effect> = Vec::new();
        let mut requests: Vec<Request> = Vec::new();
        let mut seen = (today(), None);
        let mut signed_in_before = false;
        for step in steps {
            match step {
                Step::Send(message) => { world.send(message); }
                Step::Log(line) => { world.type_in("a").type_in(&line).enter(); }
                Step::Answer(how, text) => {
                    if open.is_empty() { continue; }
                    match answer(&open.remove(0), how, &text) {
                        Some(message) => { world.send(message); }
                        None => continue,
                    }
                }
            }
            for effect in world.effects.drain(..) {
                if let Effect::Create { request, .. } | Effect::Update { request, .. } | Effect::Delete { request, .. }
                    | Effect::LoadDay { request, .. } | Effect::Pause { request } = &effect {
                    prop_assert!(!requests.contains(request), "{:?} is used twice", request);
                    requests.push(*request);
                }
                open.push(effect);
            }
            let day = &world.state.today;
            prop_assert!(day.selected < day.rows.len().max(1));
            prop_assert!(day.rows.iter().all(|row| row.activity.entry.date == day.date));
            let moments: Vec<_> = day.rows.iter().map(|row| row.activity.entry.moment).collect();
            prop_assert!(moments.is_sorted());
            let version = day.totals.as_ref().map(|totals| totals.version);
            if seen.0 == day.date && world.state.account.is_some() && signed_in_before {
                prop_assert!(version >= seen.1, "totals went back from {:?} to {:?}", seen.1, version);
            }
            let left = seen.0 != day.date;
            seen = (day.date, if left { None } else { version });
            signed_in_before = world.state.account.is_some() && !left;
            let (width, height) = world.state.size;
            world.screen(width, height);
        }
        for (width, height) in sizes {
            world.screen(width, height);
        }
        world.screen(1, 1);
        prop_assert_eq!(world.state.now.date(), today());
    }
}
