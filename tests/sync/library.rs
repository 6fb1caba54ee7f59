//! The library: devices that edit it at once.

use std::collections::BTreeMap;

use caltrack_client::api::{Client, ConnectionState, RealtimeEvent};
use caltrack_domain::{
    library::{SavedItem, SavedKind, favourite_key, items, removal},
    line::Own,
    outbox::{Answer, Command, Library, LibraryChange},
};
use jiff::Timestamp;
use tokio::sync::mpsc::channel;

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
    let recipe = None;
    SavedItem {
        key,
        kind,
        own,
        recipe,
    }
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

async fn library_of(client: &Client) -> Library {
    let user = client.user().await.unwrap();
    user.and_then(|user| user.library).unwrap_or_default()
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

    let library = library_of(&one).await;
    assert_eq!(library, library_of(&two).await);
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
    let library = library_of(&two).await;
    assert!(items(&library).iter().all(|item| item.own.name != "stew"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_device_hears_of_another_ones_library() {
    let the_box = TheBox::start().await;
    let one = the_box.signed_in("one", &the_box.socket).await;
    let two = the_box.signed_in("two", &the_box.socket).await;
    let food = |number: i64| {
        let item = item(
            format!("food:{number}"),
            SavedKind::Food,
            &format!("stew {number}"),
            100,
        );
        item.edit(&Library::default(), Timestamp::from_second(number).unwrap())
    };
    // The row exists: its creation is another event.
    soon(send(&one, vec![food(1)])).await;
    let (sender, mut events) = channel(64);
    let listener = two.clone();
    let listening = tokio::spawn(async move { listener.listen(sender).await });
    soon(async {
        let live = RealtimeEvent::Connection(ConnectionState::Live);
        while events.recv().await.unwrap() != live {}
        Box::pin(send(&one, vec![food(2)])).await;
        while !matches!(events.recv().await.unwrap(), RealtimeEvent::User { rev } if rev >= 2) {}
    })
    .await;
    assert_eq!(items(&library_of(&two).await).len(), 2);
    listening.abort();
}
