// Another calendar kept in step, both ways: connected on its own page, compared, seen on the board, and let go of again.

import { expectAccessible } from "../axe";
import { column, entry, notices, openDay } from "../desk";
import { alive, expect, test } from "../fixtures";
import { instant } from "../rest";

const lis = "dr Marta Lis";
/** Of the worker's stand-in: one event of the calendar elsewhere, or all. */
const double = (event = ""): string => `${process.env.E2E_DOUBLE}/double/events${event}`;

/** What is in the calendar elsewhere. */
async function there(): Promise<{ id: string; summary?: string; start: { dateTime: string } }[]> {
    return (await fetch(double())).json();
}

test("a calendar at Google is connected, its block stands on the board, ours is told there, and both go again", async ({ as, rest }) => {
    test.setTimeout(180_000);
    test.skip(!process.env.E2E_DOUBLE, "a server that runs already knows no stand-in");
    const day = "2027-01-21";
    const desk = await rest("desk");
    await desk.patient("Helena Wpis");
    await desk.book({ patient: "Helena Wpis", treatment: "Konsultacja lekarska", employee: lis, date: day, time: "09:00" });
    const dentist = { summary: "Dentist", start: { dateTime: instant(day, "14:00") }, end: { dateTime: instant(day, "15:00") } };
    await fetch(double("/dentist"), { method: "PUT", body: JSON.stringify(dentist) });

    const page = await as("doctor");
    await page.goto("/dashboard/settings/feeds?lang=en");
    await alive(page);
    const section = page.locator("#connections");
    await section.getByRole("combobox", { name: "Calendar", exact: true }).selectOption({ label: "Google Calendar" });
    await expect(section.getByRole("combobox", { name: "Shows" }), "every field has a name of its own").toHaveCount(1);
    await expectAccessible(page);
    await section.getByRole("button", { name: "Connect" }).click();

    // Google's page allows it at once and leads back.
    await expect(page).toHaveURL(/settings\/feeds#connections/, { timeout: 30_000 });
    await alive(page);
    const row = section.getByRole("row").filter({ hasText: "Google Calendar" });
    await expect(row).toContainText("In step", { timeout: 20_000 });
    await row.getByRole("button", { name: "Compare now" }).click();

    const ours = async () => (await there()).filter((event) => event.start.dateTime.startsWith(`${day}T09:00`));
    await expect.poll(async () => (await ours()).length, { timeout: 20_000 }).toBe(1);
    const board = await as("desk");
    await openDay(board, day);
    const block = column(board, lis).getByRole("button", { name: /14:00 to 15:00, .*Google Calendar/ });
    await expect(block).toBeVisible({ timeout: 20_000 });
    await expect(block, "what it is about stays there").not.toContainText("Dentist");

    await test.step("what is deleted there goes here, and what comes there takes time here", async () => {
        const school = { ...dentist, summary: "School", start: { dateTime: instant(day, "15:30") }, end: { dateTime: instant(day, "16:00") } };
        await fetch(double("/dentist"), { method: "DELETE" });
        await fetch(double("/school"), { method: "PUT", body: JSON.stringify(school) });
        await row.getByRole("button", { name: "Compare now" }).click();
        await expect(block).toHaveCount(0, { timeout: 20_000 });
        await expect(column(board, lis).getByRole("button", { name: /15:30 to 16:00, .*Google Calendar/ })).toBeVisible({ timeout: 20_000 });
    });

    await test.step("a visit that is booked here is told there by itself, and taken back when it is cancelled", async () => {
        const begins = (time: string) => async () => (await there()).filter((event) => event.start.dateTime.startsWith(`${day}T${time}`)).length;
        await desk.patient("Igor Wpis");
        const visit = await desk.book({ patient: "Igor Wpis", treatment: "Konsultacja lekarska", employee: lis, date: day, time: "11:00" });
        await expect.poll(begins("11:00"), { timeout: 30_000 }).toBe(1);
        await desk.step(visit.activity, visit.version, "cancelled");
        await expect.poll(begins("11:00"), { timeout: 30_000 }).toBe(0);
        expect(await begins("09:00")(), "the other visit stays there").toBe(1);
    });

    // The list is drawn anew while it is compared; the question stays.
    const drawn = page.waitForResponse(/\/fn\/calendar\/connections/);
    await row.getByRole("button", { name: "Compare now" }).click();
    await row.getByRole("button", { name: "End", exact: true }).click();
    await drawn;
    await page.getByRole("dialog").getByRole("button", { name: "End", exact: true }).click();
    await expect(notices(page)).toContainText("ends");
    await expect(column(board, lis).getByRole("button", { name: /Google Calendar/ })).toHaveCount(0, { timeout: 20_000 });
    await expect(entry(board, "Helena Wpis"), "the visit stays").toBeVisible();
    await expect.poll(async () => (await there()).map(({ id }) => id), { timeout: 20_000 }).toEqual(["school"]);
});
