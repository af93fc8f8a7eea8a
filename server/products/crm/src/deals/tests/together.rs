//! Many who write the same leads, deals, people and companies at one time.

use std::sync::atomic::{AtomicU32, Ordering};

use platform::sessions::Identity;
use serde_json::Map;
use services::{
    companies::Company,
    fields::{self, NewField},
    objects::RecordInput,
    persons::{PersonCard, PersonDetails},
    records::Record,
};

use super::*;

/// What is written through the operations of all types, from one version.
async fn write(clinic: &Clinic, who: &Identity, record: &Record, values: serde_json::Value) -> Result<Record> {
    let mut tx = clinic.tx(who).await;
    let values: Map<_, _> = serde_json::from_value(values).expect("an object");
    let input = objects::input_of(&mut tx, &record.entity_type, &values).await?;
    let written = objects::update(&mut tx, &record.entity_type, record.id, &RecordInput { version: record.version, ..input }).await?;
    tx.commit().await?;
    Ok(written)
}

async fn a_lead(tx: &mut Tx, given: &str, company: &str) -> leads::Lead {
    let input: LeadInput =
        serde_json::from_value(json!({ "given_name": given, "family_name": "Wrona", "company": company })).expect("a lead");
    leads::create(tx, &input).await.expect("a lead")
}

/// A lead, a deal, a company and a person, all with a field of the organization's own, as the operations of all types tell
/// them.
async fn records(clinic: &Clinic) -> Vec<Record> {
    let mut tx = clinic.tx(&clinic.anna).await;
    let lead = a_lead(&mut tx, "Ola", "").await.id;
    let deal = create(&mut tx, &titled("Equipment", 5)).await.expect("a deal").id;
    let mut all = Vec::new();
    let company = companies::create(&mut tx, &CompanyInput { name: "Wrona".into(), ..CompanyInput::default() }).await.expect("one").id;
    let details = PersonDetails { given_name: "Ela".into(), family_name: "Wrona".into(), ..PersonDetails::default() };
    let person = persons::create(&mut tx, &details).await.expect("a person").id;
    for (of, id) in [("crm:lead", lead), ("crm:deal", deal), ("company", company), ("person", person)] {
        let size = json!({ "entity_type": of, "key": "size", "details": { "label": "Size", "shape": { "stored": "number" } } });
        let size: NewField = serde_json::from_value(size).expect("a field");
        fields::define(&mut tx, &size).await.expect("a field");
        all.push(objects::get(&mut tx, of, id).await.expect("a record").record);
    }
    tx.commit().await.expect("committed");
    all
}

#[tokio::test]
async fn of_two_who_write_a_modules_record_from_one_version_one_wins_whichever_half_they_write() {
    let (clinic, _) = desk().await;
    for mut record in records(&clinic).await {
        let theirs = match record.entity_type.as_str() {
            "crm:lead" => "company",
            "crm:deal" => "next_step",
            "company" => "city",
            _ => "family_name",
        };
        let halves = [json!({ "size": "1" }), json!({ theirs: "one" }), json!({ "size": "2", theirs: "both" })];
        let mut written = 0;
        for one in &halves {
            for other in &halves {
                // Another value each time, so that each write changes something.
                written += 1;
                let fresh = |values: &serde_json::Value, who: &str| {
                    let mut values = values.clone();
                    for (key, value) in values.as_object_mut().expect("an object") {
                        *value =
                            if key == "size" { json!((written * 10 + who.len()).to_string()) } else { json!(format!("{who} {written}")) };
                    }
                    values
                };
                let (a, b) = tokio::join!(
                    write(&clinic, &clinic.anna, &record, fresh(one, "Anna")),
                    write(&clinic, &clinic.anna, &record, fresh(other, "Ann"))
                );
                let (won, lost) = match (a, b) {
                    (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
                    other => panic!("{}: not one of two won: {other:?}", record.entity_type),
                };
                let Error::Conflict(refusal) = lost else { panic!("{lost}") };
                let current = refusal.current.expect("the present state");
                assert_eq!((refusal.code.as_str(), &current["author"]), ("version", &json!("Anna Lipowska")));
                assert_eq!(current["record"]["version"], json!(won.version));
                assert!(won.version > record.version);
                record = won;
            }
        }
    }
}

#[tokio::test]
async fn what_the_modules_own_door_has_written_makes_what_was_read_before_an_old_version() {
    let (clinic, pipeline) = desk().await;
    let records = records(&clinic).await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let lead = leads::get(&mut tx, records[0].id).await.expect("a lead");
    let convert = ConvertLead { version: lead.version, ..ConvertLead::default() };
    leads::convert(&mut tx, lead.id, &convert).await.expect("a deal");
    let deal = save_lines(&mut tx, records[1].id, &lines_of(1)).await.expect("lines");
    tx.commit().await.expect("committed");
    for record in &records[..2] {
        assert_eq!(code(write(&clinic, &clinic.anna, record, json!({ "size": "7" })).await), "version", "{}", record.entity_type);
    }
    let mut tx = clinic.tx(&clinic.anna).await;
    let known = get(&mut tx, records[1].id).await.expect("a deal");
    assert_eq!(known.version, deal.version);
    moved(&mut tx, &known, pipeline.stages[1].id, "").await.expect("moved");
    let told = objects::get(&mut tx, "crm:deal", known.id).await.expect("a record").record;
    assert!(told.version > records[1].version + 1, "each change raises what is told");
}

#[tokio::test]
async fn a_retried_creation_by_the_callers_id_makes_no_second_record_of_a_modules_type() {
    let (clinic, _) = desk().await;
    records(&clinic).await;
    for (of, values, other) in [
        (
            "crm:lead",
            json!({ "given_name": "Ela", "family_name": "Sowa", "size": "1" }),
            json!({ "given_name": "X", "family_name": "Y", "size": "2" }),
        ),
        ("crm:deal", json!({ "title": "Once", "size": "1" }), json!({ "title": "Twice", "size": "2" })),
        ("company", json!({ "name": "Once" }), json!({ "name": "Twice" })),
        ("person", json!({ "given_name": "Ela", "family_name": "Sowa" }), json!({ "given_name": "X", "family_name": "Y" })),
    ] {
        let id = EntityId::new();
        let mut made = Vec::new();
        for values in [values, other] {
            let mut tx = clinic.tx(&clinic.anna).await;
            let read = objects::input_of(&mut tx, of, values.as_object().expect("an object")).await.expect("read");
            made.push(objects::create(&mut tx, of, &RecordInput { id: Some(id), ..read }).await.expect(of));
            tx.commit().await.expect("committed");
        }
        assert_eq!(made[0].id, id, "{of}");
        assert_eq!(made[0], made[1], "{of}: the second time nothing is written");
    }
}

#[tokio::test]
async fn a_deal_is_found_by_the_new_name_of_its_company_and_no_longer_by_the_old_one() {
    let (clinic, _) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let company = companies::create(&mut tx, &CompanyInput { name: "Studio Ruchu".into(), ..CompanyInput::default() }).await.expect("one");
    let lead = a_lead(&mut tx, "Ola", "Studio Ruchu").await;
    let convert = ConvertLead { version: lead.version, title: "Lessons".into(), ..ConvertLead::default() };
    let deal = leads::convert(&mut tx, lead.id, &convert).await.expect("a deal");
    assert_eq!(deal.company, Some(company.id));
    let found = async |tx: &mut Tx, q: &str| {
        let query = DealQuery { q: q.into(), ..DealQuery::default() };
        list(tx, &query, &PageQuery::default()).await.expect("a list").items.len()
    };
    assert_eq!(found(&mut tx, "ruchu").await, 1);
    rename_company(&mut tx, company.id, "Pracownia Tańca").await.expect("renamed");
    assert_eq!((found(&mut tx, "ruchu").await, found(&mut tx, "tanca").await, found(&mut tx, "wrona").await), (0, 1, 1));
    let searched = persons::search(&mut tx, &["crm:deal"], "Pracownia Tańca", 10).await.expect("a search");
    assert_eq!(searched, [deal.id]);
}

async fn rename_company(tx: &mut Tx, id: EntityId, name: &str) -> Result<Company> {
    let known = companies::get(tx, id).await?;
    let input = CompanyInput { name: name.into(), version: known.version, ..CompanyInput::default() };
    companies::update(tx, id, &input).await
}

async fn rename_person(tx: &mut Tx, id: EntityId, name: &str) -> Result<PersonCard> {
    let known = persons::card(tx, id).await?;
    let input =
        PersonDetails { given_name: name.into(), family_name: known.family_name, version: known.version, ..PersonDetails::default() };
    persons::edit(tx, id, &input).await
}

/// What happens in a storm; each in a transaction of its own.
#[derive(Clone, Copy, Debug)]
enum Gust {
    Move,
    Rename,
    Company,
    Lead,
    Deal,
    Own,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_storm_of_moves_and_new_names_nobody_waits_crosswise() {
    let (clinic, pipeline) = desk().await;
    let mut tx = clinic.tx(&clinic.anna).await;
    let company = companies::create(&mut tx, &CompanyInput { name: "Wrona".into(), ..CompanyInput::default() }).await.expect("one").id;
    let lead = a_lead(&mut tx, "Ola", "Wrona").await;
    let deal = leads::convert(&mut tx, lead.id, &ConvertLead { version: lead.version, ..ConvertLead::default() }).await.expect("a deal");
    // Others about the same human and company, so that there is an order among equals.
    for n in 0..3 {
        let about = DealInput { person: deal.person, company: deal.company, ..titled(&format!("Further {n}"), 1) };
        create(&mut tx, &about).await.expect("a deal");
    }
    tx.commit().await.expect("committed");
    // Whoever has written one of these rows takes a while, so that all the others have come to theirs.
    let slow = "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$;
        create trigger slow after update on crm_leads for each row execute function slow();
        create trigger slow after update on crm_deals for each row execute function slow();
        create trigger slow after update on companies for each row execute function slow();
        create trigger slow after update on persons for each row execute function slow()";
    sqlx::raw_sql(slow).execute(&mut clinic.database.owner_connection().await).await.expect("slow");
    let (done, person) = (AtomicU32::new(0), deal.person.expect("a person"));
    let blow = async |gust: Gust, n: usize| -> Result<()> {
        let mut tx = clinic.tx(&clinic.anna).await;
        match gust {
            Gust::Move => {
                let known = get(&mut tx, deal.id).await?;
                let stage = pipeline.stages[if known.kind == StageKind::Open { 4 } else { 1 }].id;
                drop(moved(&mut tx, &known, stage, "").await?);
            }
            Gust::Rename => drop(rename_person(&mut tx, person, &format!("Ola{n}")).await?),
            Gust::Company => drop(rename_company(&mut tx, company, &format!("Wrona {n}")).await?),
            Gust::Lead => {
                let known = leads::get(&mut tx, lead.id).await?;
                let input: LeadInput = serde_json::from_value(json!({
                    "given_name": format!("Ola{n}"), "family_name": "Wrona", "source": n.to_string(), "version": known.version,
                }))
                .expect("a lead");
                drop(leads::update(&mut tx, lead.id, &input).await?);
            }
            Gust::Deal => {
                let known = get(&mut tx, deal.id).await?;
                drop(update(&mut tx, deal.id, &DealInput { next_step: n.to_string(), ..DealInput::from(&known) }).await?);
            }
            Gust::Own => {
                let record = objects::get(&mut tx, "crm:lead", lead.id).await?.record;
                let values = json!({ "notes": n.to_string() });
                let input = objects::input_of(&mut tx, "crm:lead", values.as_object().expect("an object")).await?;
                drop(objects::update(&mut tx, "crm:lead", lead.id, &RecordInput { version: record.version, ..input }).await?);
            }
        }
        tx.commit().await?;
        done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    let all = [Gust::Move, Gust::Rename, Gust::Company, Gust::Lead, Gust::Deal, Gust::Own].map(async |gust| {
        for n in 0..12 {
            match blow(gust, n).await {
                // Somebody was first: that is told, and is no deadlock.
                Err(Error::Conflict(refusal)) if refusal.code == "version" => {}
                outcome => outcome.unwrap_or_else(|error| panic!("{gust:?} {n}: {error}")),
            }
        }
    });
    futures::future::join_all(all).await;
    assert!(done.load(Ordering::Relaxed) >= 24, "only {done:?} were done");
    let mut tx = clinic.tx(&clinic.anna).await;
    let (name, keywords): (String, String) = sqlx::query_as(
        "select c.name || ' ' || p.given_name || ' ' || p.family_name, e.keywords from crm_deals d
         join companies c on c.organization_id = $1 and c.id = d.company_id join persons p on p.organization_id = $1 and p.id = d.person_id
         join entities e on e.organization_id = $1 and e.id = d.id where d.organization_id = $1 and d.id = $2",
    )
    .bind(clinic.organization)
    .bind(deal.id)
    .fetch_one(tx.conn())
    .await
    .expect("a deal");
    assert_eq!(keywords, name, "it is found by the names that they have in the end");
}
