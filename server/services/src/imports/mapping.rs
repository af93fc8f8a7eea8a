//! What the columns of a file are, as far as their headings tell: by what Google, Outlook and our own export call them, and
//! by likeness. Somebody looks at it before anything is done.

use std::collections::BTreeSet;

use platform::{Error, Result, error::FieldError};

use super::{DateOrder, ImportColumn, NAME, NOTE, TAGS};
use crate::{
    filter::fold::folded,
    records::{FieldInfo, Kind},
};

/// The fields that many types have, and what other programs call them, the best first. A field that a type does not have
/// is left out; what would be lost then becomes a note.
const KNOWN: [(&[&str], &[&str]); 15] = [
    (&["given_name"], &["givenname", "firstname", "imie", "imiona", "vorname"]),
    (&["family_name"], &["familyname", "lastname", "surname", "nazwisko", "nachname"]),
    (&["email"], &["email1value", "emailaddress", "email1address", "adresemail", "email", "primaryemail", "mail"]),
    (
        &["phone"],
        &[
            "phone1value",
            "mobilephone",
            "telefonkomorkowy",
            "primaryphone",
            "phone",
            "telefon",
            "numertelefonu",
            "telephone",
            "mobile",
            "komorka",
            "businessphone",
            "telefonsluzbowy",
            "homephone",
            "telefondomowy",
            "tel",
        ],
    ),
    (&["birth_date"], &["birthday", "birthdate", "dateofbirth", "dataurodzenia", "urodziny", "geburtstag"]),
    (&["notes", NOTE], &["notes", "note", "notatki", "notatka", "uwagi", "remarks", "comments"]),
    (&[TAGS], &["labels", "label", "groupmembership", "categories", "kategorie", "etykiety", "tags", "tagi", "grupy"]),
    (
        &["company", "name", NOTE],
        &["organizationname", "organization1name", "company", "companyname", "firma", "organization", "nazwafirmy"],
    ),
    (&["name", "title"], &["name", "nazwa", "fullname"]),
    (&["website"], &["website1value", "webpage", "website", "stronawww", "stronainternetowa", "www", "homepage"]),
    (&["street"], &["address1street", "businessstreet", "street", "ulica", "adres", "homestreet", "address"]),
    (&["postcode"], &["address1postalcode", "businesspostalcode", "postcode", "postalcode", "zip", "zipcode", "kodpocztowy"]),
    (&["city"], &["address1city", "businesscity", "city", "miasto", "miejscowosc", "homecity"]),
    (&["tax_id"], &["taxid", "nip", "vatid", "vatnumber", "vat"]),
    (&["language"], &["language", "jezyk", "lang"]),
];
/// What other programs call a whole name.
const WHOLE: [&str; 6] = ["name", "fullname", "displayname", "imieinazwisko", "nazwiskoiimie", "fileas"];

/// A heading as it is compared: letters and digits without case and marks.
fn plain(heading: &str) -> String {
    folded(heading).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether a column becomes something that several columns may become.
pub(super) fn gathers(target: &str) -> bool {
    matches!(target, TAGS | NOTE)
}

/// Whether a field can be written from a file.
pub(super) fn writable(field: &FieldInfo) -> bool {
    field.editable && !field.computed
}

/// What each column probably becomes. `filled` tells which say anything at all: of two that could be the same field, one
/// that does is taken.
pub(super) fn guess(heading: &[String], filled: &[bool], fields: &[FieldInfo]) -> Vec<Option<String>> {
    let plains: Vec<String> = heading.iter().map(|text| plain(text)).collect();
    let has = |key: &str| fields.iter().any(|field| field.key == key && writable(field));
    let mut found: Vec<Option<String>> = vec![None; heading.len()];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut take = |found: &mut Vec<Option<String>>, place: usize, target: &str| {
        if found[place].is_none() && (gathers(target) || taken.insert(target.to_owned())) {
            found[place] = Some(target.to_owned());
        }
    };
    // What is called as the field itself, or as people call it.
    for field in fields.iter().filter(|field| writable(field)) {
        let names = [plain(&field.key), plain(&field.label)];
        if let Some(place) = plains.iter().position(|text| !text.is_empty() && names.contains(text)) {
            take(&mut found, place, &field.key);
        }
    }
    for (keys, names) in KNOWN {
        let Some(target) = keys.iter().find(|key| gathers(key) || has(key)) else { continue };
        let places = || names.iter().flat_map(|name| plains.iter().enumerate().filter(move |(_, text)| text.as_str() == *name));
        let says = |place: &usize| filled.get(*place).copied().unwrap_or(true);
        let first = places().map(|(place, _)| place).find(says).or_else(|| places().map(|(place, _)| place).next());
        if let Some(place) = first {
            take(&mut found, place, target);
        }
    }
    // A whole name is divided where nothing says which part is which.
    if has("given_name") && has("family_name") && !found.iter().flatten().any(|target| target == "given_name" || target == "family_name") {
        let whole = WHOLE.iter().find_map(|name| plains.iter().position(|text| text == name));
        if let Some(place) = whole {
            found[place] = Some(NAME.to_owned());
        }
    }
    for place in 0..plains.len() {
        if found[place].is_none() && plains[place].chars().count() >= 4 {
            let like = |field: &&FieldInfo| {
                let known = [plain(&field.key), plain(&field.label)];
                known.iter().any(|name| name.chars().count() >= 4 && likeness(name, &plains[place]) >= 0.8)
            };
            let candidates = fields.iter().filter(|field| writable(field)).filter(like).map(|field| field.key.clone());
            if let [only] = candidates.collect::<Vec<_>>().as_slice() {
                take(&mut found, place, only);
            }
        }
    }
    found
}

/// How alike two words are, by the pairs of letters they share: 0 to 1.
fn likeness(one: &str, other: &str) -> f64 {
    let pairs = |text: &str| {
        let letters: Vec<char> = text.chars().collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>()
    };
    let (one, mut other) = (pairs(one), pairs(other));
    let all = one.len() + other.len();
    if all == 0 {
        return 0.0;
    }
    let mut shared = 0_u32;
    for pair in one {
        if let Some(place) = other.iter().position(|known| *known == pair) {
            other.swap_remove(place);
            shared += 2;
        }
    }
    // Of words, which are short.
    #[allow(clippy::cast_precision_loss)]
    let all = all as f64;
    f64::from(shared) / all
}

/// How the dates of a file seem to be written; `usual` where they do not tell.
pub(super) fn dates<'a>(cells: impl Iterator<Item = &'a str>, usual: DateOrder) -> DateOrder {
    let (mut day, mut month) = (0, 0);
    for cell in cells {
        let parts: Vec<&str> = cell.split(['.', '/', '-']).collect();
        if let [first, second, year] = parts.as_slice()
            && let (Ok(first), Ok(second)) = (first.parse::<u8>(), second.parse::<u8>())
            && year.len() == 4
        {
            day += u32::from(first > 12);
            month += u32::from(second > 12);
        }
    }
    match day.cmp(&month) {
        std::cmp::Ordering::Greater => DateOrder::DayFirst,
        std::cmp::Ordering::Less => DateOrder::MonthFirst,
        std::cmp::Ordering::Equal => usual,
    }
}

/// Whether these columns can become what is said: each one thing that there is, no field twice.
///
/// # Errors
/// `Invalid` at `targets[3]`, counted from 0.
pub(super) fn check(columns: &[ImportColumn], targets: &[Option<String>], fields: &[FieldInfo]) -> Result<()> {
    if columns.len() != targets.len() {
        return Err(Error::invalid("targets", "length", format!("The file has {} columns.", columns.len())));
    }
    let named = |key: &str| fields.iter().any(|field| field.key == key && writable(field));
    let (mut errors, mut taken) = (Vec::new(), BTreeSet::new());
    let mut fault = |place: usize, code: &str, message: &str| {
        errors.push(FieldError { field: format!("targets[{place}]"), code: code.into(), message: message.into() });
    };
    for (place, target) in targets.iter().enumerate() {
        let Some(target) = target else { continue };
        let known = gathers(target) || named(target) || target == NAME && named("given_name") && named("family_name");
        if !known {
            fault(place, "unknown", "There is no such field, or it cannot be written.");
        } else if !gathers(target) && !taken.insert(target.as_str()) {
            fault(place, "duplicate", "Another column becomes this field already.");
        } else if target == NAME && targets.iter().flatten().any(|other| other == "given_name" || other == "family_name") {
            fault(place, "duplicate", "The name comes from other columns already.");
        }
    }
    if targets.iter().all(Option::is_none) {
        fault(0, "required", "At least one column has to become something.");
    }
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}

/// By which fields a record may be recognised.
pub(super) fn recognises(field: &FieldInfo) -> bool {
    matches!(field.kind, Kind::Text | Kind::Email | Kind::Phone | Kind::Url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(key: &str, label: &str, kind: Kind) -> FieldInfo {
        FieldInfo {
            key: key.into(),
            label: label.into(),
            kind,
            required: false,
            custom: None,
            computed: false,
            editable: true,
            section: String::new(),
            help: String::new(),
        }
    }

    fn person() -> Vec<FieldInfo> {
        vec![
            field("given_name", "Given name", Kind::Text),
            field("family_name", "Family name", Kind::Text),
            field("birth_date", "Birth date", Kind::Date),
            field("email", "Email", Kind::Email),
            field("phone", "Phone", Kind::Phone),
            field("language", "Language", Kind::Text),
            field("shoe_size", "Rozmiar buta", Kind::Number),
        ]
    }

    fn lead() -> Vec<FieldInfo> {
        let mut fields = person();
        fields.retain(|field| !["birth_date", "language", "shoe_size"].contains(&field.key.as_str()));
        fields.extend([field("company", "Company", Kind::Text), field("notes", "Notes", Kind::LongText)]);
        fields
    }

    fn mapped(heading: &str, fields: &[FieldInfo]) -> Vec<(String, String)> {
        let heading: Vec<String> = heading.split(',').map(str::to_owned).collect();
        let found = guess(&heading, &vec![true; heading.len()], fields);
        heading.into_iter().zip(found).filter_map(|(heading, target)| Some((heading, target?))).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(heading, target)| ((*heading).to_owned(), (*target).to_owned())).collect()
    }

    #[test]
    fn googles_headings_are_known_old_and_new() {
        let new = "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,Organization Title,Birthday,Notes,\
                   Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Website 1 - Value";
        let expected = [
            ("First Name", "given_name"),
            ("Last Name", "family_name"),
            ("Organization Name", "company"),
            ("Notes", "notes"),
            ("Labels", TAGS),
            ("E-mail 1 - Value", "email"),
            ("Phone 1 - Value", "phone"),
        ];
        assert_eq!(mapped(new, &lead()), pairs(&expected));
        let old = "Name,Given Name,Family Name,Birthday,Notes,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,\
                   Organization 1 - Name";
        let expected = [
            ("Given Name", "given_name"),
            ("Family Name", "family_name"),
            ("Birthday", "birth_date"),
            // A person has no field for these: they become a note and are not lost.
            ("Notes", NOTE),
            ("Group Membership", TAGS),
            ("E-mail 1 - Value", "email"),
            ("Phone 1 - Value", "phone"),
            ("Organization 1 - Name", NOTE),
        ];
        assert_eq!(mapped(old, &person()), pairs(&expected));
    }

    #[test]
    fn outlooks_headings_are_known_in_two_languages_and_so_are_ours() {
        let english = "Title,First Name,Last Name,Company,Business Phone,Mobile Phone,Birthday,Categories,E-mail Address,E-mail 2 Address";
        let expected = [
            ("First Name", "given_name"),
            ("Last Name", "family_name"),
            ("Company", "company"),
            ("Mobile Phone", "phone"),
            ("Categories", TAGS),
            ("E-mail Address", "email"),
        ];
        assert_eq!(mapped(english, &lead()), pairs(&expected));
        let polish = "Imię,Nazwisko,Telefon komórkowy,Urodziny,Kategorie,Adres e-mail,Język,Rozmiar buta";
        let expected = [
            ("Imię", "given_name"),
            ("Nazwisko", "family_name"),
            ("Telefon komórkowy", "phone"),
            ("Urodziny", "birth_date"),
            ("Kategorie", TAGS),
            ("Adres e-mail", "email"),
            ("Język", "language"),
            ("Rozmiar buta", "shoe_size"),
        ];
        assert_eq!(mapped(polish, &person()), pairs(&expected));
    }

    #[test]
    fn what_is_spelt_almost_alike_is_found_and_what_is_not_is_left_out() {
        assert_eq!(mapped("Rozmiary butów,Kolor", &person()), pairs(&[]));
        assert_eq!(mapped("Rozmiar butów,Kolor", &person()), pairs(&[("Rozmiar butów", "shoe_size")]));
        assert_eq!(mapped("Name,Email", &person()), pairs(&[("Name", NAME), ("Email", "email")]));
    }

    #[test]
    fn of_two_columns_that_could_be_the_same_the_one_that_says_something_is_taken() {
        let heading = ["Mobile Phone".to_owned(), "Business Phone".to_owned()];
        assert_eq!(guess(&heading, &[false, true], &person()), [None, Some("phone".to_owned())]);
        assert_eq!(guess(&heading, &[true, true], &person()), [Some("phone".to_owned()), None]);
    }

    #[test]
    fn a_field_is_written_from_one_column_only() {
        let columns = ["a", "b"].map(|heading| ImportColumn { heading: heading.into(), target: None });
        let faults = |targets: [Option<&str>; 2]| match check(&columns, &targets.map(|t| t.map(str::to_owned)), &person()) {
            Ok(()) => Vec::new(),
            Err(Error::Invalid(errors)) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
            Err(other) => panic!("{other}"),
        };
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        assert_eq!(faults([Some("email"), Some("email")]), one("targets[1]", "duplicate"));
        assert_eq!(faults([Some(TAGS), Some(TAGS)]), []);
        assert_eq!(faults([Some(NAME), Some("given_name")]), one("targets[0]", "duplicate"));
        assert_eq!(faults([Some("height"), None]), one("targets[0]", "unknown"));
        assert_eq!(faults([None, None]), one("targets[0]", "required"));
        assert!(check(&columns, &[None], &person()).is_err());
    }

    #[test]
    fn dates_tell_their_order_where_a_day_is_no_month() {
        let usual = DateOrder::DayFirst;
        assert_eq!(dates(["01/02/1990", "11/24/1990"].into_iter(), usual), DateOrder::MonthFirst);
        assert_eq!(dates(["01.02.1990", "24.11.1990"].into_iter(), DateOrder::MonthFirst), DateOrder::DayFirst);
        assert_eq!(dates(["1990-11-24", "", "01/02/1990"].into_iter(), usual), usual);
    }
}
