//! Settings of the C library's allocator. The only crate with unsafe code: it calls a function of C.

/// Lets all threads allocate from a few arenas.
///
/// glibc gives each thread an arena of its own, up to eight per core, and what is freed in one is never used by the
/// others: a dozen threads that are mostly idle hold megabytes that way. In a single arena those that work wait for each
/// other instead (a create takes a quarter more processor time than in four, which take 3 MiB more; benches/README.md).
///
/// To be called before the first thread starts. Does nothing where the C library is another one.
pub fn share_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// So many threads work at a time at most: two of the runtime, that of the tables, and that of the screens.
        const ARENAS: libc::c_int = 4;
        // SAFETY: `mallopt` changes a number in the allocator, under its lock; no memory is passed to it. It may be
        // called at any time (glibc's manual: MT-Unsafe only before the allocator's first use, and here is one thread).
        unsafe { libc::mallopt(libc::M_ARENA_MAX, ARENAS) };
    }
}
