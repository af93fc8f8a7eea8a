// Atrium's service worker: opens the shell when there is no network, and says so; keeps today and tomorrow of the calendar
// to be read then, and sends what was noted meanwhile. `bundle` fills in the version and the list of kept files.
//
// Its cache holds files whose address carries the digest of their contents, and the offline pages. It never keeps a page:
// pages hold what their viewer may see. The two days lie in a store that has one owner (`offline/store.js`), from which
// everything is taken away as soon as the server says that nobody, or somebody else, is signed in.

importScripts("/offline/store.js", "/offline/replay.js");

const CACHE = "atrium-" + "{version}";
const KEPT = ["{files}"];
const OFFLINE = "/offline.html";
const OFFLINE_CALENDAR = "/offline-calendar.html";
/** How long the two days are not asked for again, in milliseconds; every page asks for `/live` once a minute. */
const FRESH = 45_000;

self.addEventListener("install", (event) => {
    event.waitUntil((async () => {
        const cache = await caches.open(CACHE);
        // Files outside the package may have changed under the same address: ask the server, not the browser's cache.
        await cache.addAll(KEPT.map((path) => new Request(path, { cache: path.startsWith("/pkg-") ? "default" : "reload" })));
        await self.skipWaiting();
    })());
});

self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
        const others = (await caches.keys()).filter((name) => name.startsWith("atrium-") && name !== CACHE);
        // The version before this stays: a page that is still open from it loads its chunks from there.
        await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
        await self.clients.claim();
    })());
});

self.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== self.location.origin) return;
    if (request.mode === "navigate" && request.method === "POST" && url.pathname === "/sign-out" && !url.searchParams.has("discard")) {
        event.respondWith(signOut(request));
        return;
    }
    if (request.method === "POST" && request.mode === "navigate") {
        // Somebody else may be there in a moment: until it is known who, nothing is shown.
        fetched = 0;
        event.waitUntil(atrium.store.forget().catch(() => {}));
    }
    if (request.method !== "GET") return;
    if (request.mode === "navigate") {
        if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/fn/")) return;
        event.respondWith(page(event, request, url));
    } else if (url.pathname === "/live") {
        // A page is open and the server, it seems, is there: the moment to send and to fetch.
        event.waitUntil(exchange(locationOf(request.referrer)));
    } else if (url.pathname.startsWith("/pkg-") || KEPT.includes(url.pathname)) {
        event.respondWith(kept(request));
    }
});

self.addEventListener("sync", (event) => {
    if (event.tag === "atrium-replay") event.waitUntil(exchange());
});

self.addEventListener("message", (event) => {
    if (event.data?.kind === "how-much-waits" && event.source) event.waitUntil(tell([event.source]));
});

/** The page itself; without a network what is kept for it. */
async function page(event, request, url) {
    try {
        const answer = await fetch(request);
        if (url.pathname.startsWith("/dashboard")) {
            // A new page may be somebody else's.
            fetched = 0;
            event.waitUntil(exchange(locationOf(url)));
        }
        return answer;
    } catch {
        const calendar = url.pathname === "/dashboard/calendar" || url.pathname === OFFLINE_CALENDAR;
        const days = calendar && await atrium.store.days().catch(() => undefined);
        return kept(days ? OFFLINE_CALENDAR : OFFLINE);
    }
}

/** Which location a calendar's address shows. */
function locationOf(address) {
    try {
        const url = new URL(address);
        return url.pathname === "/dashboard/calendar" ? url.searchParams.get("location") ?? undefined : undefined;
    } catch {
        return undefined;
    }
}

let fetched = 0;
let shown;

/** Sends what waits, then fetches the two days anew. Without a network nothing happens. */
async function exchange(location) {
    try {
        await atrium.replay();
        shown = location ?? shown;
        const known = await atrium.store.days().catch(() => undefined);
        if (Date.now() - fetched >= FRESH || !known || (location && known.location !== location)) {
            fetched = Date.now();
            await refresh(shown ?? known?.location);
        }
    } catch {
        fetched = 0;
    }
    await tell(await self.clients.matchAll());
}

async function refresh(location) {
    const asked = `/dashboard/calendar/days.json${location ? `?location=${encodeURIComponent(location)}` : ""}`;
    const answer = await fetch(asked, { credentials: "same-origin", cache: "no-store", headers: { accept: "application/json" } });
    if (answer.status === 404 && location) return refresh(undefined);
    if (answer.ok) await atrium.store.keep({ ...await answer.json(), kept_at: new Date().toISOString() });
    else if (answer.status < 500 && answer.status !== 429) await atrium.store.forget();
}

/** What is noted and not sent would be cleared away with everything else: it is sent first, or asked about. */
async function signOut(request) {
    try {
        const left = await Promise.race([atrium.replay(), new Promise((done) => setTimeout(() => done({ waiting: 1, clashes: 0 }), 5_000))]);
        const owner = await atrium.store.owner();
        const queue = owner ? await atrium.store.queue(owner) : [];
        if (queue.length && left.waiting + left.clashes > 0) return Response.redirect(`${OFFLINE_CALENDAR}?leaving=1`, 303);
    } catch {
        // Without a network nobody is signed out either; the request fails by itself.
    }
    const answer = await fetch(request);
    fetched = 0;
    await atrium.store.forget().catch(() => {});
    return answer;
}

/** Tells pages how much waits, in the words of who waits for it. */
async function tell(clients) {
    if (!clients.length) return;
    const days = await atrium.store.days().catch(() => undefined);
    const queue = days ? await atrium.store.queue(atrium.store.ownerOf(days)) : [];
    const clashes = queue.filter((item) => item.clash).length;
    const count = (key, n) => days.words[key].replace("{n}", n);
    let text = "";
    let href = OFFLINE_CALENDAR;
    if (clashes) text = count("count_clashes", clashes);
    else if (queue.length) text = count("count", queue.length);
    else if (days && !self.navigator.onLine) {
        text = days.words.work_offline;
        href = "/dashboard/calendar";
    }
    for (const client of clients) client.postMessage({ kind: "waiting", text, href, calls: clashes > 0 });
}

/** The kept file, or the server's; an immutable one is kept from then on. */
async function kept(request) {
    const found = await caches.match(request, { ignoreVary: true });
    if (found) return found;
    const response = await fetch(request);
    if (response.ok && new URL(response.url).pathname.startsWith("/pkg-")) {
        const cache = await caches.open(CACHE);
        await cache.put(request, response.clone());
    }
    return response;
}
