//! Which screen an address is of. Each module lists its screens with their addresses, and the app shows the one that fits
//! the address; so a module's screens stand in its own crate, and one more costs the first load no more than its address.

use crate::lazy::Part;
use leptos::prelude::*;
use std::pin::Pin;

/// Screens that are downloaded together.
pub struct Screens {
    /// What has to be loaded before one can be shown.
    pub part: Part,
    /// Where they are found: `/dashboard/gabinet/staff/:id/away`. A segment that begins with a colon stands for any, and the
    /// screen asks for it by [`param`].
    pub addresses: &'static [&'static str],
    /// Makes the screen of one of the addresses. Ready at once when the part is loaded.
    pub view: fn(&'static str) -> Pin<Box<dyn Future<Output = AnyView>>>,
}

/// What an address says in the segments that its screen has named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(&'static str, String)>);

impl Params {
    /// What `path` says if it is the address of such a screen; a stroke at its end changes nothing.
    pub fn of(address: &'static str, path: &str) -> Option<Params> {
        let mut named = Vec::new();
        let mut said = path.split('/').filter(|part| !part.is_empty());
        for segment in address.split('/').filter(|part| !part.is_empty()) {
            let said = said.next()?;
            match segment.strip_prefix(':') {
                // The one character of ours that browsers may encode: object types have it.
                Some(name) => named.push((name, said.replace("%3A", ":").replace("%3a", ":"))),
                None if segment == said => {}
                None => return None,
            }
        }
        said.next().is_none().then_some(Params(named))
    }

    /// What the address says in the segment of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| *own == name).map(|(_, said)| said.as_str())
    }
}

/// What the address says in the segment that the screen's address calls so. A screen is made anew when it changes, so this
/// is no signal. Empty where there is no such segment.
pub fn param(name: &str) -> String {
    use_context::<Params>().unwrap_or_default().get(name).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_segments() {
        let named = Params::of("/dashboard/staff/:id/away", "/dashboard/staff/7/away/");
        assert_eq!(named, Some(Params(vec![("id", "7".into())])));
    }

    #[test]
    fn what_is_longer_shorter_or_other_is_another_place() {
        for path in ["/dashboard/staff/7", "/dashboard/staff/7/away/more", "/dashboard/rooms/7/away", "/"] {
            assert_eq!(Params::of("/dashboard/staff/:id/away", path), None, "{path}");
        }
    }

    #[test]
    fn an_encoded_colon_is_a_colon() {
        assert_eq!(Params::of("/lists/:type", "/lists/gabinet%3Apatient"), Some(Params(vec![("type", "gabinet:patient".into())])));
    }
}
