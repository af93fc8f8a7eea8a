// A series with a conflict: the plan is looked at before anything is booked, the one time that is taken gets another, and
// all of it is booked in one step. And the waiting list: who waits is offered what fits.

import { expectAccessible } from "../axe";
import { clickPlace, fillVisit, notices, openDay, panel } from "../desk";
import { alive, expect, test } from "../fixtures";

const zajac = "dr Piotr Zając";

test("a weekly series with one time taken is previewed, mended and booked whole", async ({ as, rest }) => {
    const desk = await rest("desk");
    const patient = "Marcin Wiśniewski";
    await desk.patient(patient);
    await desk.book({ patient: "Anna Nowak", treatment: "Konsultacja lekarska", employee: zajac, date: "2027-02-16", time: "10:00" });
    const page = await as("desk");
    await openDay(page, "2027-02-09");
    await clickPlace(page, zajac, "10:00");
    await fillVisit(page, { typed: "wisniewski mar", patient, treatment: "Konsultacja lekarska" });
    const form = panel(page);
    await form.getByRole("button", { name: "Repeat…" }).click();
    const series = form.getByRole("region", { name: "Series of visits" });
    await series.getByRole("textbox", { name: "Visits" }).fill("3");
    await series.getByRole("button", { name: "Check the times" }).click();
    const rows = series.getByRole("list").getByRole("listitem");
    await expect(rows).toHaveCount(3);
    await expect(series).toContainText("1 of the times does not work");
    await expect(rows.nth(1), "by whom").toContainText(zajac);
    await expect(series.getByRole("button", { name: /^Book \d/ }), "nothing can be booked yet").toHaveCount(0);
    await expectAccessible(page);

    await rows.nth(1).getByRole("button", { name: /10:30/ }).click();
    await expect(series).toContainText("All 3 times are free");
    await series.getByRole("button", { name: "Book 3 visits" }).click();
    await expect(notices(page)).toContainText("Series booked");
    expect((await desk.told("2027-02-09", patient))[0]?.times).toBe("10:00 – 10:30");
    expect((await desk.told("2027-02-16", patient))[0]?.times).toBe("10:30 – 11:00");
    expect((await desk.told("2027-02-23", patient))[0]?.times).toBe("10:00 – 10:30");
});

test("who waits is offered a time that fits, and books it by saying yes", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Ewa Mazur");
    const page = await as("desk");
    await page.goto("/dashboard/gabinet/waiting");
    await alive(page);
    await page.getByRole("button", { name: "Add to the list" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "Patient" }).fill("mazur");
    await page.getByRole("option", { name: /Ewa Mazur/ }).first().click();
    await dialog.getByRole("combobox", { name: "Treatment" }).fill("konsultacja lek");
    await page.getByRole("option", { name: /Konsultacja lekarska/ }).first().click();
    await dialog.getByRole("button", { name: "Add to the list" }).click();
    await expect(notices(page)).toContainText("Added to the waiting list");
    const row = page.getByRole("main").getByRole("listitem").filter({ hasText: "Ewa Mazur" }).first();
    await row.getByRole("button", { name: "Find a time" }).click();
    await expect(row.getByRole("button", { name: "Offer" }).first(), "the focus goes to the times").toBeFocused();
    await page.keyboard.press("Escape");
    await expect(row.getByRole("button", { name: "Find a time" }), "and back").toBeFocused();
    await page.keyboard.press("Enter");
    await row.getByRole("button", { name: "Offer" }).first().click();
    await expect(row).toContainText("held until");
    await expectAccessible(page);
    await row.getByRole("button", { name: "Accepts" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: "Ewa Mazur" })).toHaveCount(0);
});
