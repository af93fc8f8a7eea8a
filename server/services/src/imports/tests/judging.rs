//! What becomes of lines.

use serde_json::json;

use super::*;
use crate::{
    companies,
    fields::{
        Shape,
        tests::{a_type, add, details, make},
    },
    notes,
    records::{Choice, Kind},
    tags,
};

#[tokio::test]
async fn a_trial_makes_nothing_and_tells_what_the_run_then_does() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    person(&mut tx, "Anna", "Nowak", "anna.nowak@gmail.com").await;
    tx.commit().await.expect("committed");
    let text = [
        GOOGLE,
        "Ola,Lis,1990-05-12,Likes roses,* myContacts ::: VIP,ola@example.org,601 224 118",
        // There already: Gmail does not care for dots.
        "Anna,Nowak,,,,annanowak@gmail.com,",
        // The same as the first, by her number.
        "Ola,Lis,,,,,+48 601224118",
        // A sister with the same number is somebody else.
        "Katarzyna,Wiśniewska,,,,,601224118",
        "Jan,Kos,,,,no address,",
        "Jan,,,,,jan@example.org,",
        "=cmd|' /C calc'!A0,Kos,,,,,",
        "Ewa,Sowa,--05-12,,,ewa@example.org,",
        "Ewa,Mróz,12.05.1990,,,,,too many",
    ]
    .join("\n");
    let import = begun(&clinic, &clinic.ewa, "person", &text).await;
    assert_eq!(import.settings.match_by, ["email", "phone"]);
    assert_eq!((import.total, import.preview.len(), import.encoding.as_str(), import.delimiter.as_str()), (9, 5, "utf-8", ","));
    let before = living(&clinic, "person").await;
    let tried = did(&clinic, &clinic.ewa, &import, ImportStep::Try).await;
    assert_eq!((tried.state, tried.done), (ImportState::Tried, 9));
    assert_eq!(living(&clinic, "person").await, before, "a trial makes nothing");
    let told = outcomes(&clinic, &clinic.ewa, &import).await;
    let expected = [
        (2, LineOutcome::Made, vec!["no_tag"]),
        (3, LineOutcome::Skipped, vec!["exists"]),
        (4, LineOutcome::Skipped, vec!["twice_in_file"]),
        (5, LineOutcome::Made, vec![]),
        (6, LineOutcome::Refused, vec!["email"]),
        (7, LineOutcome::Refused, vec!["required"]),
        (8, LineOutcome::Refused, vec!["formula"]),
        (9, LineOutcome::Made, vec!["no_year"]),
        (10, LineOutcome::Refused, vec!["columns"]),
    ];
    let expected = expected.map(|(line, outcome, codes)| (line, (outcome, codes.into_iter().map(str::to_owned).collect())));
    assert_eq!(told, BTreeMap::from(expected));
    let ran = did(&clinic, &clinic.ewa, &tried, ImportStep::Run).await;
    assert_eq!(ran.state, ImportState::Done);
    assert_eq!(counts(&ran), counts(&tried), "what was told came true");
    assert_eq!(outcomes(&clinic, &clinic.ewa, &import).await, told);
    assert_eq!(living(&clinic, "person").await, before + 3);
}

#[tokio::test]
async fn refusals_are_a_file_that_can_be_put_right_and_brought_in_again() {
    let clinic = clinic().await;
    let text = [GOOGLE, "Jan,Kos,,,,no address,", "=1+1,\"Lis; senior\",,,,ola@example.org,", "Ola,Lis,,,,,"].join("\n");
    let import = begun(&clinic, &clinic.anna, "person", &text).await;
    let tried = did(&clinic, &clinic.anna, &import, ImportStep::Try).await;
    assert_eq!(counts(&tried), [1, 0, 0, 2]);
    let mut tx = clinic.tx(&clinic.anna).await;
    let csv = refusals(&mut tx, import.id, LineOutcome::Refused, &[], &BTreeMap::new()).await.expect("a file");
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 3, "{csv}");
    assert_eq!(lines[0], [GOOGLE, ",Line,Column,Reason"].concat());
    assert_eq!(lines[1], "Jan,Kos,,,,no address,,2,E-mail 1 - Value,This is not an e-mail address.");
    assert!(lines[2].starts_with("\"'=1+1\",\"Lis; senior\","), "no spreadsheet runs it: {csv}");
    let polish = BTreeMap::from([("email".to_owned(), "To nie adres.".to_owned())]);
    let heads = ["Wiersz", "Kolumna", "Dlaczego"].map(str::to_owned);
    let csv = refusals(&mut tx, import.id, LineOutcome::Refused, &heads, &polish).await.expect("a file");
    assert!(csv.contains(",Wiersz,Kolumna,Dlaczego") && csv.contains("To nie adres."), "{csv}");
    drop(tx);
    let again = begun(&clinic, &clinic.anna, "person", &csv.replace("no address", "jan@example.org")).await;
    let again = done(&clinic, &clinic.anna, &again).await;
    // What our own file has marked as text is text.
    assert_eq!(counts(&again), [2, 0, 0, 0]);
}

#[tokio::test]
async fn what_is_empty_is_filled_and_what_is_there_stays() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.ewa).await;
    let anna = person(&mut tx, "Anna", "Nowak", "anna@example.org").await;
    tx.commit().await.expect("committed");
    let text = [GOOGLE, "Ania,Nowak,1990-05-12,,,anna@example.org,601 224 118", "Anna,Nowak,,,,,601224118", "Ola,Lis,,,,ola@example.org,"]
        .join("\n");
    let import = begun(&clinic, &clinic.ewa, "person", &text).await;
    let settings = ImportSettings { duplicates: OnDuplicate::Fill, ..import.settings.clone() };
    let import = with(&clinic, &clinic.ewa, &import, settings).await;
    let tried = did(&clinic, &clinic.ewa, &import, ImportStep::Try).await;
    assert_eq!(counts(&tried), [1, 1, 1, 0]);
    let ran = did(&clinic, &clinic.ewa, &tried, ImportStep::Run).await;
    assert_eq!(counts(&ran), [1, 1, 1, 0]);
    let mut tx = clinic.tx(&clinic.ewa).await;
    let filled = persons::card(&mut tx, anna.id).await.expect("Anna");
    assert_eq!((filled.given_name.as_str(), filled.phone.as_deref()), ("Anna", Some("+48601224118")));
    assert_eq!(filled.birth_date.map(|date| date.to_string()).as_deref(), Some("1990-05-12"));
    // Once more there is nothing left to fill.
    drop(tx);
    let again = begun(&clinic, &clinic.ewa, "person", &text).await;
    let again = with(&clinic, &clinic.ewa, &again, ImportSettings { duplicates: OnDuplicate::Fill, ..again.settings.clone() }).await;
    let again = done(&clinic, &clinic.ewa, &again).await;
    assert_eq!(counts(&again), [0, 0, 3, 0]);
    let made = begun(&clinic, &clinic.ewa, "person", &text).await;
    let made = with(&clinic, &clinic.ewa, &made, ImportSettings { duplicates: OnDuplicate::Make, ..made.settings.clone() }).await;
    assert_eq!(counts(&done(&clinic, &clinic.ewa, &made).await), [3, 0, 0, 0]);
}

#[tokio::test]
async fn companies_are_recognised_by_their_tax_id_however_it_is_written() {
    let clinic = clinic().await;
    let text = "Nazwa;NIP;Miasto;Limit\nMeridian;525 000 11 22;Łódź;\nMeridian S.A.;5250001122;;\nKwiaty;;Gdańsk;\n";
    let import = begun(&clinic, &clinic.anna, "company", text).await;
    let targets: Vec<Option<&str>> = import.columns.iter().map(|column| column.target.as_deref()).collect();
    assert_eq!(targets, [Some("name"), Some("tax_id"), Some("city"), None]);
    assert_eq!((import.settings.match_by.as_slice(), import.settings.decimal_comma), (["tax_id".to_owned()].as_slice(), true));
    let ran = done(&clinic, &clinic.anna, &import).await;
    assert_eq!(counts(&ran), [2, 0, 1, 0]);
    let again = begun(&clinic, &clinic.anna, "company", text).await;
    // Without a tax id nothing is recognised.
    assert_eq!(counts(&done(&clinic, &clinic.anna, &again).await), [1, 0, 2, 0]);
    // Made all the same it is refused at its column, by what no two companies have.
    let third = begun(&clinic, &clinic.anna, "company", text).await;
    let third = with(&clinic, &clinic.anna, &third, ImportSettings { duplicates: OnDuplicate::Make, ..third.settings.clone() }).await;
    let third = done(&clinic, &clinic.anna, &third).await;
    assert_eq!(counts(&third), [1, 0, 0, 2]);
    let mut tx = clinic.tx(&clinic.anna).await;
    let refused = rows(&mut tx, third.id, Some(LineOutcome::Refused), &PageQuery::default()).await.expect("lines");
    assert_eq!(refused.items.iter().map(|line| (line.line, line.faults[0].column)).collect::<Vec<_>>(), [(2, Some(1)), (3, Some(1))]);
    let all = companies::list(&mut tx, "", &PageQuery::default()).await.expect("companies");
    assert_eq!(all.items.len(), 4);
}

#[tokio::test]
async fn a_type_of_ones_own_is_imported_with_choices_references_and_unique_fields() {
    let clinic = clinic().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    a_type(&mut tx, "room").await;
    let of_room = "object:room";
    add(&mut tx, of_room, "name", details("Name", Shape::Stored(Kind::Text))).await.expect("a field");
    for name in ["Blue", "Green", "green"] {
        make(&mut tx, of_room, json!({ "name": name })).await.expect("a room");
    }
    a_type(&mut tx, "device").await;
    let of = "object:device";
    add(&mut tx, of, "serial", FieldDetailsOf::unique("Serial number")).await.expect("a field");
    let colours = vec![Choice { key: "red".into(), label: "Jasna czerwień".into(), hue: None }, Choice::plain("blue")];
    add(&mut tx, of, "colour", details("Kolor", Shape::Stored(Kind::Choice(colours)))).await.expect("a field");
    add(&mut tx, of, "price", details("Cena", Shape::Stored(Kind::Money))).await.expect("a field");
    add(&mut tx, of, "stands_in", details("Stoi w", Shape::Stored(Kind::Reference(of_room.into())))).await.expect("a field");
    tx.commit().await.expect("committed");
    let text = "Serial number;Kolor;Cena;Stoi w\n\
                A-1;jasna czerwien;1 250,50 zł;blue\n\
                A-2;green;;\n\
                A-3;;;Green\n\
                A-4;;;Yellow\n\
                a-1;;;\n\
                A-5;Blue;12,5;\n";
    let import = begun(&clinic, &clinic.anna, of, text).await;
    assert!(import.columns.iter().all(|column| column.target.is_some()), "{:?}", import.columns);
    assert_eq!(import.settings.match_by, ["serial"]);
    let ran = done(&clinic, &clinic.anna, &import).await;
    assert_eq!(counts(&ran), [2, 0, 1, 3]);
    let told = outcomes(&clinic, &clinic.anna, &import).await;
    let codes: Vec<&str> = told.values().flat_map(|(_, codes)| codes.iter().map(String::as_str)).collect();
    assert_eq!(codes, ["choice", "ambiguous", "unknown", "twice_in_file"]);
    let mut tx = clinic.tx(&clinic.anna).await;
    let made = rows(&mut tx, import.id, Some(LineOutcome::Made), &PageQuery::default()).await.expect("lines");
    let first = crate::fields::tests::shown(&mut tx, of, made.items[0].record.expect("a record")).await;
    assert_eq!((&first["colour"], &first["price"]), (&json!("red"), &json!({ "amount": "1250.50", "currency": "PLN" })));
}

/// Details of fields that only these tests want.
struct FieldDetailsOf;

impl FieldDetailsOf {
    fn unique(label: &str) -> crate::fields::FieldDetails {
        crate::fields::FieldDetails { unique: true, ..details(label, Shape::Stored(Kind::Text)) }
    }
}

#[tokio::test]
async fn labels_become_tags_notes_become_notes_and_every_entry_of_the_log_names_its_import() {
    let clinic = clinic().await;
    let text = [GOOGLE, "Ola,Lis,,\"Likes roses\nand tea\",* myContacts ::: VIP,ola@example.org,", "Jan,Kos,,,VIP,,"].join("\n");
    let import = begun(&clinic, &clinic.anna, "person", &text).await;
    let ran = done(&clinic, &clinic.anna, &import).await;
    assert_eq!(counts(&ran), [2, 0, 0, 0]);
    let mut tx = clinic.tx(&clinic.anna).await;
    let lines = rows(&mut tx, import.id, None, &PageQuery::default()).await.expect("lines").items;
    assert_eq!(lines.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 4], "a note of two lines takes two of the file");
    let ola = lines[0].record.expect("Ola");
    let names = |tags: Vec<tags::RecordTag>| tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>();
    assert_eq!(names(tags::of(&mut tx, ola).await.expect("tags")), ["VIP"]);
    assert_eq!(names(tags::list(&mut tx).await.expect("tags")), ["VIP"], "a trial has made none, and the second line found it");
    let told = notes::list(&mut tx, ola, &PageQuery::default()).await.expect("notes");
    assert_eq!(told.items.len(), 1);
    let organization = tx.organization();
    let entries: Vec<(String, String, bool)> =
        sqlx::query_as("select action, door, correlation = $3 from actions where organization_id = $1 and entity_id = $2 order by at, id")
            .bind(organization)
            .bind(ola)
            .bind(import.id.0)
            .fetch_all(tx.conn())
            .await
            .expect("the log");
    assert_eq!(entries.iter().filter(|(action, _, _)| action == "created").count(), 1, "{entries:?}");
    assert!(entries.iter().all(|(_, door, ours)| door == "job" && *ours), "{entries:?}");
}
