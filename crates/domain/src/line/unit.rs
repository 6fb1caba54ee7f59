//! Units that every food or activity can be measured by.

/// A unit of measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// A mass, by its grams.
    Mass(f64),
    /// A volume, by its millilitres.
    Volume(f64),
    /// A time, by its minutes.
    Time(f64),
    /// A distance, by its kilometres.
    Distance(f64),
    /// An energy, by its kcal.
    Energy(f64),
    Steps,
    /// `m`: minutes or metres.
    M,
    /// `1:30`, by its hours: hours and minutes, or as many minutes and seconds.
    Clock,
    /// `k`: thousands or kilometres.
    K,
    /// A household measure, by its usual millilitres if it holds a liquid.
    Household(Option<f64>),
}

/// A unit with its own name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Unit {
    pub(super) name: &'static str,
    pub(super) measure: Measure,
}

/// The unit of times that have hours and minutes.
pub(super) const MINUTES: Unit = Unit {
    name: "min",
    measure: Measure::Time(1.0),
};

/// kJ of one kcal (thermochemical calorie).
const KJ: f64 = 4.184;

use Measure::{Distance, Energy, Household, K, M, Mass, Steps, Time, Volume};

/// Name, measure and further spellings.
const UNITS: &[(&str, Measure, &[&str])] = &[
    ("g", Mass(1.0), &["gr", "gram", "grams", "gramme", "grammes"]),
    (
        "kg",
        Mass(1000.0),
        &["kgs", "kilo", "kilos", "kilogram", "kilograms"],
    ),
    ("mg", Mass(0.001), &["milligram", "milligrams"]),
    ("oz", Mass(28.35), &["ounce", "ounces"]),
    ("lb", Mass(453.6), &["lbs", "pound", "pounds"]),
    (
        "ml",
        Volume(1.0),
        &["mls", "milliliter", "milliliters", "millilitre", "millilitres"],
    ),
    ("cl", Volume(10.0), &["centiliter", "centilitre"]),
    ("dl", Volume(100.0), &["deciliter", "decilitre"]),
    (
        "l",
        Volume(1000.0),
        &["liter", "liters", "litre", "litres", "ltr"],
    ),
    ("fl oz", Volume(29.57), &["floz"]),
    (
        "min",
        Time(1.0),
        &["mins", "minute", "minutes", "minuten", "minuto", "minutos"],
    ),
    (
        "h",
        Time(60.0),
        &[
            "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora", "horas",
        ],
    ),
    ("s", Time(1.0 / 60.0), &["sec", "secs", "second", "seconds"]),
    (
        "km",
        Distance(1.0),
        &["kms", "kilometer", "kilometers", "kilometre", "kilometres"],
    ),
    ("mi", Distance(1.609_344), &["mile", "miles"]),
    ("metres", Distance(0.001), &["meter", "meters", "metre"]),
    ("yd", Distance(0.000_914_4), &["yds", "yard", "yards"]),
    ("m", M, &[]),
    ("k", K, &[]),
    ("steps", Steps, &["step", "schritte", "pasos"]),
    (
        "kcal",
        Energy(1.0),
        &["kcals", "cal", "cals", "calorie", "calories", "kilocalories"],
    ),
    ("MJ", Energy(1_000.0 / KJ), &["mj"]),
    (
        "kJ",
        Energy(1.0 / KJ),
        &["kj", "kjoule", "kilojoule", "kilojoules"],
    ),
    (
        "cup",
        Household(Some(240.0)),
        &["cups", "tasse", "tassen", "tasses", "taza", "tazas"],
    ),
    ("mug", Household(Some(300.0)), &["mugs"]),
    (
        "glass",
        Household(Some(250.0)),
        &["glasses", "glas", "gläser", "verre", "verres", "vaso", "vasos"],
    ),
    (
        "bowl",
        Household(Some(350.0)),
        &["bowls", "schüssel", "schale", "bol", "bols", "tazón"],
    ),
    (
        "tbsp",
        Household(Some(15.0)),
        &[
            "tbsps",
            "tbs",
            "tablespoon",
            "tablespoons",
            "tblsp",
            "esslöffel",
            "cucharada",
            "cucharadas",
        ],
    ),
    (
        "tsp",
        Household(Some(5.0)),
        &[
            "tsps",
            "teaspoon",
            "teaspoons",
            "teelöffel",
            "cucharadita",
            "cucharaditas",
        ],
    ),
    (
        "can",
        Household(Some(330.0)),
        &["cans", "tin", "tins", "dosen", "lata", "latas", "canette"],
    ),
    (
        "bottle",
        Household(Some(500.0)),
        &[
            "bottles",
            "flasche",
            "flaschen",
            "bouteille",
            "bouteilles",
            "botella",
            "botellas",
        ],
    ),
    ("pint", Household(Some(568.0)), &["pints"]),
    ("half pint", Household(Some(284.0)), &[]),
    ("shot", Household(Some(40.0)), &["shots"]),
    ("grande", Household(Some(473.0)), &[]),
    ("splash", Household(Some(15.0)), &["splashes"]),
    ("dash", Household(Some(5.0)), &["dashes"]),
    ("drizzle", Household(Some(5.0)), &[]),
    ("dollop", Household(Some(20.0)), &["dollops"]),
    ("glug", Household(Some(15.0)), &["glugs"]),
    ("venti", Household(Some(591.0)), &[]),
    (
        "portion",
        Household(None),
        &[
            "portions",
            "serving",
            "servings",
            "helping",
            "helpings",
            "portionen",
            "ración",
        ],
    ),
    (
        "piece",
        Household(None),
        &[
            "pieces", "pc", "pcs", "stück", "stücke", "morceau", "morceaux", "trozo", "trozos", "pieza",
            "piezas",
        ],
    ),
    (
        "plate",
        Household(None),
        &["plates", "teller", "assiette", "assiettes", "plato", "platos"],
    ),
    (
        "slice",
        Household(None),
        &[
            "slices",
            "scheibe",
            "scheiben",
            "tranche",
            "tranches",
            "rebanada",
            "rebanadas",
        ],
    ),
    (
        "handful",
        Household(None),
        &["handfuls", "handvoll", "poignée", "puñado"],
    ),
    ("scoop", Household(None), &["scoops"]),
    (
        "pack",
        Household(None),
        &["packs", "packet", "packets", "package"],
    ),
    ("bag", Household(None), &["bags"]),
    ("bar", Household(None), &["bars"]),
];

/// The unit of a spelling in lower case.
pub(super) fn unit(spelling: &str) -> Option<Unit> {
    UNITS
        .iter()
        .find(|(name, _, others)| name.eq_ignore_ascii_case(spelling) || others.contains(&spelling))
        .map(|(name, measure, _)| Unit {
            name,
            measure: *measure,
        })
}

/// Whether a unit's spelling is a word of its own, which can stand without a number: `slice of pizza`.
pub(super) fn stands_alone(spelling: &str) -> bool {
    spelling.chars().count() > 2
}
