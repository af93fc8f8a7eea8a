use super::*;
use services::calendar::Status;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(url: &str) -> Place {
    let query = url.split_once('?').map_or("", |(_, query)| query).to_owned();
    Place::read(move |name| {
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    })
}

#[test]
fn a_place_is_read_back_from_its_url() {
    let place = Place {
        all: true,
        span: Span::Week,
        date: Some(date("2026-11-24")),
        by: Some(ResourceKind::Room),
        of: Some(EntityId::new()),
        location: Some(LocationId::new()),
        open: None,
        new: Some(Fresh {
            kind: "gabinet:appointment".into(),
            start: Some("2026-11-24T09:15:00Z".parse().unwrap()),
            end: None,
            resource: Some(EntityId::new()),
            earliest: false,
        }),
        zoom: Zoom::Five,
        filter: Filter {
            columns: vec![EntityId::new(), EntityId::new()],
            states: vec![Status::Confirmed, Status::CheckedIn],
            line: "Botoks".into(),
        },
        cancelled: true,
    };
    assert_eq!(read(&place.href()), place);
}

#[test]
fn the_plain_place_has_a_plain_url_and_nonsense_is_left_out() {
    assert_eq!(Place::default().href(), PATH);
    assert_eq!(read("/dashboard/calendar?view=year&date=never&open=7&location="), Place::default());
}

#[test]
fn that_the_earliest_time_is_wanted_stands_in_the_url() {
    let place = Place { new: Some(Fresh { earliest: true, ..Fresh::default() }), ..Place::default() };
    assert_eq!(place.href(), "/dashboard/calendar?new=&start=earliest");
    assert_eq!(read(&place.href()), place);
}

#[test]
fn other_characters_are_encoded() {
    let place = Place { new: Some(Fresh { kind: "a&b=c ü".into(), ..Fresh::default() }), ..Place::default() };
    assert_eq!(place.href(), "/dashboard/calendar?new=a%26b%3Dc%20%C3%BC");
}

#[test]
fn a_week_begins_where_the_location_says() {
    let tuesday = date("2026-11-24");
    assert_eq!(Span::Week.range(tuesday, 1), (date("2026-11-23"), date("2026-11-30")));
    assert_eq!(Span::Week.range(tuesday, 7), (date("2026-11-22"), date("2026-11-29")));
    assert_eq!(Span::Week.range(date("2026-11-22"), 7).0, date("2026-11-22"));
    assert_eq!(Span::Week.range(date("2026-11-22"), 1).0, date("2026-11-16"));
}

#[test]
fn the_grid_has_five_steps_and_an_older_link_still_means_the_finest() {
    let mut zoom = Zoom::Hour;
    let mut seen = vec![zoom.minutes()];
    for _ in 0..6 {
        zoom = zoom.step(true);
        seen.push(zoom.minutes());
    }
    assert_eq!(seen, [60, 30, 15, 10, 5, 5, 5]);
    assert_eq!(read("/dashboard/calendar?zoom=fine").zoom, Zoom::Five);
    assert_eq!((Zoom::Ten.snap(), Zoom::Hour.snap()), (5, 15));
}

#[test]
fn two_weeks_begin_with_the_week_and_a_list_with_the_date() {
    let tuesday = date("2026-11-24");
    assert_eq!(Span::Fortnight.range(tuesday, 1), (date("2026-11-23"), date("2026-12-07")));
    assert_eq!(Span::Agenda.range(tuesday, 1), (tuesday, date("2026-12-01")));
    assert_eq!(Span::Fortnight.step(tuesday, true), date("2026-12-08"));
}

#[test]
fn a_month_is_shown_in_whole_weeks() {
    assert_eq!(Span::Month.range(date("2026-11-24"), 1), (date("2026-10-26"), date("2026-12-07")));
    assert_eq!(Span::Month.range(date("2026-02-10"), 1), (date("2026-01-26"), date("2026-03-02")));
    assert_eq!(Span::Month.step(date("2026-01-31"), true), date("2026-02-28"));
}
