//! A box with two users: Anna, the owner of a log, and Ben, a stranger without data.

use serde_json::{Value, json};

use crate::{
    client::{Session, srp},
    the_box::{PASSWORD, TheBox},
    wire::{Response, send_query},
};

/// An entry of Anna's.
pub(crate) const MEAL: &str = "019aaf9e-5f00-7000-8000-00000000a001";
/// Another, on the same day.
pub(crate) const RUN: &str = "019aaf9e-5f00-7000-8000-00000000a002";
/// One that she deleted.
pub(crate) const DELETED: &str = "019aaf9e-5f00-7000-8000-00000000a003";
/// An unused id.
pub(crate) const FREE: &str = "019aaf9e-5f00-7000-8000-00000000b001";
/// Anna's day.
pub(crate) const DATE: &str = "2026-11-23";

pub(crate) const ANNA: &str = "anna-of-the-hidden-log";
const BEN: &str = "ben-the-curious";

const CREATE: &str = "mutation($input: CreateActivityInput!) { createActivity(input: $input) { id userid date caloriesConsumed } }";
const DELETE: &str = "mutation($input: DeleteActivityInput!) { deleteActivity(input: $input) { id userid } }";
const PROFILE: &str = "mutation($input: CreateUserInput!) { createUser(input: $input) { id bmi } }";

/// Everything that a user can read of their own.
const EVERYTHING: &str = concat!(
    "query($me: String!, $meal: String!, $run: String!, $deleted: String!) {
    getUser(id: $me) { ...U }
    listActivitiesByDate(from: \"2000-01-01\", to: \"2099-12-31\", limit: 100) { items { ...Entry } nextToken }
    listUserAggregatesByDate(from: \"2000-01-01\", to: \"2099-12-31\", limit: 100) { items { ...Totals } nextToken }
    listActivityCategories(limit: 100) { items { category type } nextToken }
    meal: getActivity(id: $meal) { ...Entry }
    run: getActivity(id: $run) { ...Entry }
    deleted: getActivity(id: $deleted) { ...Entry }
  }
  fragment U on User { id username height weight bmi caloriesTargetPerDay caloriesConsumed targets timeZone dayStartsAt
    countExercise library rev }
",
    include_str!("../../../../graphql/operations/fragments/Entry.graphql"),
    include_str!("../../../../graphql/operations/fragments/Totals.graphql"),
);

/// A user, and the tokens of a sign-in.
pub(crate) struct User {
    pub(crate) session: Session,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl User {
    async fn new(the_box: &TheBox, name: &str) -> Self {
        the_box.sign_up(name).await;
        let session = Session::sign_in(&the_box.socket, name, PASSWORD).await.unwrap();
        let tokens = srp::sign_in(&the_box.socket, name, PASSWORD).await.unwrap();
        let token = |name: &str| tokens[name].as_str().unwrap().to_owned();
        Self {
            session,
            access_token: token("AccessToken"),
            refresh_token: token("RefreshToken"),
        }
    }

    /// All data of the user, as the body of the response.
    pub(crate) async fn everything(&self) -> String {
        let variables = json!({ "me": self.session.sub, "meal": MEAL, "run": RUN, "deleted": DELETED });
        let Response { status, body, .. } = send_query(
            &self.session.socket,
            Some(&self.session.token),
            EVERYTHING,
            &variables,
        )
        .await;
        assert!(status == 200 && !body.contains("\"errors\""), "{body}");
        body
    }
}

pub(crate) struct World {
    pub(crate) the_box: TheBox,
    pub(crate) anna: User,
    pub(crate) ben: User,
    /// Page tokens of Anna's lists, each for the second page.
    page_tokens: Value,
}

impl World {
    pub(crate) async fn new() -> Self {
        let the_box = TheBox::start().await;
        let anna = User::new(&the_box, ANNA).await;
        let ben = User::new(&the_box, BEN).await;
        fill(&anna).await;
        let page_tokens = page_tokens(&anna.session).await;
        Self {
            the_box,
            anna,
            ben,
            page_tokens,
        }
    }

    /// The token for the second page of a list of Anna's.
    pub(crate) fn page_token(&self, list: &str) -> &str {
        self.page_tokens[list]["nextToken"].as_str().expect(list)
    }

    /// Data of Anna's alone, apart from numbers.
    fn secrets(&self) -> [&str; 19] {
        [
            ANNA,
            &self.anna.session.sub,
            &self.anna.session.token,
            &self.anna.access_token,
            &self.anna.refresh_token,
            MEAL,
            RUN,
            DELETED,
            "goulash-in-secret",
            "written-in-confidence",
            "2026-11-23T12:34:56.789Z",
            "Midnight-Feast",
            "Run-From-The-Law",
            "Forbidden-Elixir",
            "Pacific/Chatham",
            "04:15",
            "pudding-under-the-bed",
            "ladle-of-shame",
            "own:hidden-recipe",
        ]
    }

    /// Panics if a response contains data of Anna's that was not in the request.
    pub(crate) fn assert_reveals_nothing(&self, request: &str, response: &str) {
        for secret in self.secrets() {
            assert!(
                request.contains(secret) || !response.contains(secret),
                "{secret} is revealed to a stranger\nrequest: {request}\nresponse: {response}"
            );
        }
        let body: Value = serde_json::from_str(response).unwrap_or_default();
        if let Some(number) = secret_number(&body) {
            panic!("{number} is revealed to a stranger\nrequest: {request}\nresponse: {response}");
        }
    }

    /// Whether a response contains data of Anna's that was not in the request.
    pub(crate) fn reveals_something(&self, request: &str, response: &str) -> bool {
        self.secrets()
            .iter()
            .any(|secret| response.contains(secret) && !request.contains(secret))
    }
}

async fn fill(user: &User) {
    let anna = &user.session;
    let profile = json!({ "input": {
        "username": ANNA, "height": 171.25, "weight": 83.375, "caloriesTargetPerDay": 2417,
        "timeZone": "Pacific/Chatham", "dayStartsAt": "04:15", "caloriesConsumed": 90_211,
        "targets": r#"[{"kcal":2417}]"#,
        "library": r#"{"foods":["pudding-under-the-bed"]}"#,
    }});
    anna.execute("createUser", PROFILE, profile).await;
    for (id, date, category, kind, kcal) in [
        (MEAL, DATE, "Food", "Midnight-Feast", 61_733),
        (RUN, DATE, "Exercise", "Run-From-The-Law", 48_211),
        (DELETED, "2026-11-22", "Drink", "Forbidden-Elixir", 37_919),
    ] {
        let entry = json!({ "input": {
            "id": id, "userid": anna.sub, "category": category, "type": kind, "caloriesConsumed": kcal,
            "creationDateTime": "2026-11-23T12:34:56.789Z", "date": date, "quantity": 7.625,
            "unit": "ladle-of-shame", "food": "own:hidden-recipe", "protein": 4_317.1, "fat": 4_317.3, "carbohydrate": 4_317.7,
            "name": "goulash-in-secret", "note": "written-in-confidence",
        }});
        anna.execute("createActivity", CREATE, entry).await;
    }
    anna.execute("deleteActivity", DELETE, json!({ "input": { "id": DELETED } }))
        .await;
    let everything = user.everything().await;
    for number in SECRET_NUMBERS {
        assert!(everything.contains(&number.to_string()), "{number}: {everything}");
    }
}

async fn page_tokens(anna: &Session) -> Value {
    let query = "query($me: String!) {
        listActivitiesByDate(date: \"2026-11-23\", limit: 1) { nextToken }
        listActivities(limit: 1) { nextToken }
        listActivitiesOrdered(userid: $me, limit: 1) { nextToken }
        listUserAggregatesByDate(from: \"2000-01-01\", to: \"2099-12-31\", limit: 1) { nextToken }
        listUserAggregates(limit: 1) { nextToken }
        listUsers(limit: 1) { nextToken }
        listActivityCategories(limit: 1) { nextToken } }";
    anna.graphql(query, json!({ "me": anna.sub })).await["data"].clone()
}

/// Height, weight, target, body mass index, energy of the entries and of the profile, and the entries' grams.
const SECRET_NUMBERS: [f64; 10] = [
    171.25, 83.375, 2_417.0, 28.4, 61_733.0, 48_211.0, 90_211.0, 4_317.1, 4_317.3, 4_317.7,
];

/// A number of Anna's in a JSON value, as a number or in a string.
fn secret_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => SECRET_NUMBERS.into_iter().find(|secret| {
            number
                .as_f64()
                .is_some_and(|number| (number - secret).abs() < 1e-9)
        }),
        Value::String(text) => SECRET_NUMBERS
            .into_iter()
            .find(|secret| *secret > 10_000.0 && text.contains(&secret.to_string())),
        Value::Array(items) => items.iter().find_map(secret_number),
        Value::Object(members) => members.values().find_map(secret_number),
        Value::Null | Value::Bool(_) => None,
    }
}
