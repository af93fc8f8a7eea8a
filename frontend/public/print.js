// The one thing that a page of paper does by itself: it opens the browser's printer.
for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => print());
}
