//! The entry that the form is filled in with.

use caltrack_domain::{Entry, checked_name, checked_note, line::typed_day, parse_energy, parse_time};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Form,
    amounts::Amounts,
    fields::{Field, Fields, chosen},
};
use crate::app::shell::Shell;

impl Form {
    /// The entry as it is filled in.
    ///
    /// # Errors
    ///
    /// The first field that is invalid, and why.
    pub(super) fn entry(&self, shell: &Shell) -> Result<Entry, (Field, String)> {
        let Fields {
            category,
            kind,
            kcal,
            name,
            date,
            note,
            ..
        } = &self.fields;
        let untouched = |field| self.untouched(field, shell.clock.zone());
        let in_field = |field| move |problem: String| (field, problem);
        let category = chosen(category, "category").map_err(in_field(Field::Category))?;
        let kind = chosen(kind, "type").map_err(in_field(Field::Kind))?;
        let kcal = match untouched(Field::Kcal) {
            Some(entry) => entry.kcal,
            None => parse_energy(kcal.value(), self.fields.energy)
                .map_err(|error| (Field::Kcal, error.to_string()))?,
        };
        // A text that was not touched stays as it is, even if it could not be typed.
        let name = match untouched(Field::Name) {
            Some(entry) => entry.name.clone(),
            None => checked_name(name.value()).map_err(|error| (Field::Name, error.to_string()))?,
        };
        let amounts = match [
            Field::Quantity,
            Field::Unit,
            Field::Protein,
            Field::Fat,
            Field::Carbohydrate,
        ]
        .map(untouched)
        {
            [Some(entry), Some(_), Some(_), Some(_), Some(_)] => Amounts {
                quantity: entry.quantity,
                unit: entry.unit.clone(),
                macros: [entry.protein, entry.fat, entry.carbohydrate],
            },
            _ => Amounts::read(&self.fields)?,
        };
        let date = typed_day(date.value().trim(), shell.today())
            .map_err(|error| (Field::Date, error.to_string()))?;
        let moment = self.moment(date, shell)?;
        let note = match untouched(Field::Note) {
            Some(entry) => entry.note.clone(),
            None => checked_note(note.value()).map_err(|error| (Field::Note, error.to_string()))?,
        };
        let other = match &self.editing {
            // Members that the form doesn't show stay as they are.
            Some(activity) => activity.entry.clone(),
            None => Entry {
                food: self.source_of(name.as_deref().unwrap_or_default()),
                ..Entry::new(date, moment, "", "", 0)
            },
        };
        let [protein, fat, carbohydrate] = amounts.macros;
        Ok(Entry {
            date,
            moment,
            category,
            kind,
            kcal,
            name,
            note,
            quantity: amounts.quantity,
            unit: amounts.unit,
            protein,
            fat,
            carbohydrate,
            ..other
        })
    }

    /// The source of the figures, if they are those of this name.
    fn source_of(&self, name: &str) -> Option<String> {
        let (source, named) = self.source.as_ref()?;
        (named == name).then(|| source.clone())
    }

    /// The entry that is edited, if a field still shows its value.
    fn untouched(&self, field: Field, zone: &TimeZone) -> Option<&Entry> {
        let entry = &self.editing.as_ref()?.entry;
        let own = Fields::of(entry, &[], zone, self.fields.energy);
        self.fields.is_same(&own, field).then_some(entry)
    }

    fn moment(&self, date: Date, shell: &Shell) -> Result<Timestamp, (Field, String)> {
        let clock = &shell.clock;
        let typed = &self.fields.time;
        let time = if typed.is_blank() || self.untouched(Field::Time, clock.zone()).is_some() {
            None
        } else {
            Some(parse_time(typed.value()).map_err(|error| (Field::Time, error.to_string()))?)
        };
        let moment = match (&self.editing, time) {
            (Some(activity), time) => activity.entry.rescheduled(date, time, clock),
            (None, Some(time)) => clock.moment_on(date, time),
            (None, None) => {
                let first = self.attempt.as_ref().map(|attempt| attempt.at);
                clock.moved_to(first.unwrap_or(shell.now.timestamp()), date)
            }
        };
        moment.map_err(|error| (Field::Date, error.to_string()))
    }
}
