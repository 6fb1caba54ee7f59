//! The trackers whose tables are known, a file each. A table is recognised by the names of its columns alone.

pub(crate) mod applehealth;
pub(crate) mod cronometer;
pub(crate) mod fatsecret;
pub(crate) mod fitbit;
pub(crate) mod foodyou;
mod googlefit;
pub(crate) mod headerless;
pub(crate) mod lines;
mod loseit;
mod macrofactor;
mod myfitnesspal;
pub(crate) mod opennutritracker;
mod samsung;
mod sparkyfitness;
pub(crate) mod waistline;

use crate::layout::{Header, Layout};

/// The layout of a table of a known source.
pub(crate) fn layout(header: &Header) -> Option<Layout> {
    let layouts: [fn(&Header) -> Option<Layout>; 8] = [
        cronometer::layout,
        macrofactor::layout,
        loseit::layout,
        sparkyfitness::layout,
        samsung::layout,
        googlefit::layout,
        myfitnesspal::layout,
        waistline::layout,
    ];
    layouts.iter().find_map(|layout| layout(header))
}
