//! `profile` and `weight`: the user's body, targets and clock.

use std::time::Duration;

use caltrack_domain::{
    Account, Profile, Targets, clean,
    outbox::{Command, Members, ProfileChange, ProfileMember, Stored, WeightChange, members},
};
use jiff::{Timestamp, ToSpan as _, civil::Date};

use super::{
    arguments::WeightArguments,
    context::CommandContext,
    error::CommandError,
    json,
    local_log::LocalLog,
    measures::{ProfileEdit, parse_weight},
    now::Now,
    output::Output,
    sending::{Sent, SentChange},
    tally::rejected,
    values,
};
use crate::runtime::settings::Settings;
use caltrack_client::api::ApiError;

/// How long an edit waits for the present profile before it is based on the copy of this computer.
const PATIENCE: Duration = Duration::from_secs(1);
/// Days before a day that are searched for a weight first, and all of them.
const RECENT_DAYS: i32 = 60;
const MAX_DAYS: i32 = 36_000;

impl CommandContext<'_> {
    /// Shows the profile, after an edit if there is one.
    pub(super) async fn profile(
        &self,
        account: &Account,
        edit: Option<ProfileEdit>,
    ) -> Result<Output, CommandError> {
        let now = Timestamp::now();
        let local = self.local(account);
        let is_edit = edit.is_some();
        match edit {
            Some(edit) => self.write_profile(&local, &edit, now).await?,
            None => self.read_profile(&local).await?,
        }
        let profile = local.profile().flatten();
        let settings = Settings::of(profile.as_ref(), now);
        let today = settings.clock.day_of(now);
        let json = json::profile(account, profile.as_ref(), &settings.targets, today);
        let text = lines(account, profile.as_ref(), &settings, today);
        Ok(if is_edit {
            Output::done(json, text, "saved")
        } else {
            Output::read(json, text)
        })
    }

    /// Reads the profile into this computer's copy, unless only that is there.
    async fn read_profile(&self, local: &LocalLog<'_>) -> Result<(), CommandError> {
        let fetch = async || Ok(self.fetched_profile(local).await?);
        let known = || local.profile();
        self.or_known(fetch, known).await.map(drop)
    }

    /// Edits the profile, or creates it.
    async fn write_profile(
        &self,
        local: &LocalLog<'_>,
        edit: &ProfileEdit,
        now: Timestamp,
    ) -> Result<(), CommandError> {
        // Where it can't be read, the edit is merged when it is sent.
        self.in_time(PATIENCE, self.fetched_profile(local)).await?;
        let before = local.profile().flatten();
        let before = before.unwrap_or_else(|| Profile::new(&local.account.username));
        let change = ProfileChange::of(&before, with_target(edit, &before, now));
        let sent = self.send(local, vec![Command::Profile(change)]).await?;
        settled(&sent)
    }

    /// Notes the weight of a day, or shows the one that was noted last.
    pub(super) async fn weight(
        &self,
        account: &Account,
        arguments: &WeightArguments,
    ) -> Result<Output, CommandError> {
        let now = self.now(account).await?;
        let local = self.local(account);
        let date = values::day(arguments.date.as_deref(), &now)?;
        let Some(kg) = &arguments.kg else {
            let fetch = async || Ok(self.noted_weights(date, date).await?);
            let known = || Some(local.weights_until(date));
            let (noted, _) = self.or_known(fetch, known).await?;
            let noted = local.with_queued_weights(noted, date).pop();
            // The profile's weight has no day.
            let other = local.profile().flatten().and_then(|profile| profile.weight);
            let other = other.filter(|_| arguments.date.is_none()).map(|kg| (None, kg));
            let known = noted.map(|(date, kg)| (Some(date), kg)).or(other);
            let (date, kg) = known.map_or((None, None), |(date, kg)| (date, Some(kg)));
            return Ok(Output::read(json::weight(date, kg), weight_line(date, kg)));
        };
        let kg = parse_weight(kg)?;
        self.note_weight(&local, date, kg, &now).await?;
        let (text, done) = match kg {
            Some(kg) => (format!("noted {kg} kg on {date}"), "noted"),
            None => (format!("removed the weight of {date}"), "removed"),
        };
        Ok(Output::done(json::weight(Some(date), kg), text, done))
    }

    /// Notes the weight of a day; today's is kept in the profile as well, from which the body mass index follows.
    async fn note_weight(
        &self,
        local: &LocalLog<'_>,
        date: Date,
        kg: Option<f64>,
        now: &Now,
    ) -> Result<(), CommandError> {
        let mut commands = vec![Command::Weight(WeightChange {
            date,
            weight: kg,
            before: None,
        })];
        if date == now.today() && kg.is_some() {
            self.in_time(PATIENCE, self.fetched_profile(local)).await?;
            let before = local.profile().flatten();
            let before = before.unwrap_or_else(|| Profile::new(&local.account.username));
            let patch = members([ProfileMember::Weight(kg)]);
            commands.push(Command::Profile(ProfileChange::of(&before, patch)));
        }
        let sent = self.send(local, commands).await?;
        settled(&sent)
    }

    /// Weights that were noted until the day `last`, with their days, in order: enough for the last one until `first`, if there is one.
    pub(super) async fn noted_weights(&self, first: Date, last: Date) -> Result<Vec<(Date, f64)>, ApiError> {
        let oldest = last
            .saturating_sub(MAX_DAYS.days())
            .min(first)
            .max(jiff::civil::date(0, 1, 1));
        let recent = first.saturating_sub(RECENT_DAYS.days()).max(oldest);
        let mut noted = Vec::new();
        for from in [recent, oldest] {
            let days = self.once.totals(from, last).await?;
            noted = days
                .iter()
                .filter_map(|day| Some((day.date, day.weight?)))
                .collect();
            if noted.first().is_some_and(|(date, _)| *date <= first) {
                break;
            }
        }
        Ok(noted)
    }
}

/// Fails unless all changes of a step are done.
fn settled(sent: &Sent) -> Result<(), CommandError> {
    for change in &sent.outcomes {
        match change {
            SentChange::Rejected(rejection, row) => return Err(rejected(rejection, *row, "not saved")),
            SentChange::Acknowledged(Stored::Profile { lost, .. }) if !lost.is_empty() => {
                let names: Vec<&str> = lost.keys().map(String::as_str).collect();
                return Err(CommandError::profile_changed_elsewhere(&names.join(", ")));
            }
            SentChange::Acknowledged(_)
            | SentChange::Settled
            | SentChange::Waiting(_)
            | SentChange::Collided(_) => {}
        }
    }
    match sent.waiting() {
        Some(reason) => Err(sent.queued(reason, Vec::new())),
        None => Ok(()),
    }
}

/// The members of an edit. A new target begins today, by the clock after the edit, so that earlier days keep theirs.
fn with_target(edit: &ProfileEdit, before: &Profile, now: Timestamp) -> Members {
    let mut patch = edit.members.clone();
    if let Some(kcal) = edit.target {
        let edited = ProfileChange::of(before, patch.clone()).applied(before.clone());
        let clock = Settings::clock(edited.time_zone.as_deref(), edited.day_starts_at.as_deref());
        let targets = Settings::of(Some(before), now).targets;
        let targets = targets.changed(clock.day_of(now), kcal);
        patch.extend(members([
            ProfileMember::Target(kcal.mean()),
            ProfileMember::Targets(targets.changes().to_vec()),
        ]));
    }
    patch
}

fn weight_line(date: Option<Date>, kg: Option<f64>) -> String {
    match (date, kg) {
        (Some(date), Some(kg)) => format!("{kg} kg on {date}"),
        (None, Some(kg)) => format!("{kg} kg, by the profile"),
        (_, None) => "no weight is noted; note one by `weight KG`".to_owned(),
    }
}

/// The profile for people.
fn lines(account: &Account, profile: Option<&Profile>, settings: &Settings, today: Date) -> String {
    let or_not_set = |text: Option<String>| text.unwrap_or_else(|| "not set".to_owned());
    let measure = |value: Option<f64>, unit: &str| or_not_set(value.map(|value| format!("{value} {unit}")));
    let zone = profile.and_then(|profile| profile.time_zone.clone());
    let zone = zone.unwrap_or_else(|| {
        let here = settings.clock.zone().iana_name().unwrap_or("local time");
        format!("{here} (this computer's)")
    });
    let begins = profile.and_then(|profile| profile.day_starts_at.clone());
    let body = |member: fn(&Profile) -> Option<f64>| profile.and_then(member);
    [
        ("user", clean(&account.username)),
        ("target", target_line(&settings.targets, today)),
        ("height", measure(body(|profile| profile.height), "cm")),
        ("weight", measure(body(|profile| profile.weight), "kg")),
        (
            "BMI",
            or_not_set(body(|profile| profile.bmi).map(|bmi| bmi.to_string())),
        ),
        ("time zone", clean(&zone)),
        ("day starts at", clean(begins.as_deref().unwrap_or("00:00"))),
        (
            "exercise",
            if settings.count_exercise {
                "adds to what remains"
            } else {
                "doesn't count"
            }
            .to_owned(),
        ),
    ]
    .map(|(name, value)| format!("{name:<14} {value}"))
    .join("\n")
}

/// `1800 kcal since 2026-11-30`, and the other days of a week that differ.
fn target_line(targets: &Targets, today: Date) -> String {
    let since = targets.changes().iter().rfind(|change| change.from <= today);
    let since = since.filter(|change| change.from > jiff::civil::date(0, 1, 1));
    let since = since.map_or_else(String::new, |change| format!(" since {}", change.from));
    let kcal = targets.on(today);
    match targets.present(today) {
        caltrack_domain::TargetKcal::Daily(_) => format!("{kcal} kcal a day{since}"),
        caltrack_domain::TargetKcal::Weekly(week) => {
            let week = week.map(|kcal| kcal.to_string()).join(" ");
            format!("{kcal} kcal today; Monday to Sunday {week}{since}")
        }
    }
}

#[cfg(test)]
mod tests {
    use caltrack_domain::TargetKcal;

    use super::*;

    /// 23:30 in Berlin is 01:30 of the next day in Samara, which belongs to the day before if days begin at 04:00.
    #[test]
    fn a_target_begins_on_the_day_of_the_clock_that_is_set_with_it() {
        let now = "2026-11-29T22:30:00Z".parse().unwrap();
        let edit = |zone: &str, start: Option<&str>| ProfileEdit {
            members: members(
                std::iter::once(ProfileMember::TimeZone(Some(zone.to_owned())))
                    .chain(start.map(|start| ProfileMember::DayStartsAt(Some(start.to_owned())))),
            ),
            target: Some(TargetKcal::Daily(1_800)),
        };
        for (edit, from) in [
            (edit("Europe/Berlin", None), "2026-11-29"),
            (edit("Europe/Samara", None), "2026-11-30"),
            (edit("Europe/Samara", Some("04:00")), "2026-11-29"),
        ] {
            let patch = with_target(&edit, &Profile::new("ada"), now);
            assert_eq!(patch["caloriesTargetPerDay"], 1_800);
            assert_eq!(patch["targets"].as_array().unwrap().len(), 1);
            assert_eq!(patch["targets"][0]["from"], from, "{edit:?}");
        }
    }
}
