//! The credentials of a connecting client, which it sends in one of three ways.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use caltrack_local_core::host_header::{is_loopback, without_port};

/// Base64 with or without padding, since clients send both.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The header object of an upgrade request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handshake {
    /// `Authorization`, `host` and other members, as sent.
    pub headers: Map<String, Value>,
    /// The host of the upgrade request, with its port.
    pub requested_host: String,
}

/// Why a connection is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// The request has no credentials: the response is HTTP 401.
    #[error("Missing authorization header")]
    Missing,
    /// The header object can't be parsed: reported by `connection_error`.
    #[error("the header object is not base64 of a JSON object")]
    Malformed,
    /// The client offers no sub-protocol: reported by `connection_error`.
    #[error("the sub-protocol must be graphql-ws")]
    NoProtocol,
    /// The client offers other sub-protocols than `graphql-ws`. AppSync selects none, and closes the socket before any
    /// frame (measured with `graphql-transport-ws`).
    #[error("the sub-protocol must be graphql-ws")]
    OtherProtocol,
    /// `host` is not this API's: reported by `connection_error`, or by the `error` of a `start`.
    #[error("the host of the header object is not this API's")]
    Host,
}

impl Handshake {
    /// Reads the header object from the sub-protocol `header-…`, the query's `header`, or the HTTP headers.
    ///
    /// # Errors
    ///
    /// [`HandshakeError`] if it is absent or can't be parsed.
    pub fn read(headers: &HeaderMap, query: Option<&str>) -> Result<Self, HandshakeError> {
        let offered: Vec<&str> = headers
            .get_all("sec-websocket-protocol")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|protocol| !protocol.is_empty())
            .collect();
        if offered.is_empty() {
            return Err(HandshakeError::NoProtocol);
        }
        if !offered.contains(&"graphql-ws") {
            return Err(HandshakeError::OtherProtocol);
        }
        let requested_host = headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if let Some(encoded) = offered
            .iter()
            .find_map(|protocol| protocol.strip_prefix("header-"))
        {
            return Self::decode(encoded, requested_host);
        }
        let parameters = query.unwrap_or_default().split('&');
        if let Some(encoded) = parameters
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == "header")
        {
            return Self::decode(&unescape(encoded.1), requested_host);
        }
        if !headers.contains_key("authorization") {
            return Err(HandshakeError::Missing);
        }
        // A signature covers several headers.
        let object = headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), Value::from(value.to_str().ok()?))))
            .collect();
        Ok(Self {
            headers: object,
            requested_host: requested_host.to_owned(),
        })
    }

    /// Checks that a header object, of the upgrade or of a `start`, names this API's host, as AppSync requires. Here that
    /// is the host of the upgrade request, or any loopback host. Ports are not compared, since clients send the host with
    /// or without one. AWS's real-time hosts have the name of their API's host in its place.
    pub(super) fn check_host(
        object: &Map<String, Value>,
        requested_host: &str,
    ) -> Result<(), HandshakeError> {
        let named = object
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("host"))
            .and_then(|(_, value)| value.as_str())
            .unwrap_or_default();
        let name = without_port(named);
        let requested_host = requested_host.replace(".appsync-realtime-api.", ".appsync-api.");
        if is_loopback(name) || (!name.is_empty() && name.eq_ignore_ascii_case(without_port(&requested_host)))
        {
            Ok(())
        } else {
            Err(HandshakeError::Host)
        }
    }

    fn decode(encoded: &str, requested_host: &str) -> Result<Self, HandshakeError> {
        let standard: String = encoded
            .chars()
            .map(|c| match c {
                // A form decoder turns `+` into a space.
                '-' | ' ' => '+',
                '_' => '/',
                c => c,
            })
            .collect();
        let bytes = LENIENT.decode(standard).map_err(|_| HandshakeError::Malformed)?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(headers)) => Ok(Self {
                headers,
                requested_host: requested_host.to_owned(),
            }),
            Ok(_) | Err(_) => Err(HandshakeError::Malformed),
        }
    }
}

/// Decodes the percent-encoding of a query value.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| {
            let mut ahead = rest.clone();
            let digits = [ahead.next()?, ahead.next()?];
            let value = u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?;
            rest = ahead;
            Some(value)
        });
        bytes.push(escaped.flatten().unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    /// The token of a header object, whatever the case of its name.
    fn token(headers: &Map<String, Value>) -> Option<&str> {
        headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .and_then(|(_, value)| value.as_str())
    }

    const OBJECT: &str = r#"{"Authorization":"t~~~>>>???","host":"localhost"}"#;

    fn headers(protocol: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("sec-websocket-protocol", HeaderValue::from_str(protocol).unwrap());
        headers
    }

    #[rstest]
    #[case(format!("graphql-ws, header-{}", URL_SAFE_NO_PAD.encode(OBJECT)), None)]
    #[case("graphql-ws".to_owned(), Some(format!("header={}&payload=e30=", STANDARD.encode(OBJECT))))]
    #[case("graphql-ws".to_owned(), Some(format!("payload=e30=&header={}", URL_SAFE_NO_PAD.encode(OBJECT))))]
    #[case("graphql-ws".to_owned(), Some(format!("header={}", STANDARD.encode(OBJECT).replace('+', " ").replace('/', "%2F").replace('=', "%3D"))))]
    fn the_header_object_is_read_in_every_way_that_clients_send_it(
        #[case] protocol: String,
        #[case] query: Option<String>,
    ) {
        let read = Handshake::read(&headers(&protocol), query.as_deref()).unwrap();
        assert_eq!(token(&read.headers), Some("t~~~>>>???"));
    }

    #[test]
    fn a_plain_header_will_do_and_nothing_at_all_will_not() {
        let mut plain = headers("graphql-ws");
        assert_eq!(Handshake::read(&plain, None), Err(HandshakeError::Missing));
        plain.insert("authorization", HeaderValue::from_static("abc"));
        assert_eq!(
            token(&Handshake::read(&plain, None).unwrap().headers),
            Some("abc")
        );
    }

    #[test]
    fn other_protocols_and_garbage_are_refused() {
        assert_eq!(
            Handshake::read(&headers("graphql-transport-ws"), None),
            Err(HandshakeError::OtherProtocol)
        );
        assert_eq!(
            Handshake::read(&HeaderMap::new(), None),
            Err(HandshakeError::NoProtocol)
        );
        assert_eq!(
            Handshake::read(&headers("graphql-ws, header-%%%"), None),
            Err(HandshakeError::Malformed)
        );
        assert_eq!(
            Handshake::read(&headers("graphql-ws, header-WzFd"), None),
            Err(HandshakeError::Malformed)
        );
    }

    #[rstest]
    #[case("localhost", "localhost", true)]
    #[case("localhost", "localhost:18103", true)]
    #[case("127.0.0.1:18103", "localhost:18103", true)]
    #[case("[::1]:1", "localhost", true)]
    #[case("Box.Example", "box.example:443", true)]
    #[case("box.example:443", "box.example", true)]
    #[case(
        "a.appsync-api.us-east-1.amazonaws.com",
        "a.appsync-realtime-api.us-east-1.amazonaws.com",
        true
    )]
    #[case(
        "a.appsync-realtime-api.us-east-1.amazonaws.com",
        "a.appsync-realtime-api.us-east-1.amazonaws.com",
        false
    )]
    #[case("other.example", "box.example", false)]
    #[case("other.appsync-api.us-east-1.amazonaws.com", "localhost", false)]
    #[case("", "", false)]
    fn a_host_is_the_requested_one_or_a_name_of_this_computer(
        #[case] host: &str,
        #[case] requested_host: &str,
        #[case] good: bool,
    ) {
        let object = Map::from_iter([("Host".to_owned(), Value::from(host))]);
        assert_eq!(Handshake::check_host(&object, requested_host).is_ok(), good);
        assert_eq!(
            Handshake::check_host(&Map::new(), requested_host),
            Err(HandshakeError::Host)
        );
    }
}
