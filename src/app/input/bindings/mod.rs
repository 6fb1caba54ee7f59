//! The default keys.

mod dialogs;
mod meaning;
mod row;
mod screens;

pub use self::meaning::{Binding, Meaning};
use self::row::Row;
use super::context::Context;
use crate::app::tab::Tab;

/// The bindings of every context, in the order of the footer and the help.
pub(super) fn defaults() -> Vec<Binding> {
    Context::all()
        .flat_map(|context| {
            rows(context).iter().map(move |(keys, meaning, footer)| Binding {
                context,
                keys: keys.to_vec(),
                meaning: *meaning,
                footer: *footer,
            })
        })
        .collect()
}

const fn rows(context: Context) -> &'static [Row] {
    match context {
        Context::Tab(Tab::Today) => screens::TODAY,
        Context::Tab(Tab::History) => screens::HISTORY,
        Context::Tab(Tab::Trends) => screens::TRENDS,
        Context::Tab(Tab::Suggestions) => screens::SUGGESTIONS,
        Context::Tab(Tab::Profile) => screens::PROFILE,
        Context::Quick => dialogs::QUICK,
        Context::Picker => dialogs::PICKER,
        Context::Text | Context::LibraryItem => dialogs::TEXT,
        Context::Palette => dialogs::PALETTE,
        Context::Help => dialogs::HELP,
        Context::Queue => dialogs::QUEUE,
        Context::Repeat => dialogs::REPEAT,
        Context::Library => dialogs::LIBRARY,
        Context::MoveTo => dialogs::MOVE_TO,
        Context::ChangeType => dialogs::CHANGE_TYPE,
        Context::Search => dialogs::SEARCH,
        Context::Found => dialogs::FOUND,
        Context::Jump => dialogs::JUMP,
        Context::Themes => dialogs::THEMES,
        Context::Settings => dialogs::SETTINGS,
        Context::Tour => dialogs::TOUR,
        Context::Value => dialogs::VALUE,
        Context::SignOut => dialogs::SIGN_OUT,
        Context::WholeAccount => dialogs::WHOLE_ACCOUNT,
        Context::ImportFile => dialogs::IMPORT_FILE,
        Context::Import => dialogs::IMPORT,
        Context::Start => screens::START,
        Context::Account => screens::ACCOUNT,
        Context::Global => screens::GLOBAL,
    }
}
