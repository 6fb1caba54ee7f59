//! The energy that a body of this size needs, by a formula.

/// The sex that the formula knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Its word in lists and in the library.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }

    /// The sex of a word or of its first letter.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "female" | "f" => Some(Self::Female),
            "male" | "m" => Some(Self::Male),
            _ => None,
        }
    }
}

/// The exercise of a usual week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityLevel {
    /// Sitting, no exercise.
    Sedentary,
    /// Exercise on 1 to 3 days a week.
    Light,
    /// Exercise on 3 to 5 days a week.
    Moderate,
    /// Exercise on 6 or 7 days a week.
    High,
    /// Hard exercise daily, or hard physical work.
    VeryHigh,
}

impl ActivityLevel {
    /// Every level, the lowest first.
    pub const ALL: [Self; 5] = [
        Self::Sedentary,
        Self::Light,
        Self::Moderate,
        Self::High,
        Self::VeryHigh,
    ];

    /// Its word in lists and in the library.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sedentary => "sedentary",
            Self::Light => "light",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::VeryHigh => "very high",
        }
    }

    /// The level of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.word() == word)
    }

    /// The factor by which the resting energy is multiplied: the usual ones of calculators, which go back to Harris and
    /// Benedict's tables.
    pub const fn factor(self) -> f64 {
        match self {
            Self::Sedentary => 1.2,
            Self::Light => 1.375,
            Self::Moderate => 1.55,
            Self::High => 1.725,
            Self::VeryHigh => 1.9,
        }
    }
}

/// kcal a day at rest: 10 × kg + 6.25 × cm − 5 × age + 5 (male) or − 161 (female) (Mifflin, St Jeor et al., *Am J Clin Nutr*
/// 1990; 51: 241–247). Without a sex the mean of both. `age` is in years; the formula was fitted to adults of 19 to 78.
pub fn resting_energy(sex: Option<Sex>, kg: f64, cm: f64, age: u8) -> f64 {
    let constant = match sex {
        Some(Sex::Male) => 5.0,
        Some(Sex::Female) => -161.0,
        None => -78.0,
    };
    let size = 10.0_f64.mul_add(kg, 6.25 * cm);
    (size - 5.0 * f64::from(age) + constant).max(0.0)
}

/// kcal a day with usual activity: [`resting_energy`] × [`ActivityLevel::factor`].
pub fn energy_need(sex: Option<Sex>, kg: f64, cm: f64, age: u8, level: ActivityLevel) -> f64 {
    resting_energy(sex, kg, cm, age) * level.factor()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_gives_the_values_calculated_by_hand() {
        // 10 × 70 + 6.25 × 175 − 5 × 30 = 1643.75.
        let at_rest = |sex| resting_energy(sex, 70.0, 175.0, 30);
        assert!((at_rest(Some(Sex::Male)) - 1_648.75).abs() < 1e-9);
        assert!((at_rest(Some(Sex::Female)) - 1_482.75).abs() < 1e-9);
        assert!((at_rest(None) - 1_565.75).abs() < 1e-9);
        let need = energy_need(Some(Sex::Female), 70.0, 175.0, 30, ActivityLevel::Light);
        assert!((need - 1_482.75 * 1.375).abs() < 1e-9);
    }

    #[test]
    fn the_result_is_never_negative() {
        assert!(resting_energy(Some(Sex::Female), 2.0, 1.0, 255).abs() < 1e-9);
    }
}
