//! The arguments of commands that log and change entries.

use clap::Args;

use super::no_option::no_option;
use crate::cli::candidates;

#[derive(Debug, Args)]
pub(in crate::cli) struct AddArguments {
    /// `[day] [@time] [type:] item [, item …] [# note]`, where an item is kcal, a food or an activity; `-` for standard input
    #[arg(required = true, value_name = "TEXT", add = candidates::foods())]
    pub(in crate::cli) text: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: MomentArguments,
    /// A UUID for the first entry, from which those of the others follow: repeating the command with it logs nothing twice; the id of another entry is rejected
    #[arg(long, value_name = "UUID")]
    pub(in crate::cli) id: Option<String>,
    /// Log nothing, and print what would be logged
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct LogArguments {
    /// A category, such as Food
    #[arg(add = candidates::categories())]
    pub(in crate::cli) category: String,
    /// A type of the category, such as Lunch
    #[arg(value_name = "TYPE", add = candidates::types())]
    pub(in crate::cli) kind: String,
    /// A whole number from 0 to 99999
    #[arg(allow_hyphen_values = true, value_parser = no_option)]
    pub(in crate::cli) kcal: String,
    /// What was eaten or done
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) name: Option<String>,
    /// A note
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) note: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: MomentArguments,
    #[command(flatten)]
    pub(in crate::cli) figures: FigureArguments,
    /// A UUID for the entry: repeating the command with it logs nothing twice; the id of another entry is rejected
    #[arg(long, value_name = "UUID")]
    pub(in crate::cli) id: Option<String>,
}

/// When something was eaten or done.
#[derive(Debug, Args)]
pub(in crate::cli) struct MomentArguments {
    /// The day: 2026-11-23, today, yesterday, tomorrow, mon (the latest), -1d, +1d
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) date: Option<String>,
    /// The time of day: 07:30, 7:30pm
    #[arg(long, allow_hyphen_values = true, value_name = "TIME")]
    pub(in crate::cli) at: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EditArguments {
    /// The entry's id, or 4 characters or more of its beginning or end, as `list` shows it; `last` for the one that was logged last
    #[arg(add = candidates::ids())]
    pub(in crate::cli) id: String,
    /// A whole number from 0 to 99999
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) kcal: Option<String>,
    /// A category, such as Food
    #[arg(long, add = candidates::categories())]
    pub(in crate::cli) category: Option<String>,
    /// A type of the category, such as Lunch
    #[arg(long = "type", value_name = "TYPE", add = candidates::types())]
    pub(in crate::cli) kind: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) moment: MomentArguments,
    /// What was eaten or done; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) name: Option<String>,
    /// A note; empty to remove it
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) note: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) figures: FigureArguments,
}

/// The figures of an entry besides its kcal. An empty one is removed.
#[derive(Debug, Args)]
pub(in crate::cli) struct FigureArguments {
    /// How much was eaten or done, in units
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    pub(in crate::cli) quantity: Option<String>,
    /// What the quantity counts: g, ml, portion, min, km
    #[arg(long, allow_hyphen_values = true)]
    pub(in crate::cli) unit: Option<String>,
    /// Grams of protein, with at most one decimal
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(in crate::cli) protein: Option<String>,
    /// Grams of fat
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(in crate::cli) fat: Option<String>,
    /// Grams of carbohydrate
    #[arg(long, allow_hyphen_values = true, value_name = "GRAMS")]
    pub(in crate::cli) carbohydrate: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DeleteArguments {
    /// The entries' ids, or 4 characters or more of the beginning or end of each; `last` for the entry that was logged last
    #[arg(required = true, value_name = "ID", add = candidates::ids())]
    pub(in crate::cli) ids: Vec<String>,
}
