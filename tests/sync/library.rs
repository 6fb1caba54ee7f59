//! The library: devices that edit it at once.

use std::collections::BTreeMap;

use caltrack_client::api::Client;
use caltrack_domain::{
    library::{SavedItem, SavedKind, favourite_key, items, removal},
    line::Own,
    outbox::{Answer, Command, Library, LibraryChange},
};
use jiff::Timestamp;

use crate::{device::soon, the_box::TheBox};

fn item(key: String, kind: SavedKind, name: &str, kcal: u32) -> SavedItem {
    let own = Own {
        name: name.to_owned(),
        category: "Food".to_owned(),
        kind: "Lunch".to_owned(),
        kcal,
        quantity: None,
        unit: None,
        grams: None,
        macros: [None; 3],
        food: None,
    };
    SavedItem { key, kind, own }
}

/// Sends edits as the outbox does: one that meets another device's write is sent again.
async fn send(client: &Client, changes: Vec<LibraryChange>) {
    let sub = client.account().unwrap().sub;
    for change in changes {
        let command = Command::Library(change);
        loop {
            let answer = client.send(&sub, &command).await;
            if matches!(answer, Answer::Acknowledged(_)) {
                break;
            }
            assert!(matches!(answer, Answer::Conflict(None)), "{answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_that_edit_the_library_at_once_lose_nothing() {
    let the_box = TheBox::start().await;
    let one = the_box.signed_in("one", &the_box.socket).await;
    let two = the_box.signed_in("two", &the_box.socket).await;
    assert_eq!(one.account().unwrap().sub, two.account().unwrap().sub);
    let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
    let empty = Library::default();
    let put = |item: SavedItem, second: i64| item.edit(&empty, at(second));
    let foods = |device: &str| -> Vec<LibraryChange> {
        let each = (0..12_i64).map(|number| {
            let key = SavedKind::Food.key(&format!("{device}-{number}"));
            let name = format!("{device} {number}");
            put(item(key, SavedKind::Food, &name, 100), number)
        });
        each.collect()
    };
    // Both have the same favourite and edit the same food; the newer edit of each counts.
    let shared = |kcal: u32, second: i64| {
        put(
            item("food:shared".to_owned(), SavedKind::Food, "stew", kcal),
            second,
        )
    };
    let favourite = |kcal: u32, second: i64| {
        put(
            item(favourite_key("Soup"), SavedKind::Favourite, "Soup", kcal),
            second,
        )
    };
    let (mut first, mut second) = (foods("one"), foods("two"));
    first.extend([shared(100, 50), favourite(300, 61)]);
    second.extend([shared(200, 51), favourite(310, 60)]);
    soon(async { tokio::join!(Box::pin(send(&one, first)), Box::pin(send(&two, second))) }).await;

    let library = one.library().await.unwrap();
    assert_eq!(library, two.library().await.unwrap());
    let kcal: BTreeMap<String, u32> = items(&library)
        .into_iter()
        .map(|item| (item.own.name, item.own.kcal))
        .collect();
    assert_eq!(kcal.len(), 26, "{kcal:?}");
    assert_eq!((kcal["stew"], kcal["Soup"]), (200, 300));

    // A removal is not taken back by an older edit of the other device that arrives later.
    let gone = removal("food:shared", &library, at(70));
    soon(send(&one, vec![gone])).await;
    soon(send(&two, vec![shared(999, 65)])).await;
    let library = two.library().await.unwrap();
    assert!(items(&library).iter().all(|item| item.own.name != "stew"));
}
