//! What was measured, as a table in Markdown.

use crate::measure::{Pair, Side};

/// Lines of the table, and what was demanded and missed.
#[derive(Default)]
pub struct Report {
    rows: Vec<String>,
    missed: Vec<String>,
}

impl Report {
    /// Ours beside raw SQL, of which it must reach a part.
    pub fn pair(&mut self, what: &str, pair: &Pair, demanded: f64) {
        let (ratio, worst, best) = pair.ratio();
        let held = ratio >= demanded;
        self.row(
            what,
            &pair.ours,
            &format!("{} ({} ms)", rate(&pair.raw), milliseconds(pair.raw.percentile(50))),
            &format!("**{ratio:.2}** ({worst:.2}–{best:.2})"),
            &format!("≥ {demanded}"),
            held,
        );
        if !held {
            self.missed.push(format!("{what}: {ratio:.2} of raw SQL, {demanded} demanded"));
        }
    }

    /// What must come within a time, 99 of 100 times.
    pub fn within(&mut self, what: &str, side: &Side, milliseconds: f64) {
        let held = side.percentile(99) <= milliseconds;
        self.row(what, side, "", "", &format!("p99 ≤ {milliseconds} ms"), held);
        if !held {
            self.missed.push(format!("{what}: p99 {:.1} ms, {milliseconds} ms demanded", side.percentile(99)));
        }
    }

    /// A quantity that must not be exceeded.
    pub fn at_most(&mut self, what: &str, value: f64, demanded: f64, unit: &str) {
        let held = value <= demanded;
        let line = format!("| {what} | {value:.1} {unit} | | | | | | ≤ {demanded} {unit} | {} |", if held { "yes" } else { "**no**" });
        eprintln!("{line}");
        self.rows.push(line);
        if !held {
            self.missed.push(format!("{what}: {value:.1} {unit}, {demanded} {unit} demanded"));
        }
    }

    /// What is only to be seen.
    pub fn seen(&mut self, what: &str, side: &Side) {
        self.row(what, side, "", "", "", true);
    }

    fn row(&mut self, what: &str, ours: &Side, raw: &str, ratio: &str, demanded: &str, held: bool) {
        let [p50, p95, p99] = [50, 95, 99].map(|percent| milliseconds(ours.percentile(percent)));
        let held = if demanded.is_empty() {
            ""
        } else if held {
            "yes"
        } else {
            "**no**"
        };
        let line = format!("| {what} | {} | {p50} | {p95} | {p99} | {raw} | {ratio} | {demanded} | {held} |", rate(ours));
        // Seen at once, for whoever waits.
        eprintln!("{line}");
        self.rows.push(line);
    }

    /// The whole table, and in words what was missed.
    pub fn print(&self) {
        println!(
            "\n| what | per second | p50 ms | p95 ms | p99 ms | raw SQL per second (p50) | ratio (worst–best round) | demanded | held |"
        );
        println!("| --- | --: | --: | --: | --: | --: | --: | --- | --- |");
        for row in &self.rows {
            println!("{row}");
        }
        println!();
        for missed in &self.missed {
            println!("MISSED: {missed}");
        }
        if self.missed.is_empty() {
            println!("All demands hold.");
        }
    }
}

fn rate(side: &Side) -> String {
    let rate = side.rate();
    if rate < 100.0 { format!("{rate:.1}") } else { format!("{rate:.0}") }
}

fn milliseconds(value: f64) -> String {
    if value < 1.0 { format!("{value:.2}") } else { format!("{value:.1}") }
}
