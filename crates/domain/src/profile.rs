//! The user's profile.

use serde::{Deserialize, Serialize};

use crate::{DEFAULT_TARGET, TargetChange};

/// The profile of a user: body and target. A user has one at most. (A profile of the settings is a backend.)
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    #[serde(rename = "caloriesTargetPerDay")]
    pub target: u32,
    /// The history of the target, in ascending order; [`crate::Targets`] tells the target of a day by it.
    pub targets: Vec<TargetChange>,
    /// IANA name of the time zone of days; `None` for the computer's.
    pub time_zone: Option<String>,
    /// Local time at which the logging day rolls over, `HH:MM`.
    pub day_starts_at: Option<String>,
    /// Whether burned calories are added to what remains.
    pub count_exercise: bool,
    /// The number of writes, from 1; 0 without a profile.
    pub rev: u32,
}

impl Profile {
    /// What applies to a user without a profile.
    pub fn new(username: &str) -> Self {
        Self {
            username: username.to_owned(),
            height: None,
            weight: None,
            bmi: None,
            target: DEFAULT_TARGET,
            targets: Vec::new(),
            time_zone: None,
            day_starts_at: None,
            count_exercise: true,
            rev: 0,
        }
    }
}
