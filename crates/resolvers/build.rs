//! Rebuilds the crate when a file is added to `graphql/`: `include_dir!` sees changed files only.

fn main() {
    println!("cargo::rerun-if-changed=../../graphql/resolvers");
    println!("cargo::rerun-if-changed=../../graphql/functions");
    println!("cargo::rerun-if-changed=../../graphql/lib");
}
