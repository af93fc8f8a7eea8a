// Everything done on the calendar can be undone and done again, unless somebody else has changed it meanwhile.

import { clickPlace, drop, entry, entryAt, fillVisit, notices, openDay, panel, take } from "../desk";
import { expect, test } from "../fixtures";

const visit = { patient: "Ula Cofnij", treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

test("two moves are undone in turn, and done again", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-02-10";
    await desk.patient(visit.patient);
    await desk.book({ ...visit, date, time: "10:00" });
    const page = await as("desk");
    await openDay(page, date);
    for (const time of ["11:00", "14:00"]) {
        await take(page, entry(page, visit.patient), "dr Piotr Zając", time);
        await drop(page);
        await expect(notices(page)).toContainText(`Moved to ${time}`);
    }
    await page.keyboard.press("Control+z");
    await expect(entryAt(page, "dr Piotr Zając", visit.patient, "11:00 to 11:45")).toBeVisible();
    await page.keyboard.press("u");
    await expect(entryAt(page, "dr Piotr Zając", visit.patient, "10:00 to 10:45")).toBeVisible();
    await page.keyboard.press("Control+Shift+z");
    await expect(entryAt(page, "dr Piotr Zając", visit.patient, "11:00 to 11:45")).toBeVisible();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await expect(notices(page)).toContainText("There is nothing to undo");
});

test("what a colleague has changed meanwhile is not undone, and it is said why", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-02-11";
    await desk.patient("Iga Sporna");
    await desk.book({ ...visit, patient: "Iga Sporna", date, time: "10:00" });
    const [ewa, jan] = [await as("desk"), await as("owner")];
    await openDay(ewa, date);
    await openDay(jan, `${date}&lang=en`);
    await take(ewa, entry(ewa, "Iga Sporna"), "dr Piotr Zając", "11:00");
    await drop(ewa);
    await expect(notices(ewa)).toContainText("Moved to 11:00");
    await expect(entryAt(jan, "dr Piotr Zając", "Iga Sporna", "11:00 to 11:45")).toBeVisible();
    await take(jan, entry(jan, "Iga Sporna"), "dr Piotr Zając", "14:00");
    await drop(jan);
    await expect(entryAt(ewa, "dr Piotr Zając", "Iga Sporna", "14:00 to 14:45")).toBeVisible();
    await ewa.keyboard.press("Control+z");
    await expect(notices(ewa)).toContainText("Somebody else has changed this entry");
    expect((await desk.told(date, "Iga Sporna")).map(({ times }) => times)).toEqual(["14:00 – 14:45"]);
});

test("a booking that is undone leaves the calendar as it was: its rows, its hours, its free times, how full the day is", async ({ as, rest }) => {
    const desk = await rest("desk");
    const [date, next] = ["2027-05-10", "2027-05-11"];
    await desk.patient("Kinga Cofnięta");
    await desk.book({ ...visit, patient: "Anna Nowak", date, time: "11:00" });
    type Row = { title: string; status: string };
    type Calendar = { events: Row[]; resources: unknown[]; hours: unknown[] };
    const state = async () => {
        const { events, resources, hours } = await desk.get<Calendar>(`/calendar?from=${date}&to=${next}`);
        // What was cancelled is history, and takes no time.
        const over = events.filter(({ status }) => status === "cancelled");
        const load = await desk.get<unknown[]>(`/calendar/load?from=${date}&to=${next}`);
        const free = await desk.free(date, visit.treatment, visit.employee);
        return { rows: { events: events.filter((row) => !over.includes(row)), resources, hours, load, free }, over };
    };
    const before = await state();
    expect(before.rows.free, "there is something to book").toContain("10:00");
    expect([before.rows.events.length, before.over.length]).toEqual([1, 0]);

    const page = await as("desk");
    await openDay(page, date);
    await clickPlace(page, visit.employee, "10:00");
    await fillVisit(page, { typed: "cofnieta", patient: "Kinga Cofnięta", treatment: visit.treatment });
    await panel(page).getByRole("button", { name: "Book the visit" }).click();
    await expect(entryAt(page, visit.employee, "Kinga Cofnięta", "10:00 to 10:45")).toBeVisible();
    const booked = await state();
    expect(booked.rows.events.length).toBe(2);
    expect(booked.rows.free).not.toContain("10:00");
    expect(booked.rows.load).not.toEqual(before.rows.load);

    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(notices(page)).toContainText("Kinga Cofnięta: cancelled");
    await expect(entry(page, "Kinga Cofnięta")).toHaveCount(0);
    const after = await state();
    expect(after.rows).toEqual(before.rows);
    expect(after.over.map(({ title }) => title)).toEqual(["Kinga Cofnięta"]);
});

test("a step at the desk that was a slip is taken back by whoever took it", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-02-25";
    await desk.patient("Ola Stan");
    await desk.book({ ...visit, patient: "Ola Stan", date, time: "10:00" });
    const page = await as("desk");
    await openDay(page, date);
    await entry(page, "Ola Stan").focus();
    await page.keyboard.press("1");
    await expect(notices(page)).toContainText("Ola Stan: confirmed");
    await page.keyboard.press("z");
    await expect(notices(page)).toContainText("Ola Stan: planned");
});

test("the shelf carries a visit by keys from one week to the next", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Pola Półka");
    await desk.book({ ...visit, patient: "Pola Półka", date: "2027-01-08", time: "10:00" });
    const page = await as("desk");
    await openDay(page, "2027-01-08");
    await entry(page, "Pola Półka").focus();
    await page.keyboard.press("Control+x");
    await expect(page.getByRole("region", { name: "Shelf" })).toContainText("Pola Półka");
    await page.keyboard.press("]");
    await expect(page).toHaveURL(/date=2027-01-15/);
    await page.reload();
    await page.locator("html[data-alive]").waitFor({ state: "attached" });
    const shelf = page.getByRole("region", { name: "Shelf" });
    await expect(shelf, "it survives a reload").toContainText("Pola Półka");
    await shelf.getByRole("button", { name: /^Put Pola Półka down/ }).click();
    await expect(page.getByText(/^Pola Półka lifted/)).toHaveCount(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(notices(page)).toContainText("Moved to");
    await expect(shelf).toBeHidden();
    expect(await desk.told("2027-01-08", "Pola Półka")).toEqual([]);
});
