// Two want the same time. One gets it; the other is told why not, and what else there is.

import type { Page } from "@playwright/test";
import { clickPlace, drop, entry, entryAt, fillVisit, ghost, notices, openDay, panel, take } from "../desk";
import { expect, test } from "../fixtures";

test("of two who book the same time one is refused with reasons, and takes the nearest other time", async ({ as, rest, complaints }) => {
    // Browsers write every refused request into the console.
    complaints.expect(/status of 409/);
    const day = "2027-01-26";
    const wanted = [
        { page: await as("desk"), typed: "nowak ann", patient: "Anna Nowak" },
        { page: await as("owner"), typed: "krol jak", patient: "Jakub Król" },
    ];
    const desk = await rest("desk");
    for (const { page, typed, patient } of wanted) {
        await desk.patient(patient);
        await openDay(page, day);
        await clickPlace(page, "dr Marta Lis", "10:00");
        await fillVisit(page, { typed, patient, treatment: "Botoks, 3 okolice" });
        await expect(panel(page).getByRole("status").filter({ hasText: "10:00 – 10:45" })).toContainText("free");
    }
    await Promise.all(wanted.map(({ page }) => panel(page).getByRole("button", { name: /^Book/ }).click()));

    const told = async () => (await Promise.all(wanted.map(({ patient }) => desk.told(day, patient)))).flat();
    await expect.poll(async () => (await told()).length).toBe(1);
    const [booked] = await told();
    const second = wanted.find(({ patient }) => patient !== booked?.title);
    expect(second).toBeDefined();
    if (!second) return;
    const verdict = panel(second.page).getByRole("status").filter({ hasText: "10:00 does not work" });
    await expect(verdict).toBeVisible();
    await expect(verdict.getByRole("listitem").filter({ hasText: "dr Marta Lis" }), "with the reason").toContainText("10:00 – 10:45");
    await expect(panel(second.page).getByRole("combobox", { name: "Patient" }), "nothing that was typed is lost").toHaveValue(second.patient);

    const nearest = verdict.getByRole("button").first();
    const time = (await nearest.innerText()).match(/\d\d:\d\d/)?.[0] ?? "";
    await nearest.click();
    await expect(panel(second.page).getByRole("textbox", { name: "Time" })).toHaveValue(time);
    await panel(second.page).getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(second.page)).toContainText("Visit booked");
    const all = await told();
    expect(all.map(({ times }) => times.slice(0, 5)).sort()).toEqual(["10:00", time].sort());
});

test("a drop where a colleague was quicker is refused with reasons, and one press moves it to the nearest time", async ({
    as,
    rest,
    complaints,
}) => {
    complaints.expect(/status of 409/);
    const day = "2027-01-27";
    const desk = await rest("desk");
    await desk.book({ patient: "Anna Nowak", treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time: "14:00" });
    const page = await as("desk");
    await openDay(page, day);
    await hold(page);
    await desk.book({ patient: "Jakub Król", treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time: "10:30" });
    await drop(page);

    const refused = page.getByRole("region", { name: /^Anna Nowak does not fit 10:30 – 11:15/ });
    await expect(refused.getByRole("listitem").filter({ hasText: "dr Marta Lis" })).toContainText("10:30 – 11:15");
    await expect(entryAt(page, "dr Marta Lis", "Anna Nowak", "14:00 to 14:45"), "it is where it was").toBeVisible();
    expect((await desk.told(day, "Anna Nowak")).map(({ times }) => times)).toEqual(["14:00 – 14:45"]);

    const nearest = refused.getByRole("button", { name: /^\d\d:\d\d/ }).first();
    const time = (await nearest.innerText()).slice(0, 5);
    await nearest.click();
    await expect(notices(page)).toContainText(`Moved to ${time}`);
    await expect(refused).toHaveCount(0);
    await expect.poll(async () => (await desk.told(day, "Anna Nowak")).map(({ times }) => times.slice(0, 5))).toEqual([time]);
});

async function hold(page: Page): Promise<void> {
    await take(page, entry(page, "Anna Nowak"), "dr Marta Lis", "10:30");
    await expect(ghost(page)).toHaveText(/^10:30 – 11:15 · .*free/);
}
