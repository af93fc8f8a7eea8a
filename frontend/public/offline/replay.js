// Sends what was noted without a network, in its order, by the doors that everybody uses and with the versions it was made
// from. What the server does not take is kept and becomes a clash, which a person settles. Nothing is dropped here.

"use strict";

atrium.replay = (() => {
    /** How each kind is sent. A key makes sure that what was sent and not answered is not done twice. */
    const doors = {
        arrive: (item) => ["POST", `/api/v1/activities/${item.entry}/status`, { version: item.version, to: "checked_in", reason: "" }],
        note: (item) => ["POST", `/api/v1/activities/${item.entry}/notes`, { text: item.text }],
        move: (item) => ["PUT", `/api/v1/activities/${item.entry}`, {
            version: item.version,
            start: item.start,
            end: item.end,
            ...(item.from && item.to && item.from !== item.to ? { resource_from: item.from, resource_to: item.to } : {}),
        }],
    };

    async function ask(method, path, body, key) {
        const headers = { accept: "application/json" };
        if (body) headers["content-type"] = "application/json";
        if (key) headers["idempotency-key"] = key;
        const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin", cache: "no-store" });
        return { status: answer.status, told: await answer.json().catch(() => ({})) };
    }

    /** Whether what is stored is what was wanted: then it was done, by this device or by somebody else. */
    function isDone(item, stored) {
        if (item.kind === "arrive") return stored.status === "checked_in";
        if (item.kind !== "move") return false;
        const same = Date.parse(stored.start) === Date.parse(item.start) && Date.parse(stored.end) === Date.parse(item.end);
        return same && (!item.to || stored.bookings.some((booking) => booking.resource === item.to));
    }

    /**
     * Whether what was noted later follows on from the version that is stored now. A note names no version, so the one it
     * comes back with may be somebody else's work; only where it made the next version itself is that known.
     */
    const follows = (item, told) => item.kind !== "note" || (!told.record && told.version === item.version + 1);

    /** Sends one; says whether the next may be sent, or "stop" where none can be now. */
    async function send(item) {
        const [method, path, body] = doors[item.kind](item);
        const { status, told } = await ask(method, path, body, item.key);
        if (status >= 200 && status < 300) {
            await atrium.store.taken(item, follows(item, told) ? told.version : undefined);
            return "taken";
        }
        if (status === 401 || status === 429 || status >= 500) return "stop";
        const current = await ask("GET", `/api/v1/activities/${item.entry}`);
        if (current.status === 401 || current.status >= 500) return "stop";
        const stored = current.status === 200 ? current.told : undefined;
        if (stored && isDone(item, stored)) {
            await atrium.store.taken(item, stored.version);
            return "taken";
        }
        const clash = {
            code: told.code ?? String(status),
            detail: told.detail ?? "",
            reasons: (told.reasons ?? []).map((reason) => ({ rule: reason.rule, name: reason.resource_name })),
            author: told.current?.author,
            stored,
        };
        await atrium.store.put({ ...item, clash });
        return "clash";
    }

    /** Sends all that waits, if the one who noted it is the one who is signed in. */
    async function all() {
        const owner = await atrium.store.owner();
        if (!owner) return { waiting: 0, clashes: 0 };
        let queue = await atrium.store.queue(owner);
        if (queue.some((item) => !item.clash)) {
            const { status, told } = await ask("GET", "/api/v1/me");
            if (status === 401) return { ...count(queue), signedOut: true };
            if (status !== 200 || `${told.organization?.id}/${told.user}` !== owner) return count(queue);
            // What follows on from a clash waits until that is settled.
            const held = new Set(queue.filter((item) => item.clash).map((item) => item.entry));
            for (const { place } of queue) {
                // Read anew: the one before may have given it another version.
                const item = (await atrium.store.queue(owner)).find((one) => one.place === place);
                if (!item || item.clash || held.has(item.entry)) continue;
                const outcome = await send(item);
                if (outcome === "stop") break;
                if (outcome === "clash") held.add(item.entry);
            }
            queue = await atrium.store.queue(owner);
        }
        return count(queue);
    }

    const count = (queue) => {
        const clashes = queue.filter((item) => item.clash).length;
        return { waiting: queue.length - clashes, clashes };
    };

    /** One at a time, over all tabs and the service worker. */
    return () => navigator.locks.request("atrium-replay", all);
})();
