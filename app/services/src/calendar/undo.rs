//! What was done in this tab, to be undone and done again: moves, new entries, states.
//!
//! Nothing is undone blindly. What is to be undone is read anew first, and if a colleague has changed it meanwhile
//! the undo is refused and says so. Undoing gives the act that does it again, so both ways are one.

use super::{data, desk::Desk, moving, status, when};
use crate::words;
use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use platform::id::EntityId;
use services::{
    calendar::event::{Event, Status},
    core::GENERIC_TYPES,
};
use ui::{Failure, lazy::ChunkLost, toast::Notice};

/// How much is remembered.
const KEPT: usize = 50;

/// What an entry is called whenever it is spoken of: of a person only as much as may be seen then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    title: String,
    is_person: bool,
}

impl Named {
    /// An entry.
    pub fn of(desk: Desk, event: &Event) -> Self {
        let title = if event.title.is_empty() { desk.type_name(&event.activity_type) } else { event.title.clone() };
        Self { title, is_person: event.subject.is_some() }
    }

    /// What has no more of a name than its kind.
    pub fn kind(title: String) -> Self {
        Self { title, is_person: false }
    }

    /// As it may be seen now.
    pub fn shown(&self, desk: Desk) -> String {
        let hidden = self.is_person && desk.wishes.with_untracked(|wishes| wishes.private);
        if hidden { super::scene::initials(&self.title) } else { self.title.clone() }
    }
}

/// Something that can be done to take back what was done.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An entry goes to another place.
    Move(Back),
    /// An entry gets another state.
    Become {
        /// The entry.
        id: EntityId,
        /// Its name.
        title: Named,
        /// The state it has.
        is: Status,
        /// The state it gets.
        to: Status,
    },
    /// There is no way back from the state that an entry has, or not for whoever asks. It stands in its place all the same:
    /// who undoes the last thing must be told so, rather than have an older one undone.
    Stays {
        /// Its name.
        title: Named,
        /// The state it has.
        is: Status,
    },
    /// All that was booked at once with an entry is cancelled, by its module.
    Unmake {
        /// The entry.
        id: EntityId,
        /// Its name.
        title: Named,
        /// Its activity type.
        kind: String,
    },
    /// Two entries change places.
    Swap {
        /// The entries.
        ids: (EntityId, EntityId),
        /// Their names.
        names: (Named, Named),
    },
    /// Several entries go to other places at once, all of them or none.
    Together(Vec<Back>),
}

/// The way back of a move.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    /// The entry.
    pub id: EntityId,
    /// Its name.
    pub title: Named,
    /// Where it must be for the way back to hold.
    pub is: (DateTime<Utc>, DateTime<Utc>, Vec<EntityId>),
    /// Where it goes.
    pub to: (DateTime<Utc>, DateTime<Utc>),
    /// The resource that is replaced, and the one that replaces it.
    pub change: (Option<EntityId>, Option<EntityId>),
}

impl Back {
    /// The way back from where a move has led.
    pub fn of(desk: Desk, wanted: &moving::Move, moved: &Event) -> Self {
        Back {
            id: moved.id,
            title: Named::of(desk, moved),
            is: (moved.start, moved.end, moved.resources.clone()),
            to: (wanted.event.start, wanted.event.end),
            change: (wanted.to, wanted.from),
        }
    }

    /// The way back of this way back.
    fn turned(self, before: &Event, moved: &Event) -> Self {
        Back {
            is: (moved.start, moved.end, moved.resources.clone()),
            to: (before.start, before.end),
            change: (self.change.1, self.change.0),
            ..self
        }
    }
}

impl Act {
    /// What takes back that something was made.
    pub fn unmake(id: EntityId, title: Named) -> Self {
        Act::Become { id, title, is: Status::Scheduled, to: Status::Cancelled }
    }
}

/// A step of an entry from one state to another, as it was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped {
    /// The entry.
    pub id: EntityId,
    /// Its name.
    pub title: Named,
    /// Its activity type.
    pub kind: String,
    /// The state it had.
    pub from: Status,
    /// The state it has.
    pub to: Status,
}

impl Stepped {
    /// What takes it back, if anything does.
    fn way_back(self, desk: Desk) -> Act {
        let Stepped { id, title, kind, from, to: is } = self;
        // What is over can only be planned anew.
        let to = if is.is_terminal() { Status::Scheduled } else { from };
        if is_possible(desk.reopens(&kind), &kind, is, to) { Act::Become { id, title, is, to } } else { Act::Stays { title, is } }
    }
}

/// Whether an entry of that type may take that step, by the states' own rules and the reader's right to reopen what is over.
/// A step may be taken back for a while by whoever took it; whether that is over the server says.
pub fn is_possible(reopens: bool, kind: &str, from: Status, to: Status) -> bool {
    // A meeting has no steps in between: it takes place or it does not.
    let plain = GENERIC_TYPES.contains(&kind) && !from.is_terminal() && matches!(to, Status::Completed | Status::Cancelled);
    from.can_become(to) || plain || from.can_take_back(to) || reopens && from.can_reopen() && to == Status::Scheduled
}

/// The two stacks of one tab.
#[derive(Clone, Copy)]
pub struct Done(StoredValue<Stacks>);

#[derive(Default)]
struct Stacks {
    next: u32,
    undo: Vec<(u32, Act)>,
    redo: Vec<(u32, Act)>,
    // Which notice offers to undo what.
    notices: Vec<(u32, Notice)>,
    asked: Vec<Ask>,
    busy: bool,
}

/// What is asked for while something else is being undone waits for its turn.
#[derive(Clone, Copy)]
enum Ask {
    Undo(Option<u32>),
    Redo,
}

impl Done {
    /// Nothing yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Self {
        Self(StoredValue::new(Stacks::default()))
    }

    /// Remembers how to take back what was done just now; what was undone before is not done again any more.
    fn push(self, act: Act) -> u32 {
        self.0
            .try_update_value(|stacks| {
                stacks.redo.clear();
                stacks.next += 1;
                if stacks.undo.len() == KEPT {
                    stacks.undo.remove(0);
                }
                stacks.undo.push((stacks.next, act));
                stacks.next
            })
            .unwrap_or_default()
    }
}

/// Remembers how to take back what was done just now, and nothing is said of it.
pub fn remember(desk: Desk, act: Act) {
    desk.done.push(act);
}

/// Says what was done just now and offers to take it back, here and by key; whichever is used first, the other is gone.
pub fn offer(desk: Desk, act: Act, text: impl Into<String>) {
    let offers = !matches!(act, Act::Stays { .. });
    let number = desk.done.push(act);
    if !offers {
        desk.toasts.say(text);
        return;
    }
    let notice = desk.toasts.undoable(text, Callback::new(move |()| undo(desk, Some(number))));
    desk.done.0.try_update_value(|stacks| {
        if stacks.notices.len() == KEPT {
            stacks.notices.remove(0);
        }
        stacks.notices.push((number, notice));
    });
}

/// Says that an entry has taken a step, and offers to take it back to whoever may.
pub fn stepped(desk: Desk, step: Stepped, text: impl Into<String>) {
    offer(desk, step.way_back(desk), text);
}

/// Undoes what was done last, or what has that number.
pub fn undo(desk: Desk, number: Option<u32>) {
    ask(desk, Ask::Undo(number));
}

/// Does again what was undone last.
pub fn redo(desk: Desk) {
    ask(desk, Ask::Redo);
}

fn ask(desk: Desk, what: Ask) {
    let begins = desk.done.0.try_update_value(|stacks| {
        stacks.asked.push(what);
        !std::mem::replace(&mut stacks.busy, true)
    });
    if begins == Some(true) {
        spawn_local(async move {
            if work_off(desk).await.is_err() {
                desk.done.0.update_value(|stacks| stacks.busy = false);
                desk.toasts.fail_text(ui::words::chunk_lost_title(desk.lang));
            }
        });
    }
}

/// One after the other; who undoes nothing does not load this.
#[leptos::wasm_split::wasm_split(calendar_hands, wasm_split_path = ::leptos::wasm_split, fallible)]
fn work_off(desk: Desk) -> Result<(), ChunkLost> {
    spawn_local(async move {
        while let Some(what) = next(desk) {
            one(desk, what).await;
        }
    });
    Ok(())
}

/// The next thing asked for; the work ends when there is none.
fn next(desk: Desk) -> Option<Ask> {
    desk.done.0.try_update_value(|stacks| {
        if stacks.asked.is_empty() {
            stacks.busy = false;
            return None;
        }
        Some(stacks.asked.remove(0))
    })?
}

async fn one(desk: Desk, what: Ask) {
    let lang = desk.lang;
    let taken = desk.done.0.try_update_value(|stacks| match what {
        Ask::Undo(None) => stacks.undo.pop(),
        Ask::Undo(Some(number)) => {
            let at = stacks.undo.iter().position(|(other, _)| *other == number)?;
            Some(stacks.undo.remove(at))
        }
        Ask::Redo => stacks.redo.pop(),
    });
    let Some(Some((number, act))) = taken else {
        desk.toasts.say(if matches!(what, Ask::Redo) { words::nothing_to_redo(lang) } else { words::nothing_to_undo(lang) });
        return;
    };
    let again = matches!(what, Ask::Redo);
    // Its notice offers what is being done already.
    let notice = desk.done.0.try_update_value(|stacks| {
        let at = stacks.notices.iter().position(|(other, _)| *other == number)?;
        Some(stacks.notices.remove(at).1)
    });
    if let Some(Some(notice)) = notice {
        desk.toasts.dismiss(notice);
    }
    match perform(desk, act).await {
        Ok(inverse) => {
            let text = told(desk, &inverse, again);
            desk.done
                .0
                .update_value(|stacks| if again { stacks.undo.push((number, inverse)) } else { stacks.redo.push((number, inverse)) });
            desk.say(text.clone());
            desk.toasts.say(text);
        }
        Err((name, why)) => {
            desk.toasts.fail_text(if again { words::redo_refused(lang, &name, &why) } else { words::undo_refused(lang, &name, &why) });
        }
    }
    desk.refetch();
}

/// Does it and gives what takes it back; or the name of what could not be done, and why.
async fn perform(desk: Desk, act: Act) -> Result<Act, (String, String)> {
    match act {
        Act::Move(back) => go_back(desk, vec![back]).await.map(|mut backs| Act::Move(backs.remove(0))),
        Act::Stays { title, is } => Err((title.shown(desk), no_way_back(desk, is))),
        Act::Become { id, title, to, .. } => {
            let told = |failure: Failure| (title.shown(desk), reason(desk, &failure));
            let event = data::calendar_event(id).await.map_err(&told)?;
            let text = words::undone_reason(desk.lang).to_owned();
            data::set_activity_status(id, event.version, to, text).await.map_err(&told)?;
            Ok(Stepped { id, title, kind: event.activity_type, from: event.status, to }.way_back(desk))
        }
        Act::Unmake { id, title, kind } => {
            let told = |failure: Failure| (title.shown(desk), reason(desk, &failure));
            let text = words::undone_reason(desk.lang).to_owned();
            let took = match desk.modules.activity(&kind).and_then(|module| module.unmake) {
                Some(unmake) => unmake(id, text).await.map_err(&told)?,
                None => false,
            };
            if took {
                return Ok(Act::Stays { title, is: Status::Cancelled });
            }
            Box::pin(perform(desk, Act::unmake(id, title))).await
        }
        Act::Swap { ids, names } => {
            let told = |failure: Failure| (names.0.shown(desk), reason(desk, &failure));
            let first = data::calendar_event(ids.0).await.map_err(&told)?;
            let second = data::calendar_event(ids.1).await.map_err(&told)?;
            let swapped = data::swap_activities(ids.0, first.version, ids.1, second.version).await.map_err(&told)?;
            moving::show(desk, &[swapped.0, swapped.1]);
            Ok(Act::Swap { ids, names })
        }
        Act::Together(backs) => go_back(desk, backs).await.map(Act::Together),
    }
}

/// All of them go, or none; as many ways back come of it. If somebody has changed one of them it is named.
async fn go_back(desk: Desk, backs: Vec<Back>) -> Result<Vec<Back>, (String, String)> {
    let mut before = Vec::with_capacity(backs.len());
    for back in &backs {
        let event = data::calendar_event(back.id).await.map_err(|failure| (back.title.shown(desk), reason(desk, &failure)))?;
        if (event.start, event.end, &event.resources) != (back.is.0, back.is.1, &back.is.2) {
            return Err((back.title.shown(desk), words::changed_meanwhile(desk.lang).to_owned()));
        }
        before.push(event);
    }
    let to = |(back, event): (&Back, &Event)| data::Destination {
        version: event.version,
        start: back.to.0,
        end: back.to.1,
        resource_from: back.change.0,
        resource_to: back.change.1,
        overbook_reason: None,
        back: true,
    };
    let wanted = backs.iter().zip(&before);
    let (answer, name) = match backs.as_slice() {
        [back] => (data::move_activity(back.id, to((back, &before[0]))).await.map(|event| vec![event]), back.title.shown(desk)),
        _ => {
            let moves = wanted.map(|(back, event)| (back.id, to((back, event)))).collect();
            (data::move_activities(moves).await, words::event_count(desk.lang, backs.len() as i64))
        }
    };
    let moved = answer.map_err(|failure| (name, reason(desk, &failure)))?;
    moving::show(desk, &moved);
    Ok(backs.into_iter().zip(before.iter().zip(&moved)).map(|(back, (before, moved))| back.turned(before, moved)).collect())
}

/// Why something was refused, in one line.
pub fn reason(desk: Desk, failure: &Failure) -> String {
    match failure.code() {
        "version" => words::changed_meanwhile(desk.lang).to_owned(),
        "double_booking" | "unavailable" => moving::reasons(desk, &failure.0).join(", "),
        _ => failure.text(desk.lang),
    }
}

/// Why nothing leads back from a state.
pub fn no_way_back(desk: Desk, is: Status) -> String {
    let state = status::word(desk.lang, is);
    if is.can_reopen() { words::may_not_reopen(desk.lang, state) } else { words::no_step_back(desk.lang, state) }
}

/// What has come of it, from what would take it back.
fn told(desk: Desk, inverse: &Act, again: bool) -> String {
    let lang = desk.lang;
    match inverse {
        Act::Move(back) => {
            let times =
                desk.loaded.get_untracked().map(|loaded| when::times(&loaded.calendar.zone, back.is.0, back.is.1)).unwrap_or_default();
            if again {
                words::again_at(lang, &back.title.shown(desk), &times)
            } else {
                words::back_at(lang, &back.title.shown(desk), &times)
            }
        }
        Act::Become { title, is, .. } | Act::Stays { title, is } => words::state_now(lang, &title.shown(desk), status::word(lang, *is)),
        Act::Unmake { title, .. } => words::state_now(lang, &title.shown(desk), status::word(lang, Status::Scheduled)),
        Act::Swap { names, .. } => words::swapped(lang, &names.0.shown(desk), &names.1.shown(desk)),
        Act::Together(backs) => {
            let count = backs.len() as i64;
            if again { words::moved_many(lang, count) } else { words::back_many(lang, count) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_possible;
    use services::calendar::event::Status::{Cancelled, CheckedIn, Completed, Confirmed, NoShow, Scheduled};

    #[test]
    fn only_whoever_may_reopen_is_offered_a_way_back_from_what_is_over() {
        for over in [Completed, Cancelled, NoShow] {
            assert!(!is_possible(false, "gabinet:appointment", over, Scheduled), "{over}");
            assert!(is_possible(true, "gabinet:appointment", over, Scheduled), "{over}");
        }
    }

    #[test]
    fn a_step_at_the_desk_leads_back_to_the_step_before_and_what_is_over_to_none() {
        assert!(is_possible(false, "gabinet:appointment", Confirmed, Scheduled));
        assert!(is_possible(false, "gabinet:appointment", CheckedIn, Confirmed));
        assert!(!is_possible(true, "gabinet:appointment", Completed, CheckedIn));
        assert!(!is_possible(false, "meeting", Completed, Scheduled));
        assert!(is_possible(false, "gabinet:appointment", Scheduled, Cancelled), "a booking is taken back");
    }

    #[test]
    fn a_meeting_takes_place_or_it_does_not() {
        assert!(is_possible(false, "meeting", Scheduled, Completed));
        assert!(!is_possible(false, "meeting", Completed, Cancelled));
        assert!(!is_possible(false, "gabinet:appointment", Scheduled, Completed));
    }
}
