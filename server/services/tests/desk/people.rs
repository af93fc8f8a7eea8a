//! One record per human.

use platform::{Error, id::EntityId};
use services::persons::{self, PersonInput};

use super::{desk, refusal};

fn zofia() -> PersonInput {
    PersonInput {
        given_name: " Zofia ".into(),
        family_name: "Żółkiewska".into(),
        birth_date: Some("1984-02-29".parse().unwrap()),
        email: Some("Zofia@Lipowa.Example".into()),
        phone: Some("+48 601 224-118".into()),
        language: Some("pl".into()),
    }
}

#[tokio::test]
async fn a_person_is_kept_in_normal_form_and_found_by_name_number_and_address() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let id = EntityId::new();
    persons::insert(&mut tx, id, &zofia()).await.unwrap();
    let person = persons::get(&mut tx, id).await.unwrap();
    assert_eq!(person.given_name, "Zofia");
    assert_eq!((person.email.as_deref(), person.phone.as_deref()), (Some("zofia@lipowa.example"), Some("+48601224118")));
    for query in ["Żółkiewska", "zolkiewska zofia", "zofia zolkiewsk", "Zolkiewska", "601224118", "zofia@lipowa"] {
        assert_eq!(persons::search(&mut tx, &["person"], query, 5).await.unwrap(), [id], "{query}");
    }
    assert_eq!(persons::search(&mut tx, &["gabinet:patient"], "zofia", 5).await.unwrap(), []);
    tx.commit().await.unwrap();
    let mut tx = desk.clinic.tx(&desk.clinic.stranger).await;
    assert!(matches!(persons::get(&mut tx, id).await, Err(Error::NotFound)));
    assert!(matches!(persons::revise(&mut tx, id, "person", &zofia()).await, Err(Error::NotFound)));
    assert_eq!(persons::search(&mut tx, &["person"], "zofia", 5).await.unwrap(), []);
}

#[tokio::test]
async fn a_changed_person_is_found_by_the_new_name_only() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let id = EntityId::new();
    persons::insert(&mut tx, id, &zofia()).await.unwrap();
    persons::revise(&mut tx, id, "person", &PersonInput { family_name: "Nowak".into(), phone: None, ..zofia() }).await.unwrap();
    assert_eq!(persons::search(&mut tx, &["person"], "nowak", 5).await.unwrap(), [id]);
    assert_eq!(persons::search(&mut tx, &["person"], "601224118", 5).await.unwrap(), []);
    let known = persons::card(&mut tx, id).await.unwrap();
    let same = PersonInput { family_name: " Nowak".into(), phone: None, ..zofia() };
    assert!(!persons::revise(&mut tx, id, "person", &same).await.unwrap());
    assert_eq!(persons::card(&mut tx, id).await.unwrap().version, known.version, "whoever has it open is not sent back");
    assert_eq!(persons::get(&mut tx, id).await.unwrap().phone, None);
}

#[tokio::test]
async fn nobody_is_born_in_the_future_and_no_id_is_taken_twice() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let unborn = PersonInput { birth_date: Some("2027-01-01".parse().unwrap()), ..zofia() };
    assert_eq!(persons::insert(&mut tx, EntityId::new(), &unborn).await.unwrap_err().status(), 422);
    assert_eq!(refusal(persons::insert(&mut tx, desk.room, &zofia()).await.unwrap_err()).code, "duplicate");
}

#[tokio::test]
async fn what_is_typed_is_read_as_people_mean_it() {
    let desk = desk().await;
    let mut tx = desk.clinic.tx(&desk.clinic.ewa).await;
    let zofia_id = EntityId::new();
    persons::insert(&mut tx, zofia_id, &zofia()).await.unwrap();
    let li = EntityId::new();
    let named = |given: &str, family: &str| PersonInput { given_name: given.into(), family_name: family.into(), ..PersonInput::default() };
    persons::insert(&mut tx, li, &named("小龍", "李")).await.unwrap();
    let percent = EntityId::new();
    persons::insert(&mut tx, percent, &named("100%", "O'Brien_x")).await.unwrap();
    // However a telephone number is grouped, and any part of it; misspelt; the beginning of a word in two letters; a
    // single Chinese character; what is special to the database is a letter like any other.
    let found = [
        ("601 224 118", zofia_id),
        ("(601) 224-118", zofia_id),
        ("+48 601", zofia_id),
        ("4118", zofia_id),
        ("zolkiefska", zofia_id),
        ("żó", zofia_id),
        ("zo", zofia_id),
        ("李", li),
        ("小龍", li),
        ("100%", percent),
        ("brien_x", percent),
        ("  zofia   zolkiewska ", zofia_id),
    ];
    for (query, id) in found {
        assert_eq!(persons::search(&mut tx, &["person"], query, 5).await.unwrap(), [id], "{query}");
    }
    for query in ["", " ", "z", "%", "__", "601%118"] {
        assert_eq!(persons::search(&mut tx, &["person"], query, 5).await.unwrap(), [], "{query}");
    }
}
