// The entries of a day as they will be once everything noted is sent, and the zone's clock. Nothing here touches the screen.

"use strict";

atrium.entries = (() => {
    /** Seconds east of UTC at an instant, in milliseconds since 1970. */
    function offset(zone, at) {
        let seconds = zone.offset;
        for (const [from, then] of zone.changes) if (at >= Date.parse(from)) seconds = then;
        return seconds;
    }

    const two = (number) => String(number).padStart(2, "0");

    /** `10:30` at the location. */
    function clock(zone, instant) {
        const at = Date.parse(instant);
        const wall = new Date(at + offset(zone, at) * 1000);
        return `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
    }

    /** The local date of an instant. */
    function dateOf(zone, instant) {
        const at = Date.parse(instant);
        return new Date(at + offset(zone, at) * 1000).toISOString().slice(0, 10);
    }

    /** The instant at which the clock shows a time; none if it never does. Of two, the first. */
    function instant(zone, date, time) {
        const wall = Date.parse(`${date}T${time}:00Z`);
        const offsets = [...new Set([zone.offset, ...zone.changes.map(([, seconds]) => seconds)])];
        const found = offsets.map((seconds) => wall - seconds * 1000).filter((at) => wall - at === offset(zone, at) * 1000);
        return found.length ? new Date(Math.min(...found)).toISOString() : undefined;
    }

    /** An entry after one more step that was noted. */
    function after(days, entry, item) {
        if (item.kind === "arrive") return { ...entry, status: "checked_in", state: days.words.state_checked_in, arrives: false };
        if (item.kind === "note") return { ...entry, noted: [...(entry.noted ?? []), item.text] };
        const staff = item.to ? [...new Set(entry.staff.map((id) => (id === item.from ? item.to : id)))] : entry.staff;
        const time = `${clock(days.zone, item.start)} – ${clock(days.zone, item.end)}`;
        return { ...entry, start: item.start, end: item.end, date: dateOf(days.zone, item.start), time, staff };
    }

    /** All entries, each as it will be, in the order of their starts. */
    function planned(days, queue) {
        const entries = days.entries.map((entry) => {
            const own = queue.filter((item) => item.entry === entry.id);
            const shown = own.filter((item) => !item.clash).reduce((now, item) => after(days, now, item), entry);
            return { ...shown, waits: own.length > 0, clashes: own.some((item) => item.clash) };
        });
        return entries.sort((one, other) => Date.parse(one.start) - Date.parse(other.start) || one.title.localeCompare(other.title));
    }

    return { clock, dateOf, instant, planned };
})();
