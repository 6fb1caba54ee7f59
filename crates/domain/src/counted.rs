//! Units that are counted, in the plural: `2 eggs`, `3 thin slices`.

use std::borrow::Cow;

/// The last words of units that have a plural, in the order of their bytes: household measures, and those of
/// `assets/foods.csv`. Other units stay as they are: abbreviations, sizes, and words of other languages.
const NOUNS: [&str; 223] = [
    "almond",
    "anchovy",
    "apricot",
    "artichoke",
    "aubergine",
    "avocado",
    "babybel",
    "bag",
    "bagel",
    "baguette",
    "ball",
    "bar",
    "bean",
    "beet",
    "beignet",
    "berry",
    "bhaji",
    "bird",
    "biscuit",
    "bite",
    "blintz",
    "block",
    "bottle",
    "bowl",
    "box",
    "breast",
    "bulb",
    "bun",
    "bunch",
    "burger",
    "burrito",
    "cake",
    "calzone",
    "can",
    "carafe",
    "carrot",
    "carton",
    "chayote",
    "cherry",
    "chilli",
    "chimichanga",
    "chip",
    "chop",
    "churro",
    "clam",
    "clove",
    "cone",
    "cookie",
    "crab",
    "cracker",
    "croissant",
    "cruller",
    "crumpet",
    "crêpe",
    "cube",
    "cucumber",
    "cup",
    "cupcake",
    "cutlet",
    "date",
    "dog",
    "dollop",
    "dosa",
    "doughnut",
    "dram",
    "drink",
    "drizzle",
    "drumstick",
    "dumpling",
    "ear",
    "egg",
    "enchilada",
    "fajita",
    "fig",
    "fillet",
    "finger",
    "floret",
    "flute",
    "frikadelle",
    "fritter",
    "fry",
    "galette",
    "gherkin",
    "glass",
    "grape",
    "half",
    "handful",
    "head",
    "heart",
    "idli",
    "kebab",
    "knish",
    "knob",
    "kofta",
    "köfte",
    "layer",
    "leaf",
    "leek",
    "leg",
    "link",
    "liver",
    "loaf",
    "lobster",
    "lollipop",
    "lolly",
    "madeleine",
    "mango",
    "matchbox",
    "meal",
    "meatball",
    "muffin",
    "mug",
    "mushroom",
    "mussel",
    "nacho",
    "nest",
    "nugget",
    "nut",
    "oatcake",
    "olive",
    "omelette",
    "oyster",
    "pack",
    "pad",
    "pancake",
    "parsnip",
    "pastry",
    "pasty",
    "pat",
    "patty",
    "peanut",
    "pepper",
    "pickle",
    "pie",
    "piece",
    "pinch",
    "pint",
    "pitta",
    "pizza",
    "plantain",
    "plate",
    "plum",
    "pod",
    "pomegranate",
    "portion",
    "pot",
    "potato",
    "pouch",
    "prawn",
    "pretzel",
    "prune",
    "pump",
    "pupusa",
    "quarter",
    "quesadilla",
    "quiche",
    "raisin",
    "rasher",
    "rib",
    "ring",
    "roll",
    "rollmop",
    "root",
    "row",
    "rusk",
    "sachet",
    "salad",
    "saltine",
    "samosa",
    "sandwich",
    "sardine",
    "sausage",
    "scallop",
    "schnitzel",
    "scoop",
    "segment",
    "serving",
    "shake",
    "sheet",
    "shell",
    "shot",
    "simit",
    "skewer",
    "slice",
    "slider",
    "spear",
    "splash",
    "spray",
    "sprig",
    "sprout",
    "square",
    "stalk",
    "steak",
    "stick",
    "strip",
    "sub",
    "sundae",
    "tablet",
    "taco",
    "tail",
    "tamale",
    "taquito",
    "tart",
    "teacake",
    "tender",
    "thigh",
    "tip",
    "tomato",
    "tortilla",
    "tostada",
    "triangle",
    "tub",
    "tube",
    "turnover",
    "twist",
    "wafer",
    "waffle",
    "wedge",
    "white",
    "wing",
    "wonton",
    "wrap",
    "yolk",
];

/// Words whose plural follows no rule.
const IRREGULAR: [(&str, &str); 6] = [
    ("half", "halves"),
    ("leaf", "leaves"),
    ("loaf", "loaves"),
    ("mango", "mangoes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
];

/// A unit beside a number of it: `egg`, but `2 eggs`; `g` and other units that aren't counted stay as they are. The quick
/// line reads both alike.
pub fn counted_unit(quantity: f64, unit: &str) -> Cow<'_, str> {
    let (before, last) = unit.rsplit_once(' ').unwrap_or(("", unit));
    if quantity <= 1.0 || NOUNS.binary_search(&last).is_err() {
        return Cow::Borrowed(unit);
    }
    let gap = if before.is_empty() { "" } else { " " };
    Cow::Owned(format!("{before}{gap}{}", plural(last)))
}

fn plural(noun: &str) -> String {
    if let Some((_, plural)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == noun) {
        return (*plural).to_owned();
    }
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if hisses { "es" } else { "s" })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::line::{folded, stemmed};

    #[rstest]
    #[case(2.0, "egg", "eggs")]
    #[case(1.5, "thin slice", "thin slices")]
    #[case(3.0, "sandwich", "sandwiches")]
    #[case(2.0, "glass", "glasses")]
    #[case(2.0, "patty", "patties")]
    #[case(2.0, "bay leaf", "bay leaves")]
    #[case(2.0, "new potato", "new potatoes")]
    #[case(1.0, "egg", "egg")]
    #[case(0.5, "pizza", "pizza")]
    #[case(60.0, "g", "g")]
    #[case(2.0, "tbsp", "tbsp")]
    #[case(2.0, "large", "large")]
    #[case(30.0, "min", "min")]
    #[case(2.0, "Scheibe", "Scheibe")]
    #[case(2.0, "eggs", "eggs")]
    #[case(2.0, "", "")]
    fn counted_units_have_a_plural(#[case] quantity: f64, #[case] unit: &str, #[case] expected: &str) {
        assert_eq!(counted_unit(quantity, unit), expected);
    }

    #[test]
    fn the_nouns_are_in_order_and_the_quick_line_reads_their_plural() {
        assert!(NOUNS.is_sorted());
        for noun in NOUNS {
            let plural = plural(noun);
            assert_eq!(stemmed(&folded(&plural)), stemmed(&folded(noun)), "{plural}");
        }
    }
}
