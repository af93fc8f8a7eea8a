//! The schema is compiled in; a new migration must lead to a new build.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
