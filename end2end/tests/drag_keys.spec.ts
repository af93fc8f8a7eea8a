// The keys that change what a drop does: Alt leaves the visit where it is and books a copy, Ctrl lets two change places.

import { drop, entry, entryAt, ghost, notices, openDay, placeOf, take } from "../desk";
import { expect, test } from "../fixtures";

const [lis, zajac] = ["dr Marta Lis", "dr Piotr Zając"];
const book = { treatment: "Botoks, 3 okolice", employee: zajac };

test("with Alt a copy is booked and the visit stays", async ({ as, rest }) => {
    const desk = await rest("desk");
    const day = "2027-03-23";
    await desk.patient("Dorota Kopia");
    await desk.book({ ...book, patient: "Dorota Kopia", date: day, time: "10:00" });
    const page = await as("desk");
    await openDay(page, day);
    await take(page, entry(page, "Dorota Kopia"), "dr Piotr Zając", "14:30");
    await page.keyboard.down("Alt");
    const there = await placeOf(page, "dr Piotr Zając", "14:30");
    await page.mouse.move(there.x + 1, there.y + 6);
    await drop(page);
    await page.keyboard.up("Alt");
    await expect(notices(page)).toContainText("Dorota Kopia copied to");
    await expect(entry(page, "Dorota Kopia")).toHaveCount(2);
    await page.keyboard.press("Control+z");
    await expect(entry(page, "Dorota Kopia")).toHaveCount(1);
});

test("with Ctrl two visits of one length change places, times and practitioners alike, and change back", async ({ as, rest }) => {
    const day = "2027-05-12";
    const desk = await rest("desk");
    const visits = [
        { treatment: book.treatment, patient: "Zenon Zamiana", employee: zajac, date: day, time: "10:00" },
        { treatment: book.treatment, patient: "Wacława Wymiana", employee: lis, date: day, time: "13:30" },
        { treatment: "Konsultacja lekarska", patient: "Kalina Krótka", employee: lis, date: day, time: "10:00" },
    ];
    for (const visit of visits) {
        await desk.patient(visit.patient);
        await desk.book(visit);
    }
    const told = async () =>
        Promise.all(visits.map(async ({ patient }) => (await desk.told(day, patient)).map(({ times, with: whom }) => `${times} ${whom.at(-1)}`).join()));
    const before = await told();
    expect(before).toEqual([`10:00 – 10:45 ${zajac}`, `13:30 – 14:15 ${lis}`, `10:00 – 10:30 ${lis}`]);
    const page = await as("desk");
    await openDay(page, day);
    const swap = async (who: string, time: string) => {
        await take(page, entry(page, "Zenon Zamiana"), who, time);
        await page.keyboard.down("Control");
        await drop(page);
        await page.keyboard.up("Control");
    };

    await swap(lis, "13:30");
    await expect(notices(page)).toContainText("Zenon Zamiana and Wacława Wymiana have changed places");
    await expect(entryAt(page, lis, "Zenon Zamiana", "13:30 to 14:15")).toBeVisible();
    await expect(entryAt(page, zajac, "Wacława Wymiana", "10:00 to 10:45")).toBeVisible();
    expect(await told()).toEqual([`13:30 – 14:15 ${lis}`, `10:00 – 10:45 ${zajac}`, before[2]]);

    await page.keyboard.press("Control+z");
    await expect(entryAt(page, zajac, "Zenon Zamiana", "10:00 to 10:45")).toBeVisible();
    expect(await told()).toEqual(before);

    // Of another length it would leave a gap here and overlap there.
    await swap(lis, "10:00");
    await expect(notices(page)).toContainText("Zenon Zamiana and Kalina Krótka differ in length or are over; they do not change places.");
    expect(await told()).toEqual(before);
});

test("while it is in the air the ghost says what the key that is down would make of it", async ({ as, rest }) => {
    const day = "2027-05-20";
    const desk = await rest("desk");
    for (const [patient, employee, time] of [["Jagna Jedna", zajac, "10:00"], ["Danuta Druga", lis, "10:00"]] as const) {
        await desk.patient(patient);
        await desk.book({ treatment: book.treatment, patient, employee, date: day, time });
    }
    const page = await as("desk");
    await openDay(page, day);
    await take(page, entry(page, "Jagna Jedna"), lis, "10:00");
    await expect(ghost(page)).toHaveText("10:00 – 10:45 · dr Marta Lis · taken");
    const { x, y } = await placeOf(page, lis, "10:00");
    const refused = page.locator(".calendar-ghost.is-refused");

    await page.keyboard.down("Control");
    await page.mouse.move(x, y + 12);
    await expect(ghost(page)).toHaveText("changes places with Danuta Druga");
    await expect(refused).toHaveCount(0);
    await page.keyboard.up("Control");
    await page.mouse.move(x, y + 13);
    await expect(ghost(page)).toHaveText("10:00 – 10:45 · dr Marta Lis · taken");
    await expect(refused).toHaveCount(1);
    await page.keyboard.down("Alt");
    await page.mouse.move(x, y + 12);
    await expect(ghost(page)).toHaveText("copy · 10:00 – 10:45 · dr Marta Lis · taken");
    await page.keyboard.up("Alt");
    await page.keyboard.press("Escape");
    await drop(page);
    expect((await desk.told(day, "Jagna Jedna")).map(({ times, with: whom }) => [times, whom.at(-1)])).toEqual([["10:00 – 10:45", zajac]]);
});
