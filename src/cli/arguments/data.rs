//! The arguments of commands by which data come in and go out as text.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::no_option::no_option;
use crate::cli::candidates;

#[derive(Debug, Args)]
pub(in crate::cli) struct ExportArguments {
    /// csv and json are read again by `import`; ledger is for hledger
    #[arg(long, value_enum, default_value_t = ExportFormat::Csv)]
    pub(in crate::cli) format: ExportFormat,
    /// The first day; by default the first one with entries
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) from: Option<String>,
    /// The last day; by default the last one with entries
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportFormat {
    /// Entries, one a row
    Csv,
    /// Profile, weights and entries
    Json,
    /// A journal of kcal and grams
    Ledger,
    /// Markdown, a table for each day
    #[value(alias = "markdown")]
    Md,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArguments {
    /// The files; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Log nothing, and report what would be imported
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// The tracker: other files are refused; for tables of unknown trackers, a name for the notes
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) source: Option<String>,
    /// Import rows again that were imported before, under new ids
    #[arg(long)]
    pub(in crate::cli) again: bool,
    /// Which column has what, in tables of unknown trackers: `date=0,name=Food,kcal=3`; numbers start at 0
    #[arg(long, value_name = "KEY=COLUMN,…")]
    pub(in crate::cli) map: Option<String>,
    /// The order of day and month, where the file leaves a doubt: day-first or month-first
    #[arg(long, value_name = "ORDER")]
    pub(in crate::cli) dates: Option<String>,
    /// The sign before decimals, where the file leaves a doubt: point or comma
    #[arg(long, value_name = "SIGN")]
    pub(in crate::cli) decimal: Option<String>,
    /// The unit of weights, where the file names none: kg, lb or st
    #[arg(long, value_name = "UNIT")]
    pub(in crate::cli) weights: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EditDayArguments {
    /// The day, today by default: 2026-11-23, today, yesterday, mon (the latest), -1d
    #[arg(allow_hyphen_values = true, value_parser = no_option, value_name = "DAY")]
    pub(in crate::cli) day: Option<String>,
    /// Apply the changes without a question
    #[arg(long)]
    pub(in crate::cli) yes: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct BackupArguments {
    /// The file; an earlier backup there is replaced
    #[arg(value_name = "FILE")]
    pub(in crate::cli) file: PathBuf,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct RestoreArguments {
    /// The file that `backup` wrote
    #[arg(value_name = "FILE", required_unless_present = "snapshot")]
    pub(in crate::cli) file: Option<PathBuf>,
    /// Go back to the tables of a day: the box on this computer keeps seven daily snapshots, which `doctor` names
    ///
    /// What is replaced becomes a snapshot itself. Accounts and passwords stay as they are.
    #[arg(long, value_name = "NAME", conflicts_with = "file")]
    pub(in crate::cli) snapshot: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct CopyArguments {
    /// The profile with the other account; `local` is this computer
    #[arg(long, value_name = "PROFILE", add = candidates::profiles())]
    pub(in crate::cli) to: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct DeleteAccountArguments {
    /// Confirm without a question; it has to be given twice
    #[arg(long, action = clap::ArgAction::Count)]
    pub(in crate::cli) yes: u8,
}
