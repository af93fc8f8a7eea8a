// A group's session: somebody else comes along, somebody goes to another session, and somebody gives the seat up.

import { expectAccessible } from "../axe";
import { column, notices, openDay, panel } from "../desk";
import { expect, test } from "../fixtures";

const kania = "Ola Kania";
const group = "Warsztat pielęgnacji skóry";

test("seats of a session are given, moved and given up", async ({ as, rest }) => {
    const day = "2027-03-11";
    const desk = await rest("desk");
    for (const [patient, time] of [
        ["Anna Nowak", "08:00"],
        ["Jakub Król", "08:00"],
        ["Ewa Mazur", "12:00"],
    ] as const) {
        await desk.book({ patient, treatment: group, employee: kania, date: day, time });
    }
    await desk.patient("Marcin Wiśniewski");
    const page = await as("desk");
    await openDay(page, day);
    await column(page, kania).getByRole("button", { name: /08:00 to 09:00/ }).click();
    const seats = panel(page).getByRole("region", { name: "Seats" });
    const rows = seats.getByRole("listitem");
    await expect(rows).toHaveCount(2);

    await test.step("somebody else comes along", async () => {
        await seats.getByRole("button", { name: "Add a patient" }).click();
        await seats.getByRole("combobox", { name: "Patient" }).pressSequentially("wisniewski mar");
        await seats.getByRole("option", { name: "Marcin Wiśniewski" }).first().click();
        await seats.getByRole("button", { name: "Add a patient" }).click();
        await expect(rows).toHaveCount(3);
        await expectAccessible(page);
    });

    await test.step("one goes to the other session", async () => {
        const king = rows.filter({ hasText: "Jakub Król" });
        await king.getByRole("button", { name: "Move", exact: true }).first().click();
        const where = king.getByRole("combobox");
        const other = where.locator("option", { hasText: "12:00" });
        await where.selectOption((await other.first().getAttribute("value")) ?? "");
        await king.getByRole("button", { name: "Move", exact: true }).last().click();
        await expect(rows.filter({ hasText: "Jakub Król" })).toHaveCount(0);
    });

    await test.step("one gives the seat up, for a reason", async () => {
        const anna = rows.filter({ hasText: "Anna Nowak" });
        await anna.getByRole("button", { name: "Give the seat up" }).first().click();
        await anna.getByRole("button", { name: "Give the seat up" }).last().click();
        await expect(anna).toContainText("A reason is needed.");
        await anna.getByRole("textbox", { name: "Reason" }).fill("choroba");
        await anna.getByRole("button", { name: "Give the seat up" }).last().click();
        await expect(rows.filter({ hasText: "Anna Nowak" })).toContainText(/cancelled/i);
    });

    type Visit = { patient_name: string; start: string; status: string; treatment_name: string };
    const { items } = await desk.get<{ items: Visit[] }>(`/appointments?from=${day}T00:00:00Z&to=${day}T23:00:00Z&limit=100`);
    const told = items.filter((visit) => visit.treatment_name === group).map((visit) => `${visit.patient_name} ${visit.start.slice(11, 16)} ${visit.status}`);
    expect(told.sort()).toEqual([
        "Anna Nowak 07:00 cancelled",
        "Ewa Mazur 11:00 scheduled",
        "Jakub Król 11:00 scheduled",
        "Marcin Wiśniewski 07:00 scheduled",
    ]);
    await expect(notices(page)).not.toContainText("could not");
});
