//! Quotes in the database.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use platform::{
    Error, Result, Tx, actions, counters,
    entities::{self, NewEntity},
    id::{EntityId, EntityRef},
    input::Input,
    organizations,
    permission::Reach,
};
use serde_json::json;

use super::{DAYS_VALID, NewQuote, Quote, QuoteState, QuoteStep};
use crate::{
    DEALS_READ, PRODUCT, QUOTES_WRITE,
    deals::{self, LineRow, line},
    totals::{SaleLine, totals},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: EntityId,
    deal_id: EntityId,
    number: Option<String>,
    state: String,
    issued_on: Option<NaiveDate>,
    valid_until: NaiveDate,
    seller: String,
    buyer: String,
    buyer_detail: String,
    title: String,
    notes: String,
    currency: String,
    created_at: DateTime<Utc>,
    version: i32,
    today: NaiveDate,
}

#[derive(sqlx::FromRow)]
struct QuoteLine {
    quote_id: EntityId,
    name: String,
    quantity: i64,
    unit_price: i64,
    discount: i32,
    tax: String,
    rate: i32,
}

macro_rules! quotes {
    ($which:literal) => {
        concat!(
            "select q.id, q.deal_id, q.number, q.state, q.issued_on, q.valid_until, q.seller, q.buyer, q.buyer_detail, q.title, q.notes,
                q.currency, q.created_at, q.version, ($2 at time zone o.zone)::date as today
             from crm_quotes q join organizations o on o.organization_id = q.organization_id
             where q.organization_id = $1 and ",
            $which
        )
    };
}

/// The quotes of a deal, the newest first; at most 100.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the deal).
pub async fn list(tx: &mut Tx, deal: EntityId) -> Result<Vec<Quote>> {
    deals::get(tx, deal).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(quotes!("q.deal_id = $3 order by q.created_at desc, q.id desc limit 100"))
        .bind(organization)
        .bind(now)
        .bind(deal)
        .fetch_all(tx.conn())
        .await?;
    whole(tx, rows).await
}

/// One quote.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`.
pub async fn get(tx: &mut Tx, id: EntityId) -> Result<Quote> {
    tx.verify_product_access(PRODUCT)?;
    let reach = tx.reach(DEALS_READ)?;
    let (organization, now) = (tx.organization(), tx.now());
    let rows: Vec<Row> = sqlx::query_as(quotes!("q.id = $3")).bind(organization).bind(now).bind(id).fetch_all(tx.conn()).await?;
    // A quote is told of as far as its deal is, whoever has written it.
    if let (Reach::Of(_), Some(row)) = (reach, rows.first()) {
        deals::get(tx, row.deal_id).await?;
    }
    whole(tx, rows).await?.pop().ok_or(Error::NotFound)
}

async fn whole(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<Quote>> {
    let organization = tx.organization();
    let ids: Vec<EntityId> = rows.iter().map(|row| row.id).collect();
    let lines: Vec<QuoteLine> = sqlx::query_as(
        "select quote_id, name, quantity, unit_price, discount, tax, rate from crm_quote_lines
         where organization_id = $1 and quote_id = any ($2) order by quote_id, place",
    )
    .bind(organization)
    .bind(&ids)
    .fetch_all(tx.conn())
    .await?;
    let told = |row: Row| {
        let own = lines.iter().filter(|line| line.quote_id == row.id);
        let own = own.map(|l| line((l.name.clone(), l.quantity, l.unit_price, l.discount, l.tax.clone(), l.rate) as LineRow));
        let lines: Vec<SaleLine> = own.collect();
        let state = match QuoteState::parse(&row.state) {
            Some(QuoteState::Sent) if row.valid_until < row.today => QuoteState::Expired,
            state => state.unwrap_or(QuoteState::Draft),
        };
        Quote {
            id: row.id,
            deal: row.deal_id,
            number: row.number,
            state,
            issued_on: row.issued_on,
            valid_until: row.valid_until,
            seller: row.seller,
            buyer: row.buyer,
            buyer_detail: row.buyer_detail,
            title: row.title,
            notes: row.notes,
            currency: row.currency,
            totals: totals(&lines),
            lines,
            created_at: row.created_at,
            version: row.version,
        }
    };
    Ok(rows.into_iter().map(told).collect())
}

/// Makes a draft of what the deal offers now: lines, buyer and totals are copied. With the id of an existing one it returns
/// that one.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound` (the deal), `Invalid` (also where the deal has no lines).
pub async fn create(tx: &mut Tx, deal: EntityId, input: &NewQuote) -> Result<Quote> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(QUOTES_WRITE)?;
    let mut checked = Input::new();
    checked.text("notes", &input.notes, 0, 5000);
    if let Some(until) = input.valid_until {
        checked.year("valid_until", &until);
    }
    checked.finish()?;
    let id = input.id.unwrap_or_else(EntityId::new);
    if input.id.is_some() {
        match get(tx, id).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
    }
    let of = deals::get(tx, deal).await?;
    // What is offered stays so until it is copied: the totals are those of these lines.
    sqlx::query("select from crm_deals where organization_id = $1 and id = $2 for share")
        .bind(tx.organization())
        .bind(deal)
        .execute(tx.conn())
        .await?;
    let offered = deals::lines(tx, deal).await?;
    let (organization, now) = (tx.organization(), tx.now());
    let today = organizations::today(tx).await?;
    let valid_until = input.valid_until.unwrap_or(today + Days::new(DAYS_VALID));
    let mut checked = Input::new();
    checked.check(valid_until >= today, "valid_until", "past", "This day has passed.");
    checked.check(!offered.lines.is_empty(), "lines", "required", "A quote needs lines; this deal has none.");
    checked.finish()?;
    let title = format!("{} – {valid_until}", of.title);
    let entity = NewEntity { id, entity_type: "crm:quote", title: &title, keywords: "", owner: Some(tx.user()), status: Some("draft") };
    entities::insert(tx, &entity).await?;
    sqlx::query(
        "insert into crm_quotes (organization_id, id, deal_id, valid_until, title, notes, currency, net, tax, gross, created_at,
             seller, buyer, buyer_detail)
         select $1, $2, d.id, $4, d.title, $5, d.currency, $6, $7, $8, $9,
             concat_ws(E'\\n', o.name, (select nullif(l.address, '') from locations l where l.organization_id = $1 order by l.id limit 1)),
             coalesce(c.name, p.given_name || ' ' || p.family_name, d.title),
             concat_ws(E'\\n', nullif(c.street, ''), nullif(concat_ws(' ', nullif(c.postcode, ''), nullif(c.city, '')), ''), c.tax_id,
                 case when c.id is not null then p.given_name || ' ' || p.family_name end)
         from crm_deals d
         join organizations o on o.organization_id = d.organization_id
         left join companies c on c.organization_id = d.organization_id and c.id = d.company_id
         left join persons p on p.organization_id = d.organization_id and p.id = d.person_id
         where d.organization_id = $1 and d.id = $3",
    )
    .bind(organization)
    .bind(id)
    .bind(deal)
    .bind(valid_until)
    .bind(input.notes.trim())
    .bind(offered.totals.net)
    .bind(offered.totals.tax)
    .bind(offered.totals.gross)
    .bind(now)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "insert into crm_quote_lines (organization_id, quote_id, place, name, quantity, unit_price, discount, tax, rate)
         select organization_id, $3, place, name, quantity, unit_price, discount, tax, rate from crm_deal_lines
         where organization_id = $1 and deal_id = $2",
    )
    .bind(organization)
    .bind(deal)
    .bind(id)
    .execute(tx.conn())
    .await?;
    let told = json!({ "valid_until": valid_until, "gross": offered.totals.gross, "currency": offered.currency });
    actions::record(tx, EntityRef::new("crm:quote", id), "created", None, Some(told)).await?;
    get(tx, id).await
}

/// Sends a draft, or writes down what the buyer has said; the version must be the present one (R18). Sending draws the number
/// of the local date's year; whoever sends at the same time waits until this transaction has ended, so that no number is
/// missing. One is no longer accepted after its last day.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `NotFound`, `Conflict` of code `version` or `transition`.
pub async fn step(tx: &mut Tx, id: EntityId, input: &QuoteStep) -> Result<Quote> {
    tx.verify_product_access(PRODUCT)?;
    tx.require(QUOTES_WRITE)?;
    let before = get(tx, id).await?;
    if before.version != input.version {
        return Err(stale(tx, id, &before).await?);
    }
    if !before.state.leads_to(input.to) {
        return Err(Error::conflict("transition", "This step is not possible from the quote's present state."));
    }
    let organization = tx.organization();
    let today = organizations::today(tx).await?;
    if input.to == QuoteState::Sent && before.valid_until < today {
        return Err(Error::conflict("transition", "The day until which it would hold has passed."));
    }
    // Held before the number is drawn, so that of two who send it only one draws.
    let there = sqlx::query("select from crm_quotes where organization_id = $1 and id = $2 and version = $3 for update")
        .bind(organization)
        .bind(id)
        .bind(input.version)
        .fetch_optional(tx.conn())
        .await?;
    if there.is_none() {
        let now = get(tx, id).await?;
        return Err(stale(tx, id, &now).await?);
    }
    let number = match input.to {
        QuoteState::Sent => {
            let year = today.year();
            Some(format!("Q-{year}-{:04}", counters::next(tx, &format!("crm:quote:{year}")).await?))
        }
        _ => None,
    };
    sqlx::query(
        "update crm_quotes set state = $3, number = coalesce($4, number), issued_on = case when $4 is null then issued_on else $5 end,
             version = version + 1
         where organization_id = $1 and id = $2",
    )
    .bind(organization)
    .bind(id)
    .bind(input.to.as_str())
    .bind(number)
    .bind(today)
    .execute(tx.conn())
    .await?;
    let after = get(tx, id).await?;
    let title = after.number.as_deref().unwrap_or(&after.title);
    entities::update(tx, id, title, &after.buyer, Some(input.to.as_str())).await?;
    let (old, new) = (json!({ "state": before.state }), json!({ "state": after.state, "number": after.number }));
    actions::record(tx, EntityRef::new("crm:quote", id), input.to.as_str(), Some(old), Some(new)).await?;
    Ok(after)
}

async fn stale(tx: &mut Tx, id: EntityId, now: &Quote) -> Result<Error> {
    actions::changed_meanwhile(tx, id, "quote", now, "Somebody else has changed this quote in the meantime.").await
}
