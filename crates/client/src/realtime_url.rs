//! The address for subscriptions, derived from that of the GraphQL API.

use crate::error::ApiError;

/// Derives the WebSocket address of a GraphQL address: the default domain has a separate host for real time; any other (a
/// custom domain, loopback) has `/realtime` appended to its path.
///
/// Source: AWS AppSync developer guide, "Building a real-time WebSocket client".
///
/// # Errors
///
/// [`ApiError::Rejected`] where the text isn't an `http(s)://` address.
pub fn realtime_url(graphql: &str) -> Result<String, ApiError> {
    let (scheme, rest) = graphql
        .split_once("://")
        .ok_or_else(|| ApiError::Rejected(format!("`{graphql}` is not an address")))?;
    let socket_scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" => "wss",
        "http" => "ws",
        _ => {
            return Err(ApiError::Rejected(format!(
                "`{graphql}` must begin with https://"
            )));
        }
    };
    if socket_scheme == "wss"
        && let Some((id, domain)) = default_domain(rest)
    {
        return Ok(format!("wss://{id}.appsync-realtime-api.{domain}/graphql"));
    }
    Ok(format!(
        "{socket_scheme}://{}/realtime",
        rest.trim_end_matches('/')
    ))
}

/// The API's id, and the domain from the region on, of an address in AppSync's default domain:
/// `<26 characters>.appsync-api.<region>.amazonaws.com[.cn]/graphql`.
fn default_domain(rest: &str) -> Option<(String, String)> {
    let rest = rest.to_ascii_lowercase();
    let host = rest.strip_suffix("/graphql")?;
    let (id, after) = host.split_once(".appsync-api.")?;
    let region = after
        .strip_suffix(".amazonaws.com")
        .or_else(|| after.strip_suffix(".amazonaws.com.cn"))?;
    let is_id = id.len() == 26
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let mut parts = region.split('-');
    let is_region = parts.next().is_some_and(|area| area.len() == 2)
        && parts
            .next_back()
            .is_some_and(|number| number.parse::<u8>().is_ok())
        && parts.next().is_some();
    (is_id && is_region).then(|| (id.to_owned(), after.to_owned()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(
        "https://abcdefghijklmnopqrstuvwxyz.appsync-api.eu-west-1.amazonaws.com/graphql",
        "wss://abcdefghijklmnopqrstuvwxyz.appsync-realtime-api.eu-west-1.amazonaws.com/graphql"
    )]
    #[case(
        "https://abcdefghijklmnopqrstuvwxyz.appsync-api.cn-north-1.amazonaws.com.cn/graphql",
        "wss://abcdefghijklmnopqrstuvwxyz.appsync-realtime-api.cn-north-1.amazonaws.com.cn/graphql"
    )]
    #[case(
        "https://abcdefghijklmnopqrstuvwxyz.appsync-api.us-gov-west-1.amazonaws.com/graphql",
        "wss://abcdefghijklmnopqrstuvwxyz.appsync-realtime-api.us-gov-west-1.amazonaws.com/graphql"
    )]
    #[case("https://api.example.com/graphql", "wss://api.example.com/graphql/realtime")]
    #[case("http://127.0.0.1:4000/graphql", "ws://127.0.0.1:4000/graphql/realtime")]
    #[case(
        "https://short.appsync-api.eu-west-1.amazonaws.com/graphql",
        "wss://short.appsync-api.eu-west-1.amazonaws.com/graphql/realtime"
    )]
    fn the_address_is_derived_from_the_graphql_address(#[case] graphql: &str, #[case] expected: &str) {
        assert_eq!(realtime_url(graphql).unwrap(), expected);
    }

    #[test]
    fn anything_but_a_web_address_is_an_error() {
        assert!(realtime_url("api.example.com").is_err());
        assert!(realtime_url("wss://api.example.com").is_err());
    }
}
