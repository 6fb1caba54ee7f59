//! How a client says who it is when it connects: one of three ways.

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::HeaderMap;
use serde_json::{Map, Value};

/// Standard and URL-safe base64, with padding or without: clients send all of them.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The header object of an upgrade request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handshake {
    /// `Authorization`, `host` and whatever else was sent.
    pub headers: Map<String, Value>,
}

/// Why a connection is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// Nothing says who it is: the upgrade is answered with HTTP 401.
    #[error("Missing authorization header")]
    Missing,
    /// The header object can't be read: told by `connection_error`.
    #[error("the header object is not base64 of a JSON object")]
    Malformed,
    /// `graphql-ws` is not among the sub-protocols.
    #[error("the sub-protocol must be graphql-ws")]
    Protocol,
}

impl Handshake {
    /// Reads the header object: of the sub-protocol `header-…`, of the query's `header`, or of the HTTP headers.
    ///
    /// # Errors
    ///
    /// [`HandshakeError`] where there is none, or none that can be read.
    pub fn read(headers: &HeaderMap, query: Option<&str>) -> Result<Self, HandshakeError> {
        let offered: Vec<&str> = headers
            .get_all("sec-websocket-protocol")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        if !offered.contains(&"graphql-ws") {
            return Err(HandshakeError::Protocol);
        }
        if let Some(encoded) = offered
            .iter()
            .find_map(|protocol| protocol.strip_prefix("header-"))
        {
            return Self::decode(encoded);
        }
        let parameters = query.unwrap_or_default().split('&');
        if let Some(encoded) = parameters
            .filter_map(|pair| pair.split_once('='))
            .find(|(name, _)| *name == "header")
        {
            return Self::decode(&unescape(encoded.1));
        }
        if !headers.contains_key("authorization") {
            return Err(HandshakeError::Missing);
        }
        // A signature covers several of them.
        let object = headers
            .iter()
            .filter_map(|(name, value)| Some((name.to_string(), Value::from(value.to_str().ok()?))))
            .collect();
        Ok(Self { headers: object })
    }

    fn decode(encoded: &str) -> Result<Self, HandshakeError> {
        let standard: String = encoded
            .chars()
            .map(|c| match c {
                // A space is a `+` that went through a form decoder.
                '-' | ' ' => '+',
                '_' => '/',
                c => c,
            })
            .collect();
        let bytes = LENIENT.decode(standard).map_err(|_| HandshakeError::Malformed)?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(headers)) => Ok(Self { headers }),
            Ok(_) | Err(_) => Err(HandshakeError::Malformed),
        }
    }
}

/// Percent-decoding of a query value.
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
            Err(HandshakeError::Protocol)
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
}
