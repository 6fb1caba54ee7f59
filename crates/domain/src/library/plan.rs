//! What a user plans, kept in the library under keys such as `plan:goal-kg`: the goal, macro targets, and what the calculator of the
//! energy need uses.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use crate::{
    MAX_GRAMS,
    outbox::{Library, LibraryChange, LibraryEdit},
    weight::{ActivityLevel, Goal, Sex},
};

/// What a user plans.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Plan {
    /// The sex, for the calculator.
    pub sex: Option<Sex>,
    /// The year of birth, for the calculator.
    pub birth_year: Option<i16>,
    /// The exercise of a usual week, for the calculator.
    pub activity: Option<ActivityLevel>,
    /// The weight to reach, and by when.
    pub goal: Option<Goal>,
    /// The day to reach the goal by, also where there is none yet.
    pub goal_by: Option<Date>,
    /// Grams of protein a day.
    pub protein: Option<u32>,
    /// Grams of carbohydrate a day.
    pub carbohydrate: Option<u32>,
    /// Grams of fat a day.
    pub fat: Option<u32>,
}

/// A member of a plan with its new value; `None` removes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PlanMember {
    /// The sex.
    Sex(Option<Sex>),
    /// The year of birth.
    BirthYear(Option<i16>),
    /// The exercise of a usual week.
    Activity(Option<ActivityLevel>),
    /// The weight to reach in kg.
    GoalKg(Option<f64>),
    /// The day to reach it by.
    GoalBy(Option<Date>),
    /// Grams of protein a day.
    Protein(Option<u32>),
    /// Grams of carbohydrate a day.
    Carbohydrate(Option<u32>),
    /// Grams of fat a day.
    Fat(Option<u32>),
}

impl PlanMember {
    const fn key(self) -> &'static str {
        match self {
            Self::Sex(_) => "plan:sex",
            Self::BirthYear(_) => "plan:birth-year",
            Self::Activity(_) => "plan:activity",
            Self::GoalKg(_) => "plan:goal-kg",
            Self::GoalBy(_) => "plan:goal-by",
            Self::Protein(_) => "plan:protein",
            Self::Carbohydrate(_) => "plan:carbohydrate",
            Self::Fat(_) => "plan:fat",
        }
    }

    fn value(self) -> Option<Value> {
        match self {
            Self::Sex(sex) => sex.map(|sex| json!(sex.word())),
            Self::BirthYear(year) => year.map(|year| json!(year)),
            Self::Activity(level) => level.map(|level| json!(level.word())),
            Self::GoalKg(kg) => kg.map(|kg| json!(kg)),
            Self::GoalBy(day) => day.map(|day| json!(day.to_string())),
            Self::Protein(grams) | Self::Carbohydrate(grams) | Self::Fat(grams) => {
                grams.map(|grams| json!(grams))
            }
        }
    }

    /// The edit that sets the member in a library.
    pub fn edit(self, library: &Library, at: Timestamp) -> LibraryChange {
        let key = self.key().to_owned();
        let before = library.items.get(&key).and_then(|item| item.value.clone());
        let after = self.value();
        LibraryChange {
            edits: BTreeMap::from([(key, LibraryEdit { at, before, after })]),
        }
    }
}

impl Plan {
    /// The plan in a library. Values that this program can't read are absent.
    pub fn of(library: &Library) -> Self {
        let value = |member: PlanMember| library.items.get(member.key())?.value.as_ref();
        let text = |member| value(member).and_then(Value::as_str);
        let grams = |member| {
            let grams = value(member).and_then(Value::as_u64)?;
            u32::try_from(grams).ok().filter(|grams| *grams <= MAX_GRAMS)
        };
        let goal_by = text(PlanMember::GoalBy(None)).and_then(|day| day.parse().ok());
        let kg = value(PlanMember::GoalKg(None)).and_then(Value::as_f64);
        let kg = kg.filter(|kg| *kg > 0.0 && *kg <= 1_000.0);
        let year = value(PlanMember::BirthYear(None)).and_then(Value::as_i64);
        Self {
            sex: text(PlanMember::Sex(None)).and_then(Sex::of_word),
            birth_year: year.and_then(|year| i16::try_from(year).ok()),
            activity: text(PlanMember::Activity(None)).and_then(ActivityLevel::of_word),
            goal: kg.map(|kg| Goal { kg, by: goal_by }),
            goal_by,
            protein: grams(PlanMember::Protein(None)),
            carbohydrate: grams(PlanMember::Carbohydrate(None)),
            fat: grams(PlanMember::Fat(None)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::library::items;

    #[test]
    fn a_plan_is_read_as_it_was_set_and_is_no_item_of_the_list() {
        let mut library = Library::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let by = date(2027, 2, 15);
        for (second, member) in (1..).zip([
            PlanMember::Sex(Some(Sex::Female)),
            PlanMember::BirthYear(Some(1990)),
            PlanMember::Activity(Some(ActivityLevel::Light)),
            PlanMember::GoalKg(Some(71.5)),
            PlanMember::GoalBy(Some(by)),
            PlanMember::Protein(Some(120)),
            PlanMember::Fat(Some(60)),
        ]) {
            let edit = member.edit(&library, at(second));
            library.apply(&edit);
        }
        let plan = Plan {
            sex: Some(Sex::Female),
            birth_year: Some(1990),
            activity: Some(ActivityLevel::Light),
            goal: Some(Goal {
                kg: 71.5,
                by: Some(by),
            }),
            goal_by: Some(by),
            protein: Some(120),
            carbohydrate: None,
            fat: Some(60),
        };
        assert_eq!(Plan::of(&library), plan);
        assert_eq!(items(&library), []);
        let removal = PlanMember::GoalKg(None).edit(&library, at(9));
        library.apply(&removal);
        assert_eq!(Plan::of(&library).goal, None);
    }
}
