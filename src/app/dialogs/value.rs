//! The line for a value of the profile, or for the weight of a day.

use caltrack_domain::{
    Display, MAX_GRAMS, Profile, clean,
    library::{Plan, PlanMember},
    outbox::{Command, ProfileMember, WeightChange, members},
    resolve_day, shortened,
    weight::{ActivityLevel, Sex},
};
use jiff::civil::Date;

use super::{subject::Subject, surroundings::Surroundings};
use crate::app::{
    effect::Effect,
    failure::Failure,
    input::{
        action::Control, bindings::Meaning, context::Context, key::Key, keymap::Keymap, text_field::TextField,
    },
    measures,
    reaction::Reaction,
    screens::profile::Setting,
    text::failed_typed,
};

const LIMIT: usize = 80;

/// The line for a value.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueDialog {
    /// What is set.
    pub setting: Setting,
    /// The day of a weight, and the first one of a target.
    pub date: Date,
    /// The text.
    pub field: TextField,
    /// Why it can't be saved.
    pub problem: Option<String>,
    /// The text that it opened with.
    present: String,
    /// The weight of the day before, for undo.
    before: Option<f64>,
}

impl ValueDialog {
    /// The line with the present value.
    pub(in crate::app) fn new(setting: Setting, date: Date, present: &str, before: Option<f64>) -> Self {
        Self {
            setting,
            date,
            field: TextField::new(LIMIT).with(present).selected(),
            problem: None,
            present: present.to_owned(),
            before,
        }
    }

    pub(super) const fn subject(&self) -> Subject {
        match self.setting {
            Setting::Weight => Subject::Weight(self.date),
            setting => Subject::Setting(setting),
        }
    }

    /// The text, unless it is empty or the present value.
    pub(super) fn typed(&self) -> Option<String> {
        let text = self.field.value();
        let is_typed = !self.field.is_blank() && text.trim() != self.present.trim();
        is_typed.then(|| text.to_owned())
    }

    pub(super) fn press(&mut self, around: &Surroundings<'_>, key: Key) -> Reaction {
        match around.shell.keymap.meaning(Context::Value, key) {
            Some(Meaning::Control(Control::Confirm)) => match self.effect(around) {
                Ok(Some(effect)) => return Reaction::Finish(effect),
                Ok(None) => return Reaction::Close,
                Err(problem) => self.problem = Some(problem),
            },
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::Move(_) | Control::NextField | Control::PreviousField)) | None => {
                if self.field.press(key) {
                    self.problem = None;
                }
            }
        }
        Reaction::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.field.paste(text);
        self.problem = None;
    }

    /// The value could not be saved.
    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some(failed_typed(failure, &keymap.confirm(Context::Value)));
    }

    /// The effect that saves the value; none if it can't be saved for want of room.
    fn effect(&self, around: &Surroundings<'_>) -> Result<Option<Effect>, String> {
        let text = self.field.value().trim();
        // A rounded figure that is left as it is changes nothing.
        if text == self.present {
            return Ok(None);
        }
        let measures = around.shell.display.measures;
        let title = self.setting.title();
        let profile = |member: ProfileMember| {
            let patch = members([member]);
            let name = named(title, text);
            Ok(Some(around.profile.saving(name, around.username, patch)))
        };
        match self.setting {
            Setting::Target => {
                let kcal = measures::target(text)?;
                let targets = around.profile.targets(self.date).changed(self.date, kcal);
                let patch = members([
                    ProfileMember::Target(kcal.mean()),
                    ProfileMember::Targets(targets.changes().to_vec()),
                ]);
                let name = named(title, text);
                Ok(Some(around.profile.saving(name, around.username, patch)))
            }
            Setting::Height => profile(ProfileMember::Height(measures::parse_height(text, measures)?)),
            Setting::DayStartsAt => profile(ProfileMember::DayStartsAt(measures::day_start(text)?)),
            Setting::TimeZone => profile(ProfileMember::TimeZone(measures::zone(text)?)),
            Setting::CountExercise => {
                let before = around
                    .profile
                    .shown()
                    .is_none_or(|profile: &Profile| profile.count_exercise);
                profile(ProfileMember::CountExercise(!before))
            }
            Setting::Weight => {
                let weight = measures::parse_weight(text, measures)?;
                let name = match weight {
                    Some(kg) => {
                        let weight = measures::typed_weight(kg, measures);
                        format!("weight {weight} {} on {}", measures.weight_symbol(), self.date)
                    }
                    None => format!("no weight on {}", self.date),
                };
                let (date, before) = (self.date, self.before);
                let mut commands = vec![Command::Weight(WeightChange { date, weight, before })];
                // The profile has the newest weight, from which the backend computes the body mass index.
                if weight.is_some() && self.date >= around.shell.today() {
                    let patch = members([ProfileMember::Weight(weight)]);
                    if let Effect::SaveChanges { commands: more, .. } =
                        around.profile.saving(String::new(), around.username, patch)
                    {
                        commands.extend(more);
                    }
                }
                Ok(Some(Effect::SaveChanges {
                    request: None,
                    name,
                    commands,
                }))
            }
            Setting::GoalWeight => plan(
                around,
                title,
                text,
                PlanMember::GoalKg(measures::parse_weight(text, measures)?),
            ),
            Setting::GoalDay => {
                let day = match text {
                    "" => None,
                    text => Some(resolve_day(text, around.shell.today()).map_err(|error| error.to_string())?),
                };
                plan(around, title, text, PlanMember::GoalBy(day))
            }
            Setting::Sex => {
                let sex = listed(text, "female or male", Sex::of_word)?;
                plan(around, title, text, PlanMember::Sex(sex))
            }
            Setting::Activity => {
                let levels = "sedentary, light, moderate, high or very high";
                let level = listed(text, levels, ActivityLevel::of_word)?;
                plan(around, title, text, PlanMember::Activity(level))
            }
            Setting::BirthYear => {
                let this_year = around.shell.today().year();
                let is_adult = |year: i16| (this_year - 120..=this_year).contains(&year);
                let year = listed(text, "a year such as 1990", |text| {
                    text.parse().ok().filter(|year| is_adult(*year))
                })?;
                plan(around, title, text, PlanMember::BirthYear(year))
            }
            Setting::Protein => plan(around, title, text, PlanMember::Protein(grams(text)?)),
            Setting::Carbohydrate => plan(around, title, text, PlanMember::Carbohydrate(grams(text)?)),
            Setting::Fat => plan(around, title, text, PlanMember::Fat(grams(text)?)),
        }
    }
}

/// The name of a step: `target 2000`.
fn named(title: &str, text: &str) -> String {
    let title = title.to_lowercase();
    if text.is_empty() {
        format!("no {title}")
    } else {
        format!("{title} {text}")
    }
}

fn plan(
    around: &Surroundings<'_>,
    title: &str,
    text: &str,
    member: PlanMember,
) -> Result<Option<Effect>, String> {
    let library = around.saved.library();
    let change = member.edit(library, around.shell.now.timestamp());
    let saving = around.saved.saving(named(title, text), change);
    saving.map(Some).map_err(|full| full.to_string())
}

/// Characters of an invalid value that an error shows.
const MAX_SHOWN: usize = 30;

/// A value in words; none for an empty text.
fn listed<T>(text: &str, known: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = read(&text.to_lowercase());
    value.map(Some).ok_or_else(|| {
        format!(
            "`{}` is not understood; {known}",
            shortened(&clean(text), MAX_SHOWN)
        )
    })
}

fn grams(text: &str) -> Result<Option<u32>, String> {
    let number = text.trim_end_matches('g').trim_end();
    if number.is_empty() {
        return Ok(None);
    }
    let grams = number.parse().ok().filter(|grams| *grams <= MAX_GRAMS);
    grams
        .map(Some)
        .ok_or_else(|| format!("a whole number of grams, at most {MAX_GRAMS}"))
}

/// The present value of a setting, as it is typed.
pub(in crate::app) fn present(
    setting: Setting,
    profile: Option<&Profile>,
    plan: Plan,
    target: caltrack_domain::TargetKcal,
    Display { measures, energy, .. }: &Display,
) -> String {
    let (measures, energy) = (*measures, *energy);
    let weight = |kg: Option<f64>| {
        kg.map(|kg| measures::typed_weight(kg, measures))
            .unwrap_or_default()
    };
    let grams = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
    match setting {
        Setting::Target => match target {
            caltrack_domain::TargetKcal::Daily(kcal) => measures::typed_energy(kcal, energy),
            caltrack_domain::TargetKcal::Weekly(week) => {
                week.map(|kcal| measures::typed_energy(kcal, energy)).join(",")
            }
        },
        Setting::Height => profile
            .and_then(|profile| profile.height)
            .map(|cm| measures::typed_height(cm, measures))
            .unwrap_or_default(),
        Setting::DayStartsAt => profile
            .and_then(|profile| profile.day_starts_at.clone())
            .unwrap_or_default(),
        Setting::TimeZone => profile
            .and_then(|profile| profile.time_zone.clone())
            .unwrap_or_default(),
        Setting::CountExercise => {
            let counts = profile.is_none_or(|profile| profile.count_exercise);
            if counts { "counted" } else { "not counted" }.to_owned()
        }
        Setting::Weight => weight(profile.and_then(|profile| profile.weight)),
        Setting::GoalWeight => weight(plan.goal.map(|goal| goal.kg)),
        Setting::GoalDay => plan.goal_by.map(|day| day.to_string()).unwrap_or_default(),
        Setting::Sex => plan.sex.map_or("", Sex::word).to_owned(),
        Setting::BirthYear => plan.birth_year.map(|year| year.to_string()).unwrap_or_default(),
        Setting::Activity => plan.activity.map_or("", ActivityLevel::word).to_owned(),
        Setting::Protein => grams(plan.protein),
        Setting::Carbohydrate => grams(plan.carbohydrate),
        Setting::Fat => grams(plan.fat),
    }
}
