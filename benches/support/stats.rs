//! Medians and percentiles of measurements.

use std::time::Duration;

/// One measured row of the report.
pub(crate) struct Samples {
    what: &'static str,
    budget: &'static str,
    values: Vec<Duration>,
}

impl Samples {
    pub(crate) fn new(what: &'static str, budget: &'static str, mut values: Vec<Duration>) -> Self {
        values.sort_unstable();
        Self { what, budget, values }
    }

    fn percentile(&self, percent: usize) -> f64 {
        let last = self.values.len() - 1;
        self.values[(last * percent).div_ceil(100)].as_secs_f64() * 1e3
    }

    /// Prints the row as Markdown.
    pub(crate) fn print(&self) {
        println!(
            "| {} | {:.2} ms | {:.2} ms | {:.2} ms | {} | {} |",
            self.what,
            self.percentile(50),
            self.percentile(95),
            self.percentile(99),
            self.values.len(),
            self.budget
        );
    }
}

/// Prints the head of the table whose rows [`Samples::print`] prints.
pub(crate) fn head() {
    println!("| what | p50 | p95 | p99 | runs | budget |\n|---|---|---|---|---|---|");
}
