// A series as it is changed on the screen: this visit, this and the following, or all that are to come (R19).

import { expectAccessible } from "../axe";
import { entry, notices, openDay, panel } from "../desk";
import { expect, test } from "../fixtures";
import type { Page } from "@playwright/test";

const zajac = "dr Piotr Zając";
const days = ["2027-04-06", "2027-04-13", "2027-04-20", "2027-04-27"];

/** Opens the dialog at the visit of that day and asks for a time. */
async function ask(page: Page, day: string, patient: string, scope: string, time: string): Promise<void> {
    await openDay(page, day);
    await entry(page, patient).click();
    await panel(page).getByRole("button", { name: "Change the series" }).click();
    const dialog = page.getByRole("dialog", { name: "Change the series" });
    await dialog.getByRole("combobox", { name: "What is changed" }).selectOption({ label: scope });
    await dialog.getByRole("textbox", { name: "Time" }).fill(time);
    await dialog.getByRole("button", { name: "Check the times" }).click();
}

test("one visit, those that follow, and all of a series are moved; what was moved by itself stays", async ({ as, rest }) => {
    const patient = "Anna Nowak";
    const desk = await rest("desk");
    const { location } = await desk.day(days[0] ?? "");
    await desk.send("POST", "/series", {
        patient: await desk.patient(patient),
        treatment: await desk.treatment("Konsultacja lekarska"),
        employee: await desk.resource(zajac),
        location: location.id,
        start: `${days[0]}T10:00:00`,
        rules: ["FREQ=WEEKLY;COUNT=4"],
    });
    const times = async () => {
        const told = [];
        for (const day of days) told.push((await desk.told(day, patient)).filter((one) => one.status !== "cancelled")[0]?.times);
        return told;
    };
    const page = await as("desk");
    const dialog = page.getByRole("dialog", { name: "Change the series" });
    const apply = async () => {
        await dialog.getByRole("button", { name: "Change these visits" }).click();
        await expect(notices(page)).toContainText("Series changed");
        await expect(dialog).toHaveCount(0);
    };

    await test.step("this visit alone", async () => {
        await ask(page, days[1] ?? "", patient, "This visit", "11:00");
        await expect(dialog).toContainText("11:00");
        await expectAccessible(page);
        await apply();
        // Summer time: the clock of the clinic is two hours ahead by then, and says the same.
        expect(await times()).toEqual(["10:00 – 10:30", "11:00 – 11:30", "10:00 – 10:30", "10:00 – 10:30"]);
    });

    await test.step("this and the following", async () => {
        await ask(page, days[2] ?? "", patient, "This and the following", "12:00");
        await apply();
        expect(await times()).toEqual(["10:00 – 10:30", "11:00 – 11:30", "12:00 – 12:30", "12:00 – 12:30"]);
    });

    await test.step("all that are to come, but for the exception", async () => {
        await ask(page, days[0] ?? "", patient, "All that are to come", "10:15");
        await expect(dialog).toContainText("Stay as they are: 2");
        await apply();
        expect(await times()).toEqual(["10:15 – 10:45", "11:00 – 11:30", "12:15 – 12:45", "12:15 – 12:45"]);
    });

    await test.step("an exception is moved from where it is", async () => {
        await ask(page, days[1] ?? "", patient, "This visit", "11:30");
        await apply();
        expect((await times())[1]).toBe("11:30 – 12:00");
    });

    await test.step("the rest is cancelled, for a reason", async () => {
        await openDay(page, days[2] ?? "");
        await entry(page, patient).click();
        await panel(page).getByRole("button", { name: "Change the series" }).click();
        await dialog.getByRole("combobox", { name: "What is changed" }).selectOption({ label: "This and the following" });
        await dialog.getByRole("checkbox", { name: "Cancel instead of moving" }).check();
        await dialog.getByRole("button", { name: "Cancel these visits" }).click();
        await expect(dialog).toContainText("This is needed.");
        await dialog.getByRole("textbox", { name: "Reason" }).fill("przeprowadzka");
        await dialog.getByRole("button", { name: "Cancel these visits" }).click();
        await expect(notices(page)).toContainText("Series changed");
        expect(await times()).toEqual(["10:15 – 10:45", "11:30 – 12:00", undefined, undefined]);
    });
});
