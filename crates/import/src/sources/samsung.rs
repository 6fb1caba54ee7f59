//! Samsung Health: food intake, exercise and weight. The first line is metadata, names may have their data type before
//! them, and times are UTC.
//!
//! Source: a real export of May 2026; the meals' codes are those of Samsung's SDK.

use crate::layout::{Columns, Header, Layout};

pub(super) fn layout(header: &Header) -> Option<Layout> {
    let find = |name: &str| {
        let ends = |known: &String| known == name || known.rsplit('.').next() == Some(name);
        header.names().iter().position(ends)
    };
    let columns = Columns {
        date: Some(find("start_time")?),
        time: None,
        offset: Some(find("time_offset")?),
        note: find("comment"),
        ..Columns::default()
    };
    let energy = |name| {
        find(name).map(|column| crate::layout::Energy {
            column,
            unit: crate::layout::EnergyUnit::Kilocalories,
        })
    };
    let layout = if let Some(meal) = find("meal_type") {
        let columns = Columns {
            meal: Some(meal),
            name: find("name"),
            energy: Some(energy("calorie")?),
            protein: find("protein"),
            fat: find("total_fat"),
            carbohydrate: find("carbohydrate"),
            ..columns
        };
        Layout::new("samsung", columns).warning(
            "meal_type is a code: 100001 breakfast, 100002 lunch, 100003 dinner, 100004 to 100006 snacks",
        )
    } else if let Some(code) = find("exercise_type") {
        let columns = Columns {
            name: find("title"),
            other_name: find("exercise_custom_type"),
            code: Some((code, exercise)),
            milliseconds: find("duration"),
            energy: Some(energy("calorie")?),
            ..columns
        };
        Layout::new("samsung-exercise", columns).burning()
    } else {
        let columns = Columns {
            weight: Some((find("weight")?, Some(crate::model::WeightUnit::Kilograms))),
            ..columns
        };
        Layout::new("samsung", columns)
    };
    Some(Layout {
        has_points: true,
        ..layout
    })
}

/// The name of an exercise's code.
///
/// Source: Samsung Health SDK, `HealthConstants.Exercise`, "Predefined exercise type".
fn exercise(code: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 71] = [
        ("1001", "Walking"),
        ("1002", "Running"),
        ("2001", "Baseball"),
        ("2002", "Softball"),
        ("2003", "Cricket"),
        ("3001", "Golf"),
        ("3002", "Billiards"),
        ("3003", "Bowling"),
        ("4001", "Hockey"),
        ("4002", "Rugby"),
        ("4003", "Basketball"),
        ("4004", "Football"),
        ("4005", "Handball"),
        ("4006", "American football"),
        ("5001", "Volleyball"),
        ("5002", "Beach volleyball"),
        ("6001", "Squash"),
        ("6002", "Tennis"),
        ("6003", "Badminton"),
        ("6004", "Table tennis"),
        ("6005", "Racquetball"),
        ("7002", "Boxing"),
        ("7003", "Martial arts"),
        ("8001", "Ballet"),
        ("8002", "Dancing"),
        ("8003", "Ballroom dancing"),
        ("9001", "Pilates"),
        ("9002", "Yoga"),
        ("10001", "Stretching"),
        ("10002", "Jump rope"),
        ("10003", "Hula hoop"),
        ("10004", "Push-ups"),
        ("10005", "Pull-ups"),
        ("10006", "Sit-ups"),
        ("10007", "Circuit training"),
        ("11001", "Inline skating"),
        ("11002", "Hang gliding"),
        ("11004", "Archery"),
        ("11005", "Horse riding"),
        ("11007", "Cycling"),
        ("11008", "Flying disc"),
        ("11009", "Roller skating"),
        ("12001", "Aerobics"),
        ("13001", "Hiking"),
        ("13002", "Rock climbing"),
        ("13003", "Backpacking"),
        ("13004", "Mountain biking"),
        ("13005", "Orienteering"),
        ("14001", "Swimming"),
        ("14002", "Aquarobics"),
        ("14003", "Canoeing"),
        ("14004", "Sailing"),
        ("14005", "Scuba diving"),
        ("14006", "Snorkeling"),
        ("14007", "Kayaking"),
        ("14008", "Kitesurfing"),
        ("14009", "Rafting"),
        ("14010", "Rowing"),
        ("14011", "Windsurfing"),
        ("15001", "Step machine"),
        ("15002", "Weight machine"),
        ("15003", "Exercise bike"),
        ("15004", "Rowing machine"),
        ("15005", "Treadmill"),
        ("15006", "Elliptical trainer"),
        ("16001", "Cross-country skiing"),
        ("16002", "Skiing"),
        ("16004", "Ice skating"),
        ("16006", "Ice hockey"),
        ("16007", "Snowboarding"),
        ("16009", "Snowshoeing"),
    ];
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}
