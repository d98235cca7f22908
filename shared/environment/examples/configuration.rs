//! Prints `docs/configuration.md`.

fn main() {
    print!("{}", environment::configuration());
}
