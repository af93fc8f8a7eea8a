// What this device keeps for the hours without a network: two days of the calendar, and what was noted meanwhile. Shared by
// the service worker and the page. Everything belongs to an owner, one user in one organization, and is shown to nobody else.

"use strict";

self.atrium = self.atrium ?? {};

atrium.store = (() => {
    let opened;

    function open() {
        opened ??= new Promise((done, failed) => {
            const request = indexedDB.open("atrium", 1);
            request.onupgradeneeded = () => {
                // By owner.
                request.result.createObjectStore("days");
                // In the order in which it was noted.
                request.result.createObjectStore("queue", { keyPath: "place", autoIncrement: true });
                request.result.createObjectStore("facts");
            };
            request.onsuccess = () => {
                // Signing out clears the device; whoever still holds the old store must let go of it.
                request.result.onversionchange = () => { request.result.close(); opened = undefined; };
                request.result.onclose = () => { opened = undefined; };
                done(request.result);
            };
            request.onerror = () => { opened = undefined; failed(request.error); };
        });
        return opened;
    }

    /** Runs `act` with the stores in one transaction; resolves with its result once it is on the disk. */
    async function within(names, mode, act) {
        const base = await open();
        return new Promise((done, failed) => {
            const transaction = base.transaction(names, mode, { durability: "strict" });
            const stores = names.map((name) => transaction.objectStore(name));
            const outcome = act(...stores);
            transaction.oncomplete = () => done(outcome instanceof IDBRequest ? outcome.result : outcome);
            transaction.onerror = transaction.onabort = () => failed(transaction.error);
        });
    }

    const ownerOf = (days) => `${days.organization}/${days.user}`;

    return {
        ownerOf,

        /** Keeps the days of whoever is signed in, and nobody else's. What others have noted stays until they are back. */
        keep: (days) => within(["days", "facts"], "readwrite", (kept, facts) => {
            kept.clear();
            kept.put(days, ownerOf(days));
            facts.put(ownerOf(days), "owner");
        }),

        /** Nobody is signed in any more: nothing is shown. */
        forget: () => within(["days", "facts"], "readwrite", (kept, facts) => {
            kept.clear();
            facts.delete("owner");
        }),

        /** The days of the last who was signed in, unless they are over. */
        async days() {
            const owner = await within(["facts"], "readonly", (facts) => facts.get("owner"));
            if (!owner) return undefined;
            const days = await within(["days"], "readonly", (kept) => kept.get(owner));
            const over = days && Date.now() - Date.parse(days.kept_at) > 48 * 3_600_000;
            return over ? undefined : days;
        },

        owner: () => within(["facts"], "readonly", (facts) => facts.get("owner")),

        /** What an owner has noted and the server has not taken, in order. */
        async queue(owner) {
            const all = await within(["queue"], "readonly", (queue) => queue.getAll());
            return all.filter((item) => item.owner === owner);
        },

        add: (item) => within(["queue"], "readwrite", (queue) => queue.add(item)),
        put: (item) => within(["queue"], "readwrite", (queue) => queue.put(item)),
        remove: (place) => within(["queue"], "readwrite", (queue) => queue.delete(place)),

        /** The server has taken an item: what was noted after it about the same entry follows on from the new version. */
        taken: (item, version) => within(["queue"], "readwrite", (queue) => {
            queue.delete(item.place);
            queue.openCursor().onsuccess = ({ target: { result: cursor } }) => {
                if (!cursor) return;
                const later = cursor.value;
                if (later.owner === item.owner && later.entry === item.entry && version) {
                    cursor.update({ ...later, version });
                }
                cursor.continue();
            };
        }),
    };
})();
