//! Records of a stream that sends anything.

use caltrack_domain::parse_day;
use serde_json::Value;

use crate::{
    Amounts,
    fold::fold,
    record::{Image, decode, partial_view, sequence_of},
};

#[test]
fn any_record_is_booked_or_refused() {
    caltrack_fuzz::fuzz(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/records"), |bytes| {
        let Ok(raw) = serde_json::from_slice::<Value>(bytes) else {
            return;
        };
        let _ = partial_view(&raw);
        let record = match decode(&raw) {
            Ok(record) => record,
            Err(reason) => return assert!(!reason.is_empty()),
        };
        assert_eq!(sequence_of(&raw).as_ref(), Some(&record.sequence));
        for image in [&record.old, &record.new] {
            match image {
                Image::Counts(entry) => {
                    parse_day(&entry.date).unwrap();
                    assert_eq!(entry.amounts.entries, 1);
                }
                Image::Unreadable(reason) => assert!(!reason.is_empty()),
                Image::CountsNothing => {}
            }
        }
        // A record twice in a batch counts once, and no day is changed twice.
        let once = fold([(0, &record)]);
        let twice = fold([(0, &record), (1, &record)]);
        assert_eq!(once, twice);
        assert!(once.len() <= 2 && once.iter().all(|day| day.parts.len() == 1));
        let sum: Amounts = once
            .iter()
            .flat_map(|day| &day.parts)
            .map(|part| part.amounts)
            .sum();
        let counts = |image: &Image| i64::from(matches!(image, Image::Counts(_)));
        assert_eq!(sum.entries, counts(&record.new) - counts(&record.old));
    });
}
