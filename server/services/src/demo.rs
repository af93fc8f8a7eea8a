//! What the shared services show of themselves in a demonstration tenant: tags, kinds of links, and a note, a task and a
//! document about a few of the records that its products have made.

mod people;

use chrono::Days;
use data_encoding::BASE64;
use platform::{Result, State, Tx, id::EntityId, time, tx::Door};

use crate::{
    documents::{self, NewDocument},
    hooks::DemoTenant,
    links::{self, LinkTypeInput, NewLink},
    notes::{self, NewRecordNote},
    tags::{self, TagInput},
    tasks::{self, Priority, TaskInput},
};

/// Furnishes a tenant after its products have.
///
/// # Errors
/// `Unavailable`, `Internal`.
pub async fn write(state: &State, tenant: &DemoTenant) -> Result<()> {
    let mut tx = Tx::begin_for_system(state, tenant.organization, Door::Demo).await?;
    let polish = tenant.country == "PL";
    let say = |polish_text: &'static str, english: &'static str| if polish { polish_text } else { english };
    let mut made = Vec::new();
    for (name, hue) in [(say("stały", "regular"), 150), (say("do oddzwonienia", "call back"), 30), (say("polecony", "referred"), 280)] {
        made.push(tags::create(&mut tx, &TagInput { id: None, name: name.into(), hue, version: 0 }).await?.id);
    }
    let knows = say("zna", "knows");
    let mut kinds = Vec::new();
    for (name, inverse) in [
        (knows, knows),
        (say("jest rodzicem", "is a parent of"), say("jest dzieckiem", "is a child of")),
        (say("polecił(a)", "referred"), say("z polecenia", "was referred by")),
    ] {
        let input = LinkTypeInput { name: name.into(), inverse: inverse.into(), active: true, ..LinkTypeInput::default() };
        kinds.push(links::create_type(&mut tx, &input).await?.id);
    }
    let records = records(&mut tx).await?;
    let today = tx.now().with_timezone(&time::zone(&tenant.zone)?).date_naive();
    for (place, record) in records.iter().enumerate() {
        tags::tag(&mut tx, *record, made[place % made.len()]).await?;
        let text = say(
            "Woli rozmawiać **rano**.\n\n- [x] potwierdzić numer\n- [ ] przesłać cennik",
            "Prefers to talk **in the morning**.\n\n- [x] confirm the number\n- [ ] send the price list",
        );
        notes::add(&mut tx, *record, &NewRecordNote { id: None, text: text.into(), pinned: place == 0 }).await?;
    }
    for (folder, name, text) in [
        (
            say("Zalecenia", "Advice"),
            say("Po zabiegu.txt", "After the treatment.txt"),
            say(
                "Przez dwie doby bez sauny i bez opalania.\nW razie obrzęku chłodny okład.\n",
                "No sauna and no sunbathing for two days.\nA cool compress if it swells.\n",
            ),
        ),
        ("", say("Dojazd.txt", "Directions.txt"), say("Tramwaj 9, przystanek Lipowa.\n", "Bus 7, second stop after the bridge.\n")),
    ] {
        for record in &records {
            let new = NewDocument { id: None, name: name.into(), folder: folder.into(), file: BASE64.encode(text.as_bytes()) };
            documents::add(&mut tx, *record, &new).await?;
        }
    }
    if let [one, other, ..] = records.as_slice() {
        let new = NewLink {
            id: None,
            kind: kinds[0],
            other: *other,
            outward: true,
            from_date: None,
            to_date: None,
            properties: std::collections::BTreeMap::new(),
        };
        links::link(&mut tx, *one, &new).await?;
    }
    for (title, days, priority) in [
        (say("Oddzwonić w sprawie wyników", "Call back about the results"), Some(0), Priority::High),
        (say("Przygotować plan zabiegów", "Prepare the plan of treatments"), Some(3), Priority::Usual),
        (say("Przejrzeć zgody", "Look through the consents"), None, Priority::Low),
    ] {
        let input = TaskInput {
            about: records.first().copied(),
            title: title.into(),
            due_date: days.and_then(|days| today.checked_add_days(Days::new(days))),
            assignee: Some(tenant.doctor),
            priority,
            ..TaskInput::default()
        };
        tasks::add(&mut tx, &input).await?;
    }
    people::write(&mut tx, polish).await?;
    tx.commit().await
}

/// The first records of the products that have a page of their own and that the doctor may read, three of one type.
async fn records(tx: &mut Tx) -> Result<Vec<EntityId>> {
    let organization = tx.organization();
    let paged = |path: &str| path.ends_with("/{id}");
    let products = tx.state().modules.iter().filter(|module| module.product.is_some());
    let types: Vec<String> =
        products.flat_map(|module| module.entity_types).filter(|kind| paged(kind.path)).map(|kind| kind.key.to_owned()).collect();
    let Some(first) = types.first() else { return Ok(Vec::new()) };
    Ok(sqlx::query_scalar(
        "select id from entities where organization_id = $1 and entity_type = $2 and deleted_at is null order by title, id limit 3",
    )
    .bind(organization)
    .bind(first)
    .fetch_all(tx.conn())
    .await?)
}
