//! Owners and modes.

use std::{
    fs::{self, Metadata},
    io,
    path::Path,
};

use super::untrusted::Untrusted;

/// Permissions of files: read and write for the owner.
pub(crate) const FILE: u32 = 0o600;
/// Permissions of directories: everything for the owner.
pub(crate) const DIRECTORY: u32 = 0o700;
/// Bits of a mode that concern group and others.
pub(crate) const OTHERS: u32 = 0o077;

#[cfg(unix)]
pub(crate) fn check_owner(metadata: &Metadata, or_root: bool) -> Result<(), Untrusted> {
    let owner = std::os::unix::fs::MetadataExt::uid(metadata);
    if may_own(owner, rustix::process::geteuid().as_raw(), or_root) {
        Ok(())
    } else {
        Err(Untrusted::Owner(owner))
    }
}

/// Elsewhere, access lists say who may write.
#[cfg(not(unix))]
pub(crate) fn check_owner(_metadata: &Metadata, _or_root: bool) -> Result<(), Untrusted> {
    Ok(())
}

/// Whether what `owner` owns may be used by the user `me`.
pub(crate) const fn may_own(owner: u32, me: u32, or_root: bool) -> bool {
    owner == me || (or_root && owner == 0)
}

#[cfg(unix)]
pub(crate) fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
}

#[cfg(not(unix))]
pub(crate) fn mode(_metadata: &Metadata) -> u32 {
    DIRECTORY
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

/// On a file system that can't be written, nothing more can be done.
#[cfg(unix)]
pub(crate) fn close_file(
    metadata: &Metadata,
    set: impl FnOnce(fs::Permissions) -> io::Result<()>,
) -> io::Result<()> {
    if mode(metadata) & OTHERS == 0 {
        return Ok(());
    }
    match set(std::os::unix::fs::PermissionsExt::from_mode(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::ReadOnlyFilesystem => Ok(()),
        outcome => outcome,
    }
}

#[cfg(not(unix))]
pub(crate) fn close_file(
    _metadata: &Metadata,
    _set: impl FnOnce(fs::Permissions) -> io::Result<()>,
) -> io::Result<()> {
    Ok(())
}
