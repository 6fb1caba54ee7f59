//! Responses of a server that sends anything.

use caltrack_domain::{Activity, Category, DailyTotals};
use reqwest::header::HeaderMap;

use super::{
    convert, data,
    generated::{GetUser, ListActivityCategories, SetWeight},
    graphql::{Outcome, classify},
};
use crate::{error::assert_is_shown, http::HttpResponse};

const STATUSES: [u16; 8] = [200, 400, 401, 403, 404, 429, 500, 503];

/// The first byte chooses the status.
#[test]
fn any_response_is_read_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/graphql"), |bytes| {
        let Some((first, body)) = bytes.split_first() else {
            return;
        };
        let response = HttpResponse {
            status: STATUSES[usize::from(*first) % STATUSES.len()],
            headers: HeaderMap::new(),
            body: body.to_vec(),
        };
        match classify(&response) {
            Outcome::Data(data) => {
                assert_eq!(response.status, 200);
                read_all(&data);
            }
            Outcome::TokenRejected(text) | Outcome::Denied(text) => assert_is_shown(&text),
            Outcome::Failed(error) | Outcome::Transient { error, .. } => {
                assert_is_shown(&error.to_string());
            }
        }
    });
}

fn read_all(data: &data::DataObject) {
    for row in data.clone().take_rows("listActivitiesByDate") {
        if let Ok(activity) = convert::activity(row) {
            // What the replica stores is read again.
            let stored = serde_json::to_string(&activity).expect("JSON");
            assert_eq!(
                serde_json::from_str::<Activity>(&stored).expect("the same"),
                activity
            );
        }
    }
    if let Ok(read) = data.clone().read::<GetUser>()
        && let Some(Ok(user)) = read.get_user.map(super::profile::UserRow::try_from)
    {
        assert!(user.profile.targets.is_sorted_by_key(|change| change.from));
    }
    if let Ok(read) = data.clone().read::<SetWeight>() {
        let _ = read.set_weight.map(DailyTotals::try_from);
    }
    if let Ok(read) = data.clone().read::<ListActivityCategories>() {
        let items = read.list_activity_categories.map(|list| list.items);
        for item in items.flatten().into_iter().flatten().flatten() {
            let _ = Category::try_from(item);
        }
    }
}
