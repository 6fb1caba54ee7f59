//! The arguments of commands on the profile and the weight.

use clap::Args;

use super::no_option::no_option;

/// Values of the profile; an empty one is removed.
#[derive(Debug, Args)]
pub(in crate::cli) struct ProfileArguments {
    /// kcal per day, from today on; earlier days keep their target
    #[arg(
        long,
        allow_hyphen_values = true,
        value_name = "KCAL",
        conflicts_with = "targets"
    )]
    pub(in crate::cli) target: Option<String>,
    /// kcal by weekday, from today on: seven numbers, Monday first, with commas between
    #[arg(long, allow_hyphen_values = true, value_name = "KCAL,…")]
    pub(in crate::cli) targets: Option<String>,
    /// Body height
    #[arg(long, allow_hyphen_values = true, value_name = "CM")]
    pub(in crate::cli) height: Option<String>,
    /// Body weight, from which the body mass index follows; `weight` notes a day's as well
    #[arg(long, allow_hyphen_values = true, value_name = "KG")]
    pub(in crate::cli) weight: Option<String>,
    /// The time zone of days, such as Europe/Berlin; empty for the computer's
    #[arg(long, allow_hyphen_values = true, value_name = "ZONE")]
    pub(in crate::cli) time_zone: Option<String>,
    /// The time at which a day begins, such as 04:00: what is logged earlier counts for the day before
    #[arg(long, allow_hyphen_values = true, value_name = "HH:MM")]
    pub(in crate::cli) day_starts_at: Option<String>,
    /// Whether burned kcal are added to what remains
    #[arg(long, value_name = "BOOLEAN")]
    pub(in crate::cli) count_exercise: Option<bool>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct WeightArguments {
    /// The weight in kg; empty to remove the day's
    #[arg(allow_hyphen_values = true, value_parser = no_option)]
    pub(in crate::cli) kg: Option<String>,
    /// The day, today by default; without a weight, the last one that was noted until that day is shown
    #[arg(long, allow_hyphen_values = true, value_name = "DAY")]
    pub(in crate::cli) date: Option<String>,
}
