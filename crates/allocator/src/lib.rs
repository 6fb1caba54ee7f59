//! Settings of the C library's allocator. The only crate with unsafe code: it calls a function of C.

/// Lets all threads allocate from a few arenas.
///
/// glibc gives each thread an arena of its own, up to eight per core, and what is freed in one is never used by the
/// others: a dozen threads that are mostly idle hold megabytes that way. In fewer arenas those that work wait for each other
/// instead (a create takes a tenth less processor time in six than in four, and a fifth less in eight, where the program may
/// take over 40 MiB; benches/README.md).
///
/// To be called before the first thread starts. Does nothing where the C library is another one.
pub fn share_arenas() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// So many threads may work at a time: two of the runtime, the tables', the resolvers', the screens' and the
        /// replica's.
        const ARENAS: libc::c_int = 6;
        // SAFETY: `mallopt` changes a number in the allocator, under its lock; no memory is passed to it. It may be
        // called at any time (glibc's manual: MT-Unsafe only before the allocator's first use, and here is one thread).
        unsafe { libc::mallopt(libc::M_ARENA_MAX, ARENAS) };
    }
}
