//! What an edit changes.

use caltrack_domain::{Activity, ActivityPatch, NewActivity};
use jiff::{Timestamp, civil::Date};

/// What a user can edit of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The day.
    pub date: Date,
    /// The moment.
    pub moment: Timestamp,
    /// The category.
    pub category: String,
    /// The type.
    pub kind: String,
    /// kcal.
    pub kcal: u32,
    /// The name.
    pub name: Option<String>,
    /// The note.
    pub note: Option<String>,
    /// How many portions.
    pub quantity: Option<f64>,
}

impl Values {
    /// Of an entry.
    pub fn of(activity: &Activity) -> Self {
        Self {
            date: activity.date,
            moment: activity.creation_date_time,
            category: activity.category.clone(),
            kind: activity.kind.clone(),
            kcal: activity.kcal,
            name: activity.name.clone(),
            note: activity.note.clone(),
            quantity: activity.quantity,
        }
    }

    /// Of an entry about to be logged.
    pub fn of_new(activity: &NewActivity) -> Self {
        Self {
            date: activity.date,
            moment: activity.creation_date_time,
            category: activity.category.clone(),
            kind: activity.kind.clone(),
            kcal: activity.kcal,
            name: activity.name.clone(),
            note: activity.note.clone(),
            quantity: activity.quantity,
        }
    }

    /// A new entry of these values.
    pub fn entry(self, id: String) -> NewActivity {
        NewActivity {
            id,
            date: self.date,
            creation_date_time: self.moment,
            category: self.category,
            kind: self.kind,
            kcal: self.kcal,
            name: self.name,
            note: self.note,
            quantity: self.quantity,
        }
    }

    /// The edit that leads from `before` to these values; none where they are the same.
    pub fn patch_from(&self, before: &Self) -> Option<ActivityPatch> {
        // A type means nothing without its category, so they travel together.
        let sort = self.category != before.category || self.kind != before.kind;
        let patch = ActivityPatch {
            date: (self.date != before.date).then_some(self.date),
            creation_date_time: (self.moment != before.moment).then_some(self.moment),
            category: sort.then(|| self.category.clone()),
            kind: sort.then(|| self.kind.clone()),
            kcal: (self.kcal != before.kcal).then_some(self.kcal),
            name: (self.name != before.name).then(|| self.name.clone()),
            note: (self.note != before.note).then(|| self.note.clone()),
            quantity: (self.quantity != before.quantity).then_some(self.quantity),
        };
        (patch != ActivityPatch::default()).then_some(patch)
    }
}

/// The entry as it will be once the edit is saved.
pub fn apply(activity: &Activity, patch: &ActivityPatch) -> Activity {
    let mut after = activity.clone();
    if let Some(date) = patch.date {
        after.date = date;
    }
    if let Some(moment) = patch.creation_date_time {
        after.creation_date_time = moment;
    }
    if let Some(category) = &patch.category {
        after.category.clone_from(category);
    }
    if let Some(kind) = &patch.kind {
        after.kind.clone_from(kind);
    }
    if let Some(kcal) = patch.kcal {
        after.kcal = kcal;
    }
    if let Some(name) = &patch.name {
        after.name.clone_from(name);
    }
    if let Some(note) = &patch.note {
        after.note.clone_from(note);
    }
    if let Some(quantity) = patch.quantity {
        after.quantity = quantity;
    }
    after
}
