//! Rows as entries of the log, with ids that are the same whenever the same row is imported.

use caltrack_domain::{
    DayClock, Entry, Grams, MAX_GRAMS, MAX_KCAL, MAX_NAME_CHARS, MAX_NOTE_CHARS, MAX_UNIT_CHARS, NewActivity,
    clean, in_milliseconds, shortened,
};
use jiff::{
    Timestamp,
    civil::{Time, time},
};
use uuid::Uuid;

use crate::model::{EnergyKind, ForeignEntry};

/// The namespace of the ids, a random UUID.
const NAMESPACE: Uuid = Uuid::from_u128(0x7d1b_4a7e_5c0f_4b52_9a3e_62d1_08f4_c6b9);
/// The largest quantity of an entry.
const MAX_QUANTITY: f64 = 10_000.0;

/// Whose entries are made.
#[derive(Debug, Clone)]
pub struct Minting<'a> {
    /// The `sub` of the user.
    pub sub: &'a str,
    /// 0, and one more for each time that the same rows are to be imported again.
    pub generation: u32,
    /// The clock of the user's days.
    pub clock: &'a DayClock,
}

/// A row that can't be an entry, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unfit(pub String);

impl Minting<'_> {
    /// The id of a row: UUID v5 of user, source, row and the number of equal rows before it.
    pub fn id(&self, row: &ForeignEntry) -> String {
        let text = format!(
            "{}\0{}\0{}\0{}\0{}",
            self.sub,
            row.source,
            self.generation,
            row.row(),
            row.ordinal
        );
        Uuid::new_v5(&NAMESPACE, text.as_bytes()).to_string()
    }

    /// Another id for an entry of the own formats whose id is taken, or is to be imported again. Ids keep their order:
    /// all of them are moved by the same distance within the bits that version and variant leave.
    pub fn moved(&self, id: &str) -> String {
        /// The bits of a UUID after its variant, and between version and variant.
        const LOW: u32 = 62;
        const MIDDLE: u32 = 12;
        let text = format!("{}\0caltrack\0{}", self.sub, self.generation);
        let Ok(uuid) = Uuid::parse_str(id) else {
            return Uuid::new_v5(&NAMESPACE, format!("{text}\0{id}").as_bytes()).to_string();
        };
        let bits = uuid.as_u128();
        let low_mask = (1_u128 << LOW) - 1;
        let middle_mask = (1_u128 << MIDDLE) - 1;
        let packed = (bits >> 80) << (MIDDLE + LOW) | ((bits >> 64) & middle_mask) << LOW | (bits & low_mask);
        let (_, distance) = Uuid::new_v5(&NAMESPACE, text.as_bytes()).as_u64_pair();
        let all = (1_u128 << (48 + MIDDLE + LOW)) - 1;
        let moved = (packed + (u128::from(distance) & (low_mask >> 2))) & all;
        let fixed = (bits & !(low_mask)) & (0b11 << LOW) | bits & (0xf_u128 << 76);
        let high = (moved >> (MIDDLE + LOW)) << 80 | ((moved >> LOW) & middle_mask) << 64;
        Uuid::from_u128(high | fixed | (moved & low_mask)).to_string()
    }
}

/// The entry of a row.
///
/// # Errors
///
/// [`Unfit`] for kcal that no entry can have, and for moments outside of the calendar.
pub fn mint(row: &ForeignEntry, minting: &Minting<'_>) -> Result<NewActivity, Unfit> {
    let label = row.name.as_deref().or(row.meal.as_deref()).unwrap_or("a row");
    let unfit = |reason: String| Unfit(format!("{}: {reason}", shortened(&clean(label), 60)));
    let whole = row.kcal.round();
    if whole < 1.0 {
        return Err(unfit(format!("{} kcal are less than one", row.kcal)));
    }
    if whole > f64::from(MAX_KCAL) || whole.is_nan() {
        return Err(unfit(format!("{whole} kcal are too much for one entry")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to 99,999"
    )]
    let kcal = whole as u32;
    let (category, kind, is_meal_kept) = match row.kind {
        EnergyKind::Eaten => {
            let (kind, is_kept) = meal(row);
            ("Food", kind, is_kept)
        }
        EnergyKind::Burned => (
            "Exercise",
            exercise(row.name.as_deref().unwrap_or_default()),
            true,
        ),
    };
    let moment = moment(row, kind, minting.clock)
        .ok_or_else(|| unfit("its day is outside of the calendar".to_owned()))?;
    let meal = row.meal.as_deref().filter(|_| !is_meal_kept);
    let total = row.is_day_total.then_some("total of the day");
    let notes: Vec<&str> = [meal, total, row.note.as_deref()].into_iter().flatten().collect();
    let text = |text: &str, most: usize| {
        let cleaned = clean(text);
        let cleaned = cleaned.trim();
        (!cleaned.is_empty()).then(|| {
            if cleaned.chars().count() > most {
                shortened(cleaned, most - 1)
            } else {
                cleaned.to_owned()
            }
        })
    };
    let quantity = row
        .quantity
        .filter(|quantity| *quantity > 0.0 && *quantity <= MAX_QUANTITY);
    Ok(NewActivity::new(
        minting.id(row),
        Entry {
            name: row.name.as_deref().and_then(|name| text(name, MAX_NAME_CHARS)),
            note: text(&notes.join("; "), MAX_NOTE_CHARS),
            quantity,
            unit: row
                .unit
                .as_deref()
                .filter(|_| quantity.is_some())
                .and_then(|unit| text(unit, MAX_UNIT_CHARS)),
            protein: row.protein.and_then(grams),
            fat: row.fat.and_then(grams),
            carbohydrate: row.carbohydrate.and_then(grams),
            ..Entry::new(row.date, moment, category, kind, kcal)
        },
    ))
}

/// Grams to the nearest tenth.
fn grams(grams: f64) -> Option<Grams> {
    let tenths = (grams * 10.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "at most 99,990")]
    (0.0..=f64::from(MAX_GRAMS) * 10.0)
        .contains(&tenths)
        .then(|| Grams::from_tenths(tenths as i64))
}

fn moment(row: &ForeignEntry, kind: &str, clock: &DayClock) -> Option<Timestamp> {
    // Where the file's moment is of another day than the file says, it is when the row was typed.
    if let Some(moment) = row.moment
        && (row.time.is_some() || clock.shown(moment).date() == row.date)
    {
        return Some(in_milliseconds(moment));
    }
    let time = row.time.unwrap_or(match kind {
        "Breakfast" => time(8, 0, 0, 0),
        "Lunch" => time(12, 30, 0, 0),
        "Dinner" => time(19, 0, 0, 0),
        "Snacks" => time(16, 0, 0, 0),
        _ => time(18, 0, 0, 0),
    });
    let moment = row.date.to_datetime(time).to_zoned(clock.zone().clone()).ok()?;
    Some(in_milliseconds(moment.timestamp()))
}

/// The type of a meal, and whether it says all that the meal's name does.
fn meal(row: &ForeignEntry) -> (&'static str, bool) {
    let name = row.meal.as_deref().unwrap_or_default().trim().to_lowercase();
    let is = |words: &[&str]| words.contains(&name.as_str());
    if is(&[
        "breakfast",
        "frühstück",
        "petit-déjeuner",
        "petit déjeuner",
        "desayuno",
        "colazione",
        "café da manhã",
        "pequeno-almoço",
        "ontbijt",
        "frukost",
        "śniadanie",
        "завтрак",
        "朝食",
        "100001",
    ]) {
        return ("Breakfast", true);
    }
    if is(&[
        "lunch",
        "mittag",
        "mittagessen",
        "déjeuner",
        "almuerzo",
        "comida",
        "pranzo",
        "almoço",
        "obiad",
        "обед",
        "昼食",
        "100002",
    ]) {
        return ("Lunch", true);
    }
    if is(&[
        "dinner",
        "supper",
        "abend",
        "abendessen",
        "dîner",
        "cena",
        "jantar",
        "diner",
        "avondeten",
        "middag",
        "kolacja",
        "ужин",
        "夕食",
        "evening meal",
        "100003",
    ]) {
        return ("Dinner", true);
    }
    let snacks = [
        "snack",
        "snacks",
        "snacks/other",
        "snacks / other",
        "morning snack",
        "afternoon snack",
        "evening snack",
        "snacks/sonstiges",
        "zwischenmahlzeit",
        "collation",
        "collations",
        "merienda",
        "spuntino",
        "spuntini",
        "lanche",
        "lanches",
        "tussendoortje",
        "mellanmål",
        "przekąski",
        "перекус",
        "間食",
        "100004",
        "100005",
        "100006",
    ];
    if is(&snacks) {
        return ("Snacks", true);
    }
    let is_said = is(&["", "uncategorized", "100000"]);
    (row.time.map_or("Snacks", by_time), is_said)
}

/// The meal of a time of day.
fn by_time(at: Time) -> &'static str {
    match at.hour() {
        4..=10 => "Breakfast",
        11..=14 => "Lunch",
        17..=21 => "Dinner",
        _ => "Snacks",
    }
}

/// The type of an exercise, by a word in its name.
fn exercise(name: &str) -> &'static str {
    const WORDS: [(&str, &[&str]); 7] = [
        (
            "Walk",
            &["walk", "hik", "stroll", "steps", "step ", "spazier", "wander"],
        ),
        ("Run", &["run", "jog", "treadmill", "lauf"]),
        ("Cycle", &["cycl", "bike", "biking", "spinning", "rad"]),
        ("Swim", &["swim", "schwimm"]),
        (
            "Weights",
            &["weight", "strength", "lift", "squat", "press", "kraft"],
        ),
        (
            "Cardio",
            &[
                "cardio",
                "row",
                "elliptical",
                "aerobic",
                "danc",
                "stair",
                "hiit",
                "jump",
                "interval",
                "rudern",
            ],
        ),
        (
            "Sport",
            &[
                "ball",
                "tennis",
                "badminton",
                "hockey",
                "golf",
                "climb",
                "box",
                "ski",
                "surf",
                "skat",
                "martial",
                "squash",
            ],
        ),
    ];
    let name = name.to_lowercase();
    let found = WORDS
        .iter()
        .find(|(_, words)| words.iter().any(|word| name.contains(word)));
    found.map_or("Other", |(kind, _)| kind)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn moved_ids_keep_their_order_version_and_variant() {
        let clock = DayClock::at_midnight(TimeZone::UTC);
        let minting = Minting {
            sub: "me",
            generation: 0,
            clock: &clock,
        };
        let mut ids: Vec<Uuid> = (0..2_000_u128)
            .map(|n| {
                let random = n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
                let bits = 0x0193_0000_0000_u128 << 80 | (random & ((1 << 76) - 1));
                Uuid::from_u128(bits & !(0xf << 76) & !(0b11 << 62) | 7 << 76 | 0b10 << 62)
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let moved: Vec<String> = ids.iter().map(|id| minting.moved(&id.to_string())).collect();
        assert!(moved.windows(2).all(|pair| pair[0] < pair[1]));
        for id in &moved {
            let id = Uuid::parse_str(id).unwrap();
            assert_eq!(
                (id.get_version_num(), id.get_variant()),
                (7, uuid::Variant::RFC4122)
            );
        }
        assert_ne!(moved[0], ids[0].to_string());
        assert_eq!(minting.moved("mine"), minting.moved("mine"));
    }
}
