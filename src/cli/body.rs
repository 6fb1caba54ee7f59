//! `profile` and `weight`: the user's body, targets and clock.

use caltrack_domain::{Account, Profile, ProfilePatch, Targets, clean};
use jiff::{Timestamp, ToSpan as _, civil::Date};

use super::{
    arguments::WeightArguments,
    context::CommandContext,
    error::CommandError,
    json,
    measures::{ProfileEdit, parse_weight},
    notice::notice,
    now::Now,
    output::Output,
    values,
};
use crate::runtime::settings::Settings;
use caltrack_client::api::ApiError;

/// Attempts of an edit of a profile that other programs edit at the same time.
const MAX_ATTEMPTS: usize = 4;
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
        let is_edit = edit.is_some();
        let profile = match edit {
            Some(edit) => Some(self.write_profile(&edit, now).await?),
            None => self.client.profile().await?,
        };
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

    /// Edits the profile, or creates it; again if another program has written it in the meantime.
    async fn write_profile(&self, edit: &ProfileEdit, now: Timestamp) -> Result<Profile, CommandError> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let stored = self.client.profile().await?;
            let patch = with_target(edit, stored.as_ref(), now);
            let written = match &stored {
                Some(stored) => self.client.update_profile(&patch, Some(stored.rev)).await,
                None => self.client.create_profile(&patch).await,
            };
            match written {
                Err(ApiError::Conflict(_) | ApiError::NotFound(_)) if attempts < MAX_ATTEMPTS => {}
                Err(error @ ApiError::Conflict(_)) => {
                    return Err(
                        CommandError::from(error).advising("read it again by `profile`, then try again")
                    );
                }
                outcome => return Ok(outcome?),
            }
        }
    }

    /// Notes the weight of a day, or shows the one that was noted last.
    pub(super) async fn weight(&self, arguments: &WeightArguments) -> Result<Output, CommandError> {
        let moment = Timestamp::now();
        let profile = self.client.profile().await?;
        let settings = Settings::of(profile.as_ref(), moment);
        let now = Now {
            clock: settings.clock,
            moment,
        };
        let date = values::day(arguments.date.as_deref(), &now)?;
        let Some(kg) = &arguments.kg else {
            let noted = self.noted_weight(date).await?;
            // The profile's weight has no day.
            let other = profile.and_then(|profile| profile.weight);
            let other = other.filter(|_| arguments.date.is_none()).map(|kg| (None, kg));
            let known = noted.map(|(date, kg)| (Some(date), kg)).or(other);
            let (date, kg) = known.map_or((None, None), |(date, kg)| (date, Some(kg)));
            return Ok(Output::read(json::weight(date, kg), weight_line(date, kg)));
        };
        let kg = parse_weight(kg)?;
        let totals = self.client.set_weight(date, kg).await?;
        if date == now.today()
            && let Some(kg) = totals.weight
        {
            self.keep_weight(profile.is_some(), kg).await;
        }
        let done = if totals.weight.is_some() {
            "noted"
        } else {
            "removed"
        };
        let text = match totals.weight {
            Some(kg) => format!("noted {kg} kg on {date}"),
            None => format!("removed the weight of {date}"),
        };
        Ok(Output::done(json::weight(Some(date), totals.weight), text, done))
    }

    /// Keeps today's weight in the profile as well, from which the body mass index follows. A failure leaves the day's weight as
    /// noted.
    async fn keep_weight(&self, has_profile: bool, kg: f64) {
        let patch = ProfilePatch {
            weight: Some(Some(kg)),
            ..ProfilePatch::default()
        };
        let written = if has_profile {
            self.client.update_profile(&patch, None).await
        } else {
            self.client.create_profile(&patch).await
        };
        if let Err(error) = written {
            notice(&format!(
                "the weight is noted, but the profile keeps its own: {error}; next: `profile --weight {kg}`"
            ));
        }
    }

    /// The last weight that was noted until a day, with its day.
    async fn noted_weight(&self, until: Date) -> Result<Option<(Date, f64)>, CommandError> {
        Ok(self.noted_weights(until, until).await?.pop())
    }

    /// Weights that were noted until the day `last`, with their days, in order: enough for the last one until `first`, if there is one.
    pub(super) async fn noted_weights(
        &self,
        first: Date,
        last: Date,
    ) -> Result<Vec<(Date, f64)>, CommandError> {
        let oldest = last
            .saturating_sub(MAX_DAYS.days())
            .min(first)
            .max(jiff::civil::date(0, 1, 1));
        let recent = first.saturating_sub(RECENT_DAYS.days()).max(oldest);
        let mut noted = Vec::new();
        for from in [recent, oldest] {
            let days = self.client.totals(from, last).await?;
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

/// The patch of an edit. A new target begins today, by the clock after the edit, so that earlier days keep theirs.
fn with_target(edit: &ProfileEdit, stored: Option<&Profile>, now: Timestamp) -> ProfilePatch {
    let Some(kcal) = edit.target else {
        return edit.patch.clone();
    };
    let time_zone = match &edit.patch.time_zone {
        Some(edited) => edited.as_deref(),
        None => stored.and_then(|stored| stored.time_zone.as_deref()),
    };
    let day_starts_at = match &edit.patch.day_starts_at {
        Some(edited) => edited.as_deref(),
        None => stored.and_then(|stored| stored.day_starts_at.as_deref()),
    };
    let today = Settings::clock(time_zone, day_starts_at).day_of(now);
    let targets = Settings::of(stored, now).targets.changed(today, kcal);
    ProfilePatch {
        target: Some(kcal.mean()),
        targets: Some(targets.changes().to_vec()),
        ..edit.patch.clone()
    }
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
            patch: ProfilePatch {
                time_zone: Some(Some(zone.to_owned())),
                day_starts_at: start.map(|start| Some(start.to_owned())),
                ..ProfilePatch::default()
            },
            target: Some(TargetKcal::Daily(1_800)),
        };
        for (edit, from) in [
            (edit("Europe/Berlin", None), "2026-11-29"),
            (edit("Europe/Samara", None), "2026-11-30"),
            (edit("Europe/Samara", Some("04:00")), "2026-11-29"),
        ] {
            let patch = with_target(&edit, None, now);
            assert_eq!(patch.target, Some(1_800));
            let [change] = patch.targets.unwrap().try_into().unwrap();
            assert_eq!(change.from.to_string(), from, "{edit:?}");
        }
    }
}
