//! Activities: times, distances and steps.

use super::figures::{Figures, MOST_QUANTITY, Named, explicit, whole};
use crate::{
    line::{
        amount::Amount,
        known::Activity,
        number::{kept, shown},
        question::Question,
        unit::Measure,
    },
    text::quoted,
};

/// The longest activity in minutes.
const MOST_MINUTES: f64 = 24.0 * 60.0;
/// A number up to this beside an activity may be minutes or kcal.
const DOUBTFUL_MINUTES: f64 = 60.0;
/// `30 m` of running is half an hour, `400 m` a distance.
const MOST_MINUTES_OF_M: f64 = 180.0;

/// What was done of an activity.
#[derive(Default)]
struct Done {
    minutes: Option<f64>,
    km: Option<f64>,
    quantity: f64,
    unit: &'static str,
}

pub(super) fn of_activity(
    activity: &Activity<'_>,
    named: &Named<'_>,
    amount: &Amount,
    kg: f64,
) -> Vec<Result<Figures, Question>> {
    let name = named.name;
    if let Some(count) = amount.count.as_ref().filter(|_| amount.measures.is_empty())
        && let Some(kcal) = amount.kcal.or(amount.behind.as_ref().map(|behind| behind.value))
    {
        return vec![Err(Question::TwoNumbers(quoted(&count.text), shown(kcal)))];
    }
    let misfit = |unit: &str| Question::Misfit {
        unit: unit.to_owned(),
        name: name.to_owned(),
        example: format!("{name} 30 min"),
    };
    let ways = match done(activity, amount) {
        Ok(ways) => ways,
        Err(unit) => return vec![Err(misfit(&unit))],
    };
    let with_kcal = |kcal: f64| {
        let done = ways.first();
        explicit(
            amount,
            kcal,
            done.map(|done| done.quantity),
            done.map(|done| done.unit.to_owned()),
        )
    };
    if let Some(kcal) = amount.kcal {
        return vec![with_kcal(kcal)];
    }
    let burned = |done: &Done| burn(activity, done, kg, name);
    let number = amount
        .behind
        .as_ref()
        .or(amount.count.as_ref().filter(|_| ways.is_empty()));
    if let Some(bare) = number {
        let number = bare.value;
        if !ways.is_empty() {
            return vec![with_kcal(number)];
        }
        let only = explicit(
            &Amount {
                macros: amount.macros,
                ..Amount::default()
            },
            number,
            None,
            None,
        );
        let ten_minutes = activity.met * kg / 6.0;
        // `100 push-ups`
        let is_counted = named.is_plural && amount.behind.is_none();
        if number > DOUBTFUL_MINUTES && number >= ten_minutes && !is_counted {
            return vec![only];
        }
        let minutes = burned(&Done {
            minutes: Some(number),
            quantity: number,
            unit: "min",
            ..Done::default()
        });
        let number = shown(number);
        let question = Question::TwoMeanings {
            first: format!("{name} {number} min"),
            second: format!("{name} {number} kcal"),
        };
        return vec![Err(question), minutes, only];
    }
    if ways.is_empty() {
        return vec![Err(Question::NoTime(name.to_owned()))];
    }
    ways.iter().map(burned).collect()
}

/// What an amount says of time and distance, likeliest first; the error is a unit that measures neither.
fn done(activity: &Activity<'_>, amount: &Amount) -> Result<Vec<Done>, String> {
    if !amount.portions.is_empty() || amount.size.is_some() {
        return Err("a size".to_owned());
    }
    let times = amount.count.as_ref().map_or(1.0, |count| count.value);
    let mut done = Done::default();
    let (mut m, mut clock) = (None, None);
    for (number, unit) in &amount.measures {
        let number = number * times;
        match unit.measure {
            Measure::Time(minutes) => {
                let is_single = done.minutes.is_none() && unit.name != "s";
                let sum = done.minutes.unwrap_or_default() + number * minutes;
                done.minutes = Some(sum);
                if done.km.is_none() {
                    (done.quantity, done.unit) = if is_single {
                        (number, unit.name)
                    } else {
                        (sum, "min")
                    };
                }
            }
            Measure::M if m.is_some() => return Err(unit.name.to_owned()),
            Measure::M => m = Some(number),
            Measure::Clock => clock = Some(number),
            Measure::Distance(_) | Measure::K | Measure::Steps
                if done.km.is_some() || activity.kmh.is_none() =>
            {
                return Err(unit.name.to_owned());
            }
            Measure::Distance(km) => add_distance(&mut done, number, number * km, unit.name),
            Measure::K => add_distance(&mut done, number, number, "km"),
            Measure::Steps => match activity.steps_per_km {
                Some(per_km) if number <= MOST_QUANTITY => {
                    add_distance(&mut done, number, number / per_km, "steps");
                }
                Some(per_km) => {
                    let km = (number / per_km * 100.0).round() / 100.0;
                    add_distance(&mut done, km, km, "km");
                }
                None => return Err(unit.name.to_owned()),
            },
            Measure::Mass(_) | Measure::Volume(_) | Measure::Energy(_) | Measure::Household(_) => {
                return Err(unit.name.to_owned());
            }
        }
    }
    if let Some(hours) = clock.filter(|_| m.is_none() && done.minutes.is_none()) {
        return Ok(by_clock(activity, &done, hours));
    }
    let Some(number) = m.or(clock.map(|hours| hours * 60.0)) else {
        let is_empty = done.minutes.is_none() && done.km.is_none();
        return Ok(if is_empty { Vec::new() } else { vec![done] });
    };
    if done.minutes.is_some() || done.km.is_some() {
        let sum = done.minutes.unwrap_or_default() + number;
        done.minutes = Some(sum);
        if done.km.is_none() {
            (done.quantity, done.unit) = (sum, "min");
        }
        return Ok(vec![done]);
    }
    let minutes = Done {
        minutes: Some(number),
        quantity: number,
        unit: "min",
        ..Done::default()
    };
    if activity.kmh.is_none() {
        return Ok(vec![minutes]);
    }
    let metres = Done {
        km: Some(number / 1000.0),
        quantity: number,
        unit: "metres",
        ..Done::default()
    };
    Ok(if number <= MOST_MINUTES_OF_M {
        vec![minutes, metres]
    } else {
        vec![metres, minutes]
    })
}

/// The two meanings of `1:30`: hours and minutes, minutes and seconds. Beside a distance, the one at a more usual speed is
/// first.
fn by_clock(activity: &Activity<'_>, done: &Done, hours: f64) -> Vec<Done> {
    let of = |minutes: f64| match done.km {
        Some(_) => Done {
            minutes: Some(minutes),
            ..*done
        },
        None => Done {
            minutes: Some(minutes),
            quantity: minutes,
            unit: "min",
            ..Done::default()
        },
    };
    let mut ways = vec![of(hours * 60.0), of(hours)];
    if let Some((km, usual)) = done.km.zip(activity.kmh) {
        let unusual = |hours: f64| (km / hours / usual).ln().abs();
        if unusual(hours / 60.0) < unusual(hours) {
            ways.reverse();
        }
    }
    ways
}

fn add_distance(done: &mut Done, number: f64, km: f64, unit: &'static str) {
    done.km = Some(km);
    (done.quantity, done.unit) = (number, unit);
}

/// Burned kcal: MET × kg × h (Compendium of Physical Activities, 2011).
fn burn(activity: &Activity<'_>, done: &Done, kg: f64, name: &str) -> Result<Figures, Question> {
    let pace = |kmh: f64| {
        let pace = activity
            .paces
            .iter()
            .find(|pace| pace.from <= kmh && kmh < pace.to);
        pace.map(|pace| (pace.met, pace.source))
    };
    let too_large = || Question::TooLarge(format!("{name} {} {}", shown(done.quantity), done.unit));
    if kept(done.quantity) <= 0.0 || done.minutes.is_some_and(|minutes| minutes <= 0.0) {
        return Err(Question::Zero(format!("{} {}", shown(done.quantity), done.unit)));
    }
    let own = (activity.met, activity.source);
    let (minutes, (met, source)) = match (done.minutes, done.km, activity.kmh) {
        (Some(minutes), Some(km), _) if !activity.paces.is_empty() => {
            (minutes, pace(km / minutes * 60.0).ok_or_else(too_large)?)
        }
        (Some(minutes), _, _) => (minutes, own),
        (None, Some(km), Some(kmh)) => (km / kmh * 60.0, pace(kmh).unwrap_or(own)),
        _ => return Err(Question::NoTime(name.to_owned())),
    };
    if minutes > MOST_MINUTES || done.quantity > MOST_QUANTITY {
        return Err(too_large());
    }
    let beside = done
        .km
        .and(done.minutes)
        .map(|minutes| format!("{} min", shown(kept(minutes))));
    Ok(Figures {
        quantity: Some(kept(done.quantity)),
        unit: Some(done.unit.to_owned()),
        beside,
        kcal: whole(met * kg * minutes / 60.0).map_err(|_| too_large())?,
        food: Some(source.to_owned()),
        ..Figures::default()
    })
}
