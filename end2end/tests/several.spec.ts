// A visit of several treatments: put together in the form, kept over a reload, asked about, repeated, and changed places.

import { expectAccessible } from "../axe";
import { clickPlace, entryAt, fillVisit, notices, openDay, panel } from "../desk";
import { alive, expect, test } from "../fixtures";
import type { Page } from "@playwright/test";

const kania = "Ola Kania";
const duda = "Kamil Duda";
const peeling = "Peeling medyczny";
const laser = "Depilacja laserowa, pachy";

/** Adds a treatment to the form that stands open, with whoever gives the first or somebody else. */
async function add(page: Page, treatment: string, employee?: string): Promise<void> {
    const form = panel(page);
    await form.getByRole("button", { name: "Another treatment" }).click();
    const second = form.getByRole("group", { name: "Treatment 2" });
    await second.getByRole("combobox", { name: "Treatment" }).pressSequentially(treatment.slice(0, 22));
    await second.getByRole("option", { name: treatment }).click();
    if (employee) await second.getByRole("combobox", { name: "With" }).selectOption({ label: employee });
}

test("two treatments are booked as one visit, and what was chosen outlives a reload", async ({ as, rest }) => {
    const day = "2027-03-02";
    const patient = "Marcin Wiśniewski";
    const desk = await rest("desk");
    await desk.patient(patient);
    const page = await as("desk");
    await openDay(page, day);
    await clickPlace(page, kania, "08:00");
    await fillVisit(page, { typed: "wisniewski mar", patient, treatment: peeling });
    await add(page, laser, duda);
    // Kamil Duda comes at noon only.
    await expect(panel(page).getByRole("status").filter({ hasText: duda })).toContainText(/hours|works/i);
    await panel(page).getByRole("group", { name: "Treatment 2" }).getByRole("combobox", { name: "With" }).selectOption({ label: "The same person" });
    await expect(panel(page).getByRole("status").filter({ hasText: "08:00 – 09:15" })).toContainText("free");
    await expectAccessible(page);

    await page.reload();
    await alive(page);
    const second = panel(page).getByRole("group", { name: "Treatment 2" });
    await expect(second.getByRole("combobox", { name: "Treatment" })).toHaveValue(laser);
    await panel(page).getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    await expect(entryAt(page, kania, patient, "08:00 to 09:15")).toBeVisible();
    const [told] = await desk.told(day, patient);
    expect(told?.treatment).toBe(`${peeling} + ${laser}`);
    expect(told?.times).toBe("08:00 – 09:15");
});

test("whoever is taken for the second treatment is told, and a colleague takes it by a press", async ({ as, rest }) => {
    const day = "2027-03-04";
    const patient = "Jakub Król";
    const desk = await rest("desk");
    await desk.patient(patient);
    // Dr Zając gives lasers too; at half past twelve Kamil Duda has somebody else.
    await desk.book({ patient: "Anna Nowak", treatment: laser, employee: duda, date: day, time: "12:30" });
    const page = await as("desk");
    await openDay(page, day);
    await clickPlace(page, kania, "11:45");
    await fillVisit(page, { typed: "krol jak", patient, treatment: peeling });
    await add(page, laser, duda);
    const form = panel(page);
    await expect(form.getByText(duda, { exact: false }).first()).toBeVisible();
    await form.getByRole("button", { name: "What would help?" }).click();
    const ways = form.getByRole("status").filter({ hasText: duda });
    await expect(ways.last()).toBeVisible();
    const colleague = form.getByRole("button", { name: /dr Piotr Zając/ }).first();
    await colleague.click();
    await expect(form.getByRole("group", { name: "Treatment 2" }).getByRole("combobox", { name: "With" }).locator("option:checked")).toHaveText(
        "dr Piotr Zając",
    );
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    expect((await desk.told(day, patient))[0]?.with).toEqual(expect.arrayContaining([kania, "dr Piotr Zając"]));
});

test("a visit of two treatments is repeated by the week", async ({ as, rest }) => {
    const patient = "Ewa Mazur";
    const desk = await rest("desk");
    await desk.patient(patient);
    const page = await as("desk");
    await openDay(page, "2027-03-09");
    await clickPlace(page, kania, "09:00");
    await fillVisit(page, { typed: "mazur ew", patient, treatment: peeling });
    await add(page, laser);
    const form = panel(page);
    await form.getByRole("button", { name: "Repeat…" }).click();
    const series = form.getByRole("region", { name: "Series of visits" });
    await series.getByRole("textbox", { name: "Visits" }).fill("2");
    await series.getByRole("button", { name: "Check the times" }).click();
    await expect(series).toContainText("All 2 times are free");
    await series.getByRole("button", { name: "Book 2 visits" }).click();
    await expect(notices(page)).toContainText("Series booked");
    for (const day of ["2027-03-09", "2027-03-16"]) {
        expect((await desk.told(day, patient))[0]?.treatment).toBe(`${peeling} + ${laser}`);
        expect((await desk.told(day, patient))[0]?.times).toBe("09:00 – 10:15");
    }
});
