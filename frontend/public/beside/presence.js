// Colleagues at the same calendar: their initials in its bar, an outline around what they have open, and the shadow of what
// they drag. Said to the server in small messages that nobody keeps, heard over the application's own connection.

"use strict";

(() => {
    const tab = crypto.randomUUID();
    // The application listens under this name, so that the server can tell colleagues when this page is no longer there.
    document.documentElement.dataset.tab = tab;
    /** Whoever was not heard of for so long is gone. */
    const SILENT = 40_000;
    const AGAIN = 15_000;
    /** By tab. */
    const others = new Map();
    let said = "";
    let saidAt = 0;
    let busy = false;
    /** Whether the application listens: what colleagues answer before is lost. */
    let hearing = false;

    const uuid = (text) => (/^[0-9a-f-]{36}$/.test(text ?? "") ? text : undefined);
    const board = () => document.querySelector(".calendar-main [style*='--from']");
    const nameOf = (column) => (column.getAttribute("aria-label") ?? "").split(", ")[0];

    /** The minutes that the board shows. */
    function scale() {
        const style = board() && getComputedStyle(board());
        return style && [Number(style.getPropertyValue("--from")), Number(style.getPropertyValue("--to"))];
    }

    /** What is in the air here. */
    function drag() {
        const entry = uuid(document.querySelector("[data-id].is-lifted")?.dataset.id);
        const place = entry && placed(document.querySelector(".calendar-ghost:not([hidden])"));
        return place && { entry, ...place };
    }

    /** What a form is open for, until it holds the time: then everybody sees the hold. */
    function booking() {
        return sessionStorage.getItem("gabinet:hold") ? undefined : placed(document.querySelector(".calendar-draft:not(.is-refused)"));
    }

    /** Where on the board that is. */
    function placed(node) {
        const span = node && scale();
        if (!span) return undefined;
        const { left, top, width, height } = node.getBoundingClientRect();
        const column = [...document.querySelectorAll(".calendar-column")].find((one) => {
            const box = one.getBoundingClientRect();
            return box.left <= left + width / 2 && left + width / 2 < box.right;
        });
        if (!column) return undefined;
        const box = column.getBoundingClientRect();
        const minutes = (pixels) => Math.max(0, Math.round((pixels / box.height) * (span[1] - span[0])));
        return { column: nameOf(column).slice(0, 200), from: span[0] + minutes(top - box.top), minutes: minutes(height) };
    }

    /** Where this page is; nothing unless it is the calendar. */
    function here() {
        if (location.pathname !== "/dashboard/calendar") return undefined;
        const sheets = document.querySelector('a[href^="/dashboard/calendar/print"]');
        if (!sheets) return undefined;
        const shown = new URL(sheets.href).searchParams;
        return { tab, location: uuid(shown.get("location")), date: shown.get("date") ?? undefined, open: uuid(new URLSearchParams(location.search).get("open")), drag: drag() ?? booking() };
    }

    function say(what) {
        saidAt = Date.now();
        busy = true;
        const sent = fetch("/live/here", { method: "POST", keepalive: true, headers: { "content-type": "application/json" }, body: JSON.stringify(what) });
        // What came too soon after the one before was left out, and is said again.
        const told = sent.then((answer) => (answer.ok ? answer.json() : undefined)).then((answer) => { if (answer && !answer.told) said = said && "again"; });
        told.catch(() => {}).finally(() => { busy = false; });
    }

    /** Says what has changed, and now and then that one is still there. */
    function look() {
        draw();
        if (document.hidden || busy || !hearing) return;
        const now = here();
        const text = JSON.stringify(now ?? "");
        if (text === said && (!now || Date.now() - saidAt < AGAIN)) return;
        if (now || said) say(now ?? { tab, gone: true });
        said = now ? text : "";
    }

    const initials = (name) => name.split(/\s+/).filter((word) => !/\.$/.test(word)).map((word) => word[0]).slice(0, 2).join("").toUpperCase();

    /** The colleagues at this location; one person once. */
    function present(now) {
        const people = new Map();
        for (const [id, other] of others) {
            if (Date.now() - other.at > SILENT) others.delete(id);
            else if (other.location === now.location) people.set(other.name, [...(people.get(other.name) ?? []), other]);
        }
        return people;
    }

    let drawn = "";
    function draw() {
        const now = here();
        const people = now ? present(now) : new Map();
        const tools = document.querySelector(".calendar-tools");
        const text = JSON.stringify([...people].map(([name, tabs]) => [name, tabs.some((one) => one.date === now.date)]));
        let list = tools?.querySelector(".presence");
        if (tools && (text !== drawn || (people.size > 0) !== Boolean(list))) {
            drawn = text;
            list?.remove();
            if (people.size) {
                list = document.createElement("ul");
                list.className = "presence";
                for (const [name, tabs] of people) {
                    const item = document.createElement("li");
                    item.textContent = initials(name);
                    item.title = name;
                    item.setAttribute("aria-label", name);
                    item.classList.toggle("is-near", tabs.some((one) => one.date === now.date));
                    list.append(item);
                }
                tools.append(list);
            }
        }
        const near = [...people.values()].flat().filter((one) => one.date === now.date);
        const held = new Map(near.filter((one) => one.open).map((one) => [one.open, one.name]));
        for (const node of document.querySelectorAll("[data-held-by]")) if (!held.has(node.dataset.id)) node.removeAttribute("data-held-by");
        for (const [id, name] of held) {
            for (const node of document.querySelectorAll(`[data-id="${id}"]`)) if (node.dataset.heldBy !== name) node.dataset.heldBy = name;
        }
        shadows(near.filter((one) => one.drag));
    }

    /** The shadows of what colleagues have in the air. They let the pointer through. */
    function shadows(dragging) {
        const place = board();
        const span = scale();
        const old = new Map([...document.querySelectorAll(".presence-shadow")].map((node) => [node.dataset.tab, node]));
        for (const { tab: id, name, drag: air } of span ? dragging : []) {
            const column = [...document.querySelectorAll(".calendar-column")].find((one) => nameOf(one) === air.column);
            if (!column) continue;
            let shadow = old.get(id);
            old.delete(id);
            if (!shadow) {
                shadow = document.createElement("div");
                shadow.className = "presence-shadow";
                shadow.dataset.tab = id;
                shadow.setAttribute("aria-hidden", "true");
                place.append(shadow);
            }
            const books = document.querySelector(".calendar-main")?.dataset.books;
            shadow.textContent = air.entry || !books ? name : books.replace("%", name);
            const [outer, box] = [place.getBoundingClientRect(), column.getBoundingClientRect()];
            const share = box.height / (span[1] - span[0]);
            shadow.style.insetInlineStart = `${box.left - outer.left}px`;
            shadow.style.inlineSize = `${box.width}px`;
            shadow.style.insetBlockStart = `${box.top - outer.top + (air.from - span[0]) * share}px`;
            shadow.style.blockSize = `${Math.max(12, air.minutes * share)}px`;
        }
        for (const node of old.values()) node.remove();
    }

    // The application passes on what it hears and does not know.
    addEventListener("message", (event) => {
        if (event.source !== window || typeof event.data !== "string") return;
        if (event.data === "hearing") {
            hearing = true;
            said = said && "again";
        }
        if (!event.data.startsWith('{"name"')) return;
        const told = JSON.parse(event.data);
        if (told.tab === tab) return;
        const known = others.has(told.tab);
        if (told.gone) others.delete(told.tab);
        else others.set(told.tab, { ...told, at: Date.now() });
        // Whoever has just come does not know who is here already.
        if (!known && !told.gone) setTimeout(() => { said = said && "again"; }, Math.random() * 800);
        draw();
    });
    setInterval(look, 200);
})();
