// A tablet: a finger scrolls, a tap opens, and a move needs no drag.

import { devices } from "@playwright/test";
import { entry, entryAt, notices, openDay, panel, placeOf } from "../desk";
import { expect, test } from "../fixtures";

const { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile } = devices["Galaxy Tab S4 landscape"];

test("a visit is moved by tapping it, Move, and its new place", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-02-18";
    await desk.patient("Tola Tablet");
    await desk.book({ patient: "Tola Tablet", treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając", date, time: "10:00" });
    const page = await as("desk", { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile });
    await openDay(page, date);
    await entry(page, "Tola Tablet").tap();
    await panel(page).getByRole("button", { name: "Move", exact: true }).tap();
    await expect(panel(page)).toHaveCount(0);
    const there = await placeOf(page, "dr Piotr Zając", "11:15");
    await page.touchscreen.tap(there.x, there.y + 3);
    await expect(notices(page)).toContainText("Moved to 11:15");
    await expect(entryAt(page, "dr Piotr Zając", "Tola Tablet", "11:15 to 12:00")).toBeVisible();
});
