//! The Kalman filter behind [`super::expenditures`]: two states, the weight and the expenditure.

use super::{KCAL_PER_KG, WEIGH_IN_DEVIATION};

/// Standard deviation in kcal of a day's intake as it was logged.
const INTAKE_DEVIATION: f64 = 200.0;
/// Standard deviation in kcal of intake − expenditure on a day without a log.
const UNLOGGED_DEVIATION: f64 = 700.0;
/// Standard deviation in kcal by which the expenditure itself changes in a day.
const DRIFT: f64 = 8.0;
/// Standard deviation in kcal of the expenditure before anything is known.
const PRIOR_DEVIATION: f64 = 700.0;

/// Estimates with their covariance.
///
/// A day changes the weight by (intake − expenditure) / [`KCAL_PER_KG`]; a weigh-in shows the weight with the deviation
/// [`WEIGH_IN_DEVIATION`] (R. E. Kalman, *J. Basic Eng.* 1960, in the form of Welch and Bishop, *An Introduction to the Kalman
/// Filter*, equations 1.9–1.13).
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    /// The estimated weight in kg.
    weight: f64,
    /// The estimated expenditure in kcal a day.
    expenditure: f64,
    /// Of the weight, in kg².
    weight_variance: f64,
    /// Of both, in kg kcal.
    covariance: f64,
    /// Of the expenditure, in kcal².
    expenditure_variance: f64,
}

impl Filter {
    /// Starts at the first weigh-in.
    pub(super) const fn new(weight: f64, expenditure: f64) -> Self {
        Self {
            weight,
            expenditure,
            weight_variance: WEIGH_IN_DEVIATION * WEIGH_IN_DEVIATION,
            covariance: 0.0,
            expenditure_variance: PRIOR_DEVIATION * PRIOR_DEVIATION,
        }
    }

    /// kcal a day, and its standard deviation.
    pub(super) fn expenditure(&self) -> (f64, f64) {
        (self.expenditure, self.expenditure_variance.max(0.0).sqrt())
    }

    /// Passes a day with this intake; `None` if it was not logged. Then the weight is assumed to stay, with a larger deviation.
    pub(super) fn pass_day(&mut self, intake: Option<f64>) {
        let deviation = if let Some(intake) = intake {
            let slope = -1.0 / KCAL_PER_KG;
            self.weight += (intake - self.expenditure) / KCAL_PER_KG;
            self.weight_variance += slope * (2.0 * self.covariance + slope * self.expenditure_variance);
            self.covariance += slope * self.expenditure_variance;
            INTAKE_DEVIATION
        } else {
            UNLOGGED_DEVIATION
        };
        self.weight_variance += (deviation / KCAL_PER_KG).powi(2);
        self.expenditure_variance += DRIFT * DRIFT;
    }

    /// Learns from a weigh-in.
    pub(super) fn weigh_in(&mut self, kg: f64) {
        let innovation = kg - self.weight;
        let variance = self.weight_variance + WEIGH_IN_DEVIATION * WEIGH_IN_DEVIATION;
        let gain = self.weight_variance / variance;
        let expenditure_gain = self.covariance / variance;
        self.weight += gain * innovation;
        self.expenditure += expenditure_gain * innovation;
        self.expenditure_variance -= expenditure_gain * self.covariance;
        self.weight_variance *= 1.0 - gain;
        self.covariance *= 1.0 - gain;
    }
}
