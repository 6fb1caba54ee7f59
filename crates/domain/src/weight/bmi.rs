//! The body mass index and its classes.

/// The class of a body mass index in kg/m² (WHO, *Obesity: preventing and managing the global epidemic*, Technical Report Series
/// 894, 2000), for adults.
pub fn bmi_class(bmi: f64) -> &'static str {
    match bmi {
        ..18.5 => "underweight",
        18.5..25.0 => "normal",
        25.0..30.0 => "overweight",
        _ => "obesity",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_begin_at_their_limits() {
        let classes = [18.4, 18.5, 24.99, 25.0, 30.0].map(bmi_class);
        assert_eq!(
            classes,
            ["underweight", "normal", "normal", "overweight", "obesity"]
        );
    }
}
