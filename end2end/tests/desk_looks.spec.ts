// How the calendar uses the room it has: a week of everybody, a bar beside an open panel, a finger's targets.

import { devices } from "@playwright/test";
import { expectAccessible } from "../axe";
import { clickPlace, fingers, openDay, panel } from "../desk";
import { alive, expect, test } from "../fixtures";

const { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile } = devices["Galaxy Tab S4 landscape"];

test("a week of everybody stays readable: two side by side, and the number of the rest leads to the day", async ({ as, rest }) => {
    const date = "2027-05-05";
    const desk = await rest("desk");
    const { resources } = await desk.day(date);
    const people = resources.filter((one) => one.kind === "staff").slice(0, 4);
    expect(people.length, "there are enough").toBeGreaterThan(2);
    for (const [index, one] of people.entries()) {
        await desk.block(date, one.name, `Narada ${index}`, `${date}T08:00:00Z`, `${date}T09:00:00Z`);
    }
    const page = await as("desk");
    await page.goto(`/dashboard/calendar?view=week&date=${date}`);
    await alive(page);
    const number = page.getByRole("link", { name: /^\+\d+ more from 10:00, Wednesday 5 May/ });
    await expect(number).toHaveText(`+${people.length - 2}`);
    const widths = await page.locator(".calendar-event").evaluateAll((events) => events.map((event) => event.getBoundingClientRect().width));
    expect(Math.min(...widths), "no entry is a sliver").toBeGreaterThan(55);
    await expectAccessible(page);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("link", { name: "Everybody side by side" }).click();
    await expect(page).toHaveURL(/all=1/);
    await expect(number).toHaveCount(0);
    await expect(page.locator(".calendar-event").filter({ hasText: "Narada" })).toHaveCount(people.length);
    await page.goBack();
    await number.click();
    await expect(page).not.toHaveURL(/view=week/);
    await expect(page.getByRole("heading", { name: "Wednesday 5 May" })).toBeVisible();
});

test("the bar keeps one line beside an open panel and when the page is zoomed; what does not fit is under More", async ({ as }) => {
    const page = await as("desk");
    await openDay(page, "2027-05-06");
    const bar = page.locator("header.calendar-bar");
    const high = async () => (await bar.boundingBox())?.height ?? 0;
    const line = await high();
    expect(line).toBeLessThan(56);
    await clickPlace(page, "dr Piotr Zając", "13:00");
    await expect(panel(page)).toBeVisible();
    expect(await high(), "a panel is open").toBeLessThanOrEqual(line);
    await page.keyboard.press("Escape");
    // Twice as large on the same screen is half as many pixels.
    await page.setViewportSize({ width: 720, height: 450 });
    await expect.poll(high, "zoomed to 200 %").toBeLessThanOrEqual(line);
    await page.getByRole("button", { name: "More", exact: true }).click();
    const more = page.getByRole("group", { name: "More" });
    await expect(more.getByRole("link", { name: "Print" })).toBeVisible();
    await expectAccessible(page);
    await more.getByRole("link", { name: "Rooms" }).click();
    await expect(page).toHaveURL(/by=room/);
    await page.keyboard.press("Escape");
    await expect(more).toBeHidden();
});

test("one press of Esc closes what is innermost, and the plan is there as it was", async ({ as }) => {
    const page = await as("desk");
    await openDay(page, "2027-05-07");
    await clickPlace(page, "dr Piotr Zając", "10:00");
    const form = panel(page);
    await form.getByRole("button", { name: "Repeat…" }).click();
    const visits = form.getByRole("region", { name: "Series of visits" }).getByRole("textbox", { name: "Visits" });
    await visits.fill("7");
    await page.keyboard.press("Escape");
    await expect(visits).toBeHidden();
    await expect(form).toBeVisible();
    await expect(form.getByRole("button", { name: "Repeat…" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(visits).toHaveValue("7");
    await page.keyboard.press("Escape");
    await expect(visits).toBeHidden();
    await page.keyboard.press("Escape");
    await expect(form).toHaveCount(0);
});

test("a swipe turns the page, two fingers change the grid, and what is pressed is large enough for a finger", async ({ as }) => {
    const page = await as("desk", { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile });
    await page.goto("/dashboard/calendar?date=2027-05-04&by=device");
    await alive(page);
    const small = await page
        .locator(".calendar-bar :is(a, button, select):visible, .top :is(a, button):visible")
        .evaluateAll((all) => all.filter((one) => Math.min(one.getBoundingClientRect().height, one.getBoundingClientRect().width) < 43.5).map((one) => one.outerHTML.slice(0, 120)));
    expect(small).toEqual([]);

    const board = await page.locator(".calendar-scroll").boundingBox();
    if (!board) throw new Error("the board is not on the screen");
    const touch = await fingers(page);
    const [middle, y] = [board.x + board.width / 2, board.y + board.height / 2];
    const swipe = async (by: number) => {
        for (const share of [0, 0.25, 0.5, 0.75, 1]) await touch([middle + by * share, y]);
        await touch();
    };
    // A swipe is quick, which a machine that does much else may not let these fingers be.
    const turn = async (by: number, date: string) => {
        const there = new RegExp(`date=${date}`);
        await expect(async () => {
            if (!there.test(page.url())) await swipe(by);
            await expect(page).toHaveURL(there, { timeout: 4_000 });
        }).toPass();
    };
    await turn(-160, "2027-05-05");
    await turn(160, "2027-05-04");
    for (const apart of [40, 50, 60, 70]) await touch([middle - apart, y], [middle + apart, y]);
    await touch();
    await expect(page).toHaveURL(/zoom=10/);
});
