// Today and tomorrow without a network: to be read, and to note that somebody came, a few words, or another time.

"use strict";

(async () => {
    const { store, entries, replay } = atrium;
    const main = document.getElementById("main");
    const said = document.getElementById("said");
    const leaving = new URLSearchParams(location.search).has("leaving");
    // Opened by its own address it shows what waits, also with a network.
    const standsAlone = location.pathname === "/offline-calendar.html";

    let days = await store.days().catch(() => undefined);
    if (!days) {
        // Nothing was kept on this device, or it was somebody else's.
        location.replace(standsAlone ? "/dashboard/calendar" : "/offline.html");
        return;
    }
    const owner = store.ownerOf(days);
    const word = (key, values = {}) => Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), days.words[key] ?? key);
    const chosen = { date: days.days[0].date, staff: "" };
    const open = new Set();
    let queue = [];
    let connected = false;
    let signedOut = false;

    document.documentElement.lang = days.lang;
    document.title = `${word("title")} · Atrium`;

    /** An element with its properties, listeners (`onclick`) and children. */
    function el(name, properties = {}, ...children) {
        const node = document.createElement(name);
        for (const [key, value] of Object.entries(properties)) {
            if (value === undefined || value === false) continue;
            if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
            else if (key === "value") node.value = value;
            else node.setAttribute(key, value === true ? "" : value);
        }
        node.append(...children.filter((child) => child !== undefined && child !== false));
        return node;
    }

    let silence;
    const say = (text) => {
        said.textContent = text;
        clearTimeout(silence);
        silence = setTimeout(() => { said.textContent = ""; }, 6_000);
    };
    const nameOf = (id) => days.staff.find((person) => person.id === id)?.name ?? "";

    /** Keeps what was noted, on the disk, before anything says so. */
    async function note(entry, what, words) {
        const item = { key: crypto.randomUUID(), owner, entry: entry.id, title: entry.title, version: entry.version, made: new Date().toISOString(), ...what };
        try {
            await store.add(item);
        } catch (cause) {
            say(String(cause));
            return;
        }
        open.delete(entry.id);
        say(`${words} · ${word("kept")}`);
        navigator.serviceWorker?.ready.then((worker) => worker.sync?.register("atrium-replay")).catch(() => {});
        await draw();
        if (connected) await send();
    }

    function told(item) {
        if (item.kind === "arrive") return word("did_arrive", { name: item.title });
        if (item.kind === "note") return word("did_note", { name: item.title, text: item.text });
        const when = `${entries.dateOf(days.zone, item.start)} ${entries.clock(days.zone, item.start)}`;
        const moved = word("did_move", { name: item.title, when });
        return item.to && item.to !== item.from ? `${moved}, ${word("with", { name: nameOf(item.to) })}` : moved;
    }

    function noteForm(entry) {
        const text = el("textarea", { id: `note-${entry.id}`, rows: 2, maxlength: 2000, required: true });
        const keep = (event) => {
            event.preventDefault();
            const typed = text.value.trim();
            if (typed) note(entry, { kind: "note", text: typed }, word("did_note", { name: entry.title, text: typed }));
        };
        return el("form", { onsubmit: keep },
            el("label", { for: text.id }, word("note")), text, el("button", {}, word("save_note")));
    }

    function moveForm(entry) {
        const field = (id, label, input) => el("p", {}, el("label", { for: id }, label), input);
        const date = el("select", { id: `date-${entry.id}` }, ...days.days.map((day) => el("option", { value: day.date }, day.name)));
        const time = el("input", { id: `time-${entry.id}`, type: "time", required: true, value: entries.clock(days.zone, entry.start) });
        const from = entry.staff[0];
        const who = el("select", { id: `who-${entry.id}` }, ...days.staff.map((person) => el("option", { value: person.id }, person.name)));
        date.value = entry.date;
        if (from) who.value = from;
        const wrong = el("p", { class: "wrong", role: "alert" });
        const move = (event) => {
            event.preventDefault();
            const start = time.value ? entries.instant(days.zone, date.value, time.value) : undefined;
            if (!start) {
                wrong.textContent = word(time.value ? "not_now" : "past_end");
                return;
            }
            const end = new Date(Date.parse(start) + Date.parse(entry.end) - Date.parse(entry.start)).toISOString();
            const item = { kind: "move", start, end, from, to: from ? who.value : undefined };
            note(entry, item, told({ ...item, title: entry.title }));
        };
        return el("form", { class: "move", onsubmit: move },
            field(date.id, word("day"), date), field(time.id, word("start"), time), from ? field(who.id, word("who"), who) : "",
            wrong, el("button", {}, word("save_move")));
    }

    function row(entry) {
        const more = entry.notable || entry.movable;
        const facts = [entry.staff.map(nameOf).join(", "), entry.line].filter(Boolean).join(" · ");
        const marks = [...entry.flags, entry.status === "scheduled" ? "" : entry.state, entry.waits ? word("waits") : ""].filter(Boolean);
        const head = [el("time", {}, entry.time), el("b", {}, entry.title), el("span", { class: "facts" }, facts),
            marks.length ? el("span", { class: entry.waits ? "marks is-waiting" : "marks" }, marks.join(" · ")) : ""];
        const arrived = entry.arrives && el("button", {
            class: "arrive",
            "aria-label": word("did_arrive", { name: entry.title }),
            onclick: () => note(entry, { kind: "arrive" }, word("did_arrive", { name: entry.title })),
        }, word("arrived"));
        const notes = (entry.noted ?? []).map((text) => el("p", { class: "noted" }, text));
        const body = more
            ? el("details", { open: open.has(entry.id), ontoggle: (event) => event.target.open ? open.add(entry.id) : open.delete(entry.id) },
                el("summary", {}, ...head), entry.notable && noteForm(entry), entry.movable && moveForm(entry))
            : el("div", { class: "plain" }, ...head);
        const end = Date.parse(entry.end);
        return el("li", { class: end < Date.now() ? "entry is-past" : "entry", "data-entry": entry.id }, body, arrived, ...notes);
    }

    /** `Room 2: taken`. */
    const because = ({ rule, name }) => [name, word(`rule_${rule}`)].filter(Boolean).join(": ");

    function clash(item) {
        const { stored, author, code, reasons } = item.clash;
        const theirs = stored
            ? [stored.title, `${entries.dateOf(days.zone, stored.start)} ${entries.clock(days.zone, stored.start)} – ${entries.clock(days.zone, stored.end)}`,
                stored.bookings.map((booking) => nameOf(booking.resource)).filter(Boolean).join(", "), word(`state_${stored.status}`)]
            : [word("gone")];
        const why = code === "version" ? author && word("by", { name: author })
            : code === "unavailable" || code === "double_booking" ? word("unavailable", { reasons: [...new Set(reasons.map(because))].join("; ") })
            : stored ? word("refused", { reason: item.clash.detail || code }) : undefined;
        const settle = async (act) => { await act(); await send(); };
        // Once more as it was meant, now from what is stored.
        const mine = () => settle(() => store.put({ ...item, clash: undefined, version: stored.version, key: crypto.randomUUID() }));
        // What was noted after it was noted by somebody who has now seen theirs.
        const drop = () => settle(() => store.taken(item, stored?.version));
        return el("li", { class: "clash", "data-entry": item.entry },
            el("h3", {}, item.title), why && el("p", { class: "why" }, why),
            el("div", { class: "sides" },
                el("section", {}, el("h4", {}, word("mine")), el("p", {}, told(item)), stored && el("button", { onclick: mine }, word("keep_mine"))),
                el("section", {}, el("h4", {}, word("theirs")), ...theirs.filter(Boolean).map((line) => el("p", {}, line)),
                    el("button", { class: "quiet", onclick: drop }, word("keep_theirs")))));
    }

    function waiting(items) {
        const take = (item) => async () => { await store.remove(item.place); await draw(); };
        return el("section", { class: "queue", "aria-labelledby": "queue" },
            el("h2", { id: "queue" }, `${word("waiting")} (${items.length})`),
            el("ul", {}, ...items.map((item) => el("li", {}, el("span", {}, told(item)),
                el("button", { class: "quiet", "aria-label": `${word("take_back")}: ${told(item)}`, onclick: take(item) }, word("take_back"))))),
            connected && !signedOut && el("button", { onclick: send }, word("send_now")),
            signedOut && el("a", { class: "button", href: "/sign-in?next=/offline-calendar.html" }, word("sign_in")));
    }

    async function draw() {
        queue = await store.queue(owner);
        const clashes = queue.filter((item) => item.clash);
        const waits = queue.filter((item) => !item.clash);
        const focus = document.activeElement?.id;
        const typed = new Map([...main.querySelectorAll("details[open] [id]")].map((field) => [field.id, field.value]));
        const tab = (day) => el("button", {
            id: `day-${day.date}`,
            "aria-pressed": String(chosen.date === day.date),
            onclick: () => { chosen.date = day.date; draw(); },
        }, day.name);
        const staff = el("select", { id: "staff", onchange: (event) => { chosen.staff = event.target.value; draw(); } },
            el("option", { value: "" }, word("everybody")), ...days.staff.map((person) => el("option", { value: person.id }, person.name)));
        staff.value = chosen.staff;
        const all = entries.planned(days, queue).filter((entry) => entry.date === chosen.date && (!chosen.staff || entry.staff.includes(chosen.staff)));
        main.replaceChildren(
            el("header", {},
                el("img", { src: "/favicon.svg", alt: "", width: 28, height: 28 }),
                el("h1", {}, [...new Set([days.clinic, days.location_name])].filter(Boolean).join(" · ")),
                el("p", { class: connected ? "state is-connected" : "state" },
                    `${word(connected ? "online" : "offline")} · ${word("as_of", { time: entries.clock(days.zone, days.as_of) })}`),
                connected && el("a", { class: "button", href: "/dashboard/calendar" }, word("open_calendar"))),
            leaving && queue.length ? el("section", { class: "leaving" }, el("p", {}, word("leaving")),
                el("form", { method: "post", action: "/sign-out?discard=1" }, el("button", {}, word("leave")))) : "",
            clashes.length ? el("section", { class: "clashes", "aria-labelledby": "clashes" },
                el("h2", { id: "clashes" }, `${word("clashes")} (${clashes.length})`), el("p", {}, word("clash_lead")),
                el("ul", {}, ...clashes.map(clash))) : "",
            waits.length ? waiting(waits) : "",
            el("p", { class: "lead" }, word("lead")),
            el("div", { class: "choices" }, el("div", { role: "group", "aria-label": word("day") }, ...days.days.map(tab)),
                el("label", { for: "staff", class: "hidden" }, word("who")), staff),
            all.length ? el("ol", { class: "entries" }, ...all.map(row)) : el("p", { class: "nothing" }, word("nothing")));
        // What was being typed is still there.
        for (const [id, value] of typed) {
            const field = document.getElementById(id);
            if (field?.closest("details")?.open) field.value = value;
        }
        if (focus) document.getElementById(focus)?.focus();
    }

    /** Sends what waits; the calendar comes back by itself once nothing is left to settle. */
    async function send() {
        const before = queue.length;
        try {
            const outcome = await replay();
            connected = true;
            signedOut = outcome.signedOut === true;
            if (!signedOut && !outcome.waiting && !outcome.clashes) {
                if (before) say(word("sent"));
                if (!standsAlone && !main.querySelector("details[open]")) location.reload();
            }
        } catch {
            connected = false;
        }
        await draw();
    }

    /** Whether the server answers: a browser only knows whether it has a network. */
    async function look() {
        const there = await fetch("/health/ready", { cache: "no-store" }).then((answer) => answer.ok, () => false);
        if (there && !connected) await send();
        else if (there !== connected) {
            connected = there;
            await draw();
        }
    }

    await draw();
    addEventListener("online", look);
    addEventListener("offline", () => { connected = false; draw(); });
    // Whoever is typing is not drawn over: `look` draws only when the connection comes or goes.
    setInterval(look, 10_000);
    if (standsAlone || navigator.onLine) await look();
})();
