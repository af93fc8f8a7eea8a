// What a mouse does to the calendar beyond a plain move: over the edge, both ends, several at once.

import { expectAccessible } from "../axe";
import { carry, column, drop, entry, entryAt, ghost, notices, openDay, placeOf, take } from "../desk";
import { expect, test } from "../fixtures";
import { instant } from "../rest";
import type { Page } from "@playwright/test";

const book = { treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

/** Opens the week that a day lies in. */
async function openWeek(page: Page, day: string): Promise<void> {
    await openDay(page, `${day}&view=week`);
}

test("a drag that waits at the edge turns the page, and is dropped in the next week", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Edyta Brzeg");
    await desk.book({ ...book, patient: "Edyta Brzeg", date: "2027-03-05", time: "10:00" });
    const page = await as("desk");
    await openWeek(page, "2027-03-05");
    const visit = await entry(page, "Edyta Brzeg").boundingBox();
    const board = await page.locator(".calendar-scroll").boundingBox();
    if (!visit || !board) throw new Error("the week is not on the screen");

    const y = visit.y + visit.height / 2;
    await page.mouse.move(visit.x + 12, y);
    await page.mouse.down();
    await page.mouse.move(visit.x + 40, y, { steps: 4 });
    await page.mouse.move(board.x + board.width - 8, y, { steps: 6 });
    await expect(page).toHaveURL(/date=2027-03-12/);
    await expect(column(page, "Friday 12 March")).toBeVisible();
    const friday = await column(page, "Friday 12 March").boundingBox();
    if (!friday) throw new Error("the next week is not on the screen");
    await page.mouse.move(friday.x + friday.width / 2, y, { steps: 6 });
    await expect(ghost(page)).toContainText("10:00 – 10:45 · Fri 12 · free");
    await drop(page);
    await expect(notices(page)).toContainText("Moved to Fri 12 10:00");
    expect((await desk.told("2027-03-12", "Edyta Brzeg")).map(({ times }) => times)).toEqual(["10:00 – 10:45"]);
});

test("at the left edge it goes to the week before, and by keys from the last day to the week after", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Feliks Kraniec");
    await desk.book({ ...book, patient: "Feliks Kraniec", date: "2027-05-21", time: "10:00" });
    const page = await as("desk");
    const times = async (day: string) => (await desk.told(day, "Feliks Kraniec")).map(({ times }) => times);
    await openWeek(page, "2027-05-21");
    const visit = await entry(page, "Feliks Kraniec").boundingBox();
    const board = await page.locator(".calendar-scroll").boundingBox();
    if (!visit || !board) throw new Error("the week is not on the screen");
    const y = visit.y + visit.height / 2;
    await page.mouse.move(visit.x + 12, y);
    await page.mouse.down();
    await page.mouse.move(visit.x - 20, y, { steps: 4 });
    await page.mouse.move(board.x + 8, y, { steps: 6 });
    await expect(page).toHaveURL(/date=2027-05-14/);
    const friday = await column(page, "Friday 14 May").boundingBox();
    if (!friday) throw new Error("the week before is not on the screen");
    await page.mouse.move(friday.x + friday.width / 2, y, { steps: 6 });
    await expect(ghost(page)).toContainText("10:00 – 10:45 · Fri 14 · free");
    await drop(page);
    await expect(notices(page)).toContainText("Moved to Fri 14 10:00");
    expect([await times("2027-05-14"), await times("2027-05-21")]).toEqual([["10:00 – 10:45"], []]);

    await entry(page, "Feliks Kraniec").focus();
    await page.keyboard.press("Shift+M");
    await expect(page.getByText(/^Feliks Kraniec lifted/)).toHaveCount(1);
    for (const day of ["Sat 15", "Sun 16"]) {
        await page.keyboard.press("ArrowRight");
        await expect(ghost(page)).toContainText(day);
    }
    await page.keyboard.press("ArrowRight");
    await expect(page).toHaveURL(/date=2027-05-21/);
    await expect(ghost(page), "there it begins with the first day").toContainText("10:00 – 10:45 · Mon 17 · free");
    await page.keyboard.press("Enter");
    await expect(notices(page)).toContainText("Moved to Mon 17 10:00");
    expect([await times("2027-05-17"), await times("2027-05-14")]).toEqual([["10:00 – 10:45"], []]);
});

test("whoever cannot take it dims as soon as it is lifted, and the ghost tells the new time and what stands against it", async ({ as, rest }) => {
    const day = "2027-05-11";
    const name = "Sonia Cień";
    const [lis, zajac] = ["dr Marta Lis", "dr Piotr Zając"];
    const desk = await rest("desk");
    await desk.patient(name);
    await desk.book({ ...book, patient: name, date: day, time: "10:00" });
    await desk.block(day, lis, "Szkolenie", instant(day, "14:00"), instant(day, "15:00"));
    const page = await as("desk");
    await openDay(page, day);
    const refused = page.locator(".calendar-ghost.is-refused");

    await take(page, entry(page, name), zajac, "10:30");
    // Nobody of them gives this treatment.
    for (const who of ["Ola Kania", "Ewa Mróz"]) {
        await expect(column(page, who)).toHaveCSS("opacity", "0.4");
        await expect(column(page, who)).toHaveClass(/is-invalid/);
    }
    for (const who of [lis, zajac]) await expect(column(page, who)).toHaveCSS("opacity", "1");
    await expect(ghost(page)).toHaveText("10:30 – 11:15 · dr Piotr Zając · free");
    await expect(refused).toHaveCount(0);

    await carry(page, lis, "14:15");
    await expect(ghost(page)).toHaveText("14:15 – 15:00 · dr Marta Lis · taken");
    await expect(refused).toHaveCount(1);
    await carry(page, lis, "11:30");
    await expect(ghost(page)).toHaveText("11:30 – 12:15 · dr Marta Lis · break");
    await carry(page, lis, "10:30");
    await expect(ghost(page)).toHaveText("10:30 – 11:15 · dr Marta Lis · free");
    await expect(refused).toHaveCount(0);
    await carry(page, "Ola Kania", "09:30");
    await expect(refused, "the dim column refuses it").toHaveCount(1);

    await page.keyboard.press("Escape");
    await drop(page);
    await expect(page.locator(".calendar-column.is-invalid, .calendar-event.is-lifted")).toHaveCount(0);
    await expect(ghost(page)).toBeHidden();
    expect((await desk.told(day, name)).map(({ times, with: whom }) => [times, whom.at(-1)])).toEqual([["10:00 – 10:45", zajac]]);
});

test("the upper edge changes the start alone", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Adam Górny");
    await desk.book({ ...book, patient: "Adam Górny", date: "2027-03-16", time: "12:00" });
    const page = await as("desk");
    await openDay(page, "2027-03-16");
    const target = await placeOf(page, "dr Piotr Zając", "11:30");
    const visit = await entry(page, "Adam Górny").boundingBox();
    if (!visit) throw new Error("the visit is not on the board");
    await page.mouse.move(visit.x + 60, visit.y + 2);
    await page.mouse.down();
    await page.mouse.move(visit.x + 60, visit.y - 8, { steps: 3 });
    await page.mouse.move(visit.x + 60, target.y + 2, { steps: 4 });
    await expect(ghost(page)).toContainText("11:30 – 12:45");
    await drop(page);
    await expect(notices(page)).toContainText("11:30");
    await expect(entryAt(page, "dr Piotr Zając", "Adam Górny", "11:30 to 12:45")).toBeVisible();
});

test("two chosen visits move together, and come back together", async ({ as, rest }) => {
    const desk = await rest("desk");
    const day = "2027-03-18";
    for (const [patient, time] of [["Beata Druga", "10:00"], ["Celina Trzecia", "11:00"]] as const) {
        await desk.patient(patient);
        await desk.book({ ...book, patient, date: day, time });
    }
    const page = await as("desk");
    await openDay(page, day);
    await entry(page, "Beata Druga").click({ modifiers: ["Shift"] });
    await entry(page, "Celina Trzecia").click({ modifiers: ["Shift"] });
    await expect(page.getByText("2 entries chosen")).toHaveCount(1);
    await take(page, entry(page, "Beata Druga"), "dr Piotr Zając", "11:00");
    await drop(page);
    await expect(notices(page)).toContainText("2 entries moved");
    expect((await desk.told(day, "Celina Trzecia")).map(({ times }) => times)).toEqual(["12:00 – 12:45"]);
    await notices(page).getByRole("button", { name: "Undo" }).last().click();
    await expect(notices(page)).toContainText("2 entries are back");
    expect((await desk.told(day, "Beata Druga")).map(({ times }) => times)).toEqual(["10:00 – 10:45"]);
});

test("three are chosen and carried by keys: the verdict is about all of them, and they go together or not at all", async ({ as, rest, complaints }) => {
    complaints.expect(/status of 409/);
    const desk = await rest("desk");
    const day = "2027-03-19";
    const all = [["Dagna Piąta", "10:00"], ["Dobra Szósta", "11:00"], ["Dora Siódma", "12:00"]] as const;
    for (const [patient, time] of all) {
        await desk.patient(patient);
        await desk.book({ ...book, patient, date: day, time });
    }
    const times = async () => Promise.all(all.map(async ([patient]) => (await desk.told(day, patient))[0]?.times));
    const page = await as("desk");
    await openDay(page, day);
    for (const [patient] of all) {
        await entry(page, patient).focus();
        await page.keyboard.press("Shift+Space");
    }
    await expect(page.getByText("3 entries chosen")).toHaveCount(1);
    await expect(entry(page, "Dora Siódma")).toHaveAttribute("aria-pressed", "true");
    await expectAccessible(page);

    await test.step("Escape chooses none", async () => {
        await page.keyboard.press("Escape");
        await expect(entry(page, "Dora Siódma")).not.toHaveAttribute("aria-pressed", "true");
        for (const [patient] of all) await entry(page, patient).click({ modifiers: ["Shift"] });
    });

    await test.step("where one of them cannot go it is said, and none goes", async () => {
        await entry(page, "Dagna Piąta").focus();
        await page.keyboard.press("Shift+M");
        await expect(page.getByText(/^3 entries lifted/)).toHaveCount(1);
        for (let step = 0; step < 2; step += 1) await page.keyboard.press("ArrowDown");
        // Until half past one, and the doctor's break is from one o'clock on.
        await expect(ghost(page)).toContainText("Dora Siódma");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("None of them was moved: Dora Siódma");
        expect(await times()).toEqual(["10:00 – 10:45", "11:00 – 11:45", "12:00 – 12:45"]);
    });

    await test.step("elsewhere all of them go, and come back at once", async () => {
        for (const [patient] of all) await entry(page, patient).click({ modifiers: ["Shift"] });
        await entry(page, "Dagna Piąta").focus();
        await page.keyboard.press("Shift+M");
        for (let step = 0; step < 2; step += 1) await page.keyboard.press("ArrowUp");
        await expect(ghost(page)).toContainText("free");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("3 entries moved");
        expect(await times()).toEqual(["09:30 – 10:15", "10:30 – 11:15", "11:30 – 12:15"]);
        await page.keyboard.press("Control+z");
        await expect(notices(page)).toContainText("3 entries are back");
        expect(await times()).toEqual(["10:00 – 10:45", "11:00 – 11:45", "12:00 – 12:45"]);
    });
});
