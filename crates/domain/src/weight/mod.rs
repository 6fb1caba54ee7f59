//! What weigh-ins and logged days say about a body: the trend of its weight, its expenditure, its pace towards a goal.
//!
//! Weights are in kg, energy in kcal, and a kilogram of body weight is [`KCAL_PER_KG`]. Nothing here changes a target: it is
//! proposed, and its user accepts it.

mod bmi;
mod energy_need;
mod expenditure;
mod filter;
mod goal;
mod pace;
mod proposal;
mod trend;

pub use bmi::bmi_class;
pub use energy_need::{ActivityLevel, Sex, energy_need, resting_energy};
pub use expenditure::{Expenditure, LoggedDay, MIN_LOGGED_KCAL, WINDOW, expenditures};
pub use goal::{Forecast, Goal, forecast};
pub use pace::{Pace, pace};
pub use proposal::{MAX_CHANGE, MIN_TARGET, Proposal, propose};
pub use trend::{TrendDay, WeighIn, weight_trend};

/// Energy of a kilogram of body weight in kcal: the usual 3,500 kcal per pound (Wishnofsky, *Am J Clin Nutr* 1958). An
/// assumption: Hall (*Int J Obes* 2008) shows that it depends on how much of the change is fat.
pub const KCAL_PER_KG: f64 = 7_700.0;

/// Standard deviation of a weigh-in in kg: the scale, water and meals of the day.
pub const WEIGH_IN_DEVIATION: f64 = 0.5;
