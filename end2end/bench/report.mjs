// Figures in rows: medians over the rounds, ratios, and whether what was demanded is held.

const sorted = (values) => [...values].sort((a, b) => a - b);

/** The value below which that part of all lies. */
export function part(values, share) {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.ceil(all.length * share) - 1)] ?? NaN;
}

/** The middle of all values. */
export const median = (values) => part(values, 0.5);

const shown = (value) => (Number.isFinite(value) ? (value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en")) : "–");

/** Rows of a table in Markdown. */
export class Report {
  rows = [];
  missed = 0;

  /** What came out of all rounds, and what was demanded of their median: `at most`. */
  row(what, values, demanded, limit, unit = "ms") {
    const value = median(values);
    const held = limit === undefined ? "" : value <= limit ? "yes" : "**no**";
    if (held === "**no**") this.missed += 1;
    const span = values.length > 1 ? `${shown(Math.min(...values))}–${shown(Math.max(...values))}` : "";
    this.rows.push([what, `${shown(value)}${unit && ` ${unit}`}`, span, demanded ?? "", held]);
  }

  print() {
    console.log("\n| what | median | from–to | demanded | held |\n| --- | --: | --: | --- | --- |");
    for (const row of this.rows) console.log(`| ${row.join(" | ")} |`);
  }
}
