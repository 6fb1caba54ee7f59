//! What the invented person eats, drinks and does.

/// Something to log, as it is on average.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) category: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) kcal: u32,
    /// How much that is, and of what unit.
    pub(super) amount: (f64, &'static str),
    /// Protein, fat and carbohydrate in g; none for an activity.
    pub(super) macros: Option<(f64, f64, f64)>,
}

const fn item(
    category: &'static str,
    kind: &'static str,
    name: &'static str,
    kcal: u32,
    amount: (f64, &'static str),
    macros: (f64, f64, f64),
) -> Item {
    Item {
        category,
        kind,
        name,
        kcal,
        amount,
        macros: Some(macros),
    }
}

const fn activity(kind: &'static str, name: &'static str, kcal: u32, amount: (f64, &'static str)) -> Item {
    Item {
        category: "Exercise",
        kind,
        name,
        kcal,
        amount,
        macros: None,
    }
}

pub(super) const OATMEAL: Item = item(
    "Food",
    "Breakfast",
    "Oatmeal with berries",
    380,
    (60.0, "g"),
    (13.0, 8.0, 62.0),
);
pub(super) const BREAKFASTS: &[Item] = &[
    item(
        "Food",
        "Breakfast",
        "Pancakes",
        520,
        (3.0, "piece"),
        (14.0, 18.0, 74.0),
    ),
    item(
        "Food",
        "Breakfast",
        "Scrambled eggs on toast",
        430,
        (1.0, "plate"),
        (24.0, 24.0, 29.0),
    ),
    item(
        "Food",
        "Breakfast",
        "Croissant with jam",
        340,
        (1.0, "piece"),
        (6.0, 17.0, 41.0),
    ),
];
pub(super) const COFFEE: Item = item(
    "Drink",
    "Coffee",
    "Coffee with milk",
    35,
    (1.0, "mug"),
    (1.8, 1.8, 2.6),
);
pub(super) const TEA: Item = item("Drink", "Tea", "Tea with milk", 30, (1.0, "mug"), (1.2, 1.1, 3.4));
pub(super) const JUICE: &[Item] = &[item(
    "Drink",
    "Juice",
    "Orange juice",
    112,
    (250.0, "ml"),
    (1.7, 0.5, 25.8),
)];
pub(super) const LUNCHES: &[Item] = &[
    item(
        "Food",
        "Lunch",
        "Lentil curry",
        650,
        (1.0, "portion"),
        (27.0, 18.0, 92.0),
    ),
    item(
        "Food",
        "Lunch",
        "Cheese sandwich",
        510,
        (1.0, "piece"),
        (22.0, 23.0, 54.0),
    ),
    item(
        "Food",
        "Lunch",
        "Chicken salad",
        460,
        (1.0, "bowl"),
        (38.0, 24.0, 20.0),
    ),
    item(
        "Food",
        "Lunch",
        "Tomato soup with bread",
        420,
        (1.0, "bowl"),
        (13.0, 12.0, 64.0),
    ),
    item(
        "Food",
        "Lunch",
        "Rice with vegetables",
        580,
        (350.0, "g"),
        (15.0, 14.0, 97.0),
    ),
    item(
        "Food",
        "Lunch",
        "Pasta with pesto",
        690,
        (1.0, "plate"),
        (21.0, 29.0, 86.0),
    ),
];
pub(super) const DINNERS: &[Item] = &[
    item(
        "Food",
        "Dinner",
        "Salmon with potatoes",
        720,
        (1.0, "plate"),
        (42.0, 31.0, 66.0),
    ),
    item(
        "Food",
        "Dinner",
        "Vegetable stir fry",
        560,
        (1.0, "plate"),
        (19.0, 22.0, 70.0),
    ),
    item(
        "Food",
        "Dinner",
        "Chili with beans",
        640,
        (400.0, "g"),
        (38.0, 22.0, 70.0),
    ),
    item(
        "Food",
        "Dinner",
        "Pizza",
        860,
        (1.0, "piece"),
        (36.0, 33.0, 102.0),
    ),
    item(
        "Food",
        "Dinner",
        "Omelette with salad",
        520,
        (1.0, "plate"),
        (30.0, 36.0, 17.0),
    ),
    item(
        "Food",
        "Dinner",
        "Bread with cheese",
        610,
        (3.0, "slice"),
        (28.0, 30.0, 56.0),
    ),
    item(
        "Food",
        "Dinner",
        "Chicken with rice",
        690,
        (1.0, "plate"),
        (46.0, 19.0, 80.0),
    ),
];
pub(super) const SNACKS: &[Item] = &[
    item("Food", "Snacks", "Banana", 105, (1.0, "piece"), (1.3, 0.4, 27.0)),
    item("Food", "Snacks", "Apple", 95, (1.0, "piece"), (0.5, 0.3, 25.0)),
    item("Food", "Snacks", "Almonds", 175, (30.0, "g"), (6.3, 15.0, 6.5)),
    item(
        "Food",
        "Snacks",
        "Dark chocolate",
        180,
        (30.0, "g"),
        (2.3, 12.8, 13.8),
    ),
    item(
        "Food",
        "Snacks",
        "Yogurt with honey",
        190,
        (200.0, "g"),
        (9.0, 6.0, 25.0),
    ),
];
pub(super) const TREATS: &[Item] = &[
    item("Drink", "Alcohol", "Beer", 215, (500.0, "ml"), (2.3, 0.0, 17.5)),
    item(
        "Drink",
        "Alcohol",
        "Red wine",
        125,
        (150.0, "ml"),
        (0.1, 0.0, 3.8),
    ),
    item(
        "Food",
        "Snacks",
        "Ice cream",
        270,
        (2.0, "scoop"),
        (4.5, 14.0, 31.0),
    ),
];
pub(super) const WALK: Item = activity("Walk", "Walk to work", 130, (30.0, "min"));
pub(super) const SPORTS: &[Item] = &[
    activity("Run", "Run along the river", 310, (30.0, "min")),
    activity("Cycle", "Cycling", 420, (60.0, "min")),
    activity("Swim", "Swimming", 280, (40.0, "min")),
];
