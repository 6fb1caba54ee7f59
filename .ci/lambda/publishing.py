"""Scenarios with a failing API: booking continues, and requests are limited."""

import time

from processes import free_port
from world import DAY


def after_the_api(world, function, records):
    """Once the API has recovered, the first probe resumes publishing; retries publish the stored totals."""
    world.api.mood = "well"
    end = time.monotonic() + 60
    for start in range(0, len(records), 25):
        figures = {"Published": 0, "Folded": 1}
        while figures["Published"] < figures["Folded"]:
            assert time.monotonic() < end, figures
            assert function.invoke(records[start : start + 25]) is None
            figures = world.figures(function)
            if figures["Published"] < figures["Folded"]:
                time.sleep(0.2)


def an_api_that_is(mood):
    """New records of two users are booked, and retried at most once."""

    def scenario(world):
        world.put("ivy", 100)
        world.put("jon", 200)
        records = world.new_records()
        world.api.mood = mood
        with world.start(f"api-{mood}") as function:
            failed = function.invoke(records)
            passing = mood in ("down", "silent")
            assert failed == (records[0]["dynamodb"]["SequenceNumber"] if passing else None), failed
            assert world.totals()["jon", DAY][0] >= 200, "booked nevertheless"
            if passing:
                assert function.invoke(records) is None, "a record fails for a publish once"
            assert world.figures(function)["PublishAbandoned"] == 2
            world.check(published=False)
            after_the_api(world, function, records)

    scenario.__name__ = f"an_api_that_is_{mood}" if mood in ("down", "silent") else f"an_api_that_{mood}"
    return scenario


def a_hundred_users_and_an_api_that_is(mood, most_requests):
    """Failed records are retried immediately until they succeed, as by a mapping without pauses."""

    def scenario(world):
        for number in range(100):
            world.put(f"{mood}-{number}", 10)
        records = world.new_records()
        world.api.mood = mood
        world.api.calls, calls = 0, len(world.proxy.calls)
        with world.start(f"hundred-{mood}", AWS_LAMBDA_FUNCTION_TIMEOUT="60") as function:
            started, invocations, left = time.monotonic(), [], records
            while left:
                begun = time.monotonic()
                failed = function.invoke(left)
                invocations.append(time.monotonic() - begun)
                assert len(invocations) < 5, "a storm"
                numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in left]
                left = [record for record, number in zip(left, numbers, strict=True) if failed and number >= int(failed)]
            took, requests = time.monotonic() - started, world.api.calls
            transactions = world.proxy.calls[calls:].count("TransactWriteItems")
            figures = f"first {invocations[0]:.1f} s, {len(invocations)} invocations in {took:.1f} s"
            print(f"    {mood}: {figures}, {requests} requests, {transactions} transactions")
            assert invocations[0] < 10 and requests <= most_requests and transactions <= 200
            world.check(published=False)
            # While publishing is suspended, the next batch of this process sends no request to the API.
            world.put(f"{mood}-0", 10)
            more = world.new_records()
            before = world.api.calls
            assert function.invoke(more) is None
            assert world.api.calls - before <= (1 if mood in ("refuses", "fails") else 3)
            after_the_api(world, function, records + more)

    scenario.__name__ = f"a_hundred_users_and_an_api_that_is_{mood}"
    return scenario


def an_api_that_refuses_connections(world):
    """As with a wrong or outdated address."""
    world.put("kat", 100)
    world.put("leo", 200)
    records = world.new_records()
    with world.start("unheard", GRAPHQL_ENDPOINT=f"http://127.0.0.1:{free_port()}/graphql") as function:
        assert function.invoke(records) == records[0]["dynamodb"]["SequenceNumber"], "young records fail"
        assert world.totals()["leo", DAY] == (200, 0), "booked nevertheless"
        assert function.invoke(records) is None, "failed only once"
        figures = world.figures(function)
        assert figures["PublishAbandoned"] == 2, figures
    world.check(published=False)
    assert world.function.invoke(records) is None, "with a working API, a redelivery publishes the stored totals"
