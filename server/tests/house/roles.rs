//! Who may do what by their built-in role, as one table that is looked at when it changes.

use std::{fmt::Write, fs, path::Path};

use platform::permission::{self, Role};
use server::modules::MODULES;

const GOLDEN: &str = "tests/house/roles.golden";
/// Set to anything, it renews the table.
const RENEW: &str = "RENEW_GOLDEN";

fn table() -> String {
    let rights = permission::all(&MODULES);
    let width = rights.iter().map(|right| right.0.len()).max().unwrap_or_default();
    let mut table = format!("{:width$}", "");
    for role in Role::ALL {
        write!(table, "  {role}").expect("a string takes all");
    }
    for right in rights {
        write!(table, "\n{:width$}", right.0).expect("a string takes all");
        for role in Role::ALL {
            let mark = if permission::granted(&MODULES, role).contains(&right) { "x" } else { "." };
            write!(table, "  {mark:length$}", length = role.as_str().len()).expect("a string takes all");
        }
    }
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn what_the_built_in_roles_may_do_is_what_was_looked_at() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let now = table();
    if std::env::var_os(RENEW).is_some() {
        fs::write(&path, &now).expect("the table can be written");
    }
    let looked_at = fs::read_to_string(&path).unwrap_or_default();
    let gone = looked_at.lines().filter(|line| !now.lines().any(|other| other == *line)).map(|line| format!("- {line}\n"));
    let new = now.lines().filter(|line| !looked_at.lines().any(|other| other == *line)).map(|line| format!("+ {line}\n"));
    let difference: String = gone.chain(new).collect();
    assert!(
        now == looked_at,
        "the rights of the built-in roles have changed:\n{difference}\nIf that is meant, renew server/{GOLDEN} by\n    \
         {RENEW}=1 cargo test -p server --test house roles\nand have the difference looked at."
    );
}
