//! Taking a file over. The dry run is the run itself, undone at its end, so that it tells what would really happen:
//! also what stands in the way, and what of the file stands in its own way.

use platform::{Error, Result, Tx, input::Input, locations, time};

use super::{
    ImportItem, Imported, NewImport, Outcome, parse,
    store::{self, Known},
    wanted::{self, Wanted},
};
use crate::{
    calendar::{
        Status,
        activities::{self, Activity},
        generic::{self, EditGeneric, NewGeneric},
        moves,
    },
    core::{ACTIVITIES_WRITE, GENERIC_TYPES},
    hooks::{MoveTo, StatusChange},
    resources,
};

/// One file has at most so much, series spread out.
const MOST: usize = 500;

/// Takes a file over into activities of a resource, or tells what would come of it. What cannot be done is refused one
/// by one, with its reason; the rest is done.
///
/// # Errors
/// `Denied`, `NotFound` (resource or location), `Invalid`.
pub async fn import(tx: &mut Tx, new: &NewImport) -> Result<Imported> {
    tx.require(ACTIVITIES_WRITE)?;
    let mut input = Input::new();
    input.one_of("activity_type", &new.activity_type, &GENERIC_TYPES);
    input.check(!new.file.is_empty(), "file", "required", "This is needed.");
    input.check(new.file.len() <= 900_000, "file", "too_large", "At most 900,000 bytes.");
    input.finish()?;
    let location = locations::get(tx, new.location).await?;
    if !resources::get(tx, new.resource).await?.active {
        return Err(Error::invalid("resource", "inactive", "This resource is no longer in use."));
    }
    let home = time::zone(&location.zone)?;
    let not_one = || Error::invalid("file", "type", "This is not an iCalendar file.");
    // Reading a file takes the processor for a while, and others are served by the same threads.
    let (file, now) = (new.file.clone(), tx.now());
    let read = move || Some(wanted::wishes(&parse::events(&file)?, home, now, MOST));
    let read = tokio::task::spawn_blocking(read).await.map_err(|_| Error::internal("an iCalendar file could not be read"))?;
    let too_large = || Error::invalid("file", "too_large", "At most 500 events, every one of a series counted.");
    let wishes = read.ok_or_else(not_one)?.ok_or_else(too_large)?;
    let mut uids: Vec<String> = wishes.wanted.iter().map(|wanted| wanted.uid.clone()).chain(wishes.whole.keys().cloned()).collect();
    uids.sort_unstable();
    uids.dedup();
    savepoint(tx, "savepoint file").await?;
    let mut known = store::known(tx, new.resource, &uids).await?;
    let mut done = Imported { applied: new.apply, items: wishes.refused };
    for wanted in &wishes.wanted {
        let before = known.remove(&(wanted.uid.clone(), wanted.recurrence.clone()));
        done.items.push(item(tx, new, wanted, before).await?);
    }
    // What is left over of a name that the file tells all of is no more.
    let (from, _) = wanted::window(home, tx.now());
    for ((uid, recurrence), before) in known {
        let activity = activities::get(tx, before.activity).await?;
        let recent = activity.start.with_timezone(&home).date_naive() >= from;
        if let Some(sequence) = wishes.whole.get(&uid).filter(|_| recent && !activity.status.is_terminal()) {
            let cancelled = cancel(tx, &activity).await?;
            let known = Known { base: sequence - cancelled.version, ..before };
            store::keep(tx, new.resource, (&uid, &recurrence), known).await?;
            done.items.push(told(&uid, &activity.title, (activity.start, activity.end), before.all_day, Ok(Outcome::Cancelled)));
        }
    }
    done.items.sort_by_key(|item| (item.start.is_some(), item.start));
    savepoint(tx, if new.apply { "release savepoint file" } else { "rollback to savepoint file" }).await?;
    Ok(done)
}

async fn savepoint(tx: &mut Tx, statement: &'static str) -> Result<()> {
    sqlx::query(statement).execute(tx.conn()).await?;
    Ok(())
}

/// Does one thing, or leaves everything as it was and tells why.
async fn item(tx: &mut Tx, new: &NewImport, wanted: &Wanted, before: Option<Known>) -> Result<ImportItem> {
    savepoint(tx, "savepoint item").await?;
    let outcome = match before {
        None => make(tx, new, wanted).await,
        Some(before) => change(tx, new, wanted, before).await,
    };
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(Error::Conflict(refusal)) => Err(match refusal.code.as_str() {
            "double_booking" => ("unavailable".into(), refusal.message),
            _ => (refusal.code, refusal.message),
        }),
        Err(Error::Invalid(errors)) => {
            let said = errors.into_iter().map(|error| error.message).collect::<Vec<_>>();
            Err(("time".into(), said.join(" ")))
        }
        Err(error) => return Err(error),
    };
    savepoint(tx, if outcome.is_ok() { "release savepoint item" } else { "rollback to savepoint item" }).await?;
    Ok(told(&wanted.uid, &wanted.title, (wanted.start, wanted.end), wanted.all_day, outcome))
}

/// What becomes of one thing: an outcome, or why it is refused, in a word and in a sentence.
type Fate = Result<Outcome, (String, String)>;

fn refused(reason: &str, message: &str) -> Fate {
    Err((reason.to_owned(), message.to_owned()))
}

async fn make(tx: &mut Tx, new: &NewImport, wanted: &Wanted) -> Result<Fate> {
    match wanted.absent {
        Some("cancelled") => return Ok(refused("cancelled", "It does not take place.")),
        Some(reason) => return Ok(refused(reason, "It takes no time.")),
        None => {}
    }
    let generic = NewGeneric {
        id: None,
        activity_type: new.activity_type.clone(),
        title: wanted.title.clone(),
        description: wanted.description.clone(),
        location: new.location,
        start: wanted.start,
        end: wanted.end,
        resources: vec![new.resource],
        overbook_reason: None,
    };
    let made = generic::book(tx, &generic).await?;
    let known = Known { activity: made.id, all_day: wanted.all_day, base: wanted.sequence - made.version };
    store::keep(tx, new.resource, (&wanted.uid, &wanted.recurrence), known).await?;
    Ok(Ok(Outcome::New))
}

async fn change(tx: &mut Tx, new: &NewImport, wanted: &Wanted, before: Known) -> Result<Fate> {
    let activity = activities::lock(tx, before.activity).await?;
    let own = before.base.saturating_add(activity.version);
    let cancelled = activity.status == Status::Cancelled;
    let same_time = activity.start == wanted.start && activity.end == wanted.end;
    let same_text = activity.title == wanted.title && activity.description == wanted.description;
    if cancelled && wanted.absent.is_some()
        || wanted.absent.is_none() && !cancelled && same_time && same_text && before.all_day == wanted.all_day
    {
        if wanted.sequence > own {
            let base = wanted.sequence - activity.version;
            store::keep(tx, new.resource, (&wanted.uid, &wanted.recurrence), Known { base, ..before }).await?;
        }
        return Ok(Ok(Outcome::Unchanged));
    }
    if wanted.sequence < own {
        return Ok(refused("older", "It was changed here since."));
    }
    if activity.status.is_terminal() && !cancelled {
        return Ok(refused("over", "It is over."));
    }
    if wanted.absent.is_some() {
        let activity = cancel(tx, &activity).await?;
        let known = Known { base: wanted.sequence - activity.version, ..before };
        store::keep(tx, new.resource, (&wanted.uid, &wanted.recurrence), known).await?;
        return Ok(Ok(Outcome::Cancelled));
    }
    let mut activity = activity;
    if !same_time {
        let to = MoveTo {
            version: activity.version,
            start: wanted.start,
            end: wanted.end,
            resource_from: None,
            resource_to: None,
            overbook_reason: None,
            back: false,
        };
        // What is cancelled is not moved: it is taken up again first, which may meet others at its old time.
        if cancelled {
            activity = activities::reschedule(tx, activity.id, to.version, (to.start, to.end), None, false).await?;
        } else {
            activity = moves::move_to(tx, activity.id, &to).await?;
        }
    }
    if cancelled {
        let change = StatusChange { version: activity.version, to: Status::Scheduled, reason: String::new() };
        activity = moves::set_status(tx, activity.id, &change).await?;
    }
    if !same_text {
        let edit = EditGeneric { version: activity.version, title: wanted.title.clone(), description: wanted.description.clone() };
        activity = generic::edit(tx, activity.id, &edit).await?;
    }
    let known = Known { activity: activity.id, all_day: wanted.all_day, base: wanted.sequence - activity.version };
    store::keep(tx, new.resource, (&wanted.uid, &wanted.recurrence), known).await?;
    Ok(Ok(Outcome::Changed))
}

async fn cancel(tx: &mut Tx, activity: &Activity) -> Result<Activity> {
    let change = StatusChange { version: activity.version, to: Status::Cancelled, reason: String::new() };
    moves::set_status(tx, activity.id, &change).await
}

fn told(
    uid: &str,
    title: &str,
    (start, end): (chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::Utc>),
    all_day: bool,
    fate: Fate,
) -> ImportItem {
    let (outcome, (reason, message)) = match fate {
        Ok(outcome) => (outcome, Default::default()),
        Err(why) => (Outcome::Refused, why),
    };
    ImportItem { uid: uid.into(), title: title.into(), start: Some(start), end: Some(end), all_day, outcome, reason, message }
}
