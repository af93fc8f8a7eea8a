//! `/dashboard/gabinet/staff/{id}/away`: a practitioner is away, and their visits go to colleagues. Each visit is shown
//! where it is and where it would be; each may be left where it is; all are moved at once, and taken back at once.

use chrono::NaiveDate;
use gabinet::answers::reseat::{Move, Proposal, ReseatApply, ReseatUndo, Seat, Unplaced};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use platform::id::EntityId;
use ui::{
    Button, ButtonLink, Checkbox, Empty, ErrorSummary, Failure, Field, Heard, Icon, Input, Lang, Meaning, Tag, Toasts, Tone, rule_text,
    use_lang, use_live, use_toasts, when,
};

use super::doors::{self, Away, Given};
use crate::{
    pages::{
        plain,
        shown::{Shown, absent, id_in_address, shown},
    },
    words,
};

/// Who, from when, until when: all of it in the address.
type Source = (Option<EntityId>, Option<NaiveDate>, Option<NaiveDate>);

/// The page.
pub fn page() -> AnyView {
    let id = id_in_address();
    let query = use_query_map();
    let date = move |name: &str| query.with(|query| query.get(name)).and_then(|text| when::from_iso(&text));
    shown(
        move || -> Source { (id, date("from"), date("to")) },
        |(id, from, to)| async move {
            match id {
                Some(id) => doors::away(id, from, to, Vec::new()).await,
                None => Err(absent()),
            }
        },
        day,
    )
}

/// What the page holds.
#[derive(Clone, Copy)]
struct Page {
    lang: Lang,
    shown: Shown<Away>,
    /// Visits that are to stay where they are.
    skip: RwSignal<Vec<EntityId>>,
    /// Whether leave is booked too.
    leave: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
    /// Whether the proposal is not the one that was first shown, because somebody has booked meanwhile.
    changed: RwSignal<bool>,
}

fn day(shown: Shown<Away>) -> AnyView {
    let lang = use_lang();
    let page = Page {
        lang,
        shown,
        skip: RwSignal::new(shown.value.with_untracked(|away| away.proposal.skipped.iter().map(|seat| seat.visit).collect())),
        leave: RwSignal::new(shown.value.with_untracked(|away| away.may_leave)),
        failure: RwSignal::new(None),
        changed: RwSignal::new(false),
    };
    // What colleagues book meanwhile counts at once.
    use_live().listen(move |heard| {
        let concerns = match &heard {
            Heard::Missed => true,
            Heard::Changed(event) => event.entity_type.starts_with("gabinet:appointment") || event.entity_type == "activity",
        };
        if concerns {
            page.ask_again();
        }
    });
    let give = giving(page);
    let name = Signal::derive(move || page.shown.value.with(|away| away.proposal.employee_name.clone()));
    let title = Signal::derive(move || words::away_title(lang, &name.get()));
    let id = shown.value.with_untracked(|away| away.proposal.employee_id);
    let back = ["/dashboard/gabinet/staff/", &id.to_string()].concat();
    view! {
        <Title text=move || title.get()/>
        <article class="page away-page">
            <header class="section-head">
                <h1>{title}</h1>
                <ButtonLink icon="left" href=back>{name}</ButtonLink>
            </header>
            <p class="quiet">{words::away_lead(lang)}</p>
            {dates(page)}
            {plain::live(move || summary(page))}
            {plain::live(move || list(page))}
            {plain::live(move || footer(page, give))}
        </article>
    }
    .into_any()
}

impl Page {
    fn proposal<T>(self, read: impl FnOnce(&Proposal) -> T) -> T {
        self.shown.value.with(|away| read(&away.proposal))
    }

    /// The proposal anew, around the visits that stay.
    fn ask_again(self) {
        let which = self.shown.value.try_with_untracked(|away| {
            let Proposal { employee_id, from_date, to_date, .. } = &away.proposal;
            (*employee_id, *from_date, *to_date)
        });
        // The page may have been left.
        let (Some((id, from, to)), Some(skip)) = (which, self.skip.try_get_untracked()) else { return };
        spawn_local(async move {
            match doors::away(id, Some(from), Some(to), skip).await {
                Ok(away) => {
                    self.failure.try_set(None);
                    if self.shown.value.try_with_untracked(|now| *now != away) == Some(true) {
                        self.shown.value.set(away);
                    }
                }
                Err(failure) => {
                    self.failure.try_set(Some(failure));
                }
            }
        });
    }

    fn stay(self, visit: EntityId, stays: bool) {
        self.skip.update(|skip| {
            skip.retain(|id| *id != visit);
            if stays {
                skip.push(visit);
            }
        });
        self.changed.set(false);
        self.ask_again();
    }
}

/// Which days: in the address, so that the page can be linked to.
fn dates(page: Page) -> AnyView {
    let lang = page.lang;
    let (from, to) = page.shown.value.with_untracked(|away| (when::iso(away.proposal.from_date), when::iso(away.proposal.to_date)));
    let (from, to) = (RwSignal::new(from), RwSignal::new(to));
    let navigate = use_navigate();
    let id = page.shown.value.with_untracked(|away| away.proposal.employee_id);
    let go = move || {
        let (Some(first), Some(last)) = (when::from_iso(&from.get_untracked()), when::from_iso(&to.get_untracked())) else { return };
        // A first day after the last one moves it along.
        let last = last.max(first);
        to.set(when::iso(last));
        let address = ["/dashboard/gabinet/staff/", &id.to_string(), "/away?from=", &when::iso(first), "&to=", &when::iso(last)].concat();
        navigate(&address, leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() });
    };
    let other = go.clone();
    view! {
        <div class="fields">
            <Field name="from_date" label=words::first_day(lang) failure=page.failure>
                <Input kind="date" value=from on_change=go/>
            </Field>
            <Field name="to_date" label=words::last_day(lang) failure=page.failure>
                <Input kind="date" value=to on_change=other/>
            </Field>
        </div>
    }
    .into_any()
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

fn summary(page: Page) -> AnyView {
    let lang = page.lang;
    let (moves, unplaced, skipped, others) =
        page.proposal(|proposal| (proposal.moves.len(), proposal.unplaced.len(), proposal.skipped.len(), proposal.others));
    let same = page.proposal(|proposal| proposal.moves.iter().filter(|found| found.start == found.before.start).count());
    let tag = |meaning, text: String| view! { <Tag meaning=meaning text=text/> }.into_any();
    let mut tags = vec![tag(Meaning::Positive, words::away_same_time(lang, count(same)))];
    if moves > same {
        tags.push(tag(Meaning::Neutral, words::away_other_time(lang, count(moves - same))));
    }
    if unplaced > 0 {
        tags.push(tag(Meaning::Attention, words::away_unplaced(lang, count(unplaced))));
    }
    if skipped > 0 {
        tags.push(tag(Meaning::Neutral, words::away_skipped(lang, count(skipped))));
    }
    let others = (others > 0).then(|| view! { <p class="quiet">{words::away_others(lang, i64::from(others))}</p> });
    let changed = page.changed.get().then(|| {
        view! { <p class="away-changed"><Icon name="warning"/> {words::away_changed(lang)}</p> }
    });
    view! { <div role="status" class="away-summary">{changed}<p class="marks">{tags}</p>{others}</div> }.into_any()
}

fn list(page: Page) -> AnyView {
    let lang = page.lang;
    let mut rows: Vec<(chrono::DateTime<chrono::Utc>, AnyView)> = page.shown.value.with(|away| {
        let proposal = &away.proposal;
        let moves = proposal.moves.iter().map(|found| (found.before.start, moved(page, found)));
        let unplaced = proposal.unplaced.iter().map(|found| (found.seat.start, left(page, found)));
        let skipped = proposal.skipped.iter().map(|seat| (seat.start, skipped(page, seat)));
        moves.chain(unplaced).chain(skipped).collect()
    });
    if rows.is_empty() {
        return view! { <Empty icon="check" title=words::away_nothing(lang) text=words::away_nothing_text(lang)/> }.into_any();
    }
    // Insertion keeps equal starts as they come; there are never many.
    platform::order::by_rank(&mut rows, |(start, _)| platform::order::instant_then(*start, 0));
    let rows: Vec<AnyView> = rows.into_iter().map(|(_, row)| row).collect();
    view! { <ul class="away-list" aria-label=words::visits(lang)>{rows}</ul> }.into_any()
}

fn who(seat: &Seat) -> AnyView {
    view! { <b>{seat.patient_name.clone()}</b><span class="quiet">{seat.treatment_name.clone()}</span> }.into_any()
}

/// `Tue 24 Nov 10:30 – 11:00`; the day only where there are several.
fn moment(page: Page, start: chrono::NaiveDateTime, end: chrono::NaiveDateTime) -> String {
    let several = page.shown.value.with_untracked(|away| away.proposal.from_date != away.proposal.to_date);
    let times = when::times(start, end);
    if several { [when::day_short(page.lang, start.date()), times].join(" ") } else { times }
}

fn stays_box(page: Page, seat: &Seat, moves: bool) -> AnyView {
    let visit = seat.visit;
    let label = words::away_move_one(page.lang, &seat.patient_name);
    view! { <Checkbox hidden_label=true checked=moves label=label on_change=move |moves: bool| page.stay(visit, !moves)/> }.into_any()
}

fn moved(page: Page, found: &Move) -> AnyView {
    let before = moment(page, found.before.wall_start, found.before.wall_end);
    let after = moment(page, found.wall_start, found.wall_end);
    let other_time = found.start != found.before.start;
    let place = (!found.place.is_empty()).then(|| [" · ", &found.place].concat());
    view! {
        <li class="away-row" class:other-time=other_time>
            {stays_box(page, &found.before, true)}
            <div class="away-who">{who(&found.before)}</div>
            <div class="away-before tnum">{before}<span class="quiet">{found.before.place.clone()}</span></div>
            <Icon name="right"/>
            <div class="away-after tnum"><b>{after}</b><span>{found.employee_name.clone()}{place}</span></div>
        </li>
    }
    .into_any()
}

fn left(page: Page, found: &Unplaced) -> AnyView {
    let lang = page.lang;
    let before = moment(page, found.seat.wall_start, found.seat.wall_end);
    // One line for each colleague or thing is enough to see why.
    let mut said: Vec<String> = Vec::new();
    for reason in &found.reasons {
        let rule = if reason.rule == "kind" { words::nothing_fits(lang) } else { rule_text(lang, &reason.rule) };
        let line = match &reason.resource_name {
            Some(name) => [name.as_str(), rule].join(": "),
            None => rule.to_owned(),
        };
        if !said.contains(&line) {
            said.push(line);
        }
    }
    let address = ["/dashboard/calendar?open=", &found.seat.activity.to_string()].concat();
    view! {
        <li class="away-row unplaced">
            <Icon name="warning"/>
            <div class="away-who">{who(&found.seat)}</div>
            <div class="away-before tnum">{before}<span class="quiet">{found.seat.place.clone()}</span></div>
            <div class="away-after">
                <b>{words::away_no_place(lang)}</b>
                <span>{said.join("; ")}</span>
                <a href=address>{words::away_see_visit(lang)}</a>
            </div>
        </li>
    }
    .into_any()
}

fn skipped(page: Page, seat: &Seat) -> AnyView {
    let before = moment(page, seat.wall_start, seat.wall_end);
    view! {
        <li class="away-row stays">
            {stays_box(page, seat, false)}
            <div class="away-who">{who(seat)}</div>
            <div class="away-before tnum">{before}<span class="quiet">{seat.place.clone()}</span></div>
            <span></span>
            <div class="away-after quiet">{words::away_stays(page.lang)}</div>
        </li>
    }
    .into_any()
}

/// Takes back what was given away. Also long after the page was left.
fn take_back(page: Page, toasts: Toasts, reseat_id: EntityId) {
    spawn_local(async move {
        match doors::take_back(ReseatUndo { reseat_id }).await {
            Ok(_) => {
                toasts.say(words::away_undone(page.lang));
                page.ask_again();
            }
            Err(failure) => toasts.fail(&failure),
        }
    });
}

/// Gives away what is shown. Made once a page: it outlives what is drawn anew when it is done.
fn giving(page: Page) -> Action<(), ()> {
    let toasts = use_toasts();
    Action::new_local(move |(): &()| {
        let seen = page.shown.value.with_untracked(|away| ReseatApply {
            employee_id: away.proposal.employee_id,
            from_date: away.proposal.from_date,
            to_date: away.proposal.to_date,
            skip: page.skip.get_untracked(),
            token: away.proposal.token.clone(),
            leave_reason: (away.may_leave && page.leave.get_untracked()).then(String::new),
        });
        async move {
            match doors::give_away(seen).await {
                Ok(Given::Done(done)) => {
                    let text = words::away_done(page.lang, i64::from(done.moved));
                    let id = done.id;
                    toasts.undoable(text, Callback::new(move |()| take_back(page, toasts, id)));
                    page.changed.try_set(false);
                    page.ask_again();
                }
                Ok(Given::Changed(proposal)) => {
                    page.shown.value.try_update(|away| away.proposal = proposal);
                    page.changed.try_set(true);
                }
                Err(failure) => {
                    page.failure.try_set(Some(failure));
                }
            }
        }
    })
}

fn footer(page: Page, give: Action<(), ()>) -> AnyView {
    let lang = page.lang;
    let moves = page.proposal(|proposal| proposal.moves.len());
    let may_leave = page.shown.value.with(|away| away.may_leave);
    let leave = may_leave
        .then(|| view! { <Checkbox label=words::away_book_leave(lang) checked=page.leave on_change=move |on: bool| page.leave.set(on)/> });
    let text = if moves > 0 { words::away_apply(lang, count(moves)) } else { words::away_only_leave(lang).to_owned() };
    let nothing = moves == 0 && !may_leave;
    let fields = vec![("from_date", words::first_day(lang)), ("to_date", words::last_day(lang)), ("leave_reason", words::reason(lang))];
    let button = (!nothing).then(|| {
        view! {
            <Button tone=Tone::Primary busy=give.pending() on_press=move || _ = give.dispatch_local(())>{text}</Button>
        }
    });
    view! {
        <footer class="away-foot">
            <ErrorSummary failure=page.failure fields=fields/>
            {leave}
            {button}
        </footer>
    }
    .into_any()
}
