//! Databases in the formats of earlier versions.

use std::fmt::Write as _;

use super::{
    super::{
        store::{FIRST, SECOND},
        tokens::refresh_hash,
        totp::code_at,
    },
    *,
};

/// A pool on a database in an earlier `format`, filled by the SQL of `content`.
fn world_of(format: u8, content: &str) -> World {
    let directory = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(directory.path().join("pool.db")).unwrap();
    let second = if format == 2 { SECOND } else { "" };
    db.execute_batch(&format!(
        "{FIRST} {second} PRAGMA user_version = {format}; {content}"
    ))
    .unwrap();
    drop(db);
    World::at(directory)
}

async fn set_password(world: &World, name: &str, password: &str) {
    let set = json!({ "Username": name, "Password": password, "Permanent": true });
    world.administer("AdminSetUserPassword", set).await.unwrap();
}

#[tokio::test]
async fn a_file_of_the_first_format_is_migrated_with_its_users() {
    let world = world_of(
        1,
        "INSERT INTO users VALUES ('old', 'sub-old', x'01', x'02', 'old@example.com', 1, 7);",
    );
    let taken = json!({ "Username": "old", "Password": PASSWORD });
    assert_eq!(world.error_of("SignUp", taken).await.0, "UsernameExistsException");
    set_password(&world, "old", PASSWORD).await;
    let access = world.sign_in("old", PASSWORD).await.unwrap()["AccessToken"].clone();
    assert_eq!(
        world.attributes(&access).await,
        [
            ("email".to_owned(), "old@example.com".to_owned()),
            ("email_verified".to_owned(), "true".to_owned())
        ]
    );
    let user = world
        .administer("AdminGetUser", json!({ "Username": "old" }))
        .await
        .unwrap();
    assert_eq!(user["UserCreateDate"], 7);
    // Reopened, it has the present format.
    let World { pool, directory, .. } = world;
    drop(pool);
    let world = World::at(directory);
    world.sign_in("old", PASSWORD).await.unwrap();
}

/// Earlier versions distinguished names by case.
#[tokio::test]
async fn users_whose_names_differ_only_in_case_stay_two_users() {
    let other = "Correct-Horse-8!";
    let world = world_of(
        2,
        "INSERT INTO users (username, sub, salt, verifier, confirmed, created) VALUES
         ('carl', 'sub-younger', x'01', x'02', 1, 9), ('Carl', 'sub-older', x'01', x'02', 1, 8), ('Dora', 'sub-dora', x'01', x'02', 1, 8);",
    );
    for (name, word) in [("Carl", PASSWORD), ("carl", other), ("Dora", PASSWORD)] {
        set_password(&world, name, word).await;
    }
    let sub = async |name: &str, word: &str| {
        let result = world.sign_in(name, word).await.unwrap();
        let identity = world.pool.verify(text(&result, "AccessToken")).await.unwrap();
        (identity.sub, identity.username)
    };
    let is = |sub: &str, name: &str| (sub.to_owned(), name.to_owned());
    assert_eq!(sub("Carl", PASSWORD).await, is("sub-older", "Carl"));
    assert_eq!(sub("carl", other).await, is("sub-younger", "carl"));
    assert_eq!(
        sub("CARL", PASSWORD).await,
        is("sub-older", "Carl"),
        "any other spelling finds the older user"
    );
    assert_eq!(sub("dora", PASSWORD).await, is("sub-dora", "Dora"));
    for name in ["CARL", "DORA"] {
        let taken = json!({ "Username": name, "Password": PASSWORD });
        assert_eq!(world.error_of("SignUp", taken).await.0, "UsernameExistsException");
    }
    // Without the older user, any spelling finds the younger one.
    world
        .administer("AdminDeleteUser", json!({ "Username": "Carl" }))
        .await
        .unwrap();
    assert_eq!(sub("CARL", other).await, is("sub-younger", "carl"));
}

#[tokio::test]
async fn sessions_lock_outs_and_authenticators_of_the_second_format_stay_valid() {
    let (refresh, spent) = (refresh_hash("good"), refresh_hash("spent"));
    let hex = |bytes: &[u8]| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    };
    let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSQ";
    let raw = totp_rs::Secret::Encoded(secret.to_owned()).to_bytes().unwrap();
    let world = world_of(
        2,
        &format!(
            "INSERT INTO users (username, sub, salt, verifier, confirmed, created, totp, totp_on, totp_step) VALUES
             ('ann', 'sub-ann', x'01', x'02', 1, 0, x'{raw}', 1, 5), ('bob', 'sub-bob', x'01', x'02', 1, 0, x'{raw}', 0, 0);
             INSERT INTO sessions VALUES ('s', 'ann', '{ROTATING_CLIENT_ID}', x'{good}', {NOW}, {NOW} + 1000, 0);
             INSERT INTO spent_refresh VALUES (x'{spent}', 's');
             INSERT INTO failures VALUES ('bob', 9, {NOW} + 16, {NOW});",
            raw = hex(&raw),
            good = hex(&refresh),
            spent = hex(&spent),
        ),
    );
    let refresh = |token: &str| json!({ "ClientId": ROTATING_CLIENT_ID, "RefreshToken": token });
    world
        .call("GetTokensFromRefreshToken", refresh("good"))
        .await
        .unwrap();
    assert_eq!(
        world
            .error_of("GetTokensFromRefreshToken", refresh("spent"))
            .await
            .0,
        "RefreshTokenReuseException"
    );
    for transport in [Transport::Port, Transport::SocketFile] {
        let locked = world.by_password(transport, "bob", PASSWORD).await.unwrap_err();
        assert_eq!(locked.message, "Password attempts exceeded");
    }
    // A pending authenticator is still pending, and a verified one is still required.
    set_password(&world, "ann", PASSWORD).await;
    let challenge = world.by_password(Transport::Port, "ann", PASSWORD).await.unwrap();
    assert_eq!(challenge["ChallengeName"], "SOFTWARE_TOKEN_MFA");
    set_password(&world, "bob", PASSWORD).await;
    let access = world.sign_in("bob", PASSWORD).await.unwrap()["AccessToken"].clone();
    let prefer = json!({ "AccessToken": access, "SoftwareTokenMfaSettings": { "Enabled": true } });
    assert_eq!(
        world.error_of("SetUserMFAPreference", prefer.clone()).await.0,
        "InvalidParameterException"
    );
    let verify = json!({ "AccessToken": access, "UserCode": code_at(secret, NOW) });
    world.call("VerifySoftwareToken", verify).await.unwrap();
    world.call("SetUserMFAPreference", prefer).await.unwrap();
}
