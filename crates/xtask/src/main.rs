//! `cargo run -p xtask -- generate` and `cargo run -p xtask -- code FOLDER`

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for the terminal"
)]

use std::{fs, path::Path, process::ExitCode};

const USAGE: &str = "\
usage: cargo run -p xtask -- generate       write the generated files
       cargo run -p xtask -- code FOLDER    write the resolvers' deployed code into FOLDER";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let written = match arguments[..] {
        ["generate"] => generate(&root),
        ["code", folder] => write_code(&root, Path::new(folder)),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(root: &Path) -> Result<(), String> {
    for path in xtask::write(root)? {
        println!("wrote {path}");
    }
    Ok(())
}

fn write_code(root: &Path, folder: &Path) -> Result<(), String> {
    for (name, code) in xtask::deployed_code(root)? {
        let path = folder.join(format!("{name}.js"));
        fs::write(&path, code.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
