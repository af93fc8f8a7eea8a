// Two want the same time. One gets it; the other is told why not, and what else there is.

import type { Page } from "@playwright/test";
import { clickPlace, drop, entry, entryAt, fillVisit, ghost, notices, openDay, panel, take } from "../desk";
import { expect, test } from "../fixtures";

test("whoever chooses a time has it held; the second is told by whom and takes the nearest other time", async ({ as, rest }) => {
    const day = "2027-01-26";
    const desk = await rest("desk");
    const first = await as("desk");
    const second = await as("owner");
    for (const patient of ["Anna Nowak", "Jakub Król"]) await desk.patient(patient);

    await openDay(first, day);
    await clickPlace(first, "dr Marta Lis", "10:00");
    await fillVisit(first, { typed: "nowak ann", patient: "Anna Nowak", treatment: "Botoks, 3 okolice" });
    await expect(panel(first).getByRole("status").filter({ hasText: "10:00 – 10:45" })).toContainText("free");

    await openDay(second, day);
    // What is held lies on the calendar already; by its time it can still be asked for.
    await clickPlace(second, "dr Marta Lis", "12:00");
    await fillVisit(second, { typed: "krol jak", patient: "Jakub Król", treatment: "Botoks, 3 okolice" });
    const typed = panel(second).getByRole("textbox", { name: "Time" });
    await typed.fill("10:00");
    await typed.press("Tab");
    const verdict = panel(second).getByRole("status").filter({ hasText: "10:00 does not work" });
    await expect(verdict).toBeVisible();
    await expect(verdict.getByText(/^dr Marta Lis: held by Ewa Wrona until/), "by whom it is held, in one line").toBeVisible();
    const nearest = verdict.getByRole("button", { name: /^\d\d:\d\d/ }).first();
    const time = (await nearest.innerText()).match(/\d\d:\d\d/)?.[0] ?? "";
    await nearest.click();
    await expect(panel(second).getByRole("textbox", { name: "Time" })).toHaveValue(time);
    await panel(second).getByRole("button", { name: /^Book/ }).click();
    await expect(notices(second)).toContainText("Visit booked");

    // What was held meanwhile is still the first one's.
    await panel(first).getByRole("button", { name: /^Book/ }).click();
    await expect(notices(first)).toContainText("Visit booked");
    const told = [...(await desk.told(day, "Anna Nowak")), ...(await desk.told(day, "Jakub Król"))];
    expect(told.map(({ times }) => times.slice(0, 5))).toEqual(["10:00", time]);
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
    await refused.getByText(/^All \d+ reasons$/).click();
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
