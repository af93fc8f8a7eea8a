//! What would help, and what speaks for a time, in words.

use chrono::{DateTime, Utc};
use gabinet::answers::{best::Merit, why_not::Fix};
use platform::time::ZoneWindow;
use services::calendar::ResourceKind;
use ui::{Lang, when};

use crate::words;

/// `10:30`, or `Tue 24 Nov 10:30` on another day than the one that is looked at.
pub fn moment(lang: Lang, zone: &ZoneWindow, at: DateTime<Utc>, beside: DateTime<Utc>) -> String {
    let wall = zone.wall(at);
    let clock = when::clock(wall);
    if wall.date() == zone.date(beside) { clock } else { [when::day_short(lang, wall.date()), clock].join(" ") }
}

/// What a press on it does, or what would have to be done elsewhere.
pub fn fix(lang: Lang, zone: &ZoneWindow, fix: &Fix, start: DateTime<Utc>) -> String {
    let span = |during: &platform::time::Interval| when::times(zone.wall(during.start), zone.wall(during.end));
    match fix {
        Fix::Colleague(instead) if instead.slot.is_some() => words::fix_colleague(lang, &instead.name),
        Fix::Colleague(instead) => words::fix_colleague_partly(lang, &instead.name),
        Fix::OtherPlace(instead) => words::fix_other_place(lang, &instead.name),
        Fix::OtherTime(slot) => words::fix_other_time(lang, &moment(lang, zone, slot.start, start)),
        Fix::ShortenBreak(during) => words::fix_shorten_break(lang, &span(during)),
        Fix::ExtendHours(during) => words::fix_extend_hours(lang, &span(during)),
        Fix::Provide(missing) => match &missing.sort_of {
            _ if missing.kind == ResourceKind::Staff => words::fix_qualify(lang).to_owned(),
            Some(sort) => words::fix_provide(lang, sort),
            None => words::fix_provide_any(lang).to_owned(),
        },
        Fix::Overbook => words::fix_overbook(lang).to_owned(),
    }
}

/// A merit in few words.
pub fn merit(lang: Lang, merit: Merit) -> &'static str {
    match merit {
        Merit::FillsGap => words::merit_fills_gap(lang),
        Merit::Adjoins => words::merit_adjoins(lang),
        Merit::LeavesGap => words::merit_leaves_gap(lang),
        Merit::SameRoom => words::merit_same_room(lang),
        Merit::ChangesRoom => words::merit_changes_room(lang),
        Merit::UsualPractitioner => words::merit_usual_practitioner(lang),
        Merit::UsualTime => words::merit_usual_time(lang),
        Merit::Soon => words::merit_soon(lang),
    }
}
