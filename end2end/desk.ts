// The calendar as somebody at the desk uses it: columns by name, places by the clock, a mouse that drags.

import { expect, type Locator, type Page } from "@playwright/test";
import { alive } from "./fixtures";

type Point = { x: number; y: number };

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Opens the calendar on a day. */
export async function openDay(page: Page, date: string): Promise<void> {
    await page.goto(`/dashboard/calendar?date=${date}`);
    await alive(page);
}

/** The column of a person, room or device; its name goes on with the hours. */
export const column = (page: Page, name: string): Locator => page.getByRole("group", { name: new RegExp(`^${escaped(name)}(, |$)`) });

/** The entry of somebody on the board, wherever it is. */
export const entry = (page: Page, name: string): Locator => page.getByRole("main").getByRole("button", { name: new RegExp(`, ${escaped(name)}, `) });

/** The entry of somebody in one column, at these times: `10:30 to 11:15`. */
export const entryAt = (page: Page, who: string, name: string, times: string): Locator =>
    column(page, who).getByRole("button", { name: new RegExp(`, ${times}, ${escaped(name)}, `) });

/** The panel beside the calendar. */
export const panel = (page: Page): Locator => page.getByRole("complementary");

/** What the frame says about what was done. */
export const notices = (page: Page): Locator => page.getByRole("status", { name: "Notices" });

/** Where a time is in a column, scrolled into sight. */
export async function placeOf(page: Page, who: string, time: string): Promise<Point> {
    const [hour, minute] = time.split(":").map(Number);
    return column(page, who).evaluate((node, at) => {
        const style = getComputedStyle(node);
        const [from, to] = ["--from", "--to"].map((name) => Number(style.getPropertyValue(name)));
        const share = (at - from) / (to - from);
        const scroller = node.closest(".calendar-scroll");
        const bounds = scroller?.getBoundingClientRect();
        const y = () => {
            const { top, height } = node.getBoundingClientRect();
            return top + share * height;
        };
        // Below the heads of the columns, and well above the lower edge, at which a drag begins to scroll.
        if (scroller && bounds && (y() < bounds.top + 140 || y() > bounds.bottom - 140)) {
            scroller.scrollTop += y() - (bounds.top + bounds.height / 2);
        }
        const { left, width } = node.getBoundingClientRect();
        return { x: left + width / 2, y: y() };
    }, (hour ?? 0) * 60 + (minute ?? 0));
}

/** Clicks on a free place of the grid, a little below the line. */
export async function clickPlace(page: Page, who: string, time: string): Promise<void> {
    const { x, y } = await placeOf(page, who, time);
    await page.mouse.click(x, y + 3);
}

/** Takes an entry up by its upper part and holds it over another time and column; `drop` lets go. */
export async function take(page: Page, what: Locator, who: string, time: string): Promise<void> {
    const clock = /, (\d\d:\d\d) to /.exec((await what.getAttribute("aria-label")) ?? "")?.[1];
    if (!clock) throw new Error("the entry does not say when it begins");
    const from = await columnOf(what);
    const target = await placeOf(page, who, time);
    // Where it is now, after the board may have been scrolled.
    const origin = await placeOf(page, from, clock);
    expect(await placeOf(page, who, time), "both places are in sight at once").toEqual(target);
    // Below the upper edge, by which its start would be changed.
    await hold(page, { x: origin.x, y: origin.y + 10 }, { x: target.x, y: target.y + 11 });
}

/** Carries what is held on to another time and column. */
export async function carry(page: Page, who: string, time: string): Promise<void> {
    const { x, y } = await placeOf(page, who, time);
    await page.mouse.move(x, y + 11, { steps: 4 });
}

/** Carries what is held to the middle of something beside the board. */
export async function carryOver(page: Page, what: Locator): Promise<void> {
    const box = await what.boundingBox();
    if (!box) throw new Error("there is nothing to carry it to");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 6 });
}

/** A day of the small month: `Thursday 20 May`. */
export const smallDay = (page: Page, day: string): Locator =>
    page.getByRole("navigation", { name: "Month", exact: true }).getByRole("link", { name: new RegExp(`^${day}(, |$)`) });

/** What fingers do to the screen; each is a place, and those that are not named any more are lifted. */
export async function fingers(page: Page): Promise<(...places: [number, number][]) => Promise<void>> {
    const client = await page.context().newCDPSession(page);
    let down = 0;
    return async (...places) => {
        const type = places.length === 0 ? "touchEnd" : places.length === down ? "touchMove" : "touchStart";
        down = places.length;
        await client.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
    };
}

/** Takes an entry by its lower edge and holds it at another end. */
export async function stretch(page: Page, what: Locator, time: string): Promise<void> {
    const who = await columnOf(what);
    const target = await placeOf(page, who, time);
    const box = await what.boundingBox();
    if (!box) throw new Error("the entry is not on the board");
    await hold(page, { x: box.x + box.width / 2, y: box.y + box.height - 3 }, { x: target.x, y: target.y - 2 });
}

/** Lets go of what is held. */
export async function drop(page: Page): Promise<void> {
    await page.mouse.up();
}

/** What the ghost says while something is in the air. */
export const ghost = (page: Page): Locator => page.locator(".calendar-ghost output");

async function columnOf(what: Locator): Promise<string> {
    const label = await what.evaluate((node) => node.closest("[role=group]")?.getAttribute("aria-label") ?? "");
    return label.split(", ")[0] ?? "";
}

async function hold(page: Page, from: Point, to: Point): Promise<void> {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move(from.x + 2, from.y + 6, { steps: 2 });
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
    await page.mouse.move(to.x, to.y, { steps: 5 });
}

/** Fills in who and what in the form of a new visit; found as one types. */
export async function fillVisit(page: Page, visit: { typed: string; patient: string; treatment: string }): Promise<void> {
    const form = panel(page);
    await form.getByRole("combobox", { name: "Patient" }).pressSequentially(visit.typed);
    await form.getByRole("option", { name: visit.patient }).first().click();
    await form.getByRole("combobox", { name: "Treatment" }).pressSequentially(visit.treatment.slice(0, 14));
    await form.getByRole("option", { name: visit.treatment }).click();
}

/** Presses Tab until the focus is where it should be, as somebody would. */
export async function tabTo(page: Page, name: RegExp | string): Promise<void> {
    const wanted = page.locator(":focus").and(page.getByRole("button", { name }).or(page.getByLabel(name)));
    for (let presses = 0; presses < 30; presses += 1) {
        if ((await wanted.count()) > 0) return;
        await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${name}`);
}

/** Walks over the grid until the entry has the focus. */
export async function walkTo(page: Page, name: RegExp): Promise<void> {
    const wanted = page.locator(":focus").and(page.getByRole("button", { name }));
    for (const key of ["", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"]) {
        if ((await wanted.count()) > 0) return;
        if (key) await page.keyboard.press(key);
    }
    await expect(wanted).toHaveCount(1);
}
