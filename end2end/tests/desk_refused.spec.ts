// A move that does not fit, and a block with its form: what is offered is of use.

import { clickPlace, drop, entry, openDay, panel, take } from "../desk";
import { expect, test } from "../fixtures";

const visit = { treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

test("a refused move offers a colleague at that time, and never where the visit stands", async ({ as, rest, complaints }) => {
    complaints.expect(/status of 409/);
    const desk = await rest("desk");
    const date = "2027-04-20";
    await desk.patient("Róża Ruch");
    await desk.patient("Jan Stoi");
    await desk.book({ ...visit, patient: "Róża Ruch", date, time: "10:00" });
    await desk.book({ ...visit, patient: "Jan Stoi", date, time: "11:00" });
    const page = await as("desk");
    await openDay(page, date);
    await take(page, entry(page, "Róża Ruch"), "dr Piotr Zając", "11:00");
    await drop(page);
    const card = page.getByRole("region", { name: /^Róża Ruch does not fit/ });
    await expect(card.getByRole("button", { name: /^11:00 · / }).first(), "a colleague is free then").toBeVisible();
    await expect(card.getByRole("button", { name: "10:00 · dr Piotr Zając" })).toHaveCount(0);
    await card.getByRole("button", { name: /^11:00 · / }).first().click();
    await expect.poll(async () => (await desk.told(date, "Róża Ruch"))[0]?.times).toBe("11:00 – 11:45");
});

test("a block's form begins with the column that was pressed, and its outline follows the length", async ({ as }) => {
    const page = await as("desk");
    await openDay(page, "2027-04-21");
    await clickPlace(page, "dr Piotr Zając", "13:00");
    const form = panel(page);
    await form.getByRole("group", { name: "Kind of entry" }).getByText("Blocked time").click();
    await expect(form.getByRole("textbox", { name: "Date" })).toHaveValue("21 Apr 2027");
    const first = form.getByRole("checkbox").first();
    await expect(first).toBeChecked();
    await expect(form.getByRole("group", { name: "Staff, rooms, devices" }).locator("label").first()).toHaveText("dr Piotr Zając");
    const outline = page.locator(".calendar-draft");
    await expect(outline).toHaveText("13:00 – 14:00");
    await form.getByRole("textbox", { name: "Length, minutes" }).fill("90");
    await expect(outline).toHaveText("13:00 – 14:30");
});
