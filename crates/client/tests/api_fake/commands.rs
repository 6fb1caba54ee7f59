//! Commands of the outbox: one attempt at each, and what the answers mean.

use caltrack_client::api::{Client, Endpoints, SessionFile};
use caltrack_domain::{
    Activity, ActivityPatch, Entry, LogCommand, Profile,
    outbox::{
        Answer, Command, LibraryChange, LibraryEdit, ProfileChange, ProfileMember, ReasonKind, RejectionKind,
        Stored, WeightChange, members,
    },
};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::fake::{Fake, SUB, soon};

fn row(kcal: u32, rev: u32) -> Value {
    json!({"id": "i", "userid": SUB, "category": "Food", "type": "Lunch", "caloriesConsumed": kcal,
        "creationDateTime": "2026-11-23T12:00:00.000Z", "date": "2026-11-23", "rev": rev})
}

fn seen(rev: u32) -> Activity {
    Activity {
        id: "i".to_owned(),
        owner: SUB.to_owned(),
        entry: Entry::new(
            date(2026, 11, 23),
            "2026-11-23T12:00:00Z".parse().unwrap(),
            "Food",
            "Lunch",
            650,
        ),
        rev,
    }
}

fn edit(rev: u32) -> Command {
    Command::Log(LogCommand::Update {
        before: seen(rev),
        patch: ActivityPatch {
            kcal: Some(700),
            ..ActivityPatch::default()
        },
    })
}

fn error(kind: &str) -> Value {
    json!({"data": null, "errors": [{"path": ["updateActivity"], "errorType": kind, "message": "m"}]})
}

fn signed_in() -> Fake {
    let fake = Fake::start();
    fake.signed_in_for(3000);
    fake
}

async fn sent(fake: &Fake, command: &Command) -> Answer {
    soon(fake.client().with_single_attempts().send(SUB, command)).await
}

#[tokio::test]
async fn an_edit_and_a_deletion_name_the_revision_that_they_are_based_on() {
    let fake = signed_in();
    fake.will_answer(200, json!({"data": {"updateActivity": row(700, 4)}}));
    let answer = sent(&fake, &edit(3)).await;
    assert!(matches!(answer, Answer::Acknowledged(Stored::Entry(stored)) if stored.rev == 4));
    fake.will_answer(200, json!({"data": {"deleteActivity": row(700, 4)}}));
    sent(&fake, &Command::Log(LogCommand::Delete(seen(4)))).await;
    let expected: Vec<Value> = fake
        .script()
        .asked
        .iter()
        .map(|asked| asked["variables"]["input"]["expectedRev"].clone())
        .collect();
    assert_eq!(expected, [3, 4]);
}

#[tokio::test]
async fn a_conflict_is_answered_with_the_entry_as_it_is() {
    let fake = signed_in();
    fake.will_answer(200, error("Conflict"));
    fake.will_answer(200, json!({"data": {"getActivity": row(999, 5)}}));
    let answer = sent(&fake, &edit(3)).await;
    assert!(matches!(answer, Answer::Conflict(Some(stored)) if stored.rev == 5));
    // An edit of an entry whose revision was never known isn't sent before that is known.
    fake.will_answer(200, json!({"data": {"getActivity": row(650, 1)}}));
    let answer = sent(&fake, &edit(0)).await;
    assert!(matches!(answer, Answer::Conflict(Some(stored)) if stored.rev == 1));
    assert_eq!(fake.script().asked.len(), 3);
}

#[tokio::test]
async fn a_rejection_is_told_from_a_reason_to_wait() {
    for (kind, expected) in [
        ("BadRequest", RejectionKind::BadRequest),
        ("Unauthorized", RejectionKind::Unauthorized),
        ("NotFound", RejectionKind::NotFound),
        ("Deleted", RejectionKind::Deleted),
    ] {
        let fake = signed_in();
        fake.will_answer(200, error(kind));
        let answer = sent(&fake, &edit(3)).await;
        assert!(
            matches!(&answer, Answer::Rejected(rejection) if rejection.kind == expected),
            "{answer:?}"
        );
    }
    for (status, body, expected) in [
        (
            200,
            error("DynamoDB:ConditionalCheckFailedException"),
            ReasonKind::Failed,
        ),
        (403, json!({"message": "a sign-in page"}), ReasonKind::SignedOut),
        (
            200,
            json!({"data": null, "errors": [{"message": "Validation error of type UnknownArgument: x"}]}),
            ReasonKind::Schema,
        ),
    ] {
        let fake = signed_in();
        fake.will_answer(status, body);
        let answer = sent(&fake, &edit(3)).await;
        assert!(
            matches!(&answer, Answer::Waiting { reason, .. } if reason.kind == expected),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_rejected_even_when_new_leaves_the_command_waiting() {
    let fake = signed_in();
    fake.script().valid = "another".to_owned();
    fake.script().honours_new_tokens = false;
    let answer = sent(&fake, &edit(3)).await;
    let Answer::Waiting { reason, may_be_done } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((reason.kind, may_be_done), (ReasonKind::SignedOut, false));
}

#[tokio::test]
async fn another_user_s_rows_are_not_sent() {
    let fake = signed_in();
    let client = fake.client().with_single_attempts();
    let answer = soon(client.send("somebody-else", &edit(3))).await;
    assert!(matches!(answer, Answer::Waiting { reason, .. } if reason.kind == ReasonKind::SignedOut));
    assert_eq!(fake.script().asked.len(), 0);
}

#[tokio::test]
async fn a_refused_connection_is_known_not_to_have_arrived() {
    let dir = tempfile::tempdir().unwrap();
    let fake = signed_in();
    // Nothing listens on port 1.
    let address = "http://127.0.0.1:1".to_owned();
    let endpoints = Endpoints {
        graphql: format!("{address}/graphql"),
        cognito: address,
        socket: None,
        ..Endpoints::on_socket(&dir.path().join("none"), "us-east-1_FAKE", "client")
    };
    let client = Client::new(endpoints, SessionFile::new(fake.session_file().path())).unwrap();
    let answer = soon(client.with_single_attempts().send(SUB, &edit(3))).await;
    let Answer::Waiting { reason, may_be_done } = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((reason.kind, may_be_done), (ReasonKind::Unreachable, false));
}

#[tokio::test]
async fn an_edit_of_the_profile_is_merged_into_the_stored_one() {
    let profile = |target: u32, rev: u32| {
        json!({"id": SUB, "username": "ada", "height": 170.0, "weight": null, "bmi": null,
            "caloriesTargetPerDay": target, "timeZone": null, "rev": rev})
    };
    let fake = signed_in();
    fake.will_answer(200, json!({"data": {"getUser": profile(2200, 7)}}));
    fake.will_answer(200, json!({"data": {"updateUser": profile(2200, 8)}}));
    let patch = members([
        ProfileMember::Target(1800),
        ProfileMember::TimeZone(Some("UTC".to_owned())),
    ]);
    let change = Command::Profile(ProfileChange::of(&Profile::new("ada"), patch));
    let answer = sent(&fake, &change).await;
    let Answer::Acknowledged(Stored::Profile { lost, .. }) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(lost.keys().collect::<Vec<_>>(), ["caloriesTargetPerDay"]);
    let input = fake.script().asked[1]["variables"]["input"].clone();
    assert_eq!(input, json!({"id": SUB, "timeZone": "UTC", "expectedRev": 7}));

    // Without one it is created.
    let fake = signed_in();
    fake.will_answer(200, json!({"data": {"getUser": null}}));
    fake.will_answer(200, json!({"data": {"createUser": profile(1800, 1)}}));
    let answer = sent(&fake, &change).await;
    assert!(
        matches!(answer, Answer::Acknowledged(Stored::Profile { .. })),
        "{answer:?}"
    );
    assert_eq!(
        fake.script().asked[1]["variables"]["input"]["caloriesTargetPerDay"],
        1800
    );
}

#[tokio::test]
async fn a_weight_is_set_and_an_item_of_the_library_is_merged() {
    let fake = signed_in();
    fake.will_answer(
        200,
        json!({"data": {"setWeight": {"userid": SUB, "date": "2026-11-23", "weight": 81.5, "version": 1}}}),
    );
    let weight = WeightChange {
        date: date(2026, 11, 23),
        weight: Some(81.5),
        before: None,
    };
    let answer = sent(&fake, &Command::Weight(weight)).await;
    assert_eq!(answer, Answer::Acknowledged(Stored::Weight));

    let theirs = json!({"own:1": {"at": "2026-11-23T12:00:00Z", "value": "bread"}}).to_string();
    fake.will_answer(
        200,
        json!({"data": {"getUser": {"id": SUB, "username": "ada", "caloriesTargetPerDay": 2000, "library": theirs, "rev": 3}}}),
    );
    let profile = json!({"id": SUB, "username": "ada", "caloriesTargetPerDay": 2000, "rev": 4});
    fake.will_answer(200, json!({"data": {"updateUser": profile}}));
    let edit = LibraryEdit {
        at: "2026-11-23T12:00:01Z".parse().unwrap(),
        before: None,
        after: Some("soup".into()),
    };
    let change = LibraryChange {
        edits: [("own:2".to_owned(), edit)].into(),
    };
    let answer = sent(&fake, &Command::Library(change)).await;
    assert_eq!(answer, Answer::Acknowledged(Stored::Library));
    let written = fake.script().asked[2]["variables"]["input"]["library"].clone();
    let written: Value = serde_json::from_str(written.as_str().unwrap()).unwrap();
    assert_eq!(
        written.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["own:1", "own:2"]
    );
}
