//! A pull parser for the XML of trackers: streamed, in bounded memory, without document types and without entities
//! other than those of XML itself and numbers, so that nothing is fetched and nothing expands.

use std::io::{self, BufRead};

/// The longest tag in bytes.
const MAX_TAG: usize = 64 << 10;
/// The longest text between two tags in bytes; what is longer is cut.
const MAX_TEXT: usize = 64 << 10;

/// An event; names have no prefix.
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
#[derive(Debug)]
pub(crate) struct Reader<R> {
    inner: R,
    /// The line that was read last; the first is 1.
    pub(crate) line: u64,
    /// Whether the `<` of the next tag is read already.
    in_tag: bool,
}

impl<R: BufRead> Reader<R> {
    pub(crate) const fn new(inner: R) -> Self {
        Self {
            inner,
            line: 1,
            in_tag: false,
        }
    }

    /// The next event; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Event>> {
        loop {
            if !self.in_tag {
                let mut text = Vec::new();
                self.in_tag = self.until(b'<', &mut text, MAX_TEXT)?;
                if text.iter().any(|byte| !byte.is_ascii_whitespace()) {
                    return Ok(Some(Event::Text(unescaped(&String::from_utf8_lossy(&text)))));
                }
                if !self.in_tag {
                    return Ok(None);
                }
            }
            self.in_tag = false;
            if let Some(event) = self.tag()? {
                return Ok(Some(event));
            }
        }
    }

    /// Reads a tag after its `<`; `None` for comments, instructions and document types.
    fn tag(&mut self) -> io::Result<Option<Event>> {
        let mut tag = Vec::new();
        loop {
            if !self.until(b'>', &mut tag, MAX_TAG)? {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a tag isn't closed"));
            }
            if tag.len() >= MAX_TAG {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "a tag is longer than 64 KiB",
                ));
            }
            let is_whole = if tag.starts_with(b"!--") {
                if tag.len() > 5 && tag.ends_with(b"--") {
                    return Ok(None);
                }
                // Only the beginning and the end of a comment matter.
                if tag.len() > 1_024 {
                    tag.drain(3..tag.len() - 2);
                }
                false
            } else if tag.starts_with(b"![CDATA[") {
                if tag.ends_with(b"]]") {
                    let text = tag.get(8..tag.len() - 2).unwrap_or_default();
                    return Ok(Some(Event::Text(String::from_utf8_lossy(text).into_owned())));
                }
                false
            } else if tag.starts_with(b"!") {
                return self.document_type(&tag).map(|()| None);
            } else if tag.starts_with(b"?") {
                return Ok(None);
            } else {
                tag.iter().fold(true, |outside, byte| outside ^ (*byte == b'"'))
            };
            if is_whole {
                return Ok(Some(parsed(&String::from_utf8_lossy(&tag))));
            }
            tag.push(b'>');
        }
    }

    /// Skips a document type, of which the part up to the first `>` is read.
    fn document_type(&mut self, head: &[u8]) -> io::Result<()> {
        let balance = |bytes: &[u8]| {
            bytes.iter().fold(0_i64, |depth, byte| match byte {
                b'[' => depth + 1,
                b']' => depth - 1,
                _ => depth,
            })
        };
        let mut depth = balance(head);
        while depth > 0 {
            let mut part = Vec::new();
            if !self.until(b'>', &mut part, MAX_TAG)? {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "a document type isn't closed",
                ));
            }
            depth += balance(&part);
        }
        Ok(())
    }

    /// Reads up to a byte, which is dropped; false at the end of the stream. What exceeds `most` bytes is dropped.
    fn until(&mut self, end: u8, into: &mut Vec<u8>, most: usize) -> io::Result<bool> {
        loop {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let at = buffer.iter().position(|byte| *byte == end);
            let part = buffer.get(..at.unwrap_or(buffer.len())).unwrap_or_default();
            self.line += part.iter().filter(|byte| **byte == b'\n').map(|_| 1).sum::<u64>();
            let room = most.saturating_sub(into.len());
            into.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
            let taken = part.len() + usize::from(at.is_some());
            self.inner.consume(taken);
            if at.is_some() {
                return Ok(true);
            }
        }
    }
}

fn parsed(tag: &str) -> Event {
    if let Some(name) = tag.strip_prefix('/') {
        return Event::End(local(name.trim()).to_owned());
    }
    let (tag, is_empty) = match tag.strip_suffix('/') {
        Some(tag) => (tag, true),
        None => (tag, false),
    };
    let end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at_checked(end).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| *c == '"' || *c == '\'') else {
            break;
        };
        let Some((value, after)) = after.get(1..).and_then(|after| after.split_once(quote)) else {
            break;
        };
        attributes.push((local(key.trim()).to_owned(), unescaped(value)));
        rest = after;
    }
    Event::Start {
        name: local(name).to_owned(),
        attributes: Attributes(attributes),
        is_empty,
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A text with its references resolved: the five names of XML and numbers. Others stay as they are.
fn unescaped(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        done.push_str(before);
        let end = after.bytes().take(11).position(|byte| byte == b';');
        let reference = end.and_then(|end| Some((after.get(..end)?, after.get(end + 1..)?)));
        if let Some((c, after)) = reference.and_then(|(name, after)| Some((resolved(name)?, after))) {
            done.push(c);
            rest = after;
        } else {
            done.push('&');
            rest = after;
        }
    }
    done.push_str(rest);
    done
}

fn resolved(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<Event> {
        // A small buffer, so that tags are cut.
        let mut reader = Reader::new(io::BufReader::with_capacity(3, text.as_bytes()));
        std::iter::from_fn(|| reader.next().unwrap()).collect()
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
                Event::Text("t&u".to_owned()),
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
                Event::Text("&b;&c;".to_owned()),
                Event::End("a".to_owned())
            ]
        );
    }

    #[test]
    fn a_tag_without_end_is_an_error_and_takes_bounded_memory() {
        let text = format!("<a {}", "x".repeat(1 << 20));
        assert!(Reader::new(text.as_bytes()).next().is_err());
        let text = format!("<a {}>", "x".repeat(1 << 20));
        assert!(Reader::new(text.as_bytes()).next().is_err());
        let text = format!("<a>{}</a>", "x".repeat(1 << 20));
        assert!(matches!(&events(&text)[1], Event::Text(text) if text.len() == MAX_TEXT));
    }
}
