use super::*;
use proptest::prelude::*;
use serde_json::json;

fn at(minute: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute.into())
}

#[test]
fn what_differs_is_told_field_by_field_and_names_of_rows_are_not() {
    let told = changes(
        Some(&json!({ "id": 1, "phone": "1", "email": null, "name": "A" })),
        Some(&json!({ "id": 2, "phone": "2", "email": "a@b", "name": "A" })),
    );
    let told: Vec<_> = told.iter().map(|change| (change.field.as_str(), change.old.as_str(), change.new.as_str())).collect();
    assert_eq!(told, [("email", "", "a@b"), ("phone", "1", "2")]);
}

#[test]
fn a_verb_says_what_it_is_about() {
    assert_eq!(
        ["updated", "note_added", "task_done", "document_shared", "unlinked", "tagged", "noted"].map(EntryKind::of),
        [EntryKind::Record, EntryKind::Notes, EntryKind::Tasks, EntryKind::Documents, EntryKind::Links, EntryKind::Tags, EntryKind::Record,]
    );
    for kind in EntryKind::ALL {
        assert_eq!(EntryKind::parse(kind.as_str()), Some(kind));
    }
}

/// A step of a made-up history: which field becomes what.
type Step = (u8, Option<u8>);

/// The log of such a history, as services write it, and the state after each step. With `whole` the log tells all fields
/// before and after; otherwise only the one that was changed.
fn history(first: &[Option<u8>], steps: &[Step], whole: bool, told_from_the_start: bool) -> (Vec<Logged>, Vec<Fields>) {
    let name = |field: usize| format!("f{field}");
    let object = |state: &Fields| Value::Object(state.clone().into_iter().collect());
    let mut state: Fields = first.iter().enumerate().map(|(n, value)| (name(n), json!(value))).collect();
    let mut log = Vec::new();
    if told_from_the_start {
        log.push(Logged { at: at(0), old: None, new: Some(object(&state)) });
    }
    let mut states = vec![state.clone()];
    for (minute, (field, value)) in (1_u32..).zip(steps) {
        let field = name(usize::from(*field) % first.len());
        let before = state.clone();
        state.insert(field.clone(), json!(value));
        let side = |of: &Fields| if whole { object(of) } else { json!({ field.as_str(): of[&field] }) };
        log.push(Logged { at: at(minute), old: Some(side(&before)), new: Some(side(&state)) });
        states.push(state.clone());
    }
    (log, states)
}

proptest! {
    #[test]
    fn as_of_an_instant_is_the_state_that_the_steps_up_to_it_made(
        first in prop::collection::vec(any::<Option<u8>>(), 1..5),
        steps in prop::collection::vec((any::<u8>(), any::<Option<u8>>()), 0..12),
        whole: bool,
        pick: prop::sample::Index,
    ) {
        let (log, states) = history(&first, &steps, whole, true);
        let minute = pick.index(states.len());
        prop_assert_eq!(&replayed(&log, at(u32::try_from(minute).unwrap())), &states[minute]);
    }

    /// Records that were taken over from elsewhere: their log begins with their first change.
    #[test]
    fn where_the_log_begins_later_it_is_what_the_next_change_found(
        first in prop::collection::vec(any::<Option<u8>>(), 1..5),
        steps in prop::collection::vec((any::<u8>(), any::<Option<u8>>()), 0..12),
        pick: prop::sample::Index,
    ) {
        let (log, states) = history(&first, &steps, false, false);
        let minute = pick.index(states.len());
        let told = replayed(&log, at(u32::try_from(minute).unwrap()));
        let ever: std::collections::BTreeSet<String> =
            log.iter().flat_map(|step| fields(step.new.as_ref()).into_keys()).collect();
        let known: Fields = states[minute].clone().into_iter().filter(|(name, _)| ever.contains(name)).collect();
        prop_assert_eq!(told, known);
    }

    #[test]
    fn the_diffs_of_a_history_lead_from_its_first_state_to_its_last(
        first in prop::collection::vec(any::<Option<u8>>(), 1..5),
        steps in prop::collection::vec((any::<u8>(), any::<Option<u8>>()), 0..12),
        whole: bool,
    ) {
        let (log, states) = history(&first, &steps, whole, true);
        let mut shown: BTreeMap<String, String> = states[0].iter().map(|(name, value)| (name.clone(), text(Some(value)))).collect();
        for step in &log[1..] {
            for change in changes(step.old.as_ref(), step.new.as_ref()) {
                prop_assert_eq!(shown.get(&change.field), Some(&change.old));
                shown.insert(change.field, change.new);
            }
        }
        let last: BTreeMap<String, String> = states[states.len() - 1].iter().map(|(name, value)| (name.clone(), text(Some(value)))).collect();
        prop_assert_eq!(shown, last);
    }
}
