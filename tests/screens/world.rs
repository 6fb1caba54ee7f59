//! A state to press keys in, and a backend made of answers.

use caltrack_domain::{Activity, Category, DailyTotals, Entry, NewActivity};
use caltrack_tui::app::{
    Account, Code, Connection, Day, Effect, Failure, FailureKind, Key, Message, Request, Startup, State,
    Target, update,
};
use jiff::{Zoned, civil::Date};
use ratatui::{Terminal, backend::TestBackend};
use unicode_width::UnicodeWidthStr;

pub(crate) const SUB: &str = "sub-alice";

pub(crate) fn now() -> Zoned {
    "2026-11-23T12:30:00+00:00[UTC]".parse().unwrap()
}

pub(crate) fn today() -> Date {
    now().date()
}

pub(crate) fn account(name: &str) -> Account {
    Account {
        username: name.to_owned(),
        sub: format!("sub-{name}"),
    }
}

pub(crate) fn categories() -> Vec<Category> {
    let category = |name: &str, types: &[&str]| Category {
        name: name.to_owned(),
        types: types.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    vec![
        category("Drink", &["Tea", "Coffee", "Shake", "Juice"]),
        category("Exercise", &["Walk", "Run", "Cardio", "Weights"]),
        category("Food", &["Breakfast", "Lunch", "Dinner", "Snacks"]),
    ]
}

pub(crate) fn startup() -> Startup {
    Startup {
        now: now(),
        size: (80, 24),
        color: true,
        profile: "local".to_owned(),
        starts_here: true,
        account: None,
        day: None,
        categories: Vec::new(),
        categories_at: None,
        target: None,
        seed: [7; 32],
    }
}

pub(crate) fn activity(id: &str, kind: &str, kcal: u32) -> Activity {
    let category = categories()
        .into_iter()
        .find(|category| category.types.iter().any(|candidate| candidate == kind))
        .map_or("Supplement".to_owned(), |category| category.name);
    Activity {
        id: id.to_owned(),
        owner: SUB.to_owned(),
        entry: Entry::new(
            today(),
            "2026-11-23T08:10:00Z".parse().unwrap(),
            category,
            kind,
            kcal,
        ),
        rev: 1,
    }
}

pub(crate) fn stored(new: &NewActivity, rev: u32) -> Activity {
    Activity {
        id: new.id.clone(),
        owner: SUB.to_owned(),
        entry: new.entry.clone(),
        rev,
    }
}

pub(crate) fn totals(consumed: i64, burned: i64, version: u64) -> DailyTotals {
    DailyTotals {
        calories_consumed: consumed,
        calories_burned: burned,
        version,
        ..DailyTotals::empty(today())
    }
}

pub(crate) fn failure(kind: FailureKind, message: &str) -> Failure {
    Failure::new(kind, message)
}

/// A state, and the effects of the last thing that happened to it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) effects: Vec<Effect>,
}

impl World {
    pub(crate) fn start(startup: Startup) -> Self {
        let (state, effects) = State::new(startup);
        Self { state, effects }
    }

    /// Signed in, live, everything loaded, the day empty.
    pub(crate) fn today() -> Self {
        Self::with(&[], &totals(0, 0, 0))
    }

    /// Signed in, live, everything loaded.
    pub(crate) fn with(activities: &[Activity], totals: &DailyTotals) -> Self {
        let mut world = Self::start(Startup {
            account: Some(account("alice")),
            ..startup()
        });
        world.answer_reads(activities, totals);
        world.send(Message::Connection(Connection::Live));
        world.answer_reads(activities, totals);
        world.effects.clear();
        world
    }

    /// Answers the loads among the last effects.
    pub(crate) fn answer_reads(&mut self, activities: &[Activity], totals: &DailyTotals) {
        for effect in std::mem::take(&mut self.effects) {
            match effect {
                Effect::LoadCategories => self.send(Message::CategoriesLoaded(Ok(categories()))),
                Effect::LoadTarget { request } => self.send(Message::TargetLoaded {
                    request,
                    result: Ok(Target::default()),
                }),
                Effect::LoadDay { request, date } => {
                    let day = Day {
                        activities: activities.to_vec(),
                        totals: totals.clone(),
                        notice: None,
                    };
                    self.send(Message::DayLoaded {
                        request,
                        date,
                        result: Ok(day),
                    })
                }
                _ => continue,
            };
        }
    }

    pub(crate) fn send(&mut self, message: Message) -> &mut Self {
        self.effects = update(&mut self.state, message);
        self
    }

    pub(crate) fn press(&mut self, key: Key) -> &mut Self {
        self.send(Message::Key(key))
    }

    pub(crate) fn hit(&mut self, code: Code) -> &mut Self {
        self.press(Key::new(code))
    }

    /// Types a text, key by key.
    pub(crate) fn type_in(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.press(Key::char(c));
        }
        self
    }

    pub(crate) fn enter(&mut self) -> &mut Self {
        self.hit(Code::Enter)
    }

    /// `a`, a line, Enter; gives what is to be created.
    pub(crate) fn log(&mut self, line: &str) -> (Request, NewActivity) {
        self.type_in("a").type_in(line).enter();
        self.created()
    }

    /// The one effect of the last step.
    #[track_caller]
    pub(crate) fn only(&self) -> Effect {
        match self.effects.as_slice() {
            [one] => one.clone(),
            other => panic!("expected one effect, not {other:?}"),
        }
    }

    /// The pause among the last effects is over.
    pub(crate) fn wait(&mut self) -> &mut Self {
        let pause = self.effects.iter().find_map(|effect| match effect {
            Effect::Pause { request } => Some(*request),
            _ => None,
        });
        let request = pause.expect("a pause");
        self.send(Message::LookAgain { request })
    }

    /// The create among the last effects.
    pub(crate) fn created(&self) -> (Request, NewActivity) {
        match self.effects.as_slice() {
            [Effect::Create { request, activity }] => (*request, activity.clone()),
            other => panic!("expected a create alone, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    pub(crate) fn load(&self) -> Option<(Request, Date)> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::LoadDay { request, date } => Some((*request, *date)),
            _ => None,
        })
    }

    /// Answers the last load of a day.
    pub(crate) fn day(&mut self, activities: Vec<Activity>, totals: DailyTotals) -> &mut Self {
        let (request, date) = self.load().expect("a load of a day");
        self.send(Message::DayLoaded {
            request,
            date,
            result: Ok(Day {
                activities,
                totals,
                notice: None,
            }),
        })
    }

    pub(crate) fn saved(&mut self, request: Request, activity: Activity) -> &mut Self {
        self.send(Message::Saved {
            request,
            result: Ok(activity),
        })
    }

    pub(crate) fn failed(&mut self, request: Request, kind: FailureKind, message: &str) -> &mut Self {
        self.send(Message::Saved {
            request,
            result: Err(failure(kind, message)),
        })
    }

    /// The picture, line by line.
    pub(crate) fn screen(&self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| caltrack_tui::view::draw(frame, &self.state))
            .unwrap();
        let buffer = terminal.backend().buffer();
        let lines = buffer.content().chunks(usize::from(width)).map(|cells| {
            let mut hidden = 0;
            let shown = cells.iter().filter(|cell| {
                let visible = hidden == 0;
                hidden = if visible {
                    cell.symbol().width().saturating_sub(1)
                } else {
                    hidden - 1
                };
                visible
            });
            shown
                .map(ratatui::buffer::Cell::symbol)
                .collect::<String>()
                .trim_end()
                .to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    pub(crate) fn shows(&mut self, text: &str) -> &mut Self {
        let screen = self.screen(80, 24);
        assert!(screen.contains(text), "`{text}` is not on the screen:\n{screen}");
        self
    }

    #[track_caller]
    pub(crate) fn hides(&mut self, text: &str) -> &mut Self {
        let screen = self.screen(80, 24);
        assert!(!screen.contains(text), "`{text}` is on the screen:\n{screen}");
        self
    }
}
