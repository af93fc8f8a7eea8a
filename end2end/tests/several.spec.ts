// A visit of several treatments with several practitioners, from the form to its end: by the mouse, and by keys alone.

import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe";
import { clickPlace, drop, entryAt, fillVisit, notices, openDay, panel, tabTo, take, walkTo } from "../desk";
import { expect, test } from "../fixtures";

const [lis, kania] = ["dr Marta Lis", "Ola Kania"];
const first = "Konsultacja lekarska";
const second = "Peeling medyczny";

/** The fields of the visit's second treatment. */
const further = (page: Page) => panel(page).getByRole("group", { name: "Treatment 2" });

/** Puts the second treatment into the form. */
async function addSecond(page: Page, whom: string): Promise<void> {
    await panel(page).getByRole("button", { name: "Another treatment" }).click();
    await expect(further(page).getByRole("combobox", { name: "Treatment" }), "writing can go on").toBeFocused();
    await further(page).getByRole("combobox", { name: "Treatment" }).pressSequentially(second.slice(0, 7));
    await further(page).getByRole("option", { name: second }).click();
    if (whom) await further(page).getByRole("combobox", { name: "With" }).selectOption({ label: whom });
}

test("two treatments with two practitioners are booked in the form, dragged, put back and cancelled", async ({ as, rest }) => {
    const day = "2027-04-20";
    const patient = "Wanda Dwojga";
    const desk = await rest("desk");
    await desk.patient(patient);
    const page = await as("desk");
    const told = async () => (await desk.told(day, patient)).map(({ times, status, treatment }) => [times, status, treatment]);
    const both = `${first} + ${second}`;
    const at = async (times: string) => {
        // One visit, drawn with each of them.
        for (const whom of [lis, kania]) await expect(entryAt(page, whom, patient, times)).toBeVisible();
    };

    await openDay(page, day);
    await clickPlace(page, lis, "09:00");
    await fillVisit(page, { typed: "dwojga", patient, treatment: first });
    await addSecond(page, kania);
    const form = panel(page);
    const verdict = form.locator(".booking-verdict");
    await expect(verdict).toContainText("09:00 – 10:15");
    await expect(verdict).toContainText("free");
    for (const whom of [lis, kania]) await expect(verdict).toContainText(whom);
    await expectAccessible(page);
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    await at("09:00 to 10:15");
    expect(await told()).toEqual([["09:00 – 10:15", "scheduled", both]]);
    await expect(form.getByRole("listitem").filter({ hasText: first })).toContainText(`09:00 – 09:30 ${lis}`);
    await expect(form.getByRole("listitem").filter({ hasText: second })).toContainText(`09:30 – 10:15 ${kania}`);

    await test.step("dragged it moves whole, and each stays with whom they are", async () => {
        await page.keyboard.press("Escape");
        await expect(form).toHaveCount(0);
        await take(page, entryAt(page, lis, patient, "09:00 to 10:15"), lis, "13:00");
        await drop(page);
        await expect(notices(page)).toContainText("Moved to 13:00");
        await at("13:00 to 14:15");
        expect(await told()).toEqual([["13:00 – 14:15", "scheduled", both]]);
    });

    await test.step("undone it is back", async () => {
        await page.keyboard.press("Control+z");
        await at("09:00 to 10:15");
        await expect.poll(told).toEqual([["09:00 – 10:15", "scheduled", both]]);
    });

    await test.step("cancelled it frees both", async () => {
        await entryAt(page, kania, patient, "09:00 to 10:15").click();
        await form.getByRole("button", { name: "More", exact: true }).click();
        await form.getByRole("button", { name: "Cancel the visit" }).click();
        const dialog = page.getByRole("dialog", { name: "Cancel this visit?" });
        await dialog.getByRole("textbox", { name: "Reason" }).fill("pacjentka chora");
        await dialog.getByRole("button", { name: "Cancel the visit" }).click();
        await expect(notices(page)).toContainText("Visit cancelled");
        for (const whom of [lis, kania]) await expect(entryAt(page, whom, patient, "09:00 to 10:15")).toHaveCount(0);
        expect(await told()).toEqual([["09:00 – 10:15", "cancelled", both]]);
        expect(await desk.free(day, first, lis)).toContain("09:00");
        expect(await desk.free(day, second, kania)).toContain("09:30");
    });
});

test("by keys alone: two treatments are booked, carried, put back and cancelled", async ({ as, rest }) => {
    const day = "2027-04-21";
    const patient = "Wera Klawisz";
    const desk = await rest("desk");
    await desk.patient(patient);
    const page = await as("desk");
    const told = async () => (await desk.told(day, patient)).map(({ times, status }) => [times, status]);
    const form = panel(page);
    const own = new RegExp(`, ${patient}, `);

    await openDay(page, day);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect(page.locator("#main"), "the navigation is skipped").toBeFocused();
    await tabTo(page, `${lis}, 08:00, free. Enter makes a new entry.`);
    for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("combobox", { name: "Patient" })).toBeFocused();
    await page.keyboard.type("klawisz");
    await expect(form.getByRole("option", { name: patient }).first()).toBeVisible();
    await page.keyboard.press("Enter");
    await tabTo(page, "Treatment");
    await page.keyboard.type("konsultacja");
    await page.keyboard.press("Enter");
    await expect(form.getByRole("combobox", { name: "Treatment" })).toHaveValue(first);
    await tabTo(page, "Another treatment");
    await page.keyboard.press("Enter");
    await expect(further(page).getByRole("combobox", { name: "Treatment" })).toBeFocused();
    await page.keyboard.type("peeling");
    await page.keyboard.press("Enter");
    await expect(further(page).getByRole("combobox", { name: "Treatment" })).toHaveValue(second);
    await page.keyboard.press("Tab");
    await expect(further(page).getByRole("combobox", { name: "With" })).toBeFocused();
    await page.keyboard.type("Ola");
    await expect(further(page).getByRole("combobox", { name: "With" }).locator("option:checked")).toHaveText(kania);
    await expect(form.locator(".booking-verdict")).toContainText("09:00 – 10:15");
    await tabTo(page, "Book the visit");
    await page.keyboard.press("Enter");
    await expect(notices(page)).toContainText("Visit booked");
    for (const whom of [lis, kania]) await expect(entryAt(page, whom, patient, "09:00 to 10:15")).toBeVisible();

    await test.step("carried four steps up, and put back", async () => {
        await page.keyboard.press("Escape");
        await expect(form).toHaveCount(0);
        await tabTo(page, new RegExp(`^${lis}, |${own.source}`));
        await walkTo(page, own);
        await page.keyboard.press("Shift+M");
        await expect(page.getByText(new RegExp(`^${patient} lifted`))).toHaveCount(1);
        for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowUp");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("Moved to 08:00");
        expect(await told()).toEqual([["08:00 – 09:15", "scheduled"]]);
        await page.keyboard.press("Control+z");
        await expect.poll(told).toEqual([["09:00 – 10:15", "scheduled"]]);
        await expect(entryAt(page, kania, patient, "09:00 to 10:15")).toBeVisible();
    });

    await test.step("cancelled with a reason", async () => {
        await walkTo(page, own);
        await page.keyboard.press("6");
        await expect(page.getByRole("dialog").getByRole("textbox", { name: "Reason" })).toBeFocused();
        await page.keyboard.type("woli inny dzień");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText(`${patient}: cancelled`);
        expect(await told()).toEqual([["09:00 – 10:15", "cancelled"]]);
    });
});

test("whoever does not give a treatment is told at their field; a visit of two is repeated as such, also after a reload", async ({ as, rest }) => {
    const days = ["2027-04-22", "2027-04-29"];
    const patient = "Wiga Powtórna";
    const desk = await rest("desk");
    await desk.patient(patient);
    const page = await as("desk");
    const form = panel(page);
    await openDay(page, days[0] ?? "");
    await clickPlace(page, lis, "09:00");
    await fillVisit(page, { typed: "powtorna", patient, treatment: first });
    await addSecond(page, "");
    const whose = further(page).getByRole("combobox", { name: "With" });
    await expect(whose, "the same person is the doctor").toHaveAccessibleDescription(`${lis} does not give this treatment.`);
    await whose.selectOption({ label: kania });
    await expect(whose).not.toHaveAccessibleDescription(/./);
    const verdict = form.locator(".booking-verdict");
    await expect(verdict).toContainText("free");
    await page.reload();
    await expect(whose.locator("option:checked")).toHaveText(kania);
    await expect(verdict).toContainText("09:00 – 10:15");
    await expect(verdict).toContainText("free");

    await form.getByRole("button", { name: "Repeat…" }).click();
    const series = form.getByRole("region", { name: "Series of visits" });
    await series.getByRole("textbox", { name: "Visits" }).fill("2");
    await series.getByRole("button", { name: "Check the times" }).click();
    await expect(series).toContainText("All 2 times are free");
    await series.getByRole("button", { name: "Book 2 visits" }).click();
    await expect(notices(page)).toContainText("Series booked");
    for (const day of days) {
        expect((await desk.told(day, patient)).map(({ times, treatment }) => [times, treatment])).toEqual([["09:00 – 10:15", `${first} + ${second}`]]);
    }
});
