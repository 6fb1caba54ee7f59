//! The form of an own food, a favourite or a recipe.

use std::borrow::Cow;

use caltrack_domain::{
    EnergyUnit, Entry, checked_name, checked_unit,
    library::{Recipe, SavedItem, SavedKind},
    line::Own,
    parse_energy,
};

use super::{
    part_text::{amount, changed, number},
    subject::Subject,
    surroundings::Surroundings,
};
use crate::app::{
    failure::Failure,
    input::{
        action::Control, bindings::Meaning, context::Context, key::Key, keymap::Keymap, text_field::TextField,
    },
    reaction::Reaction,
    text::failed_typed,
};

const LIMIT: usize = 400;

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SavedField {
    /// The name.
    Name,
    /// The energy of the amount.
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
    /// The number of portions of a recipe.
    Portions,
    /// g of the whole cooked dish of a recipe.
    Cooked,
    /// The amount of a part of a recipe, by its index.
    Part(usize),
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
const RECIPE: [SavedField; 3] = [SavedField::Name, SavedField::Portions, SavedField::Cooked];

impl SavedField {
    const fn label(self) -> &'static str {
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
            Self::Part(_) => "Part",
        }
    }
}

/// The form of an item of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedForm {
    /// The item that is edited; of a new one, its key and kind only.
    item: SavedItem,
    /// The recipe that is edited; none of other items.
    recipe: Option<Recipe>,
    /// The unit of energy of texts without one.
    energy: EnergyUnit,
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
    pub(super) fn of(item: &SavedItem, energy: EnergyUnit) -> Self {
        if let Some(recipe) = &item.recipe {
            return Self::of_recipe(item.clone(), recipe.clone(), energy);
        }
        let own = &item.own;
        let [protein, fat, carbohydrate] = own.macros.map(shown);
        let texts = [
            own.name.clone(),
            energy.of_kcal(own.kcal.into()).to_string(),
            shown(own.quantity),
            own.unit.clone().unwrap_or_default(),
            shown(own.grams),
            protein,
            fat,
            carbohydrate,
        ];
        Self::with(item.clone(), None, energy, ITEM.into_iter().zip(texts))
    }

    /// The form of a new own food.
    pub(in crate::app) fn food(id: &str, energy: EnergyUnit) -> Self {
        let item = SavedItem {
            key: SavedKind::Food.key(id),
            kind: SavedKind::Food,
            own: blank(),
            recipe: None,
        };
        let texts = ITEM.into_iter().map(|field| (field, String::new()));
        Self::with(item, None, energy, texts)
    }

    /// The form of a recipe of entries; none without food among them.
    pub(in crate::app) fn recipe(id: &str, entries: &[Entry], energy: EnergyUnit) -> Option<Self> {
        let recipe = Recipe::of(entries)?;
        let item = SavedItem::of_recipe(SavedKind::Recipe.key(id), "", recipe.clone())?;
        Some(Self::of_recipe(item, recipe, energy))
    }

    fn of_recipe(item: SavedItem, recipe: Recipe, energy: EnergyUnit) -> Self {
        let texts = [
            item.own.name.clone(),
            recipe.portions.to_string(),
            shown(recipe.cooked),
        ];
        let parts = recipe.parts.iter().map(|part| amount(part, energy)).enumerate();
        let parts: Vec<_> = parts.map(|(at, text)| (SavedField::Part(at), text)).collect();
        let texts = RECIPE.into_iter().zip(texts).chain(parts);
        Self::with(item, Some(recipe), energy, texts)
    }

    fn with(
        item: SavedItem,
        recipe: Option<Recipe>,
        energy: EnergyUnit,
        texts: impl Iterator<Item = (SavedField, String)>,
    ) -> Self {
        let (fields, filled): (Vec<_>, Vec<_>) = texts.unzip();
        let typed = fields.into_iter().zip(&filled).map(|(field, text)| {
            let mut typed = TextField::new(LIMIT);
            typed.set(text);
            (field, typed)
        });
        Self {
            item,
            recipe,
            energy,
            fields: typed.collect(),
            filled,
            focus: 0,
            problem: None,
        }
    }

    pub(super) fn subject(&self) -> Subject {
        match (&self.recipe, self.item.own.name.is_empty()) {
            (Some(_), true) => Subject::Recipe,
            (None, true) => Subject::NewFood,
            (_, false) => Subject::Item(self.item.key.clone()),
        }
    }

    /// The texts, unless they are empty or those that it opened with.
    pub(super) fn typed(&self) -> Option<Vec<String>> {
        // The amounts of a new recipe belong to its entries.
        let count = match self.subject() {
            Subject::Recipe => RECIPE.len(),
            _ => self.fields.len(),
        };
        let texts = self.fields.iter().map(|(_, text)| text.value().to_owned());
        let mut texts: Vec<String> = texts.take(count).collect();
        let filled = self.filled.get(..count).unwrap_or_default();
        let is_typed = texts != filled && texts.iter().any(|text| !text.trim().is_empty());
        let energy = self.fields.iter().zip(&mut texts);
        let energy = energy.filter(|((field, _), _)| *field == SavedField::Kcal);
        for (_, text) in energy {
            // It may be opened again after another unit was chosen.
            if self.energy != EnergyUnit::Kcal && text.ends_with(|c: char| c.is_ascii_digit()) {
                *text = format!("{text} {}", self.energy.symbol());
            }
        }
        is_typed.then_some(texts)
    }

    pub(super) fn fill(&mut self, texts: &[String]) {
        for ((_, field), text) in self.fields.iter_mut().zip(texts) {
            field.set(text);
        }
    }

    /// The title of the dialog.
    pub fn title(&self) -> String {
        match (&self.recipe, self.item.own.name.is_empty()) {
            (None, _) | (Some(_), false) => format!("Library: {}", self.item.kind.word()),
            (Some(recipe), true) => match recipe.parts.len() {
                1 => "Recipe of 1 entry".to_owned(),
                count => format!("Recipe of {count} entries"),
            },
        }
    }

    /// The label of a field: of a part, its name.
    pub fn label(&self, field: SavedField) -> Cow<'_, str> {
        let part = match (field, &self.recipe) {
            (SavedField::Part(at), Some(recipe)) => recipe.parts.get(at),
            _ => None,
        };
        let label = match field {
            SavedField::Kcal => self.energy.symbol(),
            other => other.label(),
        };
        part.map_or(Cow::Borrowed(label), |part| Cow::Borrowed(&part.name))
    }

    /// What the fields stand for.
    pub fn hint(&self) -> Cow<'static, str> {
        match &self.recipe {
            None => Cow::Borrowed("figures of one amount"),
            Some(_) => Cow::Owned(format!(
                "an amount changes its {}; an empty one removes the part",
                self.energy.symbol()
            )),
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

    /// Goes to another field, where a figure is selected, so that typing replaces it.
    fn step(&mut self, by: usize) {
        if let Some((_, left)) = self.fields.get_mut(self.focus) {
            left.deselect();
        }
        self.focus = (self.focus + by) % self.fields.len().max(1);
        if let Some((field, text)) = self.fields.get_mut(self.focus)
            && !matches!(field, SavedField::Name | SavedField::Unit)
        {
            text.select();
        }
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
        if let Some(recipe) = &self.recipe {
            let parts = recipe.parts.iter().enumerate();
            let parts = parts.filter_map(|(at, part)| {
                changed(part, self.text(SavedField::Part(at)), self.energy).transpose()
            });
            let recipe = Recipe {
                portions: number("portions", self.text(SavedField::Portions))?.unwrap_or(1.0),
                cooked: number("cooked weight", self.text(SavedField::Cooked))?,
                parts: parts.collect::<Result<_, _>>()?,
            };
            return SavedItem::of_recipe(self.item.key.clone(), &name, recipe)
                .ok_or_else(|| "a recipe is made of food and drinks; one part stays".to_owned());
        }
        let unit = checked_unit(self.text(SavedField::Unit)).map_err(|error| error.to_string())?;
        let own = Own {
            name,
            kcal: parse_energy(self.text(SavedField::Kcal), self.energy)
                .map_err(|error| error.to_string())?,
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
