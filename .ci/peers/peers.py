"""pycognito signs in, gql queries, mutates and subscribes by tokens and by IAM, boto3 and the AWS CLI read and write tables, and
aws-amplify uses the API by IAM: all unchanged, against `caltrack-tui serve`. botocore signs what caltrack-tui sends once more.

    peers.py CALTRACK-TUI AMPLIFY      AMPLIFY is a folder with amplify.mjs and its packages
"""

import asyncio
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import urllib.request

import boto3
import pyotp
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncIAMAuthentication, AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from pycognito import Cognito
from pycognito.exceptions import ForceChangePasswordException, SoftwareTokenMFAChallengeException

PASSWORD = "Passw0rd!x"


class User(Cognito):
    """pycognito knows AWS's addresses only; the box's issuer is the address of the request."""

    issuer = None

    @property
    def user_pool_url(self):
        return self.issuer


def user(served, name, client="userPoolClientId"):
    """A pycognito user whose AWS client is connected to the box."""
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
        raise AssertionError("a wrong password was accepted")
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


def recover(served, errors, ann):
    other = "0ther!Passw0rd"
    ann.initiate_forgot_password()
    code = re.search(r"\b\d{6}\b", errors.readline()).group()
    ann.confirm_forgot_password(code, other)
    ann.authenticate(password=other)
    ann.change_password(other, PASSWORD)
    ann.authenticate(password=PASSWORD)
    print("pycognito: a forgotten password replaced, a password changed")


def profile(served, errors):
    """The calls of Amplify and pycognito for a user's own account."""
    dan = user(served, "dan")
    dan.set_base_attributes(email="dan@example.com", name="Dan")
    dan.register("Dan", PASSWORD)
    dan.confirm_sign_up(re.search(r"\b\d{6}\b", errors.readline()).group(), username="DAN")
    dan.authenticate(password=PASSWORD)
    assert (dan.id_claims["name"], dan.id_claims["email_verified"]) == ("Dan", True), dan.id_claims
    dan.update_profile({"name": "Daniel", "email": "daniel@example.com"})
    code = re.search(r"\b\d{6}\b", errors.readline()).group()
    dan.client.verify_user_attribute(AccessToken=dan.access_token, AttributeName="email", Code=code)
    dan.send_verification("email")
    code = re.search(r"\b\d{6}\b", errors.readline()).group()
    dan.validate_verification(code, "email")
    found = dan.get_user()
    assert (found.name, found.email) == ("Daniel", "daniel@example.com"), found._metadata
    assert dan.client.list_devices(AccessToken=dan.access_token)["Devices"] == []
    refused("NotAuthorizedException", dan.client.update_user_attributes, AccessToken=dan.access_token,
            UserAttributes=[{"Name": "custom:x", "Value": "x"}])
    token = dan.access_token
    dan.delete_user()
    refused("UserNotFoundException", dan.client.get_user, AccessToken=token)
    print("pycognito: attributes written, verified and read, an account deleted")


def authenticator(served, errors):
    bob = user(served, "bob")
    bob.register("bob", PASSWORD)
    bob.confirm_sign_up(re.search(r"\b\d{6}\b", errors.readline()).group(), username="bob")
    bob.authenticate(password=PASSWORD)
    totp = pyotp.TOTP(bob.associate_software_token())
    now = time.time()
    assert bob.verify_software_token(totp.at(now), "phone")
    bob.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")
    try:
        bob.authenticate(password=PASSWORD)
    except SoftwareTokenMFAChallengeException as challenge:
        # The next code: each is valid once.
        bob.respond_to_software_token_mfa_challenge(totp.at(now + 30), mfa_tokens=challenge.get_tokens())
    else:
        raise AssertionError("no code was requested")
    assert bob.get_user().sub
    print("pycognito: an authenticator enrolled, and its code requested")


def administrate(served, session):
    keys = session.get_credentials()
    admin = boto3.client("cognito-idp", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                         aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key)
    pool = {"UserPoolId": served["userPoolId"], "Username": "cy"}
    made = admin.admin_create_user(**pool, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    assert made["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD", made
    admin.admin_add_user_to_group(**pool, GroupName="admin")
    cy = user(served, "cy")
    try:
        cy.authenticate(password=PASSWORD)
    except ForceChangePasswordException:
        cy.new_password_challenge(PASSWORD, "N3w!Password")
    else:
        raise AssertionError("no new password was requested")
    assert cy.id_claims["cognito:groups"] == ["admin"], cy.id_claims
    admin.admin_set_user_password(**pool, Password=PASSWORD, Permanent=True)
    cy.authenticate(password=PASSWORD)
    assert admin.admin_get_user(**pool)["UserStatus"] == "CONFIRMED"
    found = admin.list_users(UserPoolId=served["userPoolId"], Filter='username = "cy"')["Users"]
    assert [one["Username"] for one in found] == ["cy"], found
    forger = boto3.client("cognito-idp", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                          aws_access_key_id=keys.access_key, aws_secret_access_key="A" * 40)
    refused("InvalidSignatureException", forger.admin_set_user_password, **pool, Password=PASSWORD, Permanent=True)
    admin.admin_delete_user(**pool)
    refused("UserNotFoundException", admin.admin_get_user, **pool)
    print("boto3 and pycognito: a user created, a new password requested, the group admin in the tokens, listed and deleted")


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
        received = asyncio.ensure_future(anext(events))
        create = gql("mutation($input: CreateActivityInput!) { createActivity(input: $input) { id userid caloriesConsumed } }")
        # The subscription may start after the first event: totals are absolute, so any later event suffices.
        for round in range(1, 50):
            entry = {"userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": 100}
            created = await client.execute(create, variable_values={"input": entry})
            assert created["createActivity"]["userid"] == sub, created
            done, _ = await asyncio.wait([received], timeout=1)
            if done:
                break
        total = received.result()["onUpdateUserAggregate"]
        assert total["userid"] == sub and 0 < total["caloriesConsumed"] <= 100 * round, total
    print("gql: query, mutation, live totals by subscription")


def keys_of(served, ann):
    """Temporary keys of the identity pool, by boto3."""
    pool = boto3.client("cognito-identity", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                        aws_access_key_id="none", aws_secret_access_key="none")
    logins = {f"cognito-idp.{served['region']}.amazonaws.com/{served['userPoolId']}": ann.id_token}
    identity = pool.get_id(IdentityPoolId=served["identityPoolId"], Logins=logins)["IdentityId"]
    keys = pool.get_credentials_for_identity(IdentityId=identity, Logins=logins)["Credentials"]
    refused("NotAuthorizedException", pool.get_id, IdentityPoolId=served["identityPoolId"])
    refused("NotAuthorizedException", pool.get_credentials_for_identity, IdentityId="us-east-1:0", Logins=logins)
    return Credentials(keys["AccessKeyId"], keys["SecretKey"], keys["SessionToken"])


def signed(served, keys, query, variables):
    """The response to a request that botocore signs."""
    body = json.dumps({"query": query, "variables": variables})
    request = AWSRequest("POST", served["graphqlEndpoint"], {"Content-Type": "application/json"}, body)
    SigV4Auth(keys, "appsync", served["region"]).add_auth(request)
    request = urllib.request.Request(served["graphqlEndpoint"], body.encode(), dict(request.headers))
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


async def log_by_iam(served, ann):
    keys = keys_of(served, ann)
    sub = ann.get_user().sub
    categories = signed(served, keys, "query { listActivityCategories { items { category } } }", {})
    assert len(categories["data"]["listActivityCategories"]["items"]) == 3, categories
    host = served["graphqlEndpoint"].split("/")[2]
    auth = AppSyncIAMAuthentication(host=host, region_name=served["region"], credentials=keys)
    socket = AppSyncWebsocketsTransport(url=served["realtimeEndpoint"], auth=auth)
    create = "mutation($input: CreateActivityInput!) { createActivity(input: $input) { id userid caloriesConsumed } }"
    entry = {"userid": sub, "category": "Food", "type": "Lunch", "caloriesConsumed": 321}
    async with Client(transport=socket) as listener:
        events = listener.subscribe(gql("subscription { onCreateActivity { id userid caloriesConsumed } }"))
        received = asyncio.ensure_future(anext(events))
        for _ in range(50):
            created = await asyncio.to_thread(signed, served, keys, create, {"input": entry})
            assert created["data"]["createActivity"]["userid"] == sub, created
            done, _ = await asyncio.wait([received], timeout=1)
            if done:
                break
        event = received.result()["onCreateActivity"]
        assert (event["userid"], event["caloriesConsumed"]) == (sub, 321), event
    other = await asyncio.to_thread(signed, served, keys, create, {"input": {**entry, "userid": "another"}})
    assert other["errors"][0]["errorType"] == "Unauthorized", other
    print("boto3, botocore and gql: keys of the identity pool, query, mutation and subscription by IAM")


class Verifier(http.server.BaseHTTPRequestHandler):
    """An API that signs each request once more by botocore, and compares."""

    keys = Credentials("ASIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "TOKEN/EXAMPLE==")
    seen = []

    def do_POST(self):
        if self.path != "/graphql":
            return self.send_error(404, "there is no user pool here")
        body = self.rfile.read(int(self.headers["Content-Length"]))
        authorization = self.headers["Authorization"]
        names = re.search("SignedHeaders=([^,]*)", authorization)[1].split(";")
        headers = {name: self.headers[name] for name in names}
        request = AWSRequest("POST", f"http://{self.headers['Host']}{self.path}", headers, body)
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        auth = SigV4Auth(self.keys, "appsync", "eu-west-1")
        expected = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        assert {"host", "content-type", "x-amz-date", "x-amz-security-token"} <= set(names), names
        self.seen.append((re.search("Signature=(.*)", authorization)[1], expected))
        answer = b'{"data":{"listActivityCategories":{"items":[{"category":"Food","type":["Lunch"]}],"nextToken":null}}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def signatures(program):
    """What caltrack-tui signs with an operator's keys, by botocore once more."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Verifier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    keys = Verifier.keys
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key,
                   "AWS_SESSION_TOKEN": keys.token}
    with tempfile.TemporaryDirectory() as data:
        def tui(*arguments):
            ran = subprocess.run([program, "--data-dir", data, *arguments], env=environment, capture_output=True, text=True,
                                 timeout=60)
            return ran.returncode, ran.stdout + ran.stderr
        code, said = tui("configure", "ops", "--auth", "iam", "--graphql-endpoint", f"{base}/graphql", "--region", "eu-west-1",
                         "--user-pool-id", "eu-west-1_A", "--client-id", "c", "--cognito-endpoint", base)
        assert code == 0, said
        code, said = tui("--profile", "ops", "doctor", "--json")
        assert "signs with an operator's keys" in said, said
        code, said = tui("--profile", "ops", "today")
        assert code == 1 and "own no log" in said, said
    server.shutdown()
    assert Verifier.seen and all(given == expected for given, expected in Verifier.seen), Verifier.seen
    print(f"botocore: the signatures of caltrack-tui are its own ({len(Verifier.seen)} requests)")


def amplify(program, folder):
    with tempfile.TemporaryDirectory() as data:
        certificate, key = f"{data}/cert.pem", f"{data}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        command = [program, "--data-dir", f"{data}/box", "serve", "--listen", "127.0.0.1:0", "--tls-cert", certificate,
                   "--tls-key", key]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as box:
            try:
                line = box.stdout.readline()
                served = json.loads(line)
                pool = boto3.client("cognito-idp", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                                    aws_access_key_id="none", aws_secret_access_key="none", verify=certificate)
                pool.sign_up(ClientId=served["userPoolClientId"], Username="amy", Password=PASSWORD)
                code = re.search(r"\b\d{6}\b", box.stderr.readline()).group()
                pool.confirm_sign_up(ClientId=served["userPoolClientId"], Username="amy", ConfirmationCode=code)
                subprocess.run(["node", "amplify.mjs", line, "amy", PASSWORD], cwd=folder, check=True, timeout=60,
                               env={**os.environ, "NODE_EXTRA_CA_CERTS": certificate})
            finally:
                box.terminate()


def tables(served, session, **keys):
    """A client of the box's tables, without retries, so that errors are seen unchanged."""
    return session.client("dynamodb", endpoint_url=served["cognitoEndpoint"], region_name=served["region"],
                          config=Config(retries={"total_max_attempts": 1}), **keys)


def refused(kind, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == kind, error
    else:
        raise AssertionError(f"no {kind}")


def read_and_write(served, ann):
    os.environ["AWS_SHARED_CREDENTIALS_FILE"] = served["credentialsFile"]
    os.environ["AWS_CONFIG_FILE"] = os.devnull
    session = boto3.Session()
    dynamodb = tables(served, session)
    sub = ann.get_user().sub
    entry = {"id": {"S": str(uuid.uuid4())}, "userid": {"S": sub}, "date": {"S": "2020-02-29"},
             "creationDateTime": {"S": "2020-02-29T12:00:00.000Z"}, "category": {"S": "Food"}, "type": {"S": "Soup"},
             "caloriesConsumed": {"N": "321"}}
    key = {"id": entry["id"]}
    day = {"userid": {"S": sub}, "date": entry["date"]}

    def consumed():
        return dynamodb.get_item(TableName="caltrack_user_aggregate_table", Key=day)["Item"]["caloriesConsumed"]["N"]

    dynamodb.put_item(TableName="caltrack_activity_table", Item=entry)
    assert dynamodb.get_item(TableName="caltrack_activity_table", Key=key)["Item"] == entry
    assert consumed() == "321", consumed()
    found = dynamodb.query(TableName="caltrack_activity_table", IndexName="userid-date-index",
                           KeyConditionExpression="userid = :u and #d = :d", ExpressionAttributeNames={"#d": "date"},
                           ExpressionAttributeValues={":u": entry["userid"], ":d": entry["date"]})
    assert found["Items"] == [entry], found
    update = {"TableName": "caltrack_activity_table", "Key": key, "UpdateExpression": "SET caloriesConsumed = :k",
              "ExpressionAttributeValues": {":k": {"N": "400"}}, "ConditionExpression": "attribute_exists(id)"}
    dynamodb.transact_write_items(TransactItems=[{"Update": update}])
    assert consumed() == "400", consumed()
    refused("ConditionalCheckFailedException", dynamodb.put_item, TableName="caltrack_activity_table", Item=entry,
            ConditionExpression="attribute_not_exists(id)")
    refused("TransactionCanceledException", dynamodb.transact_write_items,
            TransactItems=[{"Update": update | {"ConditionExpression": "attribute_not_exists(id)"}}])
    dynamodb.delete_item(TableName="caltrack_activity_table", Key=key)
    assert consumed() == "0", consumed()
    # boto3's resource types, pages, and descriptions of tables.
    resource = session.resource("dynamodb", endpoint_url=served["cognitoEndpoint"], region_name=served["region"])
    items = resource.Table("caltrack_activity_category_table").scan()["Items"]
    assert {item["category"] for item in items} == {"Drink", "Exercise", "Food"}, items
    pages = dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1})
    names = [name for page in pages for name in page["TableNames"]]
    assert len(names) == 4 and all(resource.Table(name).table_status == "ACTIVE" for name in names), names
    print("boto3: put, get, query, transactions, totals, types, pages")

    wrong = tables(served, boto3, aws_access_key_id=session.get_credentials().access_key, aws_secret_access_key="A" * 40)
    refused("InvalidSignatureException", wrong.list_tables)
    unknown = tables(served, boto3, aws_access_key_id="AKIACALTRACKAAAAAAAA", aws_secret_access_key="A" * 40)
    refused("UnrecognizedClientException", unknown.list_tables)
    refused("AccessDeniedException", dynamodb.delete_table, TableName=names[0])
    unsigned = tables(served, session)
    unsigned.meta.events.register("choose-signer.dynamodb.*", lambda **_: UNSIGNED)
    refused("MissingAuthenticationTokenException", unsigned.list_tables)
    print("boto3: a wrong secret, an unknown key, no signature and a table's end are refused")
    return session


def load_categories(served):
    """The guide's command, word for word."""
    command = "aws dynamodb batch-write-item --request-items file://assets/activity-categories.json --endpoint-url "
    aws = os.path.join(os.path.dirname(sys.executable), "aws")
    answer = subprocess.run([sys.executable, aws, *(command + served["cognitoEndpoint"]).split()[1:]],
                            capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer
    assert json.loads(answer.stdout) == {"UnprocessedItems": {}}, answer.stdout
    print("AWS CLI: the categories are loaded by the guide's command")


def main():
    with tempfile.TemporaryDirectory() as data:
        command = [sys.argv[1], "--data-dir", data, "serve", "--listen", "127.0.0.1:0", "--expose-aws"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as box:
            try:
                served = json.loads(box.stdout.readline())
                ann = sign_in(served, box.stderr)
                recover(served, box.stderr, ann)
                authenticator(served, box.stderr)
                profile(served, box.stderr)
                asyncio.run(log(served, ann))
                asyncio.run(log_by_iam(served, ann))
                administrate(served, read_and_write(served, ann))
                load_categories(served)
            finally:
                box.terminate()
            assert box.wait(10) == 0, box.returncode
    signatures(sys.argv[1])
    amplify(sys.argv[1], sys.argv[2])


main()
