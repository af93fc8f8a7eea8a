// Fingers on the calendar: a swipe turns the page, a pinch makes the grid finer or coarser. Both do what a link and the wheel
// do already; a lifted entry keeps them to itself.

"use strict";

(() => {
    /** A swipe is this far, in pixels, at most this slow, in milliseconds, and so much flatter than it is high. */
    const FAR = 70;
    const SLOW = 600;
    const FLAT = 2;
    /** How much wider or narrower two fingers must be for one step. */
    const STEP = 1.3;

    let start;
    let spread;

    const between = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const held = () => document.querySelector(".calendar-ghost:not([hidden]), .calendar-event.is-lifted") !== null;

    addEventListener("touchstart", (event) => {
        start = spread = undefined;
        const place = event.target instanceof Element && event.target.closest(".calendar-main");
        if (!place || held()) return;
        if (event.touches.length === 2) {
            spread = between(event.touches);
        } else if (event.touches.length === 1) {
            // What lies beside the screen is scrolled to before the page turns.
            const box = event.target.closest(".calendar-scroll, .calendar-team") ?? place;
            const [{ clientX, clientY }] = event.touches;
            start = { clientX, clientY, at: event.timeStamp, left: box.scrollLeft, right: box.scrollWidth - box.clientWidth - box.scrollLeft };
        }
    }, { passive: true });

    addEventListener("touchmove", (event) => {
        if (!spread || event.touches.length !== 2) return;
        const now = between(event.touches);
        const ratio = now / spread;
        if (ratio < STEP && ratio > 1 / STEP) return;
        spread = now;
        const wheel = new WheelEvent("wheel", { ctrlKey: true, deltaY: ratio > 1 ? -100 : 100, bubbles: true, cancelable: true });
        document.querySelector(".calendar-board")?.dispatchEvent(wheel);
    }, { passive: true });

    addEventListener("touchend", (event) => {
        const begun = start;
        start = undefined;
        if (!begun || held() || event.touches.length > 0) return;
        const [{ clientX, clientY }] = event.changedTouches;
        const [across, down] = [clientX - begun.clientX, clientY - begun.clientY];
        if (Math.abs(across) < FAR || Math.abs(across) < FLAT * Math.abs(down) || event.timeStamp - begun.at > SLOW) return;
        const forward = across < 0;
        if ((forward ? begun.right : begun.left) > 1) return;
        document.querySelector(`.calendar-bar a[rel="${forward ? "next" : "prev"}"]`)?.click();
    }, { passive: true });
})();
