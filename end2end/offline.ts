// The calendar without a network: what was kept of it on the device.

import { expect, type BrowserContext, type Page } from "@playwright/test";
import { alive } from "./fixtures";

/** Opens the calendar and waits until today and tomorrow are kept on the device. */
export async function keep(page: Page): Promise<void> {
    await page.goto("/dashboard/calendar");
    await alive(page);
    await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
    });
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.reload();
    await alive(page);
    await expect.poll(() => kept(page)).toBeGreaterThan(0);
}

/** How many entries lie in the store. */
export const kept = (page: Page): Promise<number> =>
    page.evaluate(
        () =>
            new Promise<number>((done) => {
                const request = indexedDB.open("atrium");
                request.onsuccess = () => {
                    if (!request.result.objectStoreNames.contains("days")) return done(0);
                    const all = request.result.transaction("days").objectStore("days").getAll();
                    all.onsuccess = () => {
                        request.result.close();
                        done(all.result.reduce((sum: number, days: { entries: unknown[] }) => sum + days.entries.length, 0));
                    };
                };
                request.onerror = () => done(0);
            }),
    );

/** Takes the network away: the calendar is what was kept of it. */
export async function goOffline(page: Page, context: BrowserContext): Promise<void> {
    await context.setOffline(true);
    await page.goto("/dashboard/calendar");
    await expect(page.getByText(/Offline · as of 0?8:\d\d/)).toBeVisible();
}
