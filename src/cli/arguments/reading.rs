//! The arguments of commands that read.

use clap::Args;

use super::no_option::no_option;
use crate::cli::candidates;

#[derive(Debug, Args)]
pub(in crate::cli) struct FoodsArguments {
    /// A name or a part of it
    #[arg(required = true, value_name = "QUERY", add = candidates::foods())]
    pub(in crate::cli) query: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SearchArguments {
    /// Words, or their beginnings
    #[arg(required = true, value_name = "TEXT")]
    pub(in crate::cli) text: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArguments {
    /// The day, today by default: 2026-11-23, today, yesterday, tomorrow, mon (the latest), -1d, +1d
    #[arg(allow_hyphen_values = true, value_parser = no_option, value_name = "DAY", conflicts_with_all = ["date", "from", "to"])]
    pub(in crate::cli) day: Option<String>,
    /// The day
    #[arg(long, allow_hyphen_values = true, value_name = "DAY", conflicts_with_all = ["from", "to"])]
    pub(in crate::cli) date: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) range: RangeArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct TodayArguments {
    /// Another day
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) date: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) format: FormatArguments,
}

/// How figures are printed.
#[derive(Debug, Args)]
pub(in crate::cli) struct FormatArguments {
    /// Print this text with the values of JSON members, as in `{remaining} left`
    #[arg(long, allow_hyphen_values = true, value_name = "TEXT")]
    pub(in crate::cli) format: Option<String>,
}

/// Several days.
#[derive(Debug, Args)]
pub(in crate::cli) struct RangeArguments {
    /// The first day; by default six days before the last one
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) from: Option<String>,
    /// The last day; today by default
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) to: Option<String>,
}
