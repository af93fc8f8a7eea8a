//! The forecast, computed in one statement.

use chrono::Datelike;
use platform::{Result, Tx, input::Input, organizations};

use super::{Forecast, ForecastQuery, MOST_MONTHS};
use crate::{DEALS_READ, PRODUCT};

/// What is open and won, by month and owner and currency. Months are those of the organization's zone.
///
/// # Errors
/// `NotSubscribed`, `Denied`, `Invalid`.
pub async fn forecast(tx: &mut Tx, asked: &ForecastQuery) -> Result<Forecast> {
    tx.verify_product_access(PRODUCT)?;
    let owners = tx.reach(DEALS_READ)?.owners();
    let months = asked.months.unwrap_or(6);
    let mut input = Input::new();
    input.check((1..=MOST_MONTHS).contains(&months), "months", "range", "Between 1 and 24 months.");
    if let Some(from) = asked.from {
        input.year("from", &from);
    }
    input.finish()?;
    let organization = tx.organization();
    let day = match asked.from {
        Some(day) => day,
        None => organizations::today(tx).await?,
    };
    let from = day.with_day(1).unwrap_or(day);
    let rows = sqlx::query_as(
        "with counted as (
             select case when s.kind = 'open' then case when d.close_on is not null then greatest(date_trunc('month', d.close_on)::date, $2) end
                         else date_trunc('month', d.closed_at at time zone o.zone)::date end as month,
                    e.owner_id, d.currency, s.kind, s.probability, d.value
             from crm_deals d
             join organizations o on o.organization_id = d.organization_id
             join entities e on e.organization_id = d.organization_id and e.id = d.id and e.deleted_at is null
             join crm_stages s on s.organization_id = d.organization_id and s.id = d.stage_id
             where d.organization_id = $1 and s.kind in ('open', 'won') and ($4::uuid is null or e.owner_id = $4)
               and ($5::uuid[] is null or e.owner_id = any ($5))
         )
         select c.month, u.id as owner, u.name as owner_name, c.currency,
                count(*) filter (where c.kind = 'open') as open_count,
                coalesce(sum(c.value) filter (where c.kind = 'open'), 0)::bigint as open,
                coalesce(round(sum(c.value::numeric * c.probability) filter (where c.kind = 'open') / 100), 0)::bigint as weighted,
                count(*) filter (where c.kind = 'won') as won_count,
                coalesce(sum(c.value) filter (where c.kind = 'won'), 0)::bigint as won
         from counted c
         left join memberships m on m.organization_id = $1 and m.user_id = c.owner_id
         left join users u on u.id = m.user_id
         where (c.month is null and c.kind = 'open') or (c.month >= $2 and c.month < ($2 + make_interval(months => $3))::date)
         group by c.month, u.id, u.name, c.currency
         order by c.month nulls last, u.name nulls last, u.id, c.currency limit 5000",
    )
    .bind(organization)
    .bind(from)
    .bind(months)
    .bind(asked.owner)
    .bind(owners)
    .fetch_all(tx.conn())
    .await?;
    Ok(Forecast { from, months, rows })
}
