//! Failures are counted by transport, and their counters can't be evicted.

use super::{
    super::{lockout::NEW_NAMES_A_MINUTE, store::Guess},
    *,
};

const OTHER: &str = "Correct-Horse-8!";
const LOCKED: &str = "Password attempts exceeded";

#[tokio::test]
async fn failures_on_the_port_do_not_lock_out_the_socket_file() {
    let world = World::with_user("ann").await;
    for _ in 0..5 {
        world
            .by_password(Transport::Port, "ann", OTHER)
            .await
            .unwrap_err();
    }
    let locked = world
        .by_password(Transport::Port, "ann", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(locked.message, LOCKED);
    world
        .by_password(Transport::SocketFile, "ann", PASSWORD)
        .await
        .unwrap();
    // A success on one transport doesn't reset the failures of the other.
    let locked = world
        .by_password(Transport::Port, "ann", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(locked.message, LOCKED);
    for _ in 0..5 {
        world
            .by_password(Transport::SocketFile, "ann", OTHER)
            .await
            .unwrap_err();
    }
    let locked = world
        .by_password(Transport::SocketFile, "ann", PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(locked.message, LOCKED);
}

/// Counted by spelling, each would allow five more guesses.
#[tokio::test]
async fn all_spellings_of_a_name_share_one_count() {
    let world = World::with_user("ann").await;
    for name in ["ann", "Ann", "ANN", "aNn", "anN"] {
        world.by_password(Transport::Port, name, OTHER).await.unwrap_err();
    }
    for name in ["ann", "aNN"] {
        let locked = world
            .by_password(Transport::Port, name, PASSWORD)
            .await
            .unwrap_err();
        assert_eq!(locked.message, LOCKED);
    }
}

/// Were counters evicted, 11,200 failures of other names would allow five more guesses.
#[tokio::test]
async fn failures_of_other_names_evict_no_counter_and_are_limited_per_minute() {
    let world = World::with_user("ann").await;
    world.add_user("bob").await;
    let pool = world.pool.inner();
    for _ in 0..5 {
        pool.failed("ann", Transport::Port, Guess::Password).unwrap();
    }
    for name in 1..NEW_NAMES_A_MINUTE {
        let name = format!("stranger-{name}");
        pool.refuse_locked(&name, Transport::Port, Guess::Password)
            .unwrap();
        pool.failed(&name, Transport::Port, Guess::Password).unwrap();
    }
    let by = async |name: &str, word: &str| world.by_password(Transport::Port, name, word).await;
    assert_eq!(by("ann", PASSWORD).await.unwrap_err().message, LOCKED);
    // No further name is checked, known or unknown, with the right password or a wrong one.
    for (name, word) in [("bob", PASSWORD), ("bob", OTHER), ("unknown", OTHER)] {
        assert_eq!(by(name, word).await.unwrap_err().kind, "TooManyRequestsException");
    }
    // A name with earlier failures is still checked.
    assert_eq!(
        by("stranger-1", OTHER).await.unwrap_err().message,
        "Incorrect username or password."
    );
    world
        .by_password(Transport::SocketFile, "bob", PASSWORD)
        .await
        .unwrap();
    world.now.fetch_add(60, Ordering::Relaxed);
    by("bob", PASSWORD).await.unwrap();
    by("ann", OTHER).await.unwrap_err();
    assert_eq!(
        by("ann", PASSWORD).await.unwrap_err().message,
        LOCKED,
        "the failures before are still counted"
    );
}

/// The guide: "not initiate any sign-in attempts for 15 consecutive minutes at any time after a lockout".
#[tokio::test]
async fn a_count_of_wrong_passwords_expires_a_quarter_of_an_hour_after_the_lock_out() {
    let world = World::with_user("ann").await;
    let guess = async || {
        let response = world.by_password(Transport::Port, "ann", OTHER).await;
        response.unwrap_err().message
    };
    for _ in 0..6 {
        guess().await;
    }
    world.now.fetch_add(1, Ordering::Relaxed);
    guess().await;
    // The sixth failure locks for two seconds; the count holds until a quarter of an hour after that.
    world.now.fetch_add(2 + 899, Ordering::Relaxed);
    assert_eq!(guess().await, "Incorrect username or password.");
    assert_eq!(guess().await, LOCKED, "the seventh failure locks again");
    world.now.fetch_add(4 + 900, Ordering::Relaxed);
    for _ in 0..5 {
        assert_eq!(guess().await, "Incorrect username or password.");
    }
    assert_eq!(guess().await, LOCKED);
}

#[tokio::test]
async fn challenges_opened_on_the_port_evict_none_of_the_socket_file() {
    let world = World::with_user("ann").await;
    let open = async |transport: Transport| {
        let parameters = json!({ "USERNAME": "ann", "SRP_A": "5" });
        let body = json!({ "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        world.call_by(transport, "InitiateAuth", body).await.unwrap()
    };
    let own = open(Transport::SocketFile).await;
    for _ in 0..40 {
        open(Transport::Port).await;
    }
    let block = text(&own["ChallengeParameters"], "SECRET_BLOCK");
    let block = STANDARD.decode(block).unwrap();
    assert!(world.pool.inner().challenges().take(&block, NOW).is_some());
}
