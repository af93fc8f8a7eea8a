// The picture of the calendar in the README, made anew by `make screenshot`: always of the same morning, since the server's
// clock begins where E2E_CLOCK says and its demo clinics depend on nothing else. In every other run it is only made.

import { openDay } from "../desk";
import { expect, test } from "../fixtures";

const kept = Boolean(process.env.E2E_SCREENSHOT);

test("a picture of a busy morning", async ({ as }, info) => {
    const page = await as("desk", { viewport: { width: 1440, height: 900 }, colorScheme: "light", reducedMotion: "reduce" });
    await openDay(page, "2026-11-24");
    await page.evaluate(() => document.fonts.ready);
    const visit = page.getByRole("main").getByRole("button", { name: kept ? /, in progress, / : / to \d\d:\d\d, / });
    await expect(visit.first()).toBeVisible();
    await page.screenshot({ path: kept ? "screenshots/calendar.png" : info.outputPath("calendar.png") });
});
