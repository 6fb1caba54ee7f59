//! Categories, their types, and what they book.

/// A category as screens offer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name, such as `Food`.
    pub name: String,
    /// Its types, such as `Lunch`.
    pub types: Vec<String>,
}

/// Which of a day's totals an activity adds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Booking {
    /// Food and Drink add to `caloriesConsumed`.
    Consumed,
    /// Exercise adds to `caloriesBurned`.
    Burned,
    /// Anything else adds to neither.
    Nothing,
}

impl Booking {
    /// What a category books. Names are compared to the letter, as the workshop's function does.
    pub fn of(category: &str) -> Self {
        match category {
            "Food" | "Drink" => Self::Consumed,
            "Exercise" => Self::Burned,
            _ => Self::Nothing,
        }
    }
}

/// A name that is in no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{name}`; {}", nearest.as_ref().map_or_else(|| format!("known are {}", listed.join(", ")), |near| format!("did you mean `{near}`?")))]
pub struct UnknownName {
    /// `category` or `type`.
    pub what: &'static str,
    /// As it was given.
    pub name: String,
    /// The listed one most like it, where any is.
    pub nearest: Option<String>,
    /// The listed ones.
    pub listed: Vec<String>,
}

/// The listed category of a name, in any case.
///
/// # Errors
///
/// [`UnknownName`] with the nearest one.
pub fn find_category<'a>(name: &str, categories: &'a [Category]) -> Result<&'a Category, UnknownName> {
    categories
        .iter()
        .find(|category| category.name.eq_ignore_ascii_case(name.trim()))
        .ok_or_else(|| UnknownName {
            what: "category",
            name: crate::text::quoted(name),
            nearest: nearest(name, categories.iter().map(|category| category.name.as_str())),
            listed: categories.iter().map(|category| category.name.clone()).collect(),
        })
}

impl Category {
    /// The category's type of a name, in any case.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] with the nearest one.
    pub fn find_type(&self, name: &str) -> Result<&str, UnknownName> {
        self.types
            .iter()
            .find(|kind| kind.eq_ignore_ascii_case(name.trim()))
            .map(String::as_str)
            .ok_or_else(|| UnknownName {
                what: "type",
                name: crate::text::quoted(name),
                nearest: nearest(name, self.types.iter().map(String::as_str)),
                listed: self.types.clone(),
            })
    }
}

/// The candidate most like a name, where any is like it at all.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let name = name.trim().to_lowercase();
    candidates
        .map(|candidate| (strsim::osa_distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}
