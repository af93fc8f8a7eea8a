// A wish on the waiting list that is changed: what was wished stays, what was changed is taken over.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

type Wish = { id: string; priority: number; note: string; weekdays: number[]; windows: { from: number; to: number }[]; patient: { name: string } };

test("a wish becomes urgent, and is for mornings of two weekdays from now on", async ({ as, rest }) => {
    const desk = await rest("desk");
    const patient = "Jakub Król";
    const { location } = await desk.day("2027-04-07");
    const made = await desk.send<Wish>("POST", "/waiting", {
        patient: await desk.patient(patient),
        location: location.id,
        treatments: [await desk.treatment("Wizyta kontrolna")],
        from_date: "2027-04-07",
        to_date: "2027-04-30",
        note: "po południu nie może",
    });
    const page = await as("desk");
    await page.goto("/dashboard/gabinet/waiting");
    await alive(page);
    const row = page.getByRole("main").getByRole("listitem").filter({ hasText: "Wizyta kontrolna" }).filter({ hasText: patient });
    await row.getByRole("button", { name: "Change", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: patient });
    await expect(dialog.getByRole("combobox", { name: "Patient" })).toHaveValue(patient);
    await expect(dialog.getByRole("textbox", { name: "Notes" })).toHaveValue("po południu nie może");
    await dialog.getByRole("combobox", { name: "Urgency" }).selectOption({ label: "Urgent" });
    await dialog.getByRole("combobox", { name: "Time" }).selectOption({ label: "Mornings" });
    await dialog.getByRole("button", { name: "Tue", exact: true }).click();
    await dialog.getByRole("button", { name: "Thu", exact: true }).click();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(notices(page)).toContainText("Changed");
    await expect(row).toContainText("Urgent");
    await expect(row).toContainText("Tuesday, Thursday");
    const now = await desk.get<Wish>(`/waiting/${made.id}`);
    expect([now.priority, now.note, now.weekdays, now.windows]).toEqual([2, "po południu nie może", [2, 4], [{ from: 0, to: 720 }]]);
    await row.getByRole("button", { name: "Take off the list" }).click();
    await expect(notices(page)).toContainText("Taken off the list");
});
