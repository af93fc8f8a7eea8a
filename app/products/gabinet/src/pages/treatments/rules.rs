//! The part of a treatment's form that says how it is booked: notice, limits, grid, approval, who is needed when, and
//! with whom it is different.

use gabinet::treatments::{Rules, Terms, Treatment, TreatmentNeed};
use leptos::prelude::*;
use platform::{
    id::EntityId,
    money::{Currency, Money},
};
use services::calendar::{
    ResourceKind,
    slots::{Align, Segment},
};
use ui::{Checkbox, Failure, Field, Input, Lang};

use super::form::YES;
use crate::{
    page_doors::Catalogue,
    pages::{
        plain,
        sheet::{Faults, Sheet, Values},
        shown::Shown,
        sorts,
    },
    prices, words,
};

/// A field of the form and its label.
type Named = (&'static str, fn(Lang) -> &'static str);

/// The numbers: name in what the server answers, and text.
const NUMBERS: [Named; 7] = [
    ("rules.notice_minutes", words::rule_notice),
    ("rules.horizon_days", words::rule_horizon),
    ("rules.step", words::rule_step),
    ("rules.per_day", words::rule_per_day),
    ("rules.per_week", words::rule_per_week),
    ("rules.per_month", words::rule_per_month),
    ("rules.seats", words::rule_seats),
];

/// What is so or not so.
const TICKS: [Named; 4] = [
    ("rules.align", words::rule_align),
    ("rules.needs_approval", words::rule_needs_approval),
    ("rules.online", words::rule_online),
    ("rules.buffers_inside_hours", words::rule_buffers_inside),
];

/// One line a need: `staff=0-15, 45-60`, `device:laser=15-45`.
const SEGMENTS: &str = "rules.staff_segments";
/// One line a practitioner: their id, `=`, minutes, `;`, price.
const TERMS: &str = "terms";
const STAFF: &str = "staff";

/// The fields whose values mean nothing to people.
pub const CODED: [&str; 6] = ["rules.align", "rules.needs_approval", "rules.online", "rules.buffers_inside_hours", SEGMENTS, TERMS];

/// Names and labels of all fields here.
pub fn labels(lang: Lang) -> Vec<(&'static str, &'static str)> {
    let mut labels: Vec<(&'static str, &'static str)> = NUMBERS.iter().chain(&TICKS).map(|(name, text)| (*name, text(lang))).collect();
    labels.push((SEGMENTS, words::segments(lang)));
    labels.push((TERMS, words::own_terms(lang)));
    labels
}

/// What the fields hold for a treatment; of none, what one begins with.
pub fn values(lang: Lang, treatment: Option<&Treatment>) -> Values {
    let rules = treatment.map(|treatment| treatment.rules.clone()).unwrap_or_default();
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let tick = |on: bool| if on { YES.to_owned() } else { String::new() };
    vec![
        ("rules.notice_minutes", number(Some(rules.notice_minutes).filter(|minutes| *minutes > 0))),
        ("rules.horizon_days", number(rules.horizon_days)),
        ("rules.step", number(Some(rules.step))),
        ("rules.per_day", number(rules.per_day)),
        ("rules.per_week", number(rules.per_week)),
        ("rules.per_month", number(rules.per_month)),
        ("rules.seats", number(Some(rules.seats))),
        ("rules.align", tick(rules.align == Align::Clock)),
        ("rules.needs_approval", tick(rules.needs_approval)),
        ("rules.online", tick(rules.online)),
        ("rules.buffers_inside_hours", tick(rules.buffers_inside_hours)),
        (SEGMENTS, treatment.map(segments_of).unwrap_or_default()),
        (TERMS, treatment.map(|treatment| terms_of(lang, treatment)).unwrap_or_default()),
    ]
}

fn segments_of(treatment: &Treatment) -> String {
    let mut text = with_line("", STAFF, &write_segments(&treatment.rules.staff_segments));
    for need in &treatment.needs {
        text = with_line(&text, &key(need.kind, &need.sort_of), &write_segments(&need.segments));
    }
    text
}

fn terms_of(lang: Lang, treatment: &Treatment) -> String {
    let currency = treatment.currency.parse::<Currency>().ok();
    treatment.terms.iter().fold(String::new(), |text, own| {
        let mut line = own.duration.map(|minutes| minutes.to_string()).unwrap_or_default();
        line.push(';');
        if let Some((price, currency)) = own.price.zip(currency) {
            line.push_str(&prices::decimal(lang, Money::new(price, currency)));
        }
        with_line(&text, &own.employee.to_string(), &line)
    })
}

fn key(kind: ResourceKind, sort: &str) -> String {
    let mut key = String::from(kind.as_str());
    key.push(':');
    key.push_str(sort);
    key
}

/// What stands after `key=` in a text of lines.
fn line(text: &str, key: &str) -> String {
    let of_key = |line: &str| line.rsplit_once('=').filter(|(known, _)| *known == key).map(|(_, rest)| rest.to_owned());
    text.lines().find_map(of_key).unwrap_or_default()
}

/// The text with another line for that key; a blank one is left out.
fn with_line(text: &str, key: &str, line: &str) -> String {
    let mut lines: Vec<String> =
        text.lines().filter(|line| line.rsplit_once('=').is_none_or(|(known, _)| known != key)).map(str::to_owned).collect();
    if !line.trim_matches(|letter: char| letter == ';' || letter.is_whitespace()).is_empty() {
        lines.push([key, line].join("="));
    }
    lines.sort_unstable();
    lines.join("\n")
}

fn write_segments(segments: &[Segment]) -> String {
    let one = |segment: &Segment| [segment.from.to_string(), segment.to.to_string()].join("-");
    segments.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `0-15, 45-60`, with hyphens or dashes; in order and apart, none for what is not.
fn read_segments(text: &str) -> Option<Vec<Segment>> {
    let mut segments: Vec<Segment> = Vec::new();
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–'])?;
        let segment = Segment { from: from.trim().parse().ok()?, to: to.trim().parse().ok()? };
        if segment.from >= segment.to || segments.last().is_some_and(|last| last.to >= segment.from) {
            return None;
        }
        segments.push(segment);
    }
    Some(segments)
}

/// What is typed, as the server wants it; what is wrong goes to `faults`.
pub fn read(
    lang: Lang,
    sheet: Sheet,
    currency: Option<Currency>,
    needs: &mut [TreatmentNeed],
    faults: &mut Faults,
) -> Option<(Rules, Vec<Terms>)> {
    let mut whole = true;
    let mut number = |name: &'static str| {
        let typed = sheet.get(name);
        let number = match typed.trim() {
            "" => Some(None),
            typed => typed.parse::<i32>().ok().map(Some),
        };
        let number = faults.take(name, number, words::not_minutes(lang));
        whole &= number.is_some();
        number.flatten()
    };
    let [notice, horizon, step, day, week, month, seats] = NUMBERS.map(|(name, _)| number(name));
    let tick = |name: &str| sheet.get(name) == YES;
    let typed = sheet.get(SEGMENTS);
    let mut segments = |key: &str| {
        let segments = faults.take(SEGMENTS, read_segments(&line(&typed, key)), words::segments_wrong(lang));
        whole &= segments.is_some();
        segments.unwrap_or_default()
    };
    let staff_segments = segments(STAFF);
    for need in needs {
        need.segments = segments(&key(need.kind, &need.sort_of));
    }
    let mut terms = Vec::new();
    for one in sheet.get(TERMS).lines() {
        let Some((employee, rest)) = one.split_once('=') else { continue };
        let Ok(employee) = employee.parse::<EntityId>() else { continue };
        let (minutes, price) = rest.split_once(';').unwrap_or((rest, ""));
        let minutes = Some(minutes.trim()).filter(|minutes| !minutes.is_empty()).map(str::parse::<i32>);
        let duration = faults.take(TERMS, minutes.transpose().ok(), words::not_minutes(lang));
        let price = faults.take(TERMS, prices::read(price, currency), words::not_an_amount(lang));
        match (duration, price) {
            (Some(duration), Some(price)) => terms.push(Terms { employee, duration, price }),
            _ => whole = false,
        }
    }
    let rules = Rules {
        notice_minutes: notice.unwrap_or(0),
        horizon_days: horizon,
        per_day: day,
        per_week: week,
        per_month: month,
        step: step.unwrap_or(15),
        align: if tick("rules.align") { Align::Clock } else { Align::Window },
        online: tick("rules.online"),
        needs_approval: tick("rules.needs_approval"),
        buffers_inside_hours: tick("rules.buffers_inside_hours"),
        seats: seats.unwrap_or(1),
        staff_segments,
    };
    whole.then_some((rules, terms))
}

/// The fields, folded away: most treatments do without.
pub fn view(
    lang: Lang,
    sheet: Sheet,
    failure: RwSignal<Option<Failure>>,
    treatment: Option<EntityId>,
    catalogue: Shown<Catalogue>,
) -> AnyView {
    let numbers = |names: std::ops::Range<usize>| {
        let field = |(name, text): (&'static str, fn(Lang) -> &'static str)| {
            view! {
                <Field name=name label=text(lang) failure=failure>
                    <Input value=sheet.field(name) inputmode="numeric" autocomplete="off"/>
                </Field>
            }
        };
        NUMBERS[names].iter().copied().map(field).collect_view()
    };
    let ticks = TICKS
        .into_iter()
        .map(|(name, text)| {
            let value = sheet.field(name);
            view! {
                <Checkbox
                    label=text(lang)
                    checked=Signal::derive(move || value.with(|value| value == YES))
                    on_change=move |on: bool| value.set(if on { YES.into() } else { String::new() })
                />
            }
        })
        .collect_view();
    view! {
        <details class="rules">
            <summary>{words::booking_rules(lang)}</summary>
            <p class="quiet">{words::booking_rules_text(lang)}</p>
            <div class="fields">{numbers(0..3)} {numbers(6..7)}</div>
            <div class="fields">{numbers(3..6)}</div>
            <p class="quiet">{words::rule_limits_text(lang)}</p>
            {ticks}
            {segments(lang, sheet)}
            {treatment.map(|treatment| terms(lang, sheet, treatment, catalogue))}
        </details>
    }
    .into_any()
}

/// A bare field over one part of a text of lines.
fn part(label: String, placeholder: &'static str, read: impl Fn() -> String + Send + Sync + 'static, write: Callback<String>) -> AnyView {
    plain::Bare { placeholder, ..plain::Bare::new("text", label, Signal::derive(read), write) }.view()
}

/// When the practitioner, and each room and device that is ticked above, is needed.
fn segments(lang: Lang, sheet: Sheet) -> AnyView {
    let (lines, rooms, devices) = (sheet.field(SEGMENTS), sheet.field("rooms"), sheet.field("devices"));
    let row = move |(key, name): (String, String)| {
        let (shown, changed) = (key.clone(), key);
        let write = Callback::new(move |typed: String| lines.update(|lines| *lines = with_line(lines, &changed, &typed)));
        let field = part(name.clone(), "0-15, 45-60", move || lines.with(|lines| line(lines, &shown)), write);
        view! { <label class="part"><span>{name}</span>{field}</label> }.into_any()
    };
    let rows = plain::live(move || {
        let mut all = vec![(STAFF.to_owned(), words::segments_staff(lang).to_owned())];
        for (kind, sorts) in [(ResourceKind::Room, rooms.get()), (ResourceKind::Device, devices.get())] {
            all.extend(sorts::read(&sorts).into_iter().map(|sort| (key(kind, &sort), sort)));
        }
        all.into_iter().map(row).collect::<Vec<AnyView>>().into_any()
    });
    view! {
        <fieldset class="parts">
            <legend>{words::segments(lang)}</legend>
            <p class="quiet">{words::segments_text(lang)}</p>
            {rows}
        </fieldset>
    }
    .into_any()
}

/// Length and price with each who is qualified, where they are not as for everybody.
fn terms(lang: Lang, sheet: Sheet, treatment: EntityId, catalogue: Shown<Catalogue>) -> AnyView {
    let lines = sheet.field(TERMS);
    let row = move |(id, name): (EntityId, String)| {
        let key = id.to_string();
        // Two fields share a line: minutes before the semicolon, price behind it.
        let field = |place: usize, label: String, placeholder: &'static str| {
            let (shown, changed) = (key.clone(), key.clone());
            let pair = |line: String| line.split_once(';').map(|(one, other)| [one.to_owned(), other.to_owned()]).unwrap_or_default();
            let write = Callback::new(move |typed: String| {
                lines.update(|lines| {
                    let mut both = pair(line(lines, &changed));
                    both[place] = typed.replace(';', "");
                    *lines = with_line(lines, &changed, &both.join(";"));
                });
            });
            part(label, placeholder, move || lines.with(|lines| pair(line(lines, &shown))[place].clone()), write)
        };
        let minutes = field(0, words::own_minutes_of(lang, &name), words::duration(lang));
        let price = field(1, words::own_price_of(lang, &name), words::price(lang));
        let shown = name.clone();
        view! { <div class="part" role="group" aria-label=name><span>{shown}</span>{minutes}{price}</div> }.into_any()
    };
    let qualified = catalogue.value.with_untracked(|catalogue| {
        let gives = |one: &&(EntityId, String, Vec<EntityId>)| one.2.contains(&treatment);
        catalogue.staff.iter().filter(gives).map(|(id, name, _)| (*id, name.clone())).collect::<Vec<_>>()
    });
    let rows = match qualified.is_empty() {
        true => view! { <p class="quiet">{words::own_nobody(lang)}</p> }.into_any(),
        false => qualified.into_iter().map(row).collect::<Vec<AnyView>>().into_any(),
    };
    view! {
        <fieldset class="parts">
            <legend>{words::own_terms(lang)}</legend>
            <p class="quiet">{words::own_terms_text(lang)}</p>
            {rows}
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_read_as_people_write_them() {
        let one = |from, to| Segment { from, to };
        assert_eq!(read_segments("0-15, 45 – 60"), Some(vec![one(0, 15), one(45, 60)]));
        assert_eq!(read_segments("  "), Some(Vec::new()));
        assert_eq!(read_segments("15-0"), None);
        assert_eq!(read_segments("0-15, 15-30"), None);
        assert_eq!(read_segments("first half"), None);
        assert_eq!(write_segments(&[one(0, 15), one(45, 60)]), "0-15, 45-60");
    }

    #[test]
    fn a_line_is_one_keys_and_blank_ones_are_none() {
        let text = with_line("", "device:laser=A", "15-45");
        let text = with_line(&text, STAFF, "0-15");
        assert_eq!((line(&text, STAFF).as_str(), line(&text, "device:laser=A").as_str()), ("0-15", "15-45"));
        assert_eq!(with_line(&with_line(&text, STAFF, " "), "device:laser=A", ";"), "");
    }
}
