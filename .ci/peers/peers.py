"""pycognito signs in and gql queries, mutates and subscribes, both unchanged, against `caltrack-tui serve`."""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import urllib.request

import boto3
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from pycognito import Cognito

PASSWORD = "Passw0rd!x"


class User(Cognito):
    """pycognito knows AWS's addresses alone; the box's issuer is the address that it was asked under."""

    issuer = None

    @property
    def user_pool_url(self):
        return self.issuer


def user(served, name, client="userPoolClientId"):
    """A pycognito user whose AWS client talks to the box."""
    found = User(served["userPoolId"], served[client], username=name, user_pool_region=served["region"],
                 access_key="none", secret_key="none")
    found.issuer = f"{served['cognitoEndpoint']}/{served['userPoolId']}"
    found.client = boto3.client("cognito-idp", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                                aws_access_key_id="none", aws_secret_access_key="none")
    with urllib.request.urlopen(f"{found.issuer}/.well-known/jwks.json") as answer:
        found.pool_jwk = json.load(answer)
    return found


def sign_in(served, errors):
    ann = user(served, "ann")
    ann.register("ann", PASSWORD)
    code = re.search(r"\b\d{6}\b", errors.readline()).group()
    ann.confirm_sign_up(code, username="ann")
    try:
        ann.authenticate(password="Wr0ng!password")
    except ann.client.exceptions.NotAuthorizedException as error:
        assert "Incorrect username or password" in str(error), error
    else:
        raise AssertionError("a wrong password was taken")
    # pycognito verifies the tokens' signature, times, audience and issuer.
    ann.authenticate(password=PASSWORD)
    before = ann.access_token
    ann.renew_access_token()
    assert ann.access_token != before
    rotating = user(served, "ann", "userPoolClientIdRotating")
    rotating.authenticate(password=PASSWORD)
    answer = rotating.client.get_tokens_from_refresh_token(
        RefreshToken=rotating.refresh_token, ClientId=served["userPoolClientIdRotating"])
    assert answer["AuthenticationResult"]["RefreshToken"] != rotating.refresh_token
    print("pycognito: sign-up, wrong and right proof, verified tokens, refresh, rotation")
    return ann


async def log(served, ann):
    host = served["graphqlEndpoint"].split("/")[2]
    auth = AppSyncJWTAuthentication(host=host, jwt=ann.id_token)
    http = AIOHTTPTransport(url=served["graphqlEndpoint"], auth=auth)
    socket = AppSyncWebsocketsTransport(url=served["realtimeEndpoint"], auth=auth)
    sub = ann.get_user().sub
    async with Client(transport=http) as client, Client(transport=socket) as listener:
        categories = await client.execute(gql("query { listActivityCategories { items { category type } } }"))
        assert len(categories["listActivityCategories"]["items"]) == 3, categories

        events = listener.subscribe(gql(
            f'subscription {{ onUpdateUserAggregate(userid: "{sub}") {{ userid date caloriesConsumed version }} }}'))
        heard = asyncio.ensure_future(anext(events))
        create = gql("mutation($input: CreateActivityInput!) { createActivity(input: $input) { id userid caloriesConsumed } }")
        # The subscription may stand only after the first one: totals are absolute, so any later one will do.
        for round in range(1, 50):
            entry = {"userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": 100}
            created = await client.execute(create, variable_values={"input": entry})
            assert created["createActivity"]["userid"] == sub, created
            done, _ = await asyncio.wait([heard], timeout=1)
            if done:
                break
        total = heard.result()["onUpdateUserAggregate"]
        assert total["userid"] == sub and 0 < total["caloriesConsumed"] <= 100 * round, total
    print("gql: query, mutation, live totals by subscription")


def main():
    with tempfile.TemporaryDirectory() as data:
        command = [sys.argv[1], "--data-dir", data, "serve", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as box:
            try:
                served = json.loads(box.stdout.readline())
                asyncio.run(log(served, sign_in(served, box.stderr)))
            finally:
                box.terminate()
            assert box.wait(10) == 0, box.returncode


main()
