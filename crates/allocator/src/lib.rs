//! Settings of the C library's allocator. The only crate with unsafe code: it calls a function of C.

/// Lets all threads allocate from one arena.
///
/// glibc gives each thread an arena of its own, up to eight per core, and what is freed in one is never used by the
/// others: a dozen threads that are mostly idle hold megabytes that way. It also enlarges those arenas page by page, with a
/// system call each. Threads keep small blocks in caches of their own, so that they rarely wait for each other in the one
/// arena (`M_ARENA_MAX` in mallopt(3)).
///
/// To be called before the first thread starts. Does nothing where the C library is another one.
pub fn share_one_arena() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        // SAFETY: `mallopt` changes a number in the allocator, under its lock; no memory is passed to it. It may be
        // called at any time (glibc's manual: MT-Unsafe only before the allocator's first use, and here is one thread).
        unsafe { libc::mallopt(libc::M_ARENA_MAX, 1) };
    }
}
