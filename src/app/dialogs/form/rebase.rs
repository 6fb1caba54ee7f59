//! An entry that is changed elsewhere while the form is open.

use caltrack_domain::{Activity, Category};
use jiff::tz::TimeZone;

use super::{Form, amounts::Basis, fields::Fields};
use crate::app::input::text_field::TextField;

impl Form {
    /// The entry has another revision: fields that the user left alone follow it, and those that were changed here and elsewhere
    /// are named. `confirm` is the key that saves.
    pub(in crate::app::dialogs) fn rebase(
        &mut self,
        newest: &Activity,
        categories: &[Category],
        zone: &TimeZone,
        confirm: &str,
    ) {
        let Some(before) = self.editing.as_ref().filter(|before| newest.rev > before.rev) else {
            return;
        };
        let (base, theirs) = (before.entry.clone(), newest.entry.clone());
        let energy = self.fields.energy;
        let old = Fields::of(&base, categories, zone, energy);
        let mut fields = Fields::of(&theirs, categories, zone, energy);
        let both = fields.changed_in_both(&self.fields, &old);
        fields.keep_changes(&self.fields, &old);
        if self.fields.text(self.focus).is_some_and(TextField::is_selected)
            && let Some(text) = fields.text_mut(self.focus)
        {
            text.select();
        }
        self.fields = fields;
        self.basis = Basis::of(&newest.entry);
        self.editing = Some(newest.clone());
        if !both.is_empty() {
            let text = format!(
                "edited elsewhere meanwhile: {}; {confirm} saves yours",
                both.join(", ")
            );
            self.problem = Some((None, text));
        }
    }
}
