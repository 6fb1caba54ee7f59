//! How an error of a table appears in `ctx.error`.

use caltrack_local_core::tables::DynamoError;
use serde_json::Value;

use super::reply::Reply;

/// The error type of a disk failure. AWS has no such type.
const STORAGE: &str = "DynamoDB:StorageException";

/// The error with AppSync's wording (AppSync guide, "Condition expressions").
pub(super) fn dynamo_failure(error: &DynamoError, result: Value) -> Reply {
    if error.storage {
        return Reply::failed(error.message.clone(), STORAGE, result);
    }
    let request = request_id();
    let status = if error.kind == "InternalServerError" {
        500
    } else {
        400
    };
    let message = format!(
        "{} (Service: DynamoDb, Status Code: {status}, Request ID: {request})",
        error.message
    );
    // The AWS SDK, which AppSync uses, has no exceptions of these names.
    let kind = match error.kind {
        "ValidationException" | "SerializationException" => "DynamoDbException",
        named => named,
    };
    Reply::failed(message, &format!("DynamoDB:{kind}"), result)
}

/// A request id in DynamoDB's format: 52 letters and digits.
fn request_id() -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
    let random: [u8; 52] = rand::random();
    random
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_disk_has_a_type_of_its_own_and_plain_words() {
        let error = |error: &DynamoError| dynamo_failure(error, Value::Null).error.unwrap();
        let (message, kind) = error(&DynamoError::storage("The disk is full. Make room."));
        assert_eq!(
            (message.as_str(), kind.as_str()),
            ("The disk is full. Make room.", "DynamoDB:StorageException")
        );
        let (message, kind) = error(&DynamoError::internal("It failed."));
        assert!(message.starts_with("It failed. (Service: DynamoDb, Status Code: 500, Request ID: "));
        assert_eq!(kind, "DynamoDB:InternalServerError");
    }
}
