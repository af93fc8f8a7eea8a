import { alive, expect, signIn, test } from "../fixtures";

test("without a network the shell opens and says so, and comes back", async ({ page, context, complaints }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/);
    await signIn(page, "desk");
    await page.goto("/dashboard/calendar");
    await alive(page);
    await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
    });
    // The worker keeps its files before it is ready; it controls pages from then on.
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.goto("/dashboard/gabinet/patients");
    await expect(page.getByRole("heading", { name: "You are offline" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "Brak połączenia" })).toBeVisible();
    // It has its colours: the style sheet comes from what was kept.
    await expect(page.getByRole("link", { name: /Try again/ })).toHaveCSS("border-radius", "7px");
    await context.setOffline(false);
    await page.getByRole("link", { name: /Try again/ }).click();
    await expect(page).toHaveURL(/\/dashboard\/gabinet\/patients/);
    await expect(page.getByRole("heading", { name: "You are offline" })).toHaveCount(0);
});

test("nothing that holds data is in the cache of the service worker", async ({ page }) => {
    await signIn(page, "desk");
    await page.goto("/dashboard/calendar");
    await alive(page);
    await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
    });
    await page.reload();
    const kept = await page.evaluate(async () => {
        const names = await caches.keys();
        const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return requests.flat().map((request) => new URL(request.url).pathname);
    });
    expect(kept).toContain("/offline.html");
    const files = /^\/(pkg-[0-9a-f]+\/|offline\.html$|offline-calendar\.html$|offline\/\w+\.(js|css)$|beside\/\w+\.js$|favicon\.svg$)/;
    expect(kept.filter((path) => !files.test(path))).toEqual([]);
});

test("the site can be installed", async ({ page, request }) => {
    await page.goto("/sign-in");
    const address = await page.locator("link[rel=manifest]").getAttribute("href");
    const manifest = await (await request.get(address ?? "")).json();
    expect(manifest.display).toBe("standalone");
    for (const { src, type } of manifest.icons) {
        const icon = await request.get(src);
        expect(icon.status(), src).toBe(200);
        expect(icon.headers()["content-type"], src).toContain(type);
    }
});
