//! Hours as people write them: `9-17`, `8:00–12:00, 13–17`, `22–6` for a night.

use ui::when::clock_of;

/// Start and end in minutes after midnight; an end not after the start lies on the next day, 1440 is 24:00.
pub type Span = (i16, i16);

/// Reads stretches; nothing typed is none of them. None for what can't be read.
pub fn read(text: &str) -> Option<Vec<Span>> {
    let mut spans = Vec::new();
    for part in text.split([',', ';', '+']).map(str::trim).filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once(['-', '–', '—', '−'])?;
        let (starts, ends) = (minutes(from)?, minutes(to)?);
        if starts == 1440 || starts == ends {
            return None;
        }
        spans.push((starts, ends));
    }
    spans.sort_unstable();
    Some(spans)
}

/// `9`, `9:30`, `09.30`, `930`, `24`.
pub fn minutes(text: &str) -> Option<i16> {
    let text = text.trim();
    let (hours, rest) = match text.split_once([':', '.']) {
        Some((hours, rest)) if rest.len() == 2 => (hours, rest),
        Some(_) => return None,
        None if text.len() > 2 && text.is_ascii() => text.split_at(text.len() - 2),
        None => (text, "0"),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if hours.len() > 2 || !all_digits(hours) || !all_digits(rest) {
        return None;
    }
    let (hours, rest): (i16, i16) = (hours.parse().ok()?, rest.parse().ok()?);
    let minutes = hours * 60 + rest;
    (rest < 60 && minutes <= 1440).then_some(minutes)
}

/// `09:00–17:00, 18:00–20:00`
pub fn write(spans: &[Span]) -> String {
    let mut text = String::with_capacity(spans.len() * 13);
    for (starts, ends) in spans {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&clock_of(starts.unsigned_abs().into()));
        text.push('–');
        text.push_str(&clock_of(ends.unsigned_abs().into()));
    }
    text
}

/// How long it is, in minutes; a night crosses midnight.
pub fn length((starts, ends): Span) -> i64 {
    let length = i64::from(ends) - i64::from(starts);
    if length > 0 { length } else { length + 1440 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        assert_eq!(read("13-17, 8:00 – 12:00"), Some(vec![(480, 720), (780, 1020)]));
        assert_eq!(read("930–17.15"), Some(vec![(570, 1035)]));
        assert_eq!(read("22-6"), Some(vec![(1320, 360)]));
        assert_eq!(read("0-24"), Some(vec![(0, 1440)]));
        assert_eq!(read("  "), Some(vec![]));
    }

    #[test]
    fn what_is_no_stretch_of_time_is_refused() {
        for text in ["9", "9-", "9-9", "24-6", "9:5-17", "25-26", "9-17:60", "9-17-18", "rano", "24:30-1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let spans = vec![(0, 30), (480, 720), (1320, 360)];
        assert_eq!(read(&write(&spans)), Some(spans));
    }

    #[test]
    fn a_night_is_as_long_as_it_lasts() {
        assert_eq!([length((1320, 360)), length((540, 1020)), length((0, 1440))], [480, 480, 1440]);
    }
}
