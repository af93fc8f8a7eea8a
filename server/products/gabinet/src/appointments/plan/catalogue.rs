//! What of a question hardly ever changes: the treatment, and who and what could serve it where.

use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use platform::{
    Error, Result, Tx,
    id::{EntityId, LocationId, OrganizationId},
    locations, reference, time,
};
use services::calendar::ResourceKind;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Asked, Channel};
use crate::treatments::{self, Agreed, Treatment};

/// The reference data of a question, but for hours.
pub(crate) struct Catalogue {
    pub treatment: Treatment,
    /// The location's.
    pub zone: Tz,
    pub(super) week_start: u8,
    pub(super) candidates: Candidates,
}

impl Catalogue {
    /// Reads it, and what was agreed about the treatment with the patient for whom it is asked.
    ///
    /// # Errors
    /// `NotSubscribed`, `Denied`, `NotFound` (treatment or location), `Invalid` (a treatment for the desk only).
    pub(super) async fn read(tx: &mut Tx, asked: &Asked) -> Result<(Catalogue, Agreed)> {
        let (treatment, agreed) = treatments::get_for(tx, asked.treatment, asked.patient).await?;
        bookable(asked, &treatment)?;
        let location = locations::get(tx, asked.location).await?;
        let candidates = Candidates::of(tx, &treatment, asked).await?;
        let week_start = u8::try_from(location.week_start).unwrap_or(1);
        Ok((Catalogue { treatment, zone: time::zone(&location.zone)?, week_start, candidates }, agreed))
    }

    /// What was kept of it, or else reads it. It must be asked without the names of further resources. What was agreed with the
    /// patient is theirs alone and is not kept.
    ///
    /// # Errors
    /// As [`Catalogue::read`].
    pub(in crate::appointments) async fn kept(tx: &mut Tx, asked: &Asked) -> Result<(Arc<Catalogue>, Agreed)> {
        treatments::may_read(tx)?;
        let name = format!("{}/{}/{:?}", asked.location, asked.treatment, asked.employee);
        if let Some(known) = reference::get::<Catalogue>(tx, &name) {
            bookable(asked, &known.treatment)?;
            let agreed = match asked.patient {
                Some(patient) => treatments::agreed(tx, asked.treatment, patient).await?,
                None => Agreed::default(),
            };
            return Ok((known, agreed));
        }
        let (known, agreed) = Catalogue::read(tx, asked).await?;
        Ok((reference::keep(tx, name, known), agreed))
    }
}

/// Whether the treatment is given by the door by which it is asked for.
fn bookable(asked: &Asked, treatment: &Treatment) -> Result<()> {
    if asked.channel == Channel::Online && !treatment.rules.online {
        return Err(Error::invalid("treatment", "desk_only", "This treatment is booked at the desk only."));
    }
    Ok(())
}

/// Who and what comes into question.
#[derive(Default)]
pub(super) struct Candidates {
    /// Practitioners who may do it here: the one asked for, or all.
    pub staff: Vec<(EntityId, String)>,
    /// Rooms and devices of the sorts that are needed: kind, sort, id and name.
    pub equipment: Vec<(String, String, EntityId, String)>,
    /// Those of the named that are here and in use, whether or not they will do.
    pub named: Vec<(EntityId, String, ResourceKind)>,
}

impl Candidates {
    /// Reads them in one round trip.
    async fn of(tx: &mut Tx, treatment: &Treatment, asked: &Asked) -> Result<Candidates> {
        let organization = tx.organization();
        let sorts: Vec<&str> = treatment.needs.iter().map(|need| need.sort_of.as_str()).collect();
        let mut candidates = Candidates::default();
        for (part, kind, sort_of, id, name) in rows(tx.conn(), organization, asked, &sorts).await? {
            match part {
                1 => candidates.staff.push((id, name)),
                2 => candidates.equipment.push((kind, sort_of, id, name)),
                _ => {
                    let kind = ResourceKind::parse(&kind).ok_or_else(|| Error::internal("a resource has an unknown kind"))?;
                    candidates.named.push((id, name, kind));
                }
            }
        }
        Ok(candidates)
    }
}

/// In which list it belongs, kind, sort, id and name.
type Row = (i32, String, String, EntityId, String);

async fn rows(connection: &mut PgConnection, organization: OrganizationId, asked: &Asked, sorts: &[&str]) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "select part, kind, sort_of, id, name from (
             select 1 as part, r.kind, '' as sort_of, r.id, r.name, r.sort from resources r
             where r.organization_id = $1 and r.active and (r.location_id is null or r.location_id = $3)
               and ($4::uuid is null or r.id = $4)
               and r.id = any (array(select q.employee_id from gabinet_qualifications q where q.organization_id = $1 and q.treatment_id = $2))
             union all
             select 2, r.kind, e.sort_of, r.id, r.name, r.sort from gabinet_equipment e
             join resources r on r.organization_id = e.organization_id and r.id = e.resource_id
             where e.organization_id = $1 and e.sort_of = any ($5) and r.active and (r.location_id is null or r.location_id = $3)
               and (not $7 or e.resource_id = any ($6))
             union all
             select 3, r.kind, '', r.id, r.name, 0 from resources r
             where r.organization_id = $1 and r.id = any ($6) and r.active and (r.location_id is null or r.location_id = $3)
               and (r.kind <> 'staff' or exists (
                   select from gabinet_employees e where e.organization_id = r.organization_id and e.id = r.id))
         ) as candidates
         order by part, sort, name, id",
    )
    .bind(organization)
    .bind(asked.treatment)
    .bind(asked.location)
    .bind(asked.employee)
    .bind(sorts)
    .bind(&asked.named)
    .bind(asked.only_named)
    .fetch_all(connection)
    .await
}

/// Asks about nobody, so that the connection knows how ([`platform::database::Warm`]).
pub(crate) async fn warm(connection: &mut PgConnection) -> sqlx::Result<()> {
    let nothing = EntityId(Uuid::nil());
    let today = NaiveDate::default();
    let asked = Asked {
        treatment: nothing,
        employee: None,
        patient: None,
        elsewhere: false,
        location: LocationId(Uuid::nil()),
        from: today,
        to: today,
        moving: None,
        beside: None,
        minutes: None,
        channel: Channel::default(),
        named: Vec::new(),
        only_named: false,
    };
    rows(connection, OrganizationId(Uuid::nil()), &asked, &[]).await?;
    Ok(())
}
