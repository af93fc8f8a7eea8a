//! Turns `locales/*.json` into functions.

fn main() {
    texts_build::generate();
}
