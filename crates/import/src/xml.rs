//! The XML of trackers: streamed by `quick-xml`, in bounded memory. Entities other than those of XML itself and numbers
//! stay as they are written, so that nothing is fetched and nothing expands.

use std::io::{self, BufRead, Read};

use quick_xml::{
    Error, XmlVersion,
    errors::SyntaxError,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event as XmlEvent},
};

/// The longest tag, text or comment in bytes; a workbook's cell has at most 32,767 characters.
const MAX_EVENT: usize = 256 << 10;

/// An event; names have no prefix. A text may come in several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Start {
        name: String,
        attributes: Attributes,
        is_empty: bool,
    },
    End(String),
    Text(String),
}

/// The attributes of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Attributes(Vec<(String, String)>);

impl Attributes {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Reads events from a stream.
pub(crate) struct Reader<R> {
    xml: quick_xml::Reader<Bounded<R>>,
    buffer: Vec<u8>,
}

impl<R: BufRead> Reader<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self {
            xml: quick_xml::Reader::from_reader(Bounded {
                inner,
                left: MAX_EVENT,
                line: 1,
            }),
            buffer: Vec::new(),
        }
    }

    /// The line where the last event ended; the first is 1.
    pub(crate) fn line(&self) -> u64 {
        self.xml.get_ref().line
    }

    /// The next event; `None` at the end. A tag that the stream ends in is an [`io::ErrorKind::UnexpectedEof`].
    pub(crate) fn next(&mut self) -> io::Result<Option<Event>> {
        loop {
            self.buffer.clear();
            self.xml.get_mut().left = MAX_EVENT;
            return Ok(Some(
                match self.xml.read_event_into(&mut self.buffer).map_err(failure)? {
                    XmlEvent::Start(tag) => start(&tag, false),
                    XmlEvent::Empty(tag) => start(&tag, true),
                    XmlEvent::End(tag) => Event::End(tag.local_name().into_inner().to_owned()),
                    XmlEvent::Text(text) => Event::Text(text.xml10_content().into_owned()),
                    XmlEvent::CData(text) => Event::Text(text.xml10_content().into_owned()),
                    XmlEvent::GeneralRef(reference) => Event::Text(resolved(&reference)),
                    XmlEvent::Eof => return Ok(None),
                    XmlEvent::Comment(_) | XmlEvent::Decl(_) | XmlEvent::PI(_) | XmlEvent::DocType(_) => {
                        continue;
                    }
                },
            ));
        }
    }
}

fn failure(error: Error) -> io::Error {
    match error {
        Error::Io(error) => io::Error::new(error.kind(), error.to_string()),
        // All others mean that the stream ends within a tag.
        Error::Syntax(error) if error != SyntaxError::InvalidBangMarkup => {
            io::Error::new(io::ErrorKind::UnexpectedEof, error)
        }
        error => io::Error::new(io::ErrorKind::InvalidData, error),
    }
}

fn start(tag: &BytesStart<'_>, is_empty: bool) -> Event {
    let mut attributes = tag.attributes();
    // To look for repeated names takes quadratic time.
    attributes.with_checks(false);
    // An attribute that isn't well-formed is left out.
    let attributes = attributes.flatten().map(|attribute| {
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.unwrap_or_else(|_| attribute.value.clone());
        (
            attribute.key.local_name().into_inner().to_owned(),
            value.into_owned(),
        )
    });
    Event::Start {
        name: tag.local_name().into_inner().to_owned(),
        attributes: Attributes(attributes.collect()),
        is_empty,
    }
}

fn resolved(reference: &BytesRef<'_>) -> String {
    let character = reference.resolve_char_ref().ok().flatten();
    let text = character.map(String::from);
    text.or_else(|| resolve_predefined_entity(reference).map(ToOwned::to_owned))
        .unwrap_or_else(|| format!("&{};", &**reference))
}

/// A stream that counts its lines, and fails where an event exceeds [`MAX_EVENT`].
struct Bounded<R> {
    inner: R,
    /// The bytes that the event may still have.
    left: usize,
    line: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a tag or a text is longer than 256 KiB",
            ));
        }
        let buffer = self.inner.fill_buf()?;
        Ok(buffer.get(..self.left).unwrap_or(buffer))
    }

    fn consume(&mut self, amount: usize) {
        // It has been filled, so this reads nothing.
        let taken = self.inner.fill_buf().ok().and_then(|buffer| buffer.get(..amount));
        let lines = taken.unwrap_or_default().iter().filter(|byte| **byte == b'\n');
        self.line += lines.map(|_| 1).sum::<u64>();
        self.left = self.left.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Event> {
        // A small buffer, so that tags are cut.
        let mut reader = Reader::new(io::BufReader::with_capacity(3, text.as_bytes()));
        let events = std::iter::from_fn(|| reader.next().unwrap());
        events
            .filter(|event| !matches!(event, Event::Text(text) if text.trim().is_empty()))
            .collect()
    }

    fn start(name: &str, attributes: &[(&str, &str)], is_empty: bool) -> Event {
        let owned = attributes
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Event::Start {
            name: name.to_owned(),
            attributes: Attributes(owned.collect()),
            is_empty,
        }
    }

    #[test]
    fn tags_attributes_and_texts_are_read() {
        assert_eq!(
            events(
                "<?xml version='1.0'?>\n<a x=\"1 > 0\" y:z='&#233;&lt;'><b/>t&amp;u<![CDATA[<c>]]></a><!-- <d> -->"
            ),
            [
                start("a", &[("x", "1 > 0"), ("z", "é<")], false),
                start("b", &[], true),
                Event::Text("t".to_owned()),
                Event::Text("&".to_owned()),
                Event::Text("u".to_owned()),
                Event::Text("<c>".to_owned()),
                Event::End("a".to_owned()),
            ]
        );
    }

    #[test]
    fn document_types_are_skipped_and_their_entities_expand_to_nothing() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c SYSTEM "file:///etc/passwd">]><a>&b;&c;</a>"#;
        assert_eq!(
            events(bomb),
            [
                start("a", &[], false),
                Event::Text("&b;".to_owned()),
                Event::Text("&c;".to_owned()),
                Event::End("a".to_owned())
            ]
        );
    }

    #[test]
    fn a_tag_or_a_text_without_end_is_an_error_and_takes_bounded_memory() {
        let long = "x".repeat(1 << 20);
        for text in [
            format!("<a {long}"),
            format!("<a {long}>"),
            format!("<!-- {long}"),
            long,
        ] {
            let error = Reader::new(text.as_bytes()).next().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        }
    }

    #[test]
    fn lines_are_those_where_the_events_end() {
        let mut reader = Reader::new("<a>\n<b\n/>\n</a>".as_bytes());
        let mut lines = Vec::new();
        while let Some(event) = reader.next().unwrap() {
            if !matches!(event, Event::Text(_)) {
                lines.push(reader.line());
            }
        }
        assert_eq!(lines, [1, 3, 4]);
    }
}
