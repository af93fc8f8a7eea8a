//! Texts without case and without the marks on letters, alike in Rust and in the database.
//!
//! The database's own `lower` and `unaccent` go by its locale and its dictionary, which Rust does not have. So letters are
//! folded by one table, character for character; the SQL function `folded` has the same, and a test compares the two.

/// Pairs of a letter and what it is folded to; ASCII capitals are folded besides.
pub const FROM: &str = "ÀÁÂÃÄÅĀĂĄàáâãäåāăąÇĆĈĊČçćĉċčĎĐďđÈÉÊËĒĔĖĘĚèéêëēĕėęěĜĞĠĢĝğġģĤĦĥħÌÍÎÏĨĪĬĮİìíîïĩīĭįıĴĵĶķĹĻĽĿŁĺļľŀłÑŃŅŇñńņňÒÓÔÕÖØŌŎŐòóôõöøōŏőŔŖŘŕŗřŚŜŞŠȘśŝşšșŢŤŦȚţťŧțÙÚÛÜŨŪŬŮŰŲùúûüũūŭůűųŴŵÝŶŸýŷÿŹŻŽźżžАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁЄІЇҐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏάέήίόύώς";
/// See [`FROM`].
pub const TO: &str = "aaaaaaaaaaaaaaaaaaccccccccccddddeeeeeeeeeeeeeeeeeegggggggghhhhiiiiiiiiiiiiiiiiiijjkkllllllllllnnnnnnnnoooooooooooooooooorrrrrrssssssssssttttttttuuuuuuuuuuuuuuuuuuuuwwyyyyyyzzzzzzабвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґαβγδεζηθικλμνξοπρστυφχψωαεηιουωαεηιουωσ";

/// The text without case and marks. As many characters as before.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

fn fold(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    match FROM.chars().position(|from| from == letter) {
        Some(place) => TO.chars().nth(place).unwrap_or(letter),
        None => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_table_has_its_fold_and_none_stands_twice() {
        let from: Vec<char> = FROM.chars().collect();
        assert_eq!(from.len(), TO.chars().count());
        let once: std::collections::BTreeSet<_> = from.iter().collect();
        assert_eq!(once.len(), from.len());
        // What is folded stays as it is.
        assert_eq!(folded(TO), TO);
    }

    #[test]
    fn polish_names_are_found_without_their_marks() {
        assert_eq!(folded("ŻÓŁĆ Łukasz Ęąśźń"), "zolc lukasz easzn");
        assert_eq!(folded("王小明 Straße Ёлка"), "王小明 straße ёлка");
    }
}
