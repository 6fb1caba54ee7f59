//! What the user usually logs at this hour, for the side panel.

use caltrack_domain::line::Reading;

/// Columns of a terminal from which the Today screen has a side panel.
pub const WIDE: u16 = 120;

/// What the readings follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct UsualSource {
    /// The revision of the names.
    pub(in crate::app) names: u64,
    pub(in crate::app) hour: i8,
    /// The number of categories.
    pub(in crate::app) categories: usize,
}

/// What is usual at this hour.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Usual {
    /// Lines of one entry each, likeliest first.
    pub readings: Vec<Reading>,
    /// Whether the first one was logged at about this hour before.
    pub is_likely: bool,
    source: Option<UsualSource>,
}

impl Usual {
    /// Reads what is usual, if it follows from something else than before.
    pub(in crate::app) fn follow(
        &mut self,
        source: UsualSource,
        read: impl FnOnce() -> (Vec<Reading>, bool),
    ) {
        if self.source != Some(source) {
            (self.readings, self.is_likely) = read();
            self.source = Some(source);
        }
    }
}
