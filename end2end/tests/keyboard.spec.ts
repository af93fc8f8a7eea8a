// The desk without a mouse.

import type { Page } from "@playwright/test";
import { entryAt, notices, openDay, panel, tabTo, walkTo } from "../desk";
import { expect, test } from "../fixtures";

/** What has the focus, in the words of a screen reader. */
const focused = (page: Page) => page.locator(":focus");

test("a visit is booked, moved and put back with the keyboard alone", async ({ as, rest }) => {
    const day = "2027-02-02";
    const page = await as("desk");
    const desk = await rest("desk");
    const told = async () => (await desk.told(day, "Anna Nowak")).map(({ times, with: whom }) => [times, whom.at(-1)]);
    await desk.patient("Anna Nowak");
    await openDay(page, day);

    await test.step("the first Tab offers to skip the navigation", async () => {
        await page.keyboard.press("Tab");
        await expect(focused(page)).toHaveText("Skip to the content");
        await page.keyboard.press("Enter");
        await expect(page.locator("#main")).toBeFocused();
    });
    await tabTo(page, "dr Marta Lis, 08:00, free. Enter makes a new entry.");
    await page.keyboard.press("ArrowRight");
    for (let step = 0; step < 8; step += 1) await page.keyboard.press("ArrowDown");
    await expect(focused(page)).toHaveAccessibleName(/^dr Piotr Zając, 10:00, free/);
    await page.keyboard.press("Enter");

    const form = panel(page);
    await expect(form.getByRole("combobox", { name: "Patient" }), "writing can begin").toBeFocused();
    await page.keyboard.type("nowak ann");
    await expect(form.getByRole("option", { name: /Anna Nowak/ }).first()).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(form.getByRole("combobox", { name: "Patient" })).toHaveValue("Anna Nowak");
    await tabTo(page, "Treatment");
    await page.keyboard.type("botoks, 3");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("combobox", { name: "Treatment" })).toHaveValue("Botoks, 3 okolice");
    await expect(form.getByRole("group", { name: "Free times" }).getByRole("button", { name: "10:00" })).toBeVisible();
    await tabTo(page, /^10:00$/);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("textbox", { name: "Time" })).toHaveValue("10:15");
    await tabTo(page, "Book the visit");
    await page.keyboard.press("Enter");
    await expect(entryAt(page, "dr Piotr Zając", "Anna Nowak", "10:15 to 11:00")).toBeVisible();
    expect(await told()).toEqual([["10:15 – 11:00", "dr Piotr Zając"]]);

    await test.step("lifted, carried into a colleague's column and an hour later, dropped", async () => {
        await page.keyboard.press("Escape");
        await expect(panel(page)).toHaveCount(0);
        await tabTo(page, /^dr Piotr Zając, |, Anna Nowak, /);
        await walkTo(page, /, Anna Nowak, /);
        await page.keyboard.press("Shift+M");
        await expect(page.getByText(/^Anna Nowak lifted/)).toHaveCount(1);
        for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowLeft");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("Moved to 11:15 with dr Marta Lis");
        expect(await told()).toEqual([["11:15 – 12:00", "dr Marta Lis"]]);
    });

    await test.step("lifted again and put back by Escape", async () => {
        await walkTo(page, /, Anna Nowak, /);
        await page.keyboard.press("Shift+M");
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Escape");
        await expect(page.getByText("Put back.")).toHaveCount(1);
        expect(await told()).toEqual([["11:15 – 12:00", "dr Marta Lis"]]);
    });
});

test("letters change what is shown, and ? says which", async ({ as }) => {
    const page = await as("desk");
    await openDay(page, "2027-02-02");
    const spans = page.getByRole("navigation", { name: "Time shown" });
    for (const [key, span] of [
        ["w", "Week"],
        ["m", "Month"],
        ["d", "Day"],
    ] as const) {
        await page.keyboard.press(key);
        await expect(spans.getByRole("link", { name: span, exact: true })).toHaveAttribute("aria-current", "true");
    }
    await page.keyboard.press("j");
    await expect(page).toHaveURL(/date=2027-02-03/);
    await expect(page.getByRole("heading", { name: "Wednesday 3 February" })).toBeVisible();
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await expect(dialog).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
});
