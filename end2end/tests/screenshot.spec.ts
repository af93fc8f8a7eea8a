// The picture of the calendar in the README, made anew by `npm run screenshot`: always of the same morning, since the
// server's clock begins where E2E_CLOCK says and its demo clinics depend on nothing else.

import { openDay } from "../desk";
import { expect, test } from "../fixtures";

test.skip(!process.env.E2E_SCREENSHOT, "only when it is asked for");

test("a picture of a busy morning", async ({ as }) => {
    const page = await as("desk", { viewport: { width: 1440, height: 900 }, colorScheme: "light", reducedMotion: "reduce" });
    await openDay(page, "2026-11-24");
    await page.evaluate(() => document.fonts.ready);
    await expect(page.getByRole("main").getByRole("button", { name: /, in progress, / }).first()).toBeVisible();
    await page.screenshot({ path: "screenshots/calendar.png" });
});
