//! Two records of one human: found, made one, and taken apart again.

use chrono::TimeDelta;
use platform::{Error, Tx, id::EntityId, rest::PageQuery, state::Clock};
use services::{
    calendar::activities::{self, NewActivity},
    companies::{self, CompanyInput, CompanyRoleInput},
    consents::{self, Basis, ConsentInput, Decision},
    documents::{self, NewDocument},
    duplicates::{self, PairDecision, Sign},
    merge::{self, FieldPick, MergeInput, MergePair, Pick},
    notes::{self, NewRecordNote},
    persons::{self, Contact, ContactKind, PersonCard, PersonDetails, PersonQuery},
    subjects,
    tags::{self, TagInput},
};

use super::{at, desk, refusal};

pub async fn person(tx: &mut Tx, given: &str, family: &str, email: &str, phone: &str) -> PersonCard {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let details = PersonDetails {
        given_name: given.into(),
        family_name: family.into(),
        email: text(email),
        phone: text(phone),
        ..PersonDetails::default()
    };
    persons::create(tx, &details).await.expect("a person")
}

async fn input(tx: &mut Tx, winner: EntityId, loser: EntityId, picks: &[(&str, Pick)]) -> MergeInput {
    let preview = merge::preview(tx, &MergePair { winner, loser }).await.expect("a preview");
    MergeInput {
        winner,
        loser,
        winner_version: preview.winner_version,
        loser_version: preview.loser_version,
        picks: picks.iter().map(|(key, pick)| FieldPick { key: (*key).into(), pick: *pick }).collect(),
    }
}

#[tokio::test]
async fn two_records_of_one_human_are_found_with_their_reasons_and_different_stays_different() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let one = person(&mut tx, "Zofia", "Żółkiewska", "zofia.zolk+clinic@gmail.com", "601 224 118").await;
    let other = person(&mut tx, "Zolkiewska", "Zofia", "ZofiaZolk@googlemail.com", "+48 601224118").await;
    let child = person(&mut tx, "Staś", "Mały", "", "+48601224118").await;
    let found = duplicates::list(&mut tx).await.expect("pairs");
    assert_eq!(found.len(), 1, "a family shares a number: {found:?}");
    assert!(found[0].score > 90 && found[0].reasons.contains(&Sign::SameEmail) && found[0].reasons.contains(&Sign::LikeName));
    assert_eq!(duplicates::of_person(&mut tx, other.id).await.expect("pairs"), found);
    assert_eq!(duplicates::of_person(&mut tx, child.id).await.expect("pairs"), []);
    let decision = |different| PairDecision { one: other.id, other: one.id, different };
    duplicates::decide(&mut tx, &decision(true)).await.expect("decided");
    assert_eq!(duplicates::list(&mut tx).await.expect("pairs"), []);
    duplicates::decide(&mut tx, &decision(false)).await.expect("taken back");
    assert_eq!(duplicates::list(&mut tx).await.expect("pairs").len(), 1);
}

#[tokio::test]
async fn a_misspelt_name_with_the_same_birth_date_is_found_and_different_national_ids_are_not() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let born = |given: &str, family: &str, id: Option<&str>| PersonDetails {
        given_name: given.into(),
        family_name: family.into(),
        birth_date: Some("1984-02-29".parse().unwrap()),
        national_id: id.map(str::to_owned),
        ..PersonDetails::default()
    };
    persons::create(&mut tx, &born("Katarzyna", "Wiśniewska", None)).await.unwrap();
    persons::create(&mut tx, &born("Katażyna", "Wisniewska", None)).await.unwrap();
    persons::create(&mut tx, &born("Adam", "Sowa", Some("84022900011"))).await.unwrap();
    persons::create(&mut tx, &born("Adam", "Sowa", Some("84022900028"))).await.unwrap();
    let found = duplicates::list(&mut tx).await.unwrap();
    assert_eq!(found.len(), 1, "twins are two: {found:?}");
    assert!(found[0].reasons.contains(&Sign::SameBirthDate));
}

#[tokio::test]
async fn what_pointed_to_either_points_to_the_one_that_stays_and_the_other_id_leads_there() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let one = person(&mut tx, "Ewa", "Lis", "ewa@one.example", "601000001").await;
    let other = person(&mut tx, "Ewelina", "Lis", "ewa@two.example", "601000002").await;
    let note = NewRecordNote { id: None, text: "Prefers mornings".into(), pinned: false };
    notes::add(&mut tx, other.id, &note).await.unwrap();
    let tag = tags::create(&mut tx, &TagInput { id: None, name: "regular".into(), hue: 10, version: 0 }).await.unwrap();
    tags::tag(&mut tx, one.id, tag.id).await.unwrap();
    tags::tag(&mut tx, other.id, tag.id).await.unwrap();
    let scan = NewDocument { id: None, name: "scan.txt".into(), folder: String::new(), file: "U2Nhbg==".into() };
    documents::add(&mut tx, other.id, &scan).await.unwrap();
    let asked = input(&mut tx, one.id, other.id, &[("persons.email", Pick::Loser)]).await;
    let preview = merge::preview(&mut tx, &MergePair { winner: one.id, loser: other.id }).await.unwrap();
    assert!(preview.rows.iter().any(|row| row.reference == "record_notes.entity_id" && row.moves == 1));
    assert!(preview.rows.iter().any(|row| row.reference == "record_documents.entity_id" && row.moves == 1));
    assert!(preview.rows.iter().any(|row| row.reference == "record_tags.entity_id" && row.moves == 0 && row.stays == 1));
    let merged = merge::merge(&mut tx, &asked).await.unwrap();
    assert_eq!(merge::merge(&mut tx, &asked).await.unwrap(), merged, "a retry changes nothing");
    let card = persons::card(&mut tx, other.id).await.unwrap();
    assert_eq!((card.id, card.email.as_deref(), card.phone.as_deref()), (one.id, Some("ewa@two.example"), Some("+48601000001")));
    let further: Vec<&str> = card.contacts.iter().map(|contact| contact.value.as_str()).collect();
    assert!(further.contains(&"ewa@one.example") && further.contains(&"+48601000002"), "{further:?}");
    assert_eq!(subjects::see(&mut tx, other.id).await.unwrap().id, one.id);
    assert_eq!(documents::list(&mut tx, one.id, None, &PageQuery::default()).await.unwrap().items[0].name, "scan.txt");
    let all = persons::list(&mut tx, &PersonQuery::default(), &PageQuery::default()).await.unwrap();
    assert_eq!(all.items.iter().map(|row| row.id).collect::<Vec<_>>(), [one.id]);
    let found = persons::list(&mut tx, &PersonQuery { q: "ewa@one".into(), role: String::new() }, &PageQuery::default()).await.unwrap();
    assert_eq!(found.items.len(), 1, "also by the further address");
}

#[tokio::test]
async fn different_national_ids_an_old_version_and_a_missing_right_are_refused() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let details = |id: &str| PersonDetails {
        given_name: "Adam".into(),
        family_name: "Sowa".into(),
        national_id: Some(id.into()),
        ..PersonDetails::default()
    };
    let one = persons::create(&mut tx, &details("84022900011")).await.unwrap();
    let other = persons::create(&mut tx, &details("84022900028")).await.unwrap();
    let asked = input(&mut tx, one.id, other.id, &[]).await;
    assert_eq!(refusal(merge::merge(&mut tx, &asked).await.unwrap_err()).code, "veto");
    let third = person(&mut tx, "Adam", "Sowa", "", "").await;
    let asked = input(&mut tx, one.id, third.id, &[]).await;
    let stale = MergeInput { loser_version: asked.loser_version - 1, ..asked.clone() };
    assert_eq!(refusal(merge::merge(&mut tx, &stale).await.unwrap_err()).code, "version");
    let both = MergeInput { picks: vec![FieldPick { key: "persons.given_name".into(), pick: Pick::Both }], ..asked.clone() };
    assert_eq!(merge::merge(&mut tx, &both).await.unwrap_err().status(), 422);
    tx.commit().await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.jan).await;
    assert!(matches!(merge::merge(&mut tx, &asked).await, Err(Error::Denied(_))));
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    assert!(matches!(merge::merge(&mut tx, &asked).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn the_stricter_consent_holds_after_a_merge_and_what_is_said_later_holds_then() {
    let mut desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let one = person(&mut tx, "Ewa", "Lis", "", "").await;
    let other = person(&mut tx, "Ewa", "Lis", "", "").await;
    let says = |decision| ConsentInput {
        id: None,
        purpose: "sms_marketing".into(),
        decision,
        basis: Basis::Consent,
        source: "form".into(),
        note: String::new(),
        at: None,
    };
    consents::record(&mut tx, other.id, &says(Decision::Refused)).await.unwrap();
    consents::record(&mut tx, one.id, &says(Decision::Given)).await.unwrap();
    let asked = input(&mut tx, one.id, other.id, &[]).await;
    let merged = merge::merge(&mut tx, &asked).await.unwrap();
    assert_eq!(consents::state(&mut tx, one.id).await.unwrap()[0].decision, Decision::Refused);
    assert_eq!(consents::ledger(&mut tx, one.id).await.unwrap().len(), 2);
    tx.commit().await.unwrap();
    desk.clinic.state.clock = Clock::starting_at(desk.clinic.state.clock.now() + TimeDelta::hours(1));
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    consents::record(&mut tx, one.id, &says(Decision::Given)).await.unwrap();
    assert_eq!(consents::state(&mut tx, other.id).await.unwrap()[0].decision, Decision::Given);
    merge::undo(&mut tx, merged.id).await.unwrap();
    assert_eq!(consents::state(&mut tx, other.id).await.unwrap()[0].decision, Decision::Refused);
}

/// All that is kept of persons and what points to them, without what every write raises.
async fn picture(tx: &mut Tx) -> Vec<String> {
    let organization = tx.organization();
    let mut all = Vec::new();
    for table in ["persons", "person_contacts", "record_notes", "record_tags", "company_people", "person_consents", "entities"] {
        let query = format!(
            "select '{table} ' || (to_jsonb(t) - 'version' - 'updated_at')::text from {table} t where t.organization_id = $1 order by 1"
        );
        let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(organization).fetch_all(tx.conn()).await.unwrap();
        all.extend(rows);
    }
    all
}

/// Every way in which two records may be filled, of which a bit each says whether it is.
async fn filled(tx: &mut Tx, bits: u32, name: &str, tag: EntityId, company: EntityId) -> EntityId {
    let on = |bit: u32| bits & (1 << bit) != 0;
    let contact = |kind, value: &str| Contact { kind, value: value.into(), ..Contact::default() };
    let mut contacts = Vec::new();
    if on(0) {
        contacts.push(contact(ContactKind::Email, "shared@lipowa.example"));
    }
    if on(1) {
        contacts.push(contact(ContactKind::Phone, &format!("60100000{}", name.len())));
    }
    let details = PersonDetails {
        given_name: name.into(),
        family_name: "Lis".into(),
        birth_date: on(2).then(|| "1990-01-01".parse().unwrap()),
        email: on(3).then(|| format!("{}@lipowa.example", name.to_lowercase())),
        phone: on(4).then(|| "601 000 009".to_owned()),
        language: on(5).then(|| "pl".to_owned()),
        contacts,
        ..PersonDetails::default()
    };
    let id = persons::create(tx, &details).await.unwrap().id;
    if on(6) {
        notes::add(tx, id, &NewRecordNote { id: None, text: "Said".into(), pinned: false }).await.unwrap();
    }
    if on(7) {
        tags::tag(tx, id, tag).await.unwrap();
    }
    if on(8) {
        let role = CompanyRoleInput { id: None, person: id, role: "owner".into(), from_date: None, to_date: None };
        companies::add_person(tx, company, &role).await.unwrap();
    }
    id
}

#[tokio::test]
async fn whatever_two_records_hold_a_merge_that_is_taken_back_leaves_no_trace_in_them() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let tag = tags::create(&mut tx, &TagInput { id: None, name: "regular".into(), hue: 10, version: 0 }).await.unwrap().id;
    let company = companies::create(&mut tx, &CompanyInput { name: "Lis i syn".into(), ..CompanyInput::default() }).await.unwrap().id;
    let mut state = 0x2545_f491_u32;
    for _ in 0..40 {
        // Xorshift: what is drawn is the same in every run.
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let one = filled(&mut tx, state, "Ewa", tag, company).await;
        let other = filled(&mut tx, state >> 9, "Ewelina", tag, company).await;
        let before = picture(&mut tx).await;
        let pick = if state & (1 << 20) == 0 { Pick::Winner } else { Pick::Loser };
        let preview = merge::preview(&mut tx, &MergePair { winner: one, loser: other }).await.unwrap();
        let picks: Vec<(&str, Pick)> = preview.fields.iter().map(|field| (field.key.as_str(), pick)).collect();
        let asked = input(&mut tx, one, other, &picks).await;
        let merged = merge::merge(&mut tx, &asked).await.unwrap();
        assert_ne!(picture(&mut tx).await, before);
        let told = merge::since(&mut tx, merged.id).await.unwrap();
        assert!(told.may_undo && told.since.is_empty(), "nothing has come since: {told:?}");
        merge::undo(&mut tx, merged.id).await.unwrap();
        assert_eq!(picture(&mut tx).await, before, "drawn {state:x}");
    }
}

#[tokio::test]
async fn what_has_come_since_is_told_and_stays_and_after_thirty_days_it_is_too_late() {
    let mut desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let one = person(&mut tx, "Ewa", "Lis", "", "").await;
    let other = person(&mut tx, "Ewelina", "Lis", "e@lipowa.example", "").await;
    let third = person(&mut tx, "Ewunia", "Lis", "", "").await;
    let asked = input(&mut tx, one.id, other.id, &[]).await;
    let merged = merge::merge(&mut tx, &asked).await.unwrap();
    let asked = input(&mut tx, third.id, one.id, &[]).await;
    let further = merge::merge(&mut tx, &asked).await.unwrap();
    assert_eq!(persons::card(&mut tx, other.id).await.unwrap().id, third.id, "an id leads through two merges");
    let first = merge::undo(&mut tx, merged.id).await;
    assert!(matches!(first, Err(Error::Conflict(refusal)) if refusal.code == "in_use"), "the later merge comes first");
    merge::undo(&mut tx, further.id).await.unwrap();
    assert_eq!(persons::card(&mut tx, other.id).await.unwrap().id, one.id);
    tx.commit().await.unwrap();
    desk.clinic.state.clock = Clock::starting_at(desk.clinic.state.clock.now() + TimeDelta::days(2));
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    notes::add(&mut tx, one.id, &NewRecordNote { id: None, text: "Later".into(), pinned: false }).await.unwrap();
    let told = merge::since(&mut tx, merged.id).await.unwrap();
    assert_eq!(told.since.iter().map(|since| since.reference.as_str()).collect::<Vec<_>>(), ["record_notes.entity_id"]);
    tx.commit().await.unwrap();
    desk.clinic.state.clock = Clock::starting_at(desk.clinic.state.clock.now() + TimeDelta::days(29));
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(refusal(merge::undo(&mut tx, merged.id).await.unwrap_err()).code, "too_late");
}

#[tokio::test]
async fn what_may_not_be_seen_is_not_taken_over_and_stays_with_the_other_record() {
    let desk = desk().await;
    let mut owner = desk.clinic.database.owner_connection().await;
    let rights = [services::core::PERSONS_READ, services::core::PERSONS_WRITE, services::core::PERSONS_MERGE].map(|right| right.0);
    sqlx::query(
        "with role as (insert into roles (organization_id, id, name, built_in) values ($1, 'merger', 'Merger', false) returning id),
              held as (insert into role_permissions (organization_id, role_id, permission)
                       select $1, role.id, right_ from role, unnest($3::text[]) as right_)
         update memberships set role_id = 'merger' where organization_id = $1 and user_id = $2",
    )
    .bind(desk.clinic.organization)
    .bind(desk.clinic.marek.user)
    .bind(&rights[..])
    .execute(&mut owner)
    .await
    .expect("a role");
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let details = |national_id: Option<&str>| PersonDetails {
        given_name: "Adam".into(),
        family_name: "Sowa".into(),
        national_id: national_id.map(str::to_owned),
        ..PersonDetails::default()
    };
    let one = persons::create(&mut tx, &details(None)).await.unwrap().id;
    let other = persons::create(&mut tx, &details(Some("84022900011"))).await.unwrap().id;
    tx.commit().await.unwrap();

    let mut tx = desk.clinic.tx(&desk.clinic.marek).await;
    let preview = merge::preview(&mut tx, &MergePair { winner: one, loser: other }).await.unwrap();
    assert!(preview.fields.iter().all(|field| field.key != "persons.national_id"));
    let asked = input(&mut tx, one, other, &[("persons.national_id", Pick::Loser)]).await;
    assert_eq!(merge::merge(&mut tx, &asked).await.unwrap_err().status(), 422, "nor can it be chosen");
    let asked = input(&mut tx, one, other, &[]).await;
    let merged = merge::merge(&mut tx, &asked).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    assert_eq!(persons::card(&mut tx, one).await.unwrap().national_id, None);
    merge::undo(&mut tx, merged.id).await.unwrap();
    assert_eq!(persons::card(&mut tx, other).await.unwrap().national_id.as_deref(), Some("84022900011"));
    // Whoever sees it takes it over.
    let asked = input(&mut tx, one, other, &[]).await;
    merge::merge(&mut tx, &asked).await.unwrap();
    assert_eq!(persons::card(&mut tx, one).await.unwrap().national_id.as_deref(), Some("84022900011"));
}

#[tokio::test]
async fn activities_about_the_other_are_about_the_one_that_stays_and_back_again_but_those_that_came_since() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.anna).await;
    let one = person(&mut tx, "Ewa", "Lis", "", "").await.id;
    let other = person(&mut tx, "Ewelina", "Lis", "", "").await.id;
    let about = async |tx: &mut Tx, subject: EntityId, time: &str| {
        let new = NewActivity { subject: Some(subject), ..desk.hour(at(time)) };
        activities::insert(tx, &new).await.expect("an activity");
        new.id
    };
    let (own, moved) = (about(&mut tx, one, "08:00").await, about(&mut tx, other, "10:00").await);
    let asked = input(&mut tx, one, other, &[]).await;
    let merged = merge::merge(&mut tx, &asked).await.unwrap();
    let later = about(&mut tx, one, "12:00").await;
    let mut subjects = Vec::new();
    for id in [own, moved, later] {
        subjects.push(activities::get(&mut tx, id).await.unwrap().subject);
    }
    assert_eq!(subjects, [Some(one); 3]);
    merge::undo(&mut tx, merged.id).await.unwrap();
    for (id, whose) in [(own, one), (moved, other), (later, one)] {
        assert_eq!(activities::get(&mut tx, id).await.unwrap().subject, Some(whose));
    }
}
