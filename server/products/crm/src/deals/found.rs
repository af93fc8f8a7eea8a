//! What deals are found by besides their titles: the names of whom they are about.

use futures::future::BoxFuture;
use platform::{Result, Tx, entities, id::EntityId};

/// The keywords of a deal about them. Their names stay so until the transaction ends, because whoever gives one another name
/// writes it to the deals that are there.
pub(super) async fn keywords(tx: &mut Tx, person: Option<EntityId>, company: Option<EntityId>) -> Result<String> {
    let about: Vec<EntityId> = person.into_iter().chain(company).collect();
    entities::keep(tx, &about).await?;
    let organization = tx.organization();
    Ok(sqlx::query_scalar(
        "select concat_ws(' ',
             (select name from companies where organization_id = $1 and id = $2),
             (select given_name || ' ' || family_name from persons where organization_id = $1 and id = $3))",
    )
    .bind(organization)
    .bind(company)
    .bind(person)
    .fetch_one(tx.conn())
    .await?)
}

/// The registry's rows are held first, in the order of their ids, so that what is read of the deals then is what they are.
macro_rules! find_again {
    ($tx:ident, $about:ident, $whose:literal) => {{
        let organization = $tx.organization();
        let held = concat!(
            "select from entities e join crm_deals d on d.organization_id = $1 and d.id = e.id
             where e.organization_id = $1 and d.",
            $whose,
            " = $2 order by e.id for no key update of e"
        );
        sqlx::query(held).bind(organization).bind($about).execute($tx.conn()).await?;
        let written = concat!(
            "update entities e set keywords = concat_ws(' ', c.name, p.given_name || ' ' || p.family_name)
             from crm_deals d
             left join persons p on p.organization_id = $1 and p.id = d.person_id
             left join companies c on c.organization_id = $1 and c.id = d.company_id
             where e.organization_id = $1 and d.organization_id = $1 and e.id = d.id and d.",
            $whose,
            " = $2"
        );
        sqlx::query(written).bind(organization).bind($about).execute($tx.conn()).await?;
    }};
}

/// Deals about a person, who is held, are found by that person's present name.
pub(crate) async fn person_changed(tx: &mut Tx, person: EntityId) -> Result<()> {
    find_again!(tx, person, "person_id");
    Ok(())
}

/// Deals for a company are found by its present name.
pub(crate) fn company_renamed(tx: &mut Tx, company: EntityId) -> BoxFuture<'_, Result<()>> {
    Box::pin(async move {
        find_again!(tx, company, "company_id");
        Ok(())
    })
}
