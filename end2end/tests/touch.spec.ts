// A tablet: a finger scrolls, a tap opens, a finger that rests lifts, and a move needs no drag.

import { devices } from "@playwright/test";
import { column, entry, entryAt, fingers, ghost, notices, openDay, panel, placeOf } from "../desk";
import { expect, test } from "../fixtures";

const { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile } = devices["Galaxy Tab S4 landscape"];
const tablet = { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile };
const zajac = "dr Piotr Zając";
const visit = { treatment: "Botoks, 3 okolice", employee: zajac };

test("a visit is moved by tapping it, Move, and its new place", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-02-18";
    await desk.patient("Tola Tablet");
    await desk.book({ ...visit, patient: "Tola Tablet", date, time: "10:00" });
    const page = await as("desk", tablet);
    await openDay(page, date);
    await entry(page, "Tola Tablet").tap();
    await panel(page).getByRole("button", { name: "Move", exact: true }).tap();
    await expect(panel(page)).toHaveCount(0);
    const there = await placeOf(page, zajac, "11:15");
    await page.touchscreen.tap(there.x, there.y + 3);
    await expect(notices(page)).toContainText("Moved to 11:15");
    await expect(entryAt(page, zajac, "Tola Tablet", "11:15 to 12:00")).toBeVisible();
});

test("a finger that rests on a visit lifts it, carries it into another column and drops it", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-05-13";
    await desk.patient("Palina Palec");
    await desk.book({ ...visit, patient: "Palina Palec", date, time: "10:00" });
    const page = await as("desk", tablet);
    await openDay(page, date);
    const [from, to] = [await placeOf(page, zajac, "10:00"), await placeOf(page, "dr Marta Lis", "10:45")];
    const touch = await fingers(page);
    // In its middle: at its edges are the grips.
    const [x, y] = [from.x, from.y + 22];
    await touch([x, y]);
    await expect(page.locator(".calendar-board.is-dragging"), "it is lifted without a move").toHaveCount(1);
    await expect(column(page, "Ola Kania")).toHaveClass(/is-invalid/);
    for (const share of [0.2, 0.4, 0.6, 0.8, 1]) await touch([x + (to.x - x) * share, y + (to.y + 22 - y) * share]);
    await expect(ghost(page)).toHaveText("10:45 – 11:30 · dr Marta Lis · free");
    await touch();
    await expect(notices(page)).toContainText("Moved to 10:45 with dr Marta Lis");
    await expect(panel(page), "it was no tap").toHaveCount(0);
    expect((await desk.told(date, "Palina Palec")).map(({ times, with: whom }) => [times, whom.at(-1)])).toEqual([["10:45 – 11:30", "dr Marta Lis"]]);
});

test("a finger that does not rest scrolls the day, and what lies under it stays", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-05-14";
    await desk.patient("Sabina Suwak");
    await desk.book({ ...visit, patient: "Sabina Suwak", date, time: "14:00" });
    const page = await as("desk", tablet);
    await openDay(page, date);
    const scrolled = () => page.locator(".calendar-scroll").evaluate((board) => board.scrollTop);
    const { x, y } = await placeOf(page, zajac, "14:15");
    const before = await scrolled();
    const touch = await fingers(page);
    for (const by of [0, 15, 40, 70, 100]) await touch([x, y - by]);
    await touch();
    await expect.poll(scrolled).toBeGreaterThan(before);
    await expect(page.locator(".calendar-board.is-dragging")).toHaveCount(0);
    await expect(panel(page)).toHaveCount(0);
    expect((await desk.told(date, "Sabina Suwak")).map(({ times }) => times)).toEqual(["14:00 – 14:45"]);
});
