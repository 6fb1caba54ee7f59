//! libFuzzer, called within a test.
//!
//! Source: LLVM, "libFuzzer – a library for coverage-guided fuzz testing", section "Using libFuzzer as a library".

use std::{
    ffi::{CString, c_char, c_int},
    ptr,
    sync::OnceLock,
};

use libfuzzer_sys as _;

static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();

unsafe extern "C" {
    fn LLVMFuzzerRunDriver(
        argc: *mut c_int,
        argv: *mut *mut *mut c_char,
        callback: unsafe extern "C" fn(*const u8, usize) -> c_int,
    ) -> c_int;

    /// The crate's: it catches panics, which end the process, and calls [`rust_fuzzer_test_input`].
    fn LLVMFuzzerTestOneInput(data: *const u8, size: usize) -> c_int;
}

/// Called by `LLVMFuzzerTestOneInput`.
#[expect(
    improper_ctypes_definitions,
    reason = "caller and callee are compiled together"
)]
#[unsafe(no_mangle)]
extern "C" fn rust_fuzzer_test_input(input: &[u8]) -> i32 {
    if let Some(target) = TARGET.get() {
        target(input);
    }
    0
}

/// Runs libFuzzer, which ends the process. New inputs are stored in the first directory among the options.
pub(crate) fn run(corpus: &str, options: &str, target: fn(&[u8])) {
    assert!(
        TARGET.set(target).is_ok(),
        "libFuzzer runs one target per process"
    );
    let arguments = ["fuzz"]
        .into_iter()
        .chain(options.split_whitespace())
        .chain([corpus]);
    let owned: Vec<CString> = arguments
        .map(|argument| CString::new(argument).expect("options without NUL"))
        .collect();
    let mut pointers: Vec<*mut c_char> = owned.iter().map(|text| text.as_ptr().cast_mut()).collect();
    let mut count = c_int::try_from(pointers.len()).expect("a few options");
    pointers.push(ptr::null_mut());
    let mut arguments = pointers.as_mut_ptr();
    // SAFETY: the pointers are to NUL-terminated texts that live until the end of the call, and end with a null pointer.
    let code = unsafe { LLVMFuzzerRunDriver(&raw mut count, &raw mut arguments, LLVMFuzzerTestOneInput) };
    std::process::exit(code);
}
