//! The user's profile.

use serde::Serialize;

use crate::TargetChange;

/// The profile of a user: body and target. A user has one at most. (A profile of the settings is a backend.)
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The user name in the pool's spelling.
    pub username: String,
    /// Body height in cm.
    pub height: Option<f64>,
    /// Body weight in kg.
    pub weight: Option<f64>,
    /// Body mass index in kg/m², computed by the backend.
    pub bmi: Option<f64>,
    /// The present target in kcal per day, as programs without history know it.
    pub target: u32,
    /// The history of the target, in ascending order; [`crate::Targets`] tells the target of a day by it.
    pub targets: Vec<TargetChange>,
    /// IANA name of the time zone of days; `None` for the computer's.
    pub time_zone: Option<String>,
    /// Local time at which the logging day rolls over, `HH:MM`.
    pub day_starts_at: Option<String>,
    /// Whether burned calories are added to what remains.
    pub count_exercise: bool,
    /// The number of writes, from 1.
    pub rev: u32,
}

/// An edit of a profile: a member that is `Some` is set, of the optional ones `Some(None)` removes.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ProfilePatch {
    /// Body height in cm, above 0 and at most 300.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<Option<f64>>,
    /// Body weight in kg, above 0 and at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Option<f64>>,
    /// Energy target in kcal per day, 1 to 99,999.
    #[serde(rename = "caloriesTargetPerDay", skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    /// Targets by day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<TargetChange>>,
    /// IANA name of the time zone of days.
    #[serde(rename = "timeZone", skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Option<String>>,
    /// Local time at which the logging day rolls over, `HH:MM`.
    #[serde(rename = "dayStartsAt", skip_serializing_if = "Option::is_none")]
    pub day_starts_at: Option<Option<String>>,
    /// Whether burned calories are added to what remains.
    #[serde(rename = "countExercise", skip_serializing_if = "Option::is_none")]
    pub count_exercise: Option<bool>,
}
