//! The examples of RFC 5545, section 3.8.5.3, as far as they are of the kept kind, with the dates given there.

use chrono_tz::America::New_York;

use super::hours;

/// Month and day of the first of them, with the year where it is not the year before's.
fn dates(start: &str, rule: &str, most: usize) -> String {
    let mut year = String::new();
    let mut all = Vec::new();
    for found in hours(New_York, start, rule, most) {
        let here = found.reading.format("%Y").to_string();
        let (date, same) = (found.reading.format("%-m/%-d").to_string(), here == year);
        all.push(if same { date } else { format!("{here}: {date}") });
        year = here;
    }
    all.join(" ")
}

const TUESDAY: &str = "1997-09-02T09:00:00";

#[test]
fn by_the_day() {
    let ten = "1997: 9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11";
    assert_eq!(dates(TUESDAY, "FREQ=DAILY;COUNT=10", 500), ten);
    assert_eq!(hours(New_York, TUESDAY, "FREQ=DAILY;UNTIL=19971224T000000Z", 500).len(), 113);
    assert_eq!(dates(TUESDAY, "FREQ=DAILY;INTERVAL=2", 5), "1997: 9/2 9/4 9/6 9/8 9/10");
    assert_eq!(dates(TUESDAY, "FREQ=DAILY;INTERVAL=10;COUNT=5", 500), "1997: 9/2 9/12 9/22 10/2 10/12");
    let every_day_of_january =
        ["FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA"];
    for rule in every_day_of_january {
        let found = hours(New_York, "1998-01-01T09:00:00", rule, 500);
        assert_eq!(found.len(), 93, "{rule}");
    }
}

#[test]
fn by_the_week() {
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;COUNT=10", 500), "1997: 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4");
    assert_eq!(hours(New_York, TUESDAY, "FREQ=WEEKLY;UNTIL=19971224T000000Z", 500).len(), 17);
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;INTERVAL=2;WKST=SU", 6), "1997: 9/2 9/16 9/30 10/14 10/28 11/11");
    let tuesdays_and_thursdays = "1997: 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2";
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", 500), tuesdays_and_thursdays);
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", 500), tuesdays_and_thursdays);
    assert_eq!(
        dates("1997-09-01T09:00:00", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR", 500),
        "1997: 9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 11/10 11/12 11/14 11/24 11/26 11/28 12/8 \
         12/10 12/12 12/22"
    );
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", 500), "1997: 9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16");
}

#[test]
fn the_day_on_which_weeks_begin_changes_what_every_other_week_is() {
    assert_eq!(dates("1997-08-05T09:00:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", 500), "1997: 8/5 8/10 8/19 8/24");
    assert_eq!(dates("1997-08-05T09:00:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", 500), "1997: 8/5 8/17 8/19 8/31");
}

#[test]
fn by_the_month() {
    assert_eq!(
        dates("1997-09-05T09:00:00", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", 500),
        "1997: 9/5 10/3 11/7 12/5 1998: 1/2 2/6 3/6 4/3 5/1 6/5"
    );
    assert_eq!(dates("1997-09-05T09:00:00", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", 500), "1997: 9/5 10/3 11/7 12/5");
    assert_eq!(
        dates("1997-09-07T09:00:00", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", 500),
        "1997: 9/7 9/28 11/2 11/30 1998: 1/4 1/25 3/1 3/29 5/3 5/31"
    );
    assert_eq!(dates("1997-09-22T09:00:00", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", 500), "1997: 9/22 10/20 11/17 12/22 1998: 1/19 2/16");
    assert_eq!(dates("1997-09-28T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=-3", 6), "1997: 9/28 10/29 11/28 12/29 1998: 1/29 2/26");
    assert_eq!(
        dates(TUESDAY, "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", 500),
        "1997: 9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998: 1/2 1/15"
    );
    assert_eq!(
        dates("1997-09-30T09:00:00", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", 500),
        "1997: 9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998: 1/1 1/31 2/1"
    );
    assert_eq!(
        dates("1997-09-10T09:00:00", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", 500),
        "1997: 9/10 9/11 9/12 9/13 9/14 9/15 1999: 3/10 3/11 3/12 3/13"
    );
    assert_eq!(dates(TUESDAY, "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", 6), "1997: 9/2 9/9 9/16 9/23 9/30 11/4");
    assert_eq!(dates(TUESDAY, "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", 5), "1998: 2/13 3/13 11/13 1999: 8/13 2000: 10/13");
    assert_eq!(
        dates("1997-09-13T09:00:00", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", 10),
        "1997: 9/13 10/11 11/8 12/13 1998: 1/10 2/7 3/7 4/11 5/9 6/13"
    );
    assert_eq!(dates("1997-09-04T09:00:00", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 500), "1997: 9/4 10/7 11/6");
    assert_eq!(
        dates("1997-09-29T09:00:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", 7),
        "1997: 9/29 10/30 11/27 12/30 1998: 1/29 2/26 3/30"
    );
    assert_eq!(dates("2007-01-15T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", 500), "2007: 1/15 1/30 2/15 3/15 3/30");
}

#[test]
fn by_the_year() {
    assert_eq!(
        dates("1997-06-10T09:00:00", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7", 500),
        "1997: 6/10 7/10 1998: 6/10 7/10 1999: 6/10 7/10 2000: 6/10 7/10 2001: 6/10 7/10"
    );
    assert_eq!(
        dates("1997-03-10T09:00:00", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3", 500),
        "1997: 3/10 1999: 1/10 2/10 3/10 2001: 1/10 2/10 3/10 2003: 1/10 2/10 3/10"
    );
    assert_eq!(dates("1997-05-19T09:00:00", "FREQ=YEARLY;BYDAY=20MO", 3), "1997: 5/19 1998: 5/18 1999: 5/17");
    assert_eq!(dates("1997-03-13T09:00:00", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", 7), "1997: 3/13 3/20 3/27 1998: 3/5 3/12 3/19 3/26");
    assert_eq!(
        dates("1996-11-05T09:00:00", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", 3),
        "1996: 11/5 2000: 11/7 2004: 11/2"
    );
}

#[test]
fn a_start_that_the_rule_does_not_give_is_none() {
    assert_eq!(dates(TUESDAY, "FREQ=WEEKLY;COUNT=2;BYDAY=MO", 500), "1997: 9/8 9/15");
    assert_eq!(dates("2027-01-31T09:00:00", "FREQ=MONTHLY;COUNT=4", 500), "2027: 1/31 3/31 5/31 7/31");
    assert_eq!(dates("2024-02-29T09:00:00", "FREQ=YEARLY;COUNT=3", 500), "2024: 2/29 2028: 2/29 2032: 2/29");
}

#[test]
fn a_rule_that_never_comes_ends() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=7MO",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=999999999;BYDAY=53MO",
    ] {
        assert_eq!(hours(New_York, "1997-09-02T09:00:00", rule, 500).len(), 0, "{rule}");
    }
}
