//! Categories, their types, and which totals they count for.

/// A category and its types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name, such as `Food`.
    pub name: String,
    /// Its types, such as `Lunch`.
    pub types: Vec<String>,
}

/// The total of a day that an entry counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Booking {
    /// Food and Drink count for `caloriesConsumed`.
    Consumed,
    /// Exercise counts for `caloriesBurned`.
    Burned,
    /// Other categories count for neither.
    Nothing,
}

impl Booking {
    /// The booking of a category. Names are case-sensitive, as in the workshop's function.
    pub fn of(category: &str) -> Self {
        match category {
            "Food" | "Drink" => Self::Consumed,
            "Exercise" => Self::Burned,
            _ => Self::Nothing,
        }
    }
}

/// A name that is not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{name}`; {}", nearest.as_ref().map_or_else(|| format!("known are {}", listed.join(", ")), |near| format!("did you mean `{near}`?")))]
pub struct UnknownName {
    /// The kind of name, `category` or `type`.
    pub what: &'static str,
    /// The name as given.
    pub name: String,
    /// The most similar listed name, if one is similar.
    pub nearest: Option<String>,
    /// The names that are known.
    pub listed: Vec<String>,
}

/// The listed category of a name, in upper or lower case.
///
/// # Errors
///
/// [`UnknownName`] with the most similar name.
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
    /// The category's type of a name, in upper or lower case.
    ///
    /// # Errors
    ///
    /// [`UnknownName`] with the most similar name.
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

/// The candidate most similar to a name, if one is similar enough.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let name = name.trim().to_lowercase();
    candidates
        .map(|candidate| (strsim::osa_distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn categories() -> Vec<Category> {
        let category = |name: &str, types: &[&str]| Category {
            name: name.to_owned(),
            types: types.iter().map(|kind| (*kind).to_owned()).collect(),
        };
        vec![
            category("Food", &["Breakfast", "Lunch"]),
            category("Exercise", &["Run", "Swim"]),
        ]
    }

    #[rstest]
    #[case("Food", Booking::Consumed)]
    #[case("Drink", Booking::Consumed)]
    #[case("Exercise", Booking::Burned)]
    #[case("food", Booking::Nothing)]
    #[case("Sleep", Booking::Nothing)]
    #[case("", Booking::Nothing)]
    fn categories_count_for_their_total(#[case] category: &str, #[case] booking: Booking) {
        assert_eq!(Booking::of(category), booking);
    }

    #[test]
    fn names_are_found_in_any_case_and_without_blanks_around() {
        let categories = categories();
        assert_eq!(find_category(" fOOD ", &categories), Ok(&categories[0]));
        assert_eq!(categories[1].find_type("RUN "), Ok("Run"));
    }

    #[test]
    fn unknown_names_report_the_nearest_name_or_all() {
        let categories = categories();
        let error = find_category("fod", &categories).unwrap_err();
        assert_eq!(error.to_string(), "unknown category `fod`; did you mean `Food`?");
        let error = categories[0].find_type("Snacks").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown type `Snacks`; known are Breakfast, Lunch"
        );
        assert_eq!(error.nearest, None);
    }

    /// One letter and a third of the name's may differ.
    #[rstest]
    #[case("lumch", "Lunch", true)]
    #[case("luncheo", "Lunch", true)]
    #[case("lxyzh", "Lunch", false)]
    #[case("fo", "Food", true)]
    #[case("f", "Food", false)]
    #[case("", "Tea", false)]
    fn names_are_near_up_to_a_third(#[case] name: &str, #[case] candidate: &str, #[case] is_near: bool) {
        let expected = is_near.then(|| candidate.to_owned());
        assert_eq!(nearest(name, [candidate].into_iter()), expected);
    }

    #[test]
    fn the_nearest_of_several_is_chosen() {
        assert_eq!(
            nearest("lunhc", ["Launch", "Lunch"].into_iter()),
            Some("Lunch".to_owned())
        );
    }
}
