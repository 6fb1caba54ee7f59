//! What the line can be about: foods, activities and the user's own names. [`Lookup`] finds them.

/// A food or a drink with its figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Food<'a> {
    /// Its name.
    pub name: &'a str,
    /// `Food` or `Drink`.
    pub category: &'a str,
    /// Its usual type; the clock decides for foods.
    pub kind: &'a str,
    /// kcal in 100 g.
    pub kcal: f64,
    /// g of protein in 100 g.
    pub protein: f64,
    /// g of fat in 100 g.
    pub fat: f64,
    /// g of carbohydrate in 100 g.
    pub carbohydrate: f64,
    /// g of sugar in 100 g, where it is known.
    pub sugar: Option<f64>,
    /// The number of units that the name alone means.
    pub count: f64,
    /// What the name alone means: `count` of this unit.
    pub portion: Portion<'a>,
    /// Its units; a bare number counts the first one.
    pub units: Vec<Portion<'a>>,
    /// Its density, if a volume measures it.
    pub grams_per_ml: Option<f64>,
    /// The table and number that the figures are from.
    pub source: &'a str,
    /// Whether it is an everyday food, listed first.
    pub is_common: bool,
}

/// A unit of a food: `slice`, `cup`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Portion<'a> {
    /// Its name, in the singular.
    pub unit: &'a str,
    /// g of one such unit.
    pub grams: f64,
}

/// An activity.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub kind: &'a str,
    /// kcal per kg and hour.
    pub met: f64,
    /// The source of its MET.
    pub source: &'a str,
    /// Usual speed in km/h, if it covers a distance.
    pub kmh: Option<f64>,
    /// Steps in a kilometre, if it is done in steps.
    pub steps_per_km: Option<f64>,
    /// MET by speed, slowest first; empty if it doesn't depend on the speed.
    pub paces: Vec<Pace<'a>>,
}

/// A range of speeds with its MET.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace<'a> {
    /// Least speed in km/h.
    pub from: f64,
    /// The speed in km/h at which the next range begins.
    pub to: f64,
    /// kcal per kg and hour.
    pub met: f64,
    /// The source of its MET.
    pub source: &'a str,
}

/// A name that the user has logged before, with its last amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Own {
    /// Its name.
    pub name: String,
    /// Its category.
    pub category: String,
    /// Its type.
    pub kind: String,
    /// kcal of the last amount.
    pub kcal: u32,
    /// The last amount, in `unit`s.
    pub quantity: Option<f64>,
    /// What `quantity` counts.
    pub unit: Option<String>,
    /// g of the last amount, if `unit` is no weight and they are known.
    pub grams: Option<f64>,
    /// Protein, fat and carbohydrate of the last amount, in g.
    pub macros: [Option<f64>; 3],
    /// The source of its figures.
    pub food: Option<String>,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known<'a> {
    /// A name of the user's own.
    Own(&'a Own),
    /// A food of the table.
    Food(&'a Food<'a>),
    /// An activity of the table.
    Activity(&'a Activity<'a>),
}

/// How a typed name matches a known one, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// The same letters, apart from case, accents, spaces and hyphens.
    Same,
    /// Singular for plural, or another spelling of the same word.
    Form,
    /// The same words in another order.
    Reordered,
    /// A typo.
    Typo,
    /// Found by search: a beginning, a part, or similar.
    Similar,
}

/// A known name that matches a typed one.
#[derive(Debug, Clone, PartialEq)]
pub struct Match<'a> {
    /// The name or synonym that matches.
    pub spelling: &'a str,
    /// What it stands for.
    pub known: Known<'a>,
    /// How it matches.
    pub closeness: Closeness,
}

/// Finds foods, activities and own names. It does no I/O.
pub trait Lookup {
    /// What a phrase names: [`Closeness::Same`], else [`Closeness::Form`], else [`Closeness::Reordered`]; own names first.
    fn named(&self, phrase: &str) -> Vec<Match<'_>>;

    /// What a phrase names with a typo; empty if there are several equally near names of different foods.
    fn misspelt(&self, phrase: &str) -> Vec<Match<'_>>;

    /// What the user usually has at a meal; empty where that isn't known.
    fn usual(&self, meal: &str) -> Vec<Own>;

    /// Names found by search, best first, at most `most`.
    fn similar(&self, phrase: &str, most: usize) -> Vec<Match<'_>>;
}

impl Known<'_> {
    /// The category of its entries.
    pub fn category(&self) -> &str {
        match self {
            Self::Own(own) => &own.category,
            Self::Food(food) => food.category,
            Self::Activity(_) => "Exercise",
        }
    }

    /// Its usual type.
    pub fn kind(&self) -> &str {
        match self {
            Self::Own(own) => &own.kind,
            Self::Food(food) => food.kind,
            Self::Activity(activity) => activity.kind,
        }
    }
}
