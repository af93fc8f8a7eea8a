// Atrium's service worker: opens the shell when there is no network, and says so. `bundle` fills in the version and the
// list of kept files.
//
// It keeps files whose address carries the digest of their contents, and the offline page. It never keeps a page: pages
// hold what their viewer may see. It never touches /api and /fn.

const CACHE = "atrium-" + "{version}";
const KEPT = ["{files}"];
const OFFLINE = "/offline.html";

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
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    if (request.mode === "navigate") {
        if (url.pathname.startsWith("/api/") || url.pathname.startsWith("/fn/")) return;
        event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
    } else if (url.pathname.startsWith("/pkg-") || KEPT.includes(url.pathname)) {
        event.respondWith(kept(request));
    }
});

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
