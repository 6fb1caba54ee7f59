//! It may be stopped at any call.

use caltrack_aggregator::reconcile::WorkError;

use super::world::{ANN, BOB, DAY, EVE, World, totals};

/// However early or late it is stopped, by a store that doesn't answer: started again, it ends where it would have.
#[tokio::test]
async fn a_run_that_was_stopped_at_any_call_continues_there() {
    let whole = world();
    whole.reconcile().await.unwrap();
    let calls = whole.tables.calls().len();
    assert!(calls > 10, "{calls}");
    for call in 0..calls {
        let world = world();
        world.tables.fail_at(call);
        let error = world.reconcile().await.unwrap_err();
        assert!(matches!(error, WorkError::Store(_)), "{error}");
        let summary = world.reconcile().await.unwrap();
        assert_eq!(summary.repaired, 2, "stopped at call {call}");
        assert_eq!(
            (world.totals(ANN, DAY), world.totals(BOB, EVE)),
            ((650, 300, 3), (5, 0, 2))
        );
    }
}

fn world() -> World {
    let world = World::new();
    world.tables.row(ANN, DAY, &totals(1, 0, 2));
    world.tables.row(BOB, EVE, &totals(1, 0, 1));
    world
}

#[tokio::test]
async fn a_state_file_of_something_else_is_refused_and_kept() {
    let world = World::new();
    std::fs::write(world.state(), "my shopping list").unwrap();
    let error = world.reconcile().await.unwrap_err();
    assert!(error.to_string().contains("--state"), "{error}");
    assert_eq!(
        std::fs::read_to_string(world.state()).unwrap(),
        "my shopping list"
    );
}

/// A report doesn't check whether the function is behind its stream.
#[tokio::test]
async fn a_report_does_not_continue_a_stopped_repair() {
    let mut world = world();
    *world.behind.lock().unwrap() = Some("it was 300 s behind".to_owned());
    world.reconcile().await.unwrap_err();
    *world.behind.lock().unwrap() = None;
    world.options.repair = false;
    let error = world.reconcile().await.unwrap_err();
    assert!(error.to_string().contains("resume with --repair"), "{error}");
    assert_eq!(world.totals(ANN, DAY), (1, 0, 2));
    world.options.repair = true;
    assert_eq!(world.reconcile().await.unwrap().repaired, 2, "it is kept");
}

#[tokio::test]
async fn a_repair_does_not_continue_a_stopped_report() {
    let mut world = world();
    world.options.repair = false;
    world.tables.fail_at(9);
    world.reconcile().await.unwrap_err();
    world.options.repair = true;
    let error = world.reconcile().await.unwrap_err();
    assert!(error.to_string().contains("resume without --repair"), "{error}");
}

#[tokio::test]
async fn a_state_file_of_another_user_is_refused() {
    let mut world = world();
    world.tables.fail_at(9);
    world.reconcile().await.unwrap_err();
    world.scope.user = Some(BOB.to_owned());
    let error = world.reconcile().await.unwrap_err();
    assert!(error.to_string().contains("something else"), "{error}");
}
