// The whole life of a visit, as the desk leads it. After each step the REST door is asked whether it is so.

import { clickPlace, column, drop, entry, entryAt, fillVisit, notices, openDay, panel, stretch, take } from "../desk";
import { alive, expect, test } from "../fixtures";

test("a visit is booked, moved, made longer, undone, and led through to its end", async ({ as, rest }) => {
    const day = "2027-01-12";
    const patient = "Marcin Wiśniewski";
    const page = await as("desk");
    const desk = await rest("desk");
    const told = async () => (await desk.told(day, patient)).map(({ times, status, with: whom }) => ({ times, status, with: whom }));

    await desk.patient(patient);
    await openDay(page, day);
    await clickPlace(page, "dr Piotr Zając", "10:00");
    const form = panel(page);
    await expect(form.getByRole("textbox", { name: "Time" })).toHaveValue("10:00");
    await expect(form.getByRole("combobox", { name: "With" }).locator("option:checked")).toHaveText("dr Piotr Zając");
    await fillVisit(page, { typed: "wisniewski mar", patient, treatment: "Zamykanie naczynek" });
    await form.getByRole("combobox", { name: "Gabinet" }).selectOption({ label: "Gabinet 2" });
    await form.getByRole("combobox", { name: "Laser" }).selectOption({ label: "Laser A" });
    await expect(form.getByRole("status").filter({ hasText: "10:00 – 10:45" })).toContainText("free");
    const times = form.getByRole("group", { name: "Free times" });
    await expect(times.getByRole("button", { name: "10:00" })).toHaveAttribute("aria-pressed", "true");
    await times.getByRole("button", { name: "10:15" }).click();
    await expect(form.getByRole("textbox", { name: "Time" })).toHaveValue("10:15");
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    await expect(entryAt(page, "dr Piotr Zając", patient, "10:15 to 11:00")).toBeVisible();
    const whom = ["Gabinet 2", "Laser A", "dr Piotr Zając"];
    expect(await told()).toEqual([{ times: "10:15 – 11:00", status: "scheduled", with: whom }]);

    await test.step("dragged to another time", async () => {
        await page.keyboard.press("Escape");
        await expect(panel(page)).toHaveCount(0);
        await take(page, entry(page, patient), "dr Piotr Zając", "11:30");
        await drop(page);
        await expect(notices(page)).toContainText("Moved to 11:30");
        await expect(entryAt(page, "dr Piotr Zając", patient, "11:30 to 12:15")).toBeVisible();
        expect(await told()).toEqual([{ times: "11:30 – 12:15", status: "scheduled", with: whom }]);
    });

    await test.step("dragged into a colleague's column", async () => {
        await take(page, entry(page, patient), "Ola Kania", "12:30");
        await drop(page);
        await expect(notices(page)).toContainText("Moved to 12:30 with Ola Kania");
        await expect(entryAt(page, "Ola Kania", patient, "12:30 to 13:15")).toBeVisible();
        expect(await told()).toEqual([{ times: "12:30 – 13:15", status: "scheduled", with: ["Gabinet 2", "Laser A", "Ola Kania"] }]);
    });

    await test.step("made longer by its lower edge, and undone", async () => {
        await stretch(page, entry(page, patient), "13:45");
        await drop(page);
        await expect(entryAt(page, "Ola Kania", patient, "12:30 to 13:45")).toBeVisible();
        await expect.poll(async () => (await told())[0]?.times).toBe("12:30 – 13:45");
        await notices(page).getByText("Now 12:30 – 13:45").locator("..").getByRole("button", { name: "Undo" }).click();
        await expect(entryAt(page, "Ola Kania", patient, "12:30 to 13:15")).toBeVisible();
        await expect.poll(async () => (await told())[0]?.times).toBe("12:30 – 13:15");
    });

    await test.step("confirmed, checked in, started, completed", async () => {
        await entry(page, patient).click();
        const steps = [
            ["Confirm", "confirmed", "Visit confirmed"],
            ["Check in", "checked_in", "Patient checked in"],
            ["Start visit", "in_progress", "Visit started"],
            ["Complete visit", "completed", "Visit completed"],
        ] as const;
        for (const [button, status, said] of steps) {
            await panel(page).getByRole("button", { name: button, exact: true }).click();
            await expect(notices(page)).toContainText(said);
            expect((await told())[0]?.status).toBe(status);
        }
        await expect(panel(page).getByRole("button", { name: "Complete visit" })).toHaveCount(0);
        await expect(entry(page, patient)).toHaveAccessibleName(/completed/);
    });
});

test("a visit keeps what was wanted when the reader goes away and comes back", async ({ as, rest }) => {
    await (await rest("desk")).patient("Anna Nowak");
    const page = await as("desk");
    await openDay(page, "2027-01-13");
    await clickPlace(page, "dr Marta Lis", "09:00");
    await fillVisit(page, { typed: "nowak anna", patient: "Anna Nowak", treatment: "Konsultacja lekarska" });
    await panel(page).getByRole("textbox", { name: "Notes" }).fill("prosi o fakturę");
    await page.reload();
    await expect(panel(page).getByRole("textbox", { name: "Notes" })).toHaveValue("prosi o fakturę");
    await expect(panel(page).getByRole("combobox", { name: "Patient" })).toHaveValue("Anna Nowak");
    await expect(panel(page).getByRole("combobox", { name: "Treatment" })).toHaveValue("Konsultacja lekarska");
});

test("the time that a form holds is its own still after the page was loaded anew, and every time that is chosen later is held too", async ({ as, rest }) => {
    const desk = await rest("desk");
    const day = "2027-01-15";
    const patient = "Teodor Powrotny";
    await desk.patient(patient);
    await desk.book({ patient: "Anna Nowak", treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time: "14:00" });
    const page = await as("desk");
    const held = (time: string) => column(page, "dr Marta Lis").getByRole("button", { name: new RegExp(`, ${time} to .*You are booking`) });
    const form = panel(page);
    const time = form.getByRole("textbox", { name: "Time" });
    const verdict = form.locator(".booking-verdict");
    await openDay(page, day);
    await clickPlace(page, "dr Marta Lis", "10:00");
    await fillVisit(page, { typed: "powrotny", patient, treatment: "Botoks, 3 okolice" });
    await form.getByRole("combobox", { name: "Gabinet" }).selectOption({ label: "Gabinet 2" });
    await expect(held("10:00")).toBeVisible();
    await page.reload();
    await alive(page);
    await expect(form.getByRole("combobox", { name: "Treatment" })).toHaveValue("Botoks, 3 okolice");
    await expect(verdict, "it is not in its own way").toContainText("free");
    await expect(form.getByRole("combobox", { name: "Gabinet" }).locator("option:checked")).toHaveText("Gabinet 2");
    await expect(held("10:00"), "and there is one of it").toHaveCount(1);

    await test.step("a time that is taken holds nothing, the next one is held again", async () => {
        await time.fill("14:15");
        await expect(verdict).toContainText("14:15 does not work");
        await expect(held("10:00")).toHaveCount(0);
        await time.fill("08:30");
        await expect(held("08:30")).toHaveCount(1);
    });

    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    await expect(page.getByRole("main").getByRole("button", { name: /You are booking/ }), "the hold is the visit now").toHaveCount(0);
    expect((await desk.told(day, patient)).map(({ times, with: whom }) => [times, whom])).toEqual([["08:30 – 09:15", ["Gabinet 2", "dr Marta Lis"]]]);
});

test("a refusal is one line, and all of it where somebody asks; what does not concern it leaves it alone", async ({ as, rest }) => {
    const desk = await rest("desk");
    const day = "2027-01-18";
    const botox = { treatment: "Botoks, 3 okolice", date: day };
    await desk.patient("Roma Odmowna");
    await desk.book({ ...botox, patient: "Anna Nowak", employee: "dr Marta Lis", time: "10:00" });
    await desk.book({ ...botox, patient: "Jakub Król", employee: "dr Piotr Zając", time: "10:15" });
    const page = await as("desk");
    await openDay(page, day);
    await page.keyboard.press("c");
    await fillVisit(page, { typed: "odmowna", patient: "Roma Odmowna", treatment: botox.treatment });
    const form = panel(page);
    await form.getByRole("textbox", { name: "Date", exact: true }).fill(day);
    await form.getByRole("textbox", { name: "Time" }).fill("10:15");
    const verdict = form.locator(".booking-verdict");
    await expect(verdict).toContainText("10:15 does not work");
    await expect(verdict.getByRole("listitem").first()).toBeHidden();
    await verdict.getByText(/^All 2 reasons$/).click();
    await expect(verdict.getByRole("listitem")).toHaveText([/^dr .+: taken, 10:\d\d – \d\d:\d\d/, /^dr .+: taken, 10:\d\d – \d\d:\d\d/]);

    // What a colleague books elsewhere on that day is heard, and moves nothing under the mouse.
    const node = await verdict.getByRole("button", { name: /^\d\d:\d\d/ }).first().elementHandle();
    const again = page.waitForResponse((answer) => answer.url().endsWith("/fn/gabinet/question"));
    await desk.book({ patient: "Jakub Król", treatment: "Wlew nawadniający", employee: "Ewa Mróz", date: day, time: "15:00" });
    await again;
    await expect(verdict.getByRole("listitem").first(), "what was opened is open").toBeVisible();
    expect(await node?.evaluate((button) => button.isConnected), "the buttons are the same").toBe(true);
    await form.getByRole("button", { name: "Cancel", exact: true }).click();
});

test("a cancelled visit frees its time at once", async ({ as, rest }) => {
    const day = "2027-01-14";
    const visit = { patient: "Anna Nowak", treatment: "Botoks, 3 okolice", employee: "dr Marta Lis", date: day, time: "10:00" };
    const desk = await rest("desk");
    await desk.book(visit);
    expect(await desk.free(day, visit.treatment, visit.employee)).not.toContain("10:00");
    const page = await as("desk");
    await openDay(page, day);
    await entry(page, visit.patient).click();
    await panel(page).getByRole("button", { name: "More", exact: true }).click();
    await panel(page).getByRole("button", { name: "Cancel the visit" }).click();
    const dialog = page.getByRole("dialog", { name: "Cancel this visit?" });
    await dialog.getByRole("button", { name: "Cancel the visit" }).click();
    await expect(dialog, "it wants a reason").toContainText("A reason is needed.");
    await dialog.getByRole("textbox", { name: "Reason" }).fill("pacjentka chora");
    await dialog.getByRole("button", { name: "Cancel the visit" }).click();
    await expect(notices(page)).toContainText("Visit cancelled");
    await expect(entry(page, visit.patient), "cancelled ones are out of sight").toHaveCount(0);
    expect((await desk.told(day, visit.patient)).map(({ status }) => status)).toEqual(["cancelled"]);
    expect(await desk.free(day, visit.treatment, visit.employee)).toContain("10:00");

    await desk.patient("Jakub Król");
    await page.keyboard.press("Escape");
    await clickPlace(page, visit.employee, "10:00");
    await fillVisit(page, { typed: "krol jak", patient: "Jakub Król", treatment: visit.treatment });
    await panel(page).getByRole("button", { name: "Book the visit" }).click();
    await expect(entryAt(page, visit.employee, "Jakub Król", "10:00 to 10:45")).toBeVisible();
    expect(await desk.told(day, "Jakub Król")).toHaveLength(1);
});
