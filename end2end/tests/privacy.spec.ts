// Who looks over the shoulder sees no names: not on the board, not in what is said of it, and not on any page of the calendar.

import type { Page } from "@playwright/test";
import { carryOver, drop, entry, notices, openDay, smallDay, take } from "../desk";
import { alive, expect, test } from "../fixtures";
import { instant, type Rest } from "../rest";

const visit = { treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

/** Where a name stands on the page, in texts and in attributes: what is shown, spoken, or seen when the mouse rests. */
const told = (page: Page, name: string): Promise<string[]> =>
    page.evaluate((name) => {
        const found: string[] = [];
        for (const node of document.querySelectorAll("body, body *")) {
            if (node.matches("script, template, style")) continue;
            for (const { name: key, value } of node.attributes) if (value.includes(name)) found.push(`${key}: ${value}`);
            for (const child of node.childNodes) {
                if (child.nodeType === Node.TEXT_NODE && child.nodeValue?.includes(name)) found.push(`${node.tagName}: ${child.nodeValue}`);
            }
        }
        if (document.title.includes(name)) found.push(document.title);
        return found;
    }, name);

const hidden = (page: Page) => page.getByRole("main").getByRole("button", { name: /R\. S\./ });

/** Two of one family on a day, and the board of it with hidden names. */
async function hide(page: Page, desk: Rest, date: string): Promise<void> {
    for (const [patient, time] of [["Ryszarda Skryta", "10:00"], ["Tomira Skryta", "11:00"]] as const) {
        await desk.patient(patient);
        await desk.book({ ...visit, patient, date, time });
    }
    await openDay(page, date);
    await expect(entry(page, "Ryszarda Skryta")).toBeVisible();
    expect(await told(page, "Skryta"), "what looks for names finds them").not.toEqual([]);
    await page.keyboard.press("p");
    await expect(notices(page)).toContainText("Names are hidden");
    await expect(hidden(page).first()).toBeVisible();
}

test("hidden names are hidden by day, by week, in rooms, in the week of many and in the list, until they are wanted again", async ({ as, rest }) => {
    const page = await as("desk");
    await hide(page, await rest("desk"), "2027-05-17");
    expect(await told(page, "Skryta")).toEqual([]);
    for (const [key, view] of [["r", "by=room"], ["s", "date="], ["w", "view=week"], ["s", "view=team"], ["a", "view=agenda"]] as const) {
        await test.step(`${key}: ${view}`, async () => {
            await page.keyboard.press(key);
            await expect(page).toHaveURL(new RegExp(view));
            await expect(hidden(page).first()).toBeVisible();
            expect(await told(page, "Skryta")).toEqual([]);
        });
    }
    await page.keyboard.press("d");
    await page.reload();
    await alive(page);
    await expect(hidden(page).first(), "they are still hidden").toBeVisible();
    expect(await told(page, "Skryta")).toEqual([]);
    await page.keyboard.press("p");
    await expect(notices(page)).toContainText("Names are shown");
    await expect(entry(page, "Ryszarda Skryta")).toBeVisible();
});

test("nor are they told by the month, by what is said of a move and of its undo, or by a refusal", async ({ as, rest, complaints }) => {
    complaints.expect(/status of 409/);
    const desk = await rest("desk");
    const page = await as("desk");
    await hide(page, desk, "2027-06-16");
    await page.keyboard.press("m");
    await expect(hidden(page).first()).toHaveText("10:00 R. S.");
    expect(await told(page, "Skryta")).toEqual([]);
    await page.keyboard.press("d");
    await expect(page).not.toHaveURL(/view=month/);

    await test.step("a move and its undo", async () => {
        await take(page, entry(page, "R. S."), visit.employee, "14:30");
        await expect(page.locator(".calendar-ghost")).toContainText("R. S.");
        await drop(page);
        await expect(notices(page)).toContainText("Moved to 14:30");
        await page.keyboard.press("Control+z");
        await expect(notices(page)).toContainText("Undone: R. S. is back at 10:00 – 10:45");
        expect(await told(page, "Skryta")).toEqual([]);
    });

    await test.step("a refusal", async () => {
        const full = "2027-06-22";
        await desk.block(full, visit.employee, "Zebranie", instant(full, "09:00"), instant(full, "17:00"));
        await take(page, entry(page, "R. S."), visit.employee, "10:30");
        await carryOver(page, smallDay(page, "Tuesday 22 June"));
        await drop(page);
        const refused = page.getByRole("region", { name: /^R\. S\. does not fit/ });
        await expect(refused).toBeVisible();
        expect(await told(page, "Skryta")).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(refused).toHaveCount(0);
    });
});
