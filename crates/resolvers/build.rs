//! A file that is added to `graphql/` has to be embedded too.

fn main() {
    println!("cargo::rerun-if-changed=../../graphql/resolvers");
    println!("cargo::rerun-if-changed=../../graphql/functions");
}
