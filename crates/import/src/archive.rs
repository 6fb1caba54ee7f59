//! Zip archives, as people receive them: unpacked by the crate `zip`, within limits for what a small file can claim.

use std::{
    cell::Cell,
    io::{self, Read, Seek, SeekFrom},
    rc::Rc,
};

use zip::{
    ZipArchive,
    read::ZipFile,
    result::{ZipError, ZipResult},
};

use crate::error::ImportError;

/// The most parts of an archive.
const MAX_PARTS: usize = 2_000;
/// The most bytes that are read to find the parts.
const MAX_DIRECTORY: u64 = 4 << 20;
/// The most bytes that a part expands to for each of its packed bytes; text packs to a twentieth at best.
const MAX_RATIO: u64 = 300;
/// A part may expand to this many bytes whatever its ratio.
const ALWAYS: u64 = 1 << 20;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// The size in bytes that the archive claims.
    pub(crate) size: u64,
    index: usize,
}

/// An archive whose parts are known.
pub(crate) struct Archive<R> {
    zip: ZipArchive<Limited<R>>,
    pub(crate) parts: Vec<Part>,
}

fn damaged(error: &ZipError) -> ImportError {
    match error {
        ZipError::Io(error) if error.kind() == io::ErrorKind::QuotaExceeded => {
            ImportError::too_large("the archive's directory", "4 MiB")
        }
        error => ImportError::Damaged(format!("as a zip archive: {error}")),
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory of an archive.
    pub(crate) fn open(file: R) -> Result<Self, ImportError> {
        let left = Rc::new(Cell::new(MAX_DIRECTORY));
        let limited = Limited {
            inner: file,
            left: Rc::clone(&left),
        };
        let mut zip = ZipArchive::new(limited).map_err(|error| damaged(&error))?;
        left.set(u64::MAX);
        if zip.len() > MAX_PARTS {
            return Err(ImportError::too_large(
                "the archive's directory",
                format!("{MAX_PARTS} parts"),
            ));
        }
        let parts = (0..zip.len()).map(|index| part(&mut zip, index));
        let parts: ZipResult<Vec<Option<Part>>> = parts.collect();
        let parts = parts.map_err(|error| damaged(&error))?.into_iter().flatten();
        Ok(Self {
            parts: parts.collect(),
            zip,
        })
    }

    /// The content of a part; its checksum is checked at its end.
    pub(crate) fn read(&mut self, part: &Part) -> Result<Content<'_, R>, ImportError> {
        let file = self.zip.by_index(part.index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ImportError::Damaged(format!(
                "{} is encrypted: unpack it with its password first",
                part.name
            )),
            error => ImportError::Damaged(format!("{}: {error}", part.name)),
        })?;
        let most = file.compressed_size().saturating_mul(MAX_RATIO).max(ALWAYS);
        Ok(Content { file, left: most })
    }
}

/// A part by its index; `None` for a directory.
fn part<R: Read + Seek>(zip: &mut ZipArchive<R>, index: usize) -> ZipResult<Option<Part>> {
    let file = zip.by_index_raw(index)?;
    let name = file.name()?.into_owned();
    let part = Part {
        name,
        size: file.size(),
        index,
    };
    Ok((!file.is_dir()).then_some(part))
}

/// A part that is being unpacked.
pub(crate) struct Content<'a, R: Read> {
    file: ZipFile<'a, Limited<R>>,
    /// How many bytes may still follow.
    left: u64,
}

impl<R: Read> Read for Content<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a part of the archive expands more than 300 times",
            )
        })?;
        Ok(read)
    }
}

/// A file of which only some bytes may be read.
struct Limited<R> {
    inner: R,
    /// How many bytes; shared, since the archive owns the file.
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.ok_or(io::ErrorKind::QuotaExceeded)?);
        Ok(read)
    }
}

impl<R: Seek> Seek for Limited<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}
