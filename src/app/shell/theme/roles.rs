//! The roles of the screens.

use super::{color::Depth, paint::Paint};

/// Makes [`Theme`] from one list of roles.
macro_rules! theme {
    ($($(#[doc = $doc:literal])+ $role:ident,)+) => {
        /// The roles of the screens. Without colours, words, marks and reversal still tell apart everything that matters.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Theme {
            /// Whether colours are used at all; QR codes need to know.
            pub has_colors: bool,
            $($(#[doc = $doc])+ pub $role: Paint,)+
        }

        impl Theme {
            /// The names of the roles, in the order of the guide.
            pub const ROLES: &[&str] = &[$(stringify!($role)),+];

            /// What each role is for, in the same order.
            pub const PURPOSES: &[&str] = &[$(concat!($($doc),+)),+];

            pub(super) fn role(&mut self, name: &str) -> Option<&mut Paint> {
                match name {
                    $(stringify!($role) => Some(&mut self.$role),)+
                    _ => None,
                }
            }

            /// The theme on a terminal of this depth.
            #[must_use]
            pub(super) fn reduced(&self, depth: Depth) -> Self {
                Self {
                    has_colors: depth > Depth::None && self.has_colors,
                    $($role: self.$role.reduced(depth),)+
                }
            }
        }
    };
}

theme! {
    /// What lies behind everything, and plain text on it.
    background,
    /// Text in lists and dialogs.
    text,
    /// Text that stands out.
    strong,
    /// Text of less importance.
    muted,
    /// Frames of lists and dialogs.
    border,
    /// The selected line of a list.
    selected,
    /// The program's name, and headings.
    brand,
    /// Success, and a budget that is kept.
    good,
    /// Work in progress, and a budget that is nearly used up or exceeded.
    waiting,
    /// Failures, and nothing else.
    bad,
    /// Figures of kcal eaten.
    consumed,
    /// Figures of kcal burned.
    burned,
    /// An entry that is being deleted.
    deleted,
}
