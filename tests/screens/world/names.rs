//! The names of the log and the weights that the copy of the log has.

use std::sync::Arc;

use caltrack_domain::{
    LogCommand,
    line::{Habit, Own},
};
use caltrack_foods::Habits;
use caltrack_tui::app::{Effect, Message, names::LogNames};

use super::World;

impl World {
    /// The log has these names of foods, with kcal, the hour of their uses, and their number; the last one was yesterday.
    pub(crate) fn named(&mut self, names: &[(&str, u32, usize, u32)]) -> &mut Self {
        let now = self.state.shell.now.clone();
        let habit = |(name, kcal, hour, uses): &(&str, u32, usize, u32)| {
            let own = Own {
                name: (*name).to_owned(),
                category: "Food".to_owned(),
                kind: "Lunch".to_owned(),
                kcal: *kcal,
                quantity: None,
                unit: None,
                grams: None,
                macros: [None; 3],
                food: None,
            };
            let mut hours = [0; 24];
            hours[*hour] = *uses;
            Habit {
                own,
                uses: *uses,
                last: now.timestamp() - jiff::SignedDuration::from_hours(24),
                hours,
                weekdays: [*uses, 0, 0, 0, 0, 0, 0],
            }
        };
        let habits = Habits::of(names.iter().map(habit).collect(), &now);
        self.learn(LogNames {
            habits,
            ..LogNames::default()
        })
    }

    /// This weight in kg was noted a month ago.
    pub(crate) fn weighed(&mut self, kg: f64) -> &mut Self {
        let day = self.date().saturating_sub(jiff::Span::new().days(30));
        self.learn(LogNames {
            weights: vec![(day, kg)],
            ..LogNames::default()
        })
    }

    /// The copy has this library.
    pub(crate) fn library_is(&mut self, library: caltrack_domain::outbox::Library) -> &mut Self {
        let sub = self.sub();
        self.send(Message::Library { sub, library })
    }

    /// The totals of yesterday, which isn't shown, have changed.
    pub(crate) fn other_day_changed(&mut self) -> &mut Self {
        let totals = crate::entries::totals_on(crate::entries::yesterday(), 300, 0, 5);
        let sub = self.sub();
        self.send(Message::Totals { sub, totals })
    }

    /// Whether the names are to be read again.
    pub(crate) fn loads_names(&self) -> bool {
        self.effects.contains(&Effect::LoadNames)
    }

    /// The names of the library's items.
    pub(crate) fn saved_names(&self) -> Vec<&str> {
        let items = self.state.saved.items().iter();
        items.map(|item| item.own.name.as_str()).collect()
    }

    fn learn(&mut self, names: LogNames) -> &mut Self {
        let sub = self.sub();
        self.send(Message::Names {
            sub,
            names: Arc::new(names),
        })
    }

    /// The changes of the step that is to be saved.
    #[track_caller]
    pub(crate) fn step(&self) -> &[LogCommand] {
        match self.effects.as_slice() {
            [Effect::Save { commands, .. }] => commands,
            other => panic!("expected a step, not {other:?}\n{}", self.screen(80, 24)),
        }
    }

    /// The text that goes to the terminal's clipboard.
    #[track_caller]
    pub(crate) fn copied_text(&self) -> &str {
        match self.effects.as_slice() {
            [Effect::CopyText(text)] => text,
            other => panic!("expected a copied text, not {other:?}\n{}", self.screen(80, 24)),
        }
    }
}
