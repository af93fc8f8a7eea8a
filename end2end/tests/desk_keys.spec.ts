// What the desk does by keys: nothing ends by a slip, and what is typed goes where it was meant to.

import { column, entry, entryAt, fillVisit, notices, openDay, panel } from "../desk";
import { expect, test } from "../fixtures";

const visit = { treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

test("one's own hold says so, and a colleague's says whose it is", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Hanka Trzyma");
    const [mine, other] = [await as("desk"), await as("owner")];
    await openDay(mine, "2027-04-15");
    await openDay(other, "2027-04-15&lang=en");
    await mine.keyboard.press("c");
    await fillVisit(mine, { typed: "trzyma", patient: "Hanka Trzyma", treatment: visit.treatment });
    const form = panel(mine);
    await form.getByRole("combobox", { name: "With" }).selectOption({ label: "dr Piotr Zając" });
    await form.getByRole("textbox", { name: "Date" }).fill("2027-04-15");
    await form.getByRole("textbox", { name: "Time" }).fill("10:00");
    await expect(column(mine, "dr Piotr Zając").getByRole("button", { name: /You are booking/ })).toBeVisible();
    await expect(column(other, "dr Piotr Zając").getByRole("button", { name: /, [^,]+ is booking, / })).toBeVisible();
    await mine.keyboard.press("Escape");
});
