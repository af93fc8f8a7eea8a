// The board itself: how little a change touches, and the nights in which the clock is put on or back.

import { column, entry, openDay } from "../desk";
import { expect, signIn, alive, test } from "../fixtures";

test("a colleague's change touches one event, and the focus stays where it was", async ({ as, rest }) => {
    const day = "2027-02-09";
    const desk = await rest("desk");
    for (const [patient, time] of [["Anna Nowak", "09:00"], ["Jakub Król", "10:00"], ["Maria Zielińska", "11:00"]] as const) {
        await desk.book({ patient, treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time });
    }
    const page = await as("owner");
    await openDay(page, day);
    expect(
        await page.locator(".calendar-event").evaluateAll((events) => Math.max(...events.map((event) => event.querySelectorAll("*").length + 1))),
        "an event is at most four nodes",
    ).toBeLessThanOrEqual(4);
    await entry(page, "Anna Nowak").focus();
    await page.evaluate(() => {
        const known = window as unknown as { touched: Set<string> };
        known.touched = new Set();
        const event = (node: Node | null) => (node instanceof Element ? node : node?.parentElement)?.closest("[data-id]")?.getAttribute("data-id");
        new MutationObserver((list) => {
            for (const change of list) for (const node of [change.target, ...change.addedNodes]) known.touched.add(event(node) ?? node.nodeName);
        }).observe(document.querySelector(".calendar-cards")!, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    for (const name of ["Jakub Król", "Anna Nowak"]) {
        const told = (await desk.told(day, name))[0]!;
        await desk.step(told.id, 1, "confirmed");
        await expect(entry(page, name)).toHaveAccessibleName(/, confirmed/);
        await expect(entry(page, "Anna Nowak"), "the focus is where it was").toBeFocused();
        // Only its own node and what is in it.
        expect(await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched].filter((id) => id.length === 36))).toEqual([told.id]);
        await page.evaluate(() => (window as unknown as { touched: Set<string> }).touched.clear());
    }
});

test("the night that lacks an hour shows a thin band, the one that has one twice shows both with their offsets", async ({ page, rest }) => {
    const desk = await rest("desk");
    const nights = [
        ["2027-03-28", "2027-03-28T00:15:00Z", "2027-03-28T01:45:00Z"],
        ["2027-10-31", "2027-10-31T00:15:00Z", "2027-10-31T01:45:00Z"],
    ] as const;
    for (const [day, start, end] of nights) await desk.block(day, "dr Marta Lis", "Generator", start, end);
    await signIn(page, "desk");
    const hours = page.locator(".calendar-axis span");

    await openDay(page, nights[0][0]);
    await expect(hours.filter({ hasText: "02:00" })).toHaveCount(0);
    await expect(column(page, "dr Marta Lis").locator(".is-seam")).toHaveText("02:00 → 03:00");
    await expect(entry(page, "Generator")).toHaveAccessibleName(/, 01:15 to 03:45, Generator/);
    // Alone the day has one hour fewer: 90 minutes are as high as any 90 minutes.
    const high = async () => (await entry(page, "Generator").boundingBox())!.height;
    const hour = () => page.locator(".calendar-board").evaluate((board) => board.querySelector(".calendar-column")!.clientHeight / (Number(getComputedStyle(board).getPropertyValue("--to")) - Number(getComputedStyle(board).getPropertyValue("--from"))) * 60);
    expect(Math.abs((await high()) - 1.5 * (await hour()))).toBeLessThan(2);

    // Beside other days the hour is there for them, and is told to be missing.
    await page.goto(`/dashboard/calendar?date=${nights[0][0]}&view=week`);
    await alive(page);
    await expect(hours.filter({ hasText: "02:00" })).toHaveCount(1);
    await expect(page.locator(".calendar-column").last().locator(".is-gap")).toHaveText("02:00 → 03:00");

    await openDay(page, nights[1][0]);
    await expect(hours.filter({ hasText: "02:00" })).toHaveText(["02:00 +02:00", "02:00 +01:00"]);
    await expect(entry(page, "Generator")).toHaveAccessibleName(/, 02:15 \+02:00 to 02:45 \+01:00, Generator/);
    expect(Math.abs((await high()) - 1.5 * (await hour()))).toBeLessThan(2);
});
