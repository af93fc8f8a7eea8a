//! The texts of the page that is shown without a network. It is plain and has no catalogue; it fills the placeholders in
//! itself, which is why they are given to themselves here.

use crate::{calendar::status, words};
use services::calendar::{Status, slots::Rule};
use std::collections::BTreeMap;
use ui::{Lang, rule_text};

/// All texts by key.
pub fn of_page(lang: Lang) -> BTreeMap<String, String> {
    let states = Status::ALL.map(|state| (["state_", state.as_str()].concat(), status::word(lang, state).to_owned()));
    let rules = Rule::ALL.map(|rule| (["rule_", rule.as_str()].concat(), rule_text(lang, rule.as_str()).to_owned()));
    fixed(lang).into_iter().map(|(key, text)| (key.to_owned(), text)).chain(states).chain(rules).collect()
}

fn fixed(lang: Lang) -> Vec<(&'static str, String)> {
    vec![
        ("title", words::kept_title(lang).to_owned()),
        ("as_of", words::kept_as_of(lang, "{time}")),
        ("offline", words::kept_offline(lang).to_owned()),
        ("online", words::kept_online(lang).to_owned()),
        ("lead", words::kept_lead(lang).to_owned()),
        ("day", words::kept_day(lang).to_owned()),
        ("who", words::kept_who(lang).to_owned()),
        ("everybody", words::kept_everybody(lang).to_owned()),
        ("nothing", words::kept_nothing(lang).to_owned()),
        ("arrived", words::kept_arrived(lang).to_owned()),
        ("note", words::kept_note(lang).to_owned()),
        ("save_note", words::kept_save_note(lang).to_owned()),
        ("move", words::kept_move(lang).to_owned()),
        ("start", words::kept_start(lang).to_owned()),
        ("save_move", words::kept_save_move(lang).to_owned()),
        ("waiting", words::kept_waiting(lang).to_owned()),
        ("waits", words::kept_waits(lang).to_owned()),
        ("take_back", words::kept_take_back(lang).to_owned()),
        ("did_arrive", words::kept_did_arrive(lang, "{name}")),
        ("did_note", words::kept_did_note(lang, "{name}", "{text}")),
        ("did_move", words::kept_did_move(lang, "{name}", "{when}")),
        ("with", words::kept_with(lang, "{name}")),
        ("clashes", words::kept_clashes(lang).to_owned()),
        ("clash_lead", words::kept_clash_lead(lang).to_owned()),
        ("mine", words::kept_mine(lang).to_owned()),
        ("theirs", words::kept_theirs(lang).to_owned()),
        ("by", words::kept_by(lang, "{name}")),
        ("keep_mine", words::kept_keep_mine(lang).to_owned()),
        ("keep_theirs", words::kept_keep_theirs(lang).to_owned()),
        ("unavailable", words::kept_unavailable(lang, "{reasons}")),
        ("refused", words::kept_refused(lang, "{reason}")),
        ("gone", words::kept_gone(lang).to_owned()),
        ("not_now", words::kept_not_now(lang).to_owned()),
        ("past_end", words::kept_past_end(lang).to_owned()),
        ("send_now", words::kept_send_now(lang).to_owned()),
        ("sent", words::kept_sent(lang).to_owned()),
        ("open_calendar", words::kept_open_calendar(lang).to_owned()),
        ("sign_in", words::kept_sign_in(lang).to_owned()),
        ("leaving", words::kept_leaving(lang).to_owned()),
        ("leave", words::kept_leave(lang).to_owned()),
        ("kept", words::kept_kept(lang).to_owned()),
        ("count", words::kept_count(lang, "{n}")),
        ("count_clashes", words::kept_count_clashes(lang, "{n}")),
        ("work_offline", words::kept_work_offline(lang).to_owned()),
    ]
}
