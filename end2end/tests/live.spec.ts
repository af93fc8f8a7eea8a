// What one does appears before the others' eyes, without a reload and without taking anything out of their hands.

import type { Page } from "@playwright/test";
import { clickPlace, drop, entry, entryAt, fillVisit, ghost, notices, openDay, panel, take } from "../desk";
import { expect, test } from "../fixtures";

/** Counts how often a page is loaded or its address changes from now on. */
function navigations(page: Page): () => number {
    let count = 0;
    page.on("framenavigated", () => (count += 1));
    return () => count;
}

test("what one books and moves, the other sees", async ({ as, rest }) => {
    const day = "2027-01-19";
    await (await rest("desk")).patient("Natalia Kozłowska");
    const [ewa, owner] = [await as("desk"), await as("owner")];
    await openDay(ewa, day);
    await openDay(owner, day);
    const moved = navigations(owner);

    await clickPlace(ewa, "dr Marta Lis", "10:00");
    await fillVisit(ewa, { typed: "kozlowska nat", patient: "Natalia Kozłowska", treatment: "Botoks, 3 okolice" });
    await panel(ewa).getByRole("button", { name: "Book the visit" }).click();
    await expect(entryAt(owner, "dr Marta Lis", "Natalia Kozłowska", "10:00 to 10:45")).toBeVisible();

    await ewa.keyboard.press("Escape");
    await take(ewa, entry(ewa, "Natalia Kozłowska"), "dr Piotr Zając", "11:15");
    await drop(ewa);
    await expect(notices(ewa)).toContainText("Moved to 11:15 with dr Piotr Zając");
    await expect(entryAt(owner, "dr Piotr Zając", "Natalia Kozłowska", "11:15 to 12:00")).toBeVisible();
    await expect(entry(owner, "Natalia Kozłowska"), "and sees it once").toHaveCount(1);

    await entry(ewa, "Natalia Kozłowska").click();
    await panel(ewa).getByRole("button", { name: "Confirm", exact: true }).click();
    await expect(entry(owner, "Natalia Kozłowska")).toHaveAccessibleName(/confirmed/);
    expect(moved(), "the other's page has stayed where it was").toBe(0);
});

test("what others book does not disturb a drag under way", async ({ as, rest }) => {
    const day = "2027-01-20";
    const desk = await rest("desk");
    await desk.book({ patient: "Anna Nowak", treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time: "09:00" });
    const page = await as("owner");
    await openDay(page, day);
    const moved = navigations(page);
    await take(page, entry(page, "Anna Nowak"), "dr Marta Lis", "10:30");
    await expect(ghost(page)).toHaveText(/^10:30 – 11:15 · .*free/);

    // The news arrives while the entry is held; it must not take it out of the hand.
    const news = page.waitForResponse((answer) => /calendar.?range/.test(answer.url()));
    await desk.book({ patient: "Jakub Król", treatment: "Konsultacja lekarska", employee: "dr Piotr Zając", date: day, time: "10:00" });
    await (await news).finished();
    await page.waitForTimeout(300);
    await expect(ghost(page)).toHaveText(/^10:30 – 11:15 · .*free/);
    await expect(entry(page, "Jakub Król"), "nothing changes under the drag").toHaveCount(0);

    await drop(page);
    await expect(entryAt(page, "dr Piotr Zając", "Jakub Król", "10:00 to 10:30")).toBeVisible();
    await expect(entryAt(page, "dr Marta Lis", "Anna Nowak", "10:30 to 11:15")).toBeVisible();
    // It is shown there before the server has answered.
    await expect.poll(async () => (await desk.told(day, "Anna Nowak")).map(({ times }) => times)).toEqual(["10:30 – 11:15"]);
    expect(moved()).toBe(0);
});
