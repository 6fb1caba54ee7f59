//! Reading records: what is refused as a whole, what of an image counts, and the order of sequence numbers.

use std::cmp::Ordering;

use caltrack_aggregator::{
    Amounts,
    record::{CountedEntry, Image, SequenceNumber, decode, image, sequence_of},
};
use caltrack_domain::{Grams, entry_digest};
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{DAY, ME, NOW, Stream, event_id, meal, sequence, with, without};

/// A good record with one member replaced, or removed where it is null.
fn altered(pointer: &str, value: Value) -> Value {
    let mut record = Stream::new().insert(&meal(650));
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.remove(name).unwrap();
    } else {
        parent.insert(name.to_owned(), value);
    }
    record
}

#[rstest]
#[case::nothing(json!(null), "no eventID")]
#[case::a_text(json!("record"), "no eventID")]
#[case::a_list(json!([]), "no eventID")]
#[case::an_empty_object(json!({}), "no eventID")]
#[case::no_event_id(altered("/eventID", json!(null)), "no eventID")]
#[case::an_empty_event_id(altered("/eventID", json!("")), "no eventID")]
#[case::a_number_for_an_event_id(altered("/eventID", json!(7)), "no eventID")]
#[case::no_change(altered("/dynamodb", json!(null)), "no `dynamodb` member")]
#[case::a_text_for_a_change(altered("/dynamodb", json!("changed")), "no `dynamodb` member")]
#[case::no_sequence_number(altered("/dynamodb/SequenceNumber", json!(null)), "no SequenceNumber")]
#[case::an_empty_sequence_number(altered("/dynamodb/SequenceNumber", json!("")), "no SequenceNumber")]
#[case::a_bare_sequence_number(altered("/dynamodb/SequenceNumber", json!(12)), "no SequenceNumber")]
#[case::a_signed_sequence_number(altered("/dynamodb/SequenceNumber", json!("+12")), "no SequenceNumber")]
#[case::other_digits(altered("/dynamodb/SequenceNumber", json!("١٢")), "no SequenceNumber")]
#[case::an_insert_without_its_image(altered("/dynamodb/NewImage", json!(null)), "an INSERT needs NewImage")]
#[case::an_insert_of_something_old(altered("/dynamodb/OldImage", meal(1)), "no OldImage")]
#[case::an_edit_without_its_old_image(altered("/eventName", json!("MODIFY")), "NewImage and OldImage")]
#[case::a_removal_of_something_new(altered("/eventName", json!("REMOVE")), "a REMOVE needs OldImage")]
#[case::no_event_name(altered("/eventName", json!(null)), "eventName")]
#[case::another_event(altered("/eventName", json!("TRUNCATE")), "eventName")]
fn a_record_without_a_member_it_needs_is_refused_by_name(#[case] record: Value, #[case] reason: &str) {
    let error = decode(&record).unwrap_err();
    assert!(error.contains(reason), "{error}");
}

#[test]
fn a_record_is_read_as_the_stream_writes_it() {
    let mut stream = Stream::new();
    let raw = stream.modify(&meal(650), &meal(700));
    let record = decode(&raw).unwrap();
    assert_eq!(
        (record.event_id.as_str(), record.sequence.as_str(), record.created),
        (event_id(&raw), sequence(&raw), Some(NOW))
    );
    assert_eq!((record.old, record.new), (counts(650), counts(700)));
}

#[test]
fn an_insert_has_no_old_image_and_a_removal_no_new_one() {
    let mut stream = Stream::new();
    let inserted = decode(&stream.insert(&meal(650))).unwrap();
    assert_eq!((inserted.old, inserted.new), (Image::CountsNothing, counts(650)));
    let removed = decode(&stream.remove(&meal(650))).unwrap();
    assert_eq!((removed.old, removed.new), (counts(650), Image::CountsNothing));
}

fn counts(consumed: i64) -> Image {
    Image::Counts(CountedEntry {
        userid: ME.to_owned(),
        date: DAY.to_owned(),
        amounts: Amounts {
            consumed,
            entries: 1,
            digest: i64::try_from(entry_digest("019aaaaa-0000-7000-8000-000000000001", 1)).unwrap(),
            ..Amounts::default()
        },
    })
}

#[rstest]
#[case(json!({ "N": "0" }), Some(0))]
#[case(json!({ "N": "99999" }), Some(99_999))]
#[case::below_zero_which_no_resolver_writes(json!({ "N": "-5" }), Some(-5))]
#[case::the_largest_int(json!({ "N": "2147483647" }), Some(2_147_483_647))]
#[case::the_smallest_int(json!({ "N": "-2147483648" }), Some(-2_147_483_648))]
#[case(json!({ "NULL": true }), Some(0))]
#[case::beyond_int(json!({ "N": "2147483648" }), None)]
#[case::beyond_everything(json!({ "N": "99999999999999999999999999999999999999" }), None)]
#[case::an_exponent(json!({ "N": "1e3" }), None)]
#[case::a_fraction(json!({ "N": "1.5" }), None)]
#[case::a_whole_fraction(json!({ "N": "650.0" }), None)]
#[case(json!({ "N": "" }), None)]
#[case(json!({ "N": " 650" }), None)]
#[case(json!({ "N": "NaN" }), None)]
#[case(json!({ "N": "0x10" }), None)]
#[case::other_digits(json!({ "N": "٦٥٠" }), None)]
#[case::a_bare_number(json!({ "N": 650 }), None)]
#[case::a_text(json!({ "S": "650" }), None)]
#[case::not_dynamodbs_json(json!(650), None)]
#[case::a_null_of_json(json!(null), None)]
fn kcal_are_a_whole_number_or_the_image_cannot_be_read(#[case] kcal: Value, #[case] read: Option<i64>) {
    judge(
        &with(&meal(1), "caloriesConsumed", kcal),
        read.map(counts).as_ref(),
    );
}

#[rstest]
#[case(json!({ "N": "0" }), Some(0))]
#[case(json!({ "N": "0.1" }), Some(1))]
#[case(json!({ "N": "12.5" }), Some(125))]
#[case::as_dynamodb_may_write_it(json!({ "N": "1E+1" }), Some(100))]
#[case(json!({ "NULL": true }), Some(0))]
#[case::two_decimals(json!({ "N": "0.25" }), None)]
#[case(json!({ "N": "" }), None)]
#[case(json!({ "N": "NaN" }), None)]
#[case(json!({ "N": "99999999999999999999999999999999999999" }), None)]
#[case::a_bare_number(json!({ "N": 1 }), None)]
#[case::a_text(json!({ "S": "1" }), None)]
fn grams_are_a_number_of_tenths_or_the_image_cannot_be_read(
    #[case] grams: Value,
    #[case] tenths: Option<i64>,
) {
    for name in ["protein", "fat", "carbohydrate"] {
        let expected = tenths.map(|tenths| {
            let Image::Counts(mut entry) = counts(1) else {
                panic!("a meal counts")
            };
            let amounts = &mut entry.amounts;
            *match name {
                "protein" => &mut amounts.protein,
                "fat" => &mut amounts.fat,
                _ => &mut amounts.carbohydrate,
            } = Grams::from_tenths(tenths);
            Image::Counts(entry)
        });
        judge(&with(&meal(1), name, grams.clone()), expected.as_ref());
    }
}

#[rstest]
#[case("2026-02-30")]
#[case("2025-02-29")]
#[case("2026-13-01")]
#[case("2026-2-3")]
#[case("20261123")]
#[case("2026-11-23T00:00")]
#[case(" 2026-11-23")]
#[case("today")]
#[case("-000001-01-01")]
#[case("")]
fn a_date_that_is_not_a_day_of_the_calendar_cannot_be_read(#[case] date: &str) {
    judge(&with(&meal(650), "date", json!({ "S": date })), None);
}

#[rstest]
#[case("userid", json!({ "N": "5" }))]
#[case("userid", json!({ "S": 5 }))]
#[case("userid", json!("me"))]
#[case("category", json!({ "SS": ["Food"] }))]
#[case("date", json!({ "N": "20261123" }))]
fn an_attribute_of_another_type_cannot_be_read(#[case] name: &str, #[case] value: Value) {
    judge(&with(&meal(650), name, value), None);
}

#[rstest]
#[case(json!({ "S": "yesterday" }))]
#[case(json!({ "S": "2026-11-23" }))]
#[case(json!({ "S": "2026-11-23T12:00:00" }))]
#[case(json!({ "S": "-000001-06-01T12:00:00Z" }))]
#[case(json!({ "N": "1795435200" }))]
#[case(json!({ "NULL": true }))]
fn a_moment_must_be_one_only_where_there_is_no_date(#[case] moment: Value) {
    let dated = with(&meal(650), "creationDateTime", moment);
    judge(&dated, Some(&counts(650)));
    judge(&without(&dated, "date"), None);
    judge(&without(&without(&dated, "date"), "creationDateTime"), None);
}

#[rstest]
#[case(json!(null))]
#[case(json!("gone"))]
#[case(json!([]))]
fn an_image_that_is_no_object_cannot_be_read(#[case] item: Value) {
    judge(&item, None);
}

#[test]
fn an_entry_that_adds_nothing_need_not_be_readable() {
    let odd = with(&meal(650), "date", json!({ "S": "someday" }));
    judge(&without(&odd, "userid"), Some(&Image::CountsNothing));
    judge(
        &with(&odd, "category", json!({ "S": "Sleep" })),
        Some(&Image::CountsNothing),
    );
}

/// What an image counts; `None` where it can't be read.
fn judge(item: &Value, counts: Option<&Image>) {
    match (image(Some(item)), counts) {
        (Image::Unreadable(reason), None) => assert!(!reason.is_empty()),
        (read, expected) => assert_eq!(Some(&read), expected, "{item}"),
    }
}

fn number(digits: &str) -> SequenceNumber {
    sequence_of(&json!({ "dynamodb": { "SequenceNumber": digits } })).unwrap()
}

#[rstest]
#[case("9", "10", Ordering::Less)]
#[case("10", "10", Ordering::Equal)]
#[case("999999999999999999999", "1000000000000000000000", Ordering::Less)]
#[case("18446744073709551616", "18446744073709551615", Ordering::Greater)]
#[case(
    "9999999999999999999999999999999999999999",
    "999999999999999999999999999999999999999",
    Ordering::Greater
)]
#[case("0009", "10", Ordering::Less)]
#[case("0", "1", Ordering::Less)]
#[case("000", "1", Ordering::Less)]
fn sequence_numbers_are_ordered_as_numbers(
    #[case] left: &str,
    #[case] right: &str,
    #[case] ordering: Ordering,
) {
    assert_eq!(number(left).cmp(&number(right)), ordering);
    assert_eq!(number(right).cmp(&number(left)), ordering.reverse());
}

#[test]
fn two_spellings_of_one_number_are_not_one_sequence_number() {
    assert_ne!(number("007"), number("7"));
    assert_ne!(number("007").cmp(&number("7")), Ordering::Equal);
    assert!(number("007") < number("8") && number("7") < number("008"));
}

#[rstest]
#[case(json!({ "dynamodb": { "SequenceNumber": "12" } }), Some("12"))]
#[case(json!({ "dynamodb": { "SequenceNumber": "twelve" } }), None)]
#[case(json!({ "dynamodb": {} }), None)]
#[case(json!([]), None)]
fn a_sequence_number_is_found_even_in_a_record_that_is_unreadable_otherwise(
    #[case] record: Value,
    #[case] digits: Option<&str>,
) {
    let found = sequence_of(&record);
    assert_eq!(found.as_ref().map(SequenceNumber::as_str), digits);
    assert_eq!(found.map(|number| number.to_string()).as_deref(), digits);
}

proptest! {
    #[test]
    fn the_order_of_sequence_numbers_is_that_of_numbers(left: u128, right: u128) {
        let (left_number, right_number) = (number(&left.to_string()), number(&right.to_string()));
        prop_assert_eq!(left_number.cmp(&right_number), left.cmp(&right));
    }

    #[test]
    fn the_order_of_sequence_numbers_heeds_their_length(left in 0_u32..2000, right in 0_u32..2000) {
        prop_assert_eq!(number(&left.to_string()).cmp(&number(&right.to_string())), left.cmp(&right));
    }
}
