//! The form of an own food, a favourite or a recipe.

use caltrack_domain::{
    Entry, checked_name, checked_unit,
    library::{SavedItem, SavedKind, recipe},
    line::Own,
    parse_kcal,
};

use super::{subject::Subject, surroundings::Surroundings};
use crate::app::{
    failure::Failure,
    input::{
        action::Control, bindings::Meaning, context::Context, key::Key, keymap::Keymap, text_field::TextField,
    },
    reaction::Reaction,
    text::failed_typed,
};

const LIMIT: usize = 400;
/// The largest weight, quantity and number of portions.
const MAX_NUMBER: f64 = 100_000.0;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedField {
    /// The name.
    Name,
    /// kcal of the amount.
    Kcal,
    /// The number of units of the amount.
    Quantity,
    /// What the quantity counts.
    Unit,
    /// g of the amount, so that it can be logged by weight.
    Weight,
    /// g of protein in the amount.
    Protein,
    /// g of fat in the amount.
    Fat,
    /// g of carbohydrate in the amount.
    Carbohydrate,
    /// The number of portions of a new recipe.
    Portions,
    /// g of the whole cooked dish of a new recipe.
    Cooked,
}

const ITEM: [SavedField; 8] = [
    SavedField::Name,
    SavedField::Kcal,
    SavedField::Quantity,
    SavedField::Unit,
    SavedField::Weight,
    SavedField::Protein,
    SavedField::Fat,
    SavedField::Carbohydrate,
];
const NEW_RECIPE: [SavedField; 3] = [SavedField::Name, SavedField::Portions, SavedField::Cooked];

impl SavedField {
    /// Its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Kcal => "kcal",
            Self::Quantity => "Quantity",
            Self::Unit => "Unit",
            Self::Weight => "Weight, g",
            Self::Protein => "Protein",
            Self::Fat => "Fat",
            Self::Carbohydrate => "Carbs",
            Self::Portions => "Portions",
            Self::Cooked => "Cooked, g",
        }
    }
}

/// The form of an item of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedForm {
    /// The item that is edited; of a new recipe, its key and kind only.
    item: SavedItem,
    /// The entries of a new recipe.
    parts: Vec<Entry>,
    /// The texts that it opened with.
    filled: Vec<String>,
    /// The fields and their texts.
    pub fields: Vec<(SavedField, TextField)>,
    /// The index of the field that takes the keys.
    pub focus: usize,
    /// What is wrong.
    pub problem: Option<String>,
}

impl SavedForm {
    /// The form of an item.
    pub(super) fn of(item: &SavedItem) -> Self {
        let own = &item.own;
        let [protein, fat, carbohydrate] = own.macros.map(shown);
        let texts = [
            own.name.clone(),
            own.kcal.to_string(),
            shown(own.quantity),
            own.unit.clone().unwrap_or_default(),
            shown(own.grams),
            protein,
            fat,
            carbohydrate,
        ];
        Self::with(item.clone(), Vec::new(), ITEM.into_iter().zip(texts))
    }

    /// The form of a new own food.
    pub(in crate::app) fn food(id: &str) -> Self {
        let item = SavedItem {
            key: SavedKind::Food.key(id),
            kind: SavedKind::Food,
            own: blank(),
        };
        let texts = ITEM.into_iter().map(|field| (field, String::new()));
        Self::with(item, Vec::new(), texts)
    }

    /// The form of a recipe of entries; none without food among them.
    pub(in crate::app) fn recipe(id: &str, parts: Vec<Entry>) -> Option<Self> {
        let item = recipe(id, "", &parts, 1.0, None)?;
        let texts = ["", "1", ""].map(str::to_owned);
        Some(Self::with(item, parts, NEW_RECIPE.into_iter().zip(texts)))
    }

    fn with(item: SavedItem, parts: Vec<Entry>, texts: impl Iterator<Item = (SavedField, String)>) -> Self {
        let (fields, filled): (Vec<_>, Vec<_>) = texts.unzip();
        let typed = fields.into_iter().zip(&filled).map(|(field, text)| {
            let mut typed = TextField::new(LIMIT);
            typed.set(text);
            (field, typed)
        });
        Self {
            item,
            parts,
            fields: typed.collect(),
            filled,
            focus: 0,
            problem: None,
        }
    }

    pub(super) fn subject(&self) -> Subject {
        if !self.parts.is_empty() {
            Subject::Recipe
        } else if self.item.own.name.is_empty() {
            Subject::NewFood
        } else {
            Subject::Item(self.item.key.clone())
        }
    }

    /// The texts, unless they are empty or those that it opened with.
    pub(super) fn typed(&self) -> Option<Vec<String>> {
        let texts = self.fields.iter().map(|(_, text)| text.value().to_owned());
        let texts: Vec<String> = texts.collect();
        let is_typed = texts != self.filled && texts.iter().any(|text| !text.trim().is_empty());
        is_typed.then_some(texts)
    }

    pub(super) fn fill(&mut self, texts: &[String]) {
        for ((_, field), text) in self.fields.iter_mut().zip(texts) {
            field.set(text);
        }
    }

    /// The title of the dialog.
    pub fn title(&self) -> String {
        match (self.item.kind, self.parts.len()) {
            (kind, 0) => format!("Library: {}", kind.word()),
            (_, 1) => "Recipe of 1 entry".to_owned(),
            (_, count) => format!("Recipe of {count} entries"),
        }
    }

    fn text(&self, wanted: SavedField) -> &str {
        let found = self.fields.iter().find(|(field, _)| *field == wanted);
        found.map_or("", |(_, text)| text.value().trim())
    }

    pub(super) fn press(&mut self, around: &mut Surroundings<'_>, key: Key) -> Reaction {
        match around.shell.keymap.meaning(Context::LibraryItem, key) {
            Some(Meaning::Control(Control::Back)) => return Reaction::Close,
            Some(Meaning::Control(Control::NextField)) => self.step(1),
            Some(Meaning::Control(Control::PreviousField)) => self.step(self.fields.len().saturating_sub(1)),
            Some(Meaning::Control(Control::Confirm)) => match self.saved(around) {
                Ok(reaction) => return reaction,
                Err(problem) => self.problem = Some(problem),
            },
            Some(Meaning::Action(action)) => return Reaction::Run(action),
            Some(Meaning::Control(Control::Move(_))) | None => {
                if let Some((_, text)) = self.fields.get_mut(self.focus)
                    && text.press(key)
                {
                    self.problem = None;
                }
            }
        }
        Reaction::Stay
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        if let Some((_, text)) = self.fields.get_mut(self.focus) {
            text.paste(pasted);
            self.problem = None;
        }
    }

    /// The item could not be saved.
    pub(super) fn fail(&mut self, failure: &Failure, keymap: &Keymap) {
        self.problem = Some(failed_typed(failure, &keymap.confirm(Context::LibraryItem)));
    }

    fn step(&mut self, by: usize) {
        self.focus = (self.focus + by) % self.fields.len().max(1);
    }

    fn saved(&self, around: &Surroundings<'_>) -> Result<Reaction, String> {
        let item = self.item()?;
        let change = item.edit(around.saved.library(), around.shell.now.timestamp());
        let name = format!("{} saved as {}", item.own.name, item.kind.word());
        let effect = around.saved.saving(name, change);
        effect.map(Reaction::Finish).map_err(|full| full.to_string())
    }

    /// The item as it is filled in.
    fn item(&self) -> Result<SavedItem, String> {
        let name = checked_name(self.text(SavedField::Name)).map_err(|error| error.to_string())?;
        let name = name.ok_or("a name is needed, by which the line finds it")?;
        if !self.parts.is_empty() {
            let portions = number("portions", self.text(SavedField::Portions))?.unwrap_or(1.0);
            let cooked = number("cooked weight", self.text(SavedField::Cooked))?;
            let id = self.item.key.split_once(':').map_or("", |(_, id)| id);
            return recipe(id, &name, &self.parts, portions, cooked)
                .ok_or_else(|| "a recipe is made of food and drinks".to_owned());
        }
        let unit = checked_unit(self.text(SavedField::Unit)).map_err(|error| error.to_string())?;
        let own = Own {
            name,
            kcal: parse_kcal(self.text(SavedField::Kcal)).map_err(|error| error.to_string())?,
            quantity: number("quantity", self.text(SavedField::Quantity))?,
            unit,
            grams: number("weight", self.text(SavedField::Weight))?,
            macros: [
                number("protein", self.text(SavedField::Protein))?,
                number("fat", self.text(SavedField::Fat))?,
                number("carbs", self.text(SavedField::Carbohydrate))?,
            ],
            ..self.item.own.clone()
        };
        Ok(SavedItem {
            own,
            ..self.item.clone()
        })
    }
}

fn shown(number: Option<f64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}

fn blank() -> Own {
    Own {
        name: String::new(),
        category: "Food".to_owned(),
        kind: "Snacks".to_owned(),
        kcal: 0,
        quantity: None,
        unit: None,
        grams: None,
        macros: [None; 3],
        food: None,
    }
}

/// A number above 0 with a point or a comma; none for a blank text.
fn number(what: &str, text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.replacen(',', ".", 1).parse::<f64>() {
        Ok(number) if number > 0.0 && number <= MAX_NUMBER => Ok(Some(number)),
        Ok(_) | Err(_) => Err(format!("{what} is a number above 0, such as `2` or `1.5`")),
    }
}
