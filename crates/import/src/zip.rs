//! Zip archives, as people receive them: the directory at the end of the file, parts that are stored or deflated.
//!
//! Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 to 4.5; RFC 1951.

use std::io::{self, Read, Seek, SeekFrom};

use miniz_oxide::{
    DataFormat, MZFlush, MZStatus,
    inflate::stream::{InflateState, inflate},
};

use crate::error::ImportError;

/// The most parts of an archive.
const MAX_PARTS: usize = 2_000;
/// The largest directory in bytes.
const MAX_DIRECTORY: u64 = 4 << 20;
/// A part may not expand by more than this. Deflate's limit is 1,032; XML of Apple Health expands by 20 to 40.
const MAX_RATIO: u64 = 300;
/// What a part may expand to in any case.
const ALWAYS: u64 = 1 << 20;
/// The bytes of a buffer.
const BUFFER: usize = 32 << 10;

const END: [u8; 4] = *b"PK\x05\x06";
const END_64: [u8; 4] = *b"PK\x06\x06";
const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const LOCAL: [u8; 4] = *b"PK\x03\x04";

/// A part of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    method: u16,
    is_encrypted: bool,
    crc: u32,
    packed: u64,
    /// The size that the directory claims.
    pub(crate) size: u64,
    offset: u64,
}

/// An archive whose directory was read.
#[derive(Debug)]
pub(crate) struct Archive<R> {
    file: R,
    pub(crate) parts: Vec<Part>,
}

fn damaged(reason: &str) -> ImportError {
    ImportError::Damaged(format!("as a zip archive, {reason}"))
}

/// A little-endian number of a header.
fn number(bytes: &[u8], at: usize, length: usize) -> u64 {
    let field = bytes.get(at..at + length).unwrap_or_default();
    field
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::try_from(number(bytes, at, 2)).unwrap_or(u16::MAX)
}

impl<R: Read + Seek> Archive<R> {
    pub(crate) fn open(mut file: R) -> Result<Self, ImportError> {
        let length = file.seek(SeekFrom::End(0))?;
        let tail_at = length.saturating_sub(66_000);
        let tail = read_at(&mut file, tail_at, length - tail_at)?;
        let end = tail
            .windows(4)
            .rposition(|window| window == END)
            .ok_or_else(|| damaged("it has no directory; it may be cut off"))?;
        let record = tail.get(end..).unwrap_or_default();
        if record.len() < 22 {
            return Err(damaged("its directory is cut off"));
        }
        let (mut count, mut size, mut offset) = (
            number(record, 10, 2),
            number(record, 12, 4),
            number(record, 16, 4),
        );
        if (count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff)
            && let Some(locator) = end.checked_sub(20).and_then(|at| tail.get(at..end))
            && locator.starts_with(&LOCATOR_64)
        {
            let record = read_at(&mut file, number(locator, 8, 8), 56)?;
            if !record.starts_with(&END_64) {
                return Err(damaged("its directory isn't where it should be"));
            }
            (count, size, offset) = (
                number(&record, 32, 8),
                number(&record, 40, 8),
                number(&record, 48, 8),
            );
        }
        if count > MAX_PARTS as u64 || size > MAX_DIRECTORY {
            return Err(ImportError::too_large(
                "the archive's directory",
                format!("{MAX_PARTS} parts"),
            ));
        }
        let directory = read_at(&mut file, offset, size)?;
        let parts = parts(&directory)?;
        Ok(Self { file, parts })
    }

    /// The content of a part.
    pub(crate) fn read(&mut self, part: &Part) -> Result<Inflater<'_, R>, ImportError> {
        if part.is_encrypted {
            return Err(damaged(&format!(
                "{} is encrypted: unpack it with its password first",
                part.name
            )));
        }
        let header = read_at(&mut self.file, part.offset, 30)?;
        if !header.starts_with(&LOCAL) {
            return Err(damaged(&format!("{} isn't where it should be", part.name)));
        }
        let data = part.offset + 30 + number(&header, 26, 2) + number(&header, 28, 2);
        self.file.seek(SeekFrom::Start(data))?;
        let state = match part.method {
            0 => None,
            8 => Some(InflateState::new_boxed(DataFormat::Raw)),
            method => return Err(damaged(&format!("{} is packed by method {method}", part.name))),
        };
        Ok(Inflater {
            packed: (&mut self.file).take(part.packed),
            state,
            input: Vec::new(),
            at: 0,
            given: 0,
            most: part.packed.saturating_mul(MAX_RATIO).max(ALWAYS),
            crc: crc32fast::Hasher::new(),
            wanted: part.crc,
            is_done: false,
        })
    }
}

fn read_at(file: &mut (impl Read + Seek), at: u64, length: u64) -> Result<Vec<u8>, ImportError> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(damaged("it is cut off"));
    }
    Ok(bytes)
}

fn parts(directory: &[u8]) -> Result<Vec<Part>, ImportError> {
    let mut parts = Vec::new();
    let mut rest = directory;
    while rest.starts_with(&ENTRY) {
        let lengths = [28, 30, 32].map(|at| usize::from(short(rest, at)));
        let [name_length, extra_length, comment_length] = lengths;
        let name = rest
            .get(46..46 + name_length)
            .ok_or_else(|| damaged("its directory is cut off"))?;
        let extra = rest
            .get(46 + name_length..46 + name_length + extra_length)
            .unwrap_or_default();
        let mut part = Part {
            name: String::from_utf8_lossy(name).into_owned(),
            method: short(rest, 10),
            is_encrypted: short(rest, 8) & 1 == 1,
            crc: u32::try_from(number(rest, 16, 4)).unwrap_or_default(),
            packed: number(rest, 20, 4),
            size: number(rest, 24, 4),
            offset: number(rest, 42, 4),
        };
        add_zip64(&mut part, extra);
        if !part.name.ends_with('/') {
            parts.push(part);
        }
        if parts.len() > MAX_PARTS {
            return Err(ImportError::too_large(
                "the archive's directory",
                format!("{MAX_PARTS} parts"),
            ));
        }
        let length: usize = 46 + lengths.iter().sum::<usize>();
        debug_assert!(length >= 46 + comment_length);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(parts)
}

/// Sizes and offset that don't fit into 32 bits.
fn add_zip64(part: &mut Part, mut extra: &[u8]) {
    while extra.len() >= 4 {
        let (id, length) = (number(extra, 0, 2), usize::from(short(extra, 2)));
        let body = extra.get(4..4 + length).unwrap_or_default();
        if id == 1 {
            let mut at = 0;
            for field in [&mut part.size, &mut part.packed, &mut part.offset] {
                if *field == 0xffff_ffff {
                    *field = number(body, at, 8);
                    at += 8;
                }
            }
        }
        extra = extra.get(4 + length..).unwrap_or_default();
    }
}

/// Reads a part: checks its CRC, and ends with an error where it expands too far.
pub(crate) struct Inflater<'a, R> {
    packed: io::Take<&'a mut R>,
    /// None for a part that is stored.
    state: Option<Box<InflateState>>,
    input: Vec<u8>,
    at: usize,
    given: u64,
    most: u64,
    crc: crc32fast::Hasher,
    wanted: u32,
    is_done: bool,
}

impl<R: Read> Inflater<'_, R> {
    fn fill(&mut self) -> io::Result<()> {
        if self.at == self.input.len() {
            self.input.resize(BUFFER, 0);
            let read = self.packed.read(&mut self.input)?;
            self.input.truncate(read);
            self.at = 0;
        }
        Ok(())
    }

    fn inflated(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let Some(mut state) = self.state.take() else {
            return self.packed.read(into);
        };
        let written = loop {
            self.fill()?;
            let input = self.input.get(self.at..).unwrap_or_default();
            let is_last = input.is_empty();
            let result = inflate(&mut state, input, into, MZFlush::None);
            self.at += result.bytes_consumed;
            match result.status {
                Ok(MZStatus::StreamEnd) => {
                    self.is_done = true;
                    break result.bytes_written;
                }
                Ok(_) if result.bytes_written > 0 => break result.bytes_written,
                Ok(_) if !is_last => {}
                Ok(_) | Err(_) => {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a part of the archive is damaged",
                    ));
                }
            }
        };
        self.state = Some(state);
        Ok(written)
    }
}

impl<R: Read> Read for Inflater<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_done || into.is_empty() {
            return Ok(0);
        }
        let written = self.inflated(into)?;
        let part = into.get(..written).unwrap_or_default();
        self.crc.update(part);
        self.given += written as u64;
        if self.given > self.most {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a part of the archive expands more than 300 times",
            ));
        }
        if written == 0 {
            self.is_done = true;
        }
        if self.is_done && self.crc.clone().finalize() != self.wanted {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a part of the archive is damaged",
            ));
        }
        Ok(written)
    }
}
