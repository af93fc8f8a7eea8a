// Beside the application, whichever page of it is shown: says in one quiet place what still waits to be sent or settled, and
// prints the calendar by its own sheets.

"use strict";

(() => {
    let place;

    /** A link at the lower edge; gone when there is nothing to say. */
    function tell({ text, href, calls }) {
        if (!text) {
            place?.remove();
            place = undefined;
            return;
        }
        if (!place) {
            place = document.createElement("a");
            place.rel = "external";
            place.setAttribute("role", "status");
            document.body.append(place);
        }
        place.href = href;
        place.className = calls ? "waiting-work calls" : "waiting-work";
        place.textContent = text;
    }

    const worker = navigator.serviceWorker;
    worker?.addEventListener("message", ({ data }) => { if (data?.kind === "waiting") tell(data); });
    const ask = () => worker?.controller?.postMessage({ kind: "how-much-waits" });

    // The page belongs to the application until it has come alive.
    const watch = new MutationObserver(() => begin());
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-alive"] });
    function begin() {
        if (!("alive" in document.documentElement.dataset)) return;
        watch.disconnect();
        ask();
        worker?.addEventListener("controllerchange", ask);
        for (const change of ["online", "offline"]) addEventListener(change, ask);
    }
    begin();

    // A grid that scrolls is of no use on paper: the calendar is printed by the sheets that its own link leads to.
    addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
        const sheets = document.querySelector('a[href^="/dashboard/calendar/print"]');
        if (!sheets) return;
        event.preventDefault();
        location.assign(sheets.getAttribute("href"));
    });
})();
