//! The table of tabs: the screens of a signed-in user.

/// A screen of a signed-in user. A new one needs its variant with a title here, its state in `screens/`, its picture in
/// `view/screens/` and its keys in `input/bindings.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Tab {
    /// A day and its entries.
    #[default]
    Today,
}

impl Tab {
    /// Every tab, in their order.
    pub const ALL: &[Self] = &[Self::Today];

    /// Its name in the help.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Today => "Today",
        }
    }
}
