//! The lines of iCalendar: folded at 75 octets, ended by CR LF, texts escaped.

/// A content line with its parameters, names in capitals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) value: String,
}

impl Line {
    /// The value of a parameter, if it is there.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Collects lines into a text.
#[derive(Default)]
pub(super) struct Writer {
    text: String,
}

impl Writer {
    /// A line whose value is written as it stands.
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut room = 75;
        for letter in name.chars().chain([':']).chain(value.chars()).filter(|letter| !letter.is_control()) {
            if letter.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = 74;
            }
            self.text.push(letter);
            room -= letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// A line whose value is a text that people have written.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let mut escaped = String::with_capacity(value.len());
        for letter in value.replace("\r\n", "\n").chars() {
            match letter {
                '\\' => escaped.push_str("\\\\"),
                ';' => escaped.push_str("\\;"),
                ',' => escaped.push_str("\\,"),
                '\n' => escaped.push_str("\\n"),
                '\t' => escaped.push(' '),
                letter => escaped.push(letter),
            }
        }
        self.line(name, &escaped);
    }

    /// All of it.
    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// What people have written, out of an escaped value.
pub(super) fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            letter => text.push(letter),
        }
    }
    text.retain(|letter| letter == '\n' || !letter.is_control());
    text
}

/// The lines of a file, unfolded. What is no line is left out, as readers are told to.
pub(super) fn read(file: &str) -> Vec<Line> {
    let mut whole: Vec<String> = Vec::new();
    for line in file.trim_start_matches('\u{feff}').split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), whole.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => whole.push(line.to_owned()),
        }
    }
    whole.iter().filter_map(|line| one(line)).collect()
}

/// `NAME;PARAMETER="a:b";OTHER=c:value`: a colon in quotes does not end the parameters.
fn one(line: &str) -> Option<Line> {
    let mut quoted = false;
    let mut cuts = Vec::new();
    let mut end = None;
    for (at, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ';' if !quoted => cuts.push(at),
            ':' if !quoted => {
                end = Some(at);
                break;
            }
            _ => {}
        }
    }
    let end = end?;
    let name = line.get(..cuts.first().copied().unwrap_or(end))?;
    let parameters = cuts.iter().enumerate().filter_map(|(nth, from)| {
        let to = cuts.get(nth + 1).copied().unwrap_or(end);
        let (name, value) = line.get(from + 1..to)?.split_once('=')?;
        Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    });
    let parameters = parameters.collect();
    (!name.is_empty()).then(|| Line { name: name.to_ascii_uppercase(), parameters, value: line[end + 1..].to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_line_is_folded_between_letters() {
        let mut writer = Writer::default();
        writer.text("SUMMARY", &"Zażółć gęślą jaźń; ".repeat(20));
        let text = writer.finish();
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(plain(&read(&text)[0].value), "Zażółć gęślą jaźń; ".repeat(20));
    }

    #[test]
    fn a_colon_in_quotes_does_not_end_the_parameters() {
        let line = &read("ATTENDEE;CN=\"a:b;c\";ROLE=X:mailto:a@b.example\r\n")[0];
        assert_eq!((line.parameter("CN"), line.parameter("ROLE"), line.value.as_str()), (Some("a:b;c"), Some("X"), "mailto:a@b.example"));
    }

    proptest! {
        #[test]
        fn a_text_is_read_as_it_was_written(text in "[ -~żółćń\n]{0,200}") {
            let mut writer = Writer::default();
            writer.text("SUMMARY", &text);
            let written = writer.finish();
            prop_assert!(written.split("\r\n").all(|line| line.len() <= 75));
            prop_assert_eq!(plain(&read(&written)[0].value), text);
        }

        #[test]
        fn no_file_is_too_strange_to_be_read(file in "\\PC{0,300}") {
            let _ = read(&file);
        }
    }
}
