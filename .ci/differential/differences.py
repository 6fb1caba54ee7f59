"""Accepted differences between the embedded DynamoDB (here) and AWS's DynamoDB local (there), with the reason for each."""

import json

RULES = {
    "capital": "the text of an error is `Message` there and `message` here, as AWS itself has it",
    "words": "the same exception with another text: the texts of DynamoDB local are not AWS's",
    "types": "a number in place of a string, or the reverse, is accepted there; here it is a SerializationException, as on AWS",
    "no object": "a body that is no object is an internal failure there, and a SerializationException here, as on AWS",
    "order": "the same items in another order: the order of a Scan follows hashes of the partition keys, which are not specified",
    "ties": "another order among the items of one index key: DynamoDB doesn't specify it",
    "segments": "other items in one segment of a Scan: their distribution is not specified",
    "last": "a LastEvaluatedKey after the only item of a key: AWS documents that one can be returned at the end",
    "twice": "a condition check of an item that the transaction writes: DynamoDB local evaluates it, AWS rejects it",
    "token": "a request token of a wrong length is rejected here, as in the API reference; the request is not sent there",
    "disk": "a damaged file or a full disk, which ends the comparison of that database",
    "zeros": "a sum of decimals keeps a trailing zero there; AWS trims zeros (DynamoDB Developer Guide, Number), as it is done here",
    "pages": "pages with other items, where the order is not specified; all pages together have the same items",
}


class Pages:
    """Compares queries and scans over all their pages. Each side continues from its own last key."""

    def __init__(self):
        # By the last key here: the last key there, and the items of both sides up to it.
        self.keys, self.before = {}, {}

    def translate(self, body):
        """The request with the last key of the other side."""
        start = body.get("ExclusiveStartKey") if isinstance(body, dict) else None
        key = self.keys.get((chain(body), plain(start))) if start else None
        return {**body, "ExclusiveStartKey": key} if key else body

    def add(self, body, here, there):
        """Adds a page of each side. Returns True if the pages so far have the same items, None while both sides have more pages."""
        name, start = chain(body), body.get("ExclusiveStartKey")
        ours, theirs = self.before.get((name, plain(start)), ([], []))
        ours, theirs = ours + here.get("Items", []), theirs + there.get("Items", [])
        last, other = here.get("LastEvaluatedKey"), there.get("LastEvaluatedKey")
        if last and other:
            self.keys[name, plain(last)] = other
            self.before[name, plain(last)] = ours, theirs
            return None
        return bool(last) == bool(other) and unordered(ours) == unordered(theirs)


def explain(operation, body, here, there, together):
    """The rule that explains a difference, or None. `together` is the result of `Pages.add`."""
    if "error" in here and here["error"].get("Message", "").startswith(("invalid type: integer", "invalid type: string")):
        return "types"
    if "error" in here and "error" in there:
        return explain_error(body, here["error"], there["error"])
    if "ok" not in here or "ok" not in there:
        return None
    ours, theirs = here["ok"], there["ok"]
    if unordered(ours) == unordered(theirs):
        if operation == "Scan":
            return "order"
        if operation == "Query" and "IndexName" in body and sort_keys(body, ours) == sort_keys(body, theirs):
            return "ties"
        return None
    if operation == "Query" and "LastEvaluatedKey" in ours and len(ours["LastEvaluatedKey"]) == 1:
        if unordered({**ours, "LastEvaluatedKey": None}) == unordered({**theirs, "LastEvaluatedKey": None}):
            return "last"
    if operation == "Scan" and "Segment" in body:
        return "segments"
    paged = operation in ("Query", "Scan") and ("Limit" in body or "ExclusiveStartKey" in body)
    if paged and together is not False and ours.get("Count") == theirs.get("Count"):
        free = operation == "Scan" or sort_keys(body, ours) == sort_keys(body, theirs)
        return "pages" if free else None
    return None


def explain_error(body, ours, theirs):
    if not isinstance(body, dict):
        return "no object"
    if ours.get("__type") != theirs.get("__type"):
        twice = ours.get("message") == "Transaction request cannot include multiple operations on one item"
        return "twice" if twice and checks_what_it_writes(body) else None
    if ours.get("message") == theirs.get("Message") and ours.get("CancellationReasons") == theirs.get("CancellationReasons"):
        return "capital"
    return "words" if reasons(ours) == reasons(theirs) else None


def reasons(error):
    """The codes of a transaction's cancellation reasons, without their texts."""
    return [{name: value for name, value in reason.items() if name != "Message"} for reason in error.get("CancellationReasons", [])]


def checks_what_it_writes(body):
    """Whether a transaction has a condition check and a write of one item."""
    keys = {"checked": [], "written": []}
    for action in body["TransactItems"]:
        [(kind, part)] = action.items()
        # A put has its key in the item.
        key = part.get("Key") or {"id": part["Item"].get("id")}
        keys["checked" if kind == "ConditionCheck" else "written"].append((part["TableName"], plain(key)))
    return any(key in keys["written"] for key in keys["checked"])


def sort_keys(body, answer):
    """The index keys of a page's items, in their order."""
    name = body["IndexName"].removeprefix("userid-").removesuffix("-index")
    return [item.get(name) for item in answer["Items"]]


def trimmed(value):
    """The value with its numbers, in DynamoDB's JSON, without trailing zeros."""
    if isinstance(value, dict):
        number = value.get("N")
        if value.keys() == {"N"} and isinstance(number, str) and "." in number and "e" not in number.lower():
            return {"N": number.rstrip("0").rstrip(".")}
        return {name: trimmed(member) for name, member in value.items()}
    if isinstance(value, list):
        return [trimmed(member) for member in value]
    return value


def chain(body):
    """The request without its page size and start key: the same for all pages of a query."""
    own = ("ExclusiveStartKey", "Limit")
    return plain({name: value for name, value in body.items() if name not in own}) if isinstance(body, dict) else ""


def plain(value):
    return json.dumps(value, sort_keys=True)


def unordered(value):
    """The value with all its lists sorted."""
    if isinstance(value, dict):
        return {name: unordered(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted((unordered(member) for member in value), key=plain)
    return value
