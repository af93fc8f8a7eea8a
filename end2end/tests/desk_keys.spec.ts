// What the desk does by keys: nothing ends by a slip, and what is typed goes where it was meant to.

import { column, entry, entryAt, fillVisit, notices, openDay, panel } from "../desk";
import { expect, test } from "../fixtures";
import { clock, type Event } from "../rest";

const visit = { treatment: "Botoks, 3 okolice", employee: "dr Piotr Zając" };

test("a digit that cancels asks for the reason, and the desk is not offered what it may not undo", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-04-06";
    await desk.patient("Nela Cyfra");
    await desk.book({ ...visit, patient: "Nela Cyfra", date, time: "10:00" });
    const page = await as("desk");
    await openDay(page, date);
    await entry(page, "Nela Cyfra").focus();
    await page.keyboard.press("6");
    const dialog = page.getByRole("dialog", { name: /^Cancel Nela Cyfra, 10:00/ });
    await expect(dialog).toBeVisible();
    await expect(dialog.getByRole("textbox", { name: "Reason" })).toBeFocused();
    await expect(dialog).toContainText("Only a manager can reopen it");
    await page.keyboard.press("Enter");
    await expect(dialog).toContainText("A reason is needed");
    expect((await desk.told(date, "Nela Cyfra")).map(({ status }) => status), "nothing was cancelled").toEqual(["scheduled"]);
    await page.keyboard.type("She has a cold");
    await page.keyboard.press("Enter");
    await expect(notices(page)).toContainText("Nela Cyfra: cancelled");
    await expect(notices(page).getByRole("button", { name: "Undo" })).toHaveCount(0);
    expect((await desk.told(date, "Nela Cyfra")).map(({ status }) => status)).toEqual(["cancelled"]);
    await page.keyboard.press("Control+z");
    await expect(notices(page)).toContainText("only a manager can reopen it");
});

test("whoever may reopen is offered to undo, and the offer goes with the undo", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-04-07";
    await desk.patient("Ida Powrót");
    await desk.book({ ...visit, patient: "Ida Powrót", date, time: "10:00" });
    const page = await as("owner");
    await openDay(page, `${date}&lang=en`);
    await entry(page, "Ida Powrót").focus();
    await page.keyboard.press("5");
    const dialog = page.getByRole("dialog", { name: /^Ida Powrót, 10:00.*did not come\?/ });
    await expect(dialog).toContainText("This can be undone");
    await dialog.getByRole("button", { name: "Did not come" }).click();
    await expect(notices(page)).toContainText("Ida Powrót: did not come");
    await expect(notices(page).getByRole("button", { name: "Undo" })).toHaveCount(1);
    await page.keyboard.press("Control+z");
    await expect(notices(page)).toContainText("Ida Powrót: planned");
    await expect(notices(page).getByRole("button", { name: "Undo" }), "it offers nothing that is done").toHaveCount(0);
    await expect(entry(page, "Ida Powrót")).toBeVisible();
});

test("what is typed right after the slash is in the search, and no key of the calendar", async ({ as, rest }) => {
    const desk = await rest("desk");
    const date = "2027-04-08";
    await desk.patient("Ewa Szóstak");
    await desk.book({ ...visit, patient: "Ewa Szóstak", date, time: "10:00" });
    const page = await as("desk");
    await openDay(page, date);
    await entry(page, "Ewa Szóstak").focus();
    await page.keyboard.type("/6wt");
    const dialog = page.getByRole("dialog", { name: "Find an entry" });
    await expect(dialog.getByRole("textbox", { name: "Name or treatment" })).toBeFocused();
    await expect(dialog.getByRole("textbox", { name: "Name or treatment" })).toHaveValue("6wt");
    await expect(page).toHaveURL(new RegExp(`date=${date}`));
    expect((await desk.told(date, "Ewa Szóstak")).map(({ status }) => status)).toEqual(["scheduled"]);
});

test("f opens the form on the earliest time, and one that is typed stays", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Fela Pierwsza");
    const page = await as("desk");
    await openDay(page, "2027-04-09");
    await page.keyboard.press("f");
    const form = panel(page);
    const time = form.getByRole("textbox", { name: "Time" });
    await expect(form.getByRole("combobox", { name: "Patient" })).toBeFocused();
    await expect(time, "no time is made up").toHaveValue("");
    await fillVisit(page, { typed: "pierwsza", patient: "Fela Pierwsza", treatment: visit.treatment });
    await expect(time).not.toHaveValue("");
    await expect(form.locator(".booking-verdict")).toContainText("free");
    await time.fill("15:00");
    await form.getByRole("combobox", { name: "With" }).selectOption({ label: "dr Marta Lis" });
    await page.waitForTimeout(600);
    await expect(time).toHaveValue("15:00");
});

test("f and the form's button find the same earliest time for the same question", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Gaja Najpierw");
    const page = await as("desk");
    const form = panel(page);
    const fields = ["Date", "Time"].map((name) => form.getByRole("textbox", { name, exact: true }));
    const verdict = form.locator(".booking-verdict");
    const holds = async () => {
        const { events } = await desk.get<{ events: Event[] }>("/calendar?from=2026-11-24&to=2026-12-01");
        return events.filter((event) => event.status === "held" && event.title === "Ewa Wrona");
    };
    // What earlier tests left open is held for some minutes still.
    const earlier = new Set((await holds()).map((event) => event.id));
    const held = async () => (await holds()).filter((event) => !earlier.has(event.id)).map((event) => clock(event.start));

    /** What a form finds that is opened by a key; closed again, it holds nothing that would be in the next one's way. */
    const found = async (key: string, whom: string): Promise<string> => {
        await page.keyboard.press(key);
        await fillVisit(page, { typed: "najpierw", patient: "Gaja Najpierw", treatment: visit.treatment });
        // By `c` it may begin with whose column the focus was in.
        await form.getByRole("combobox", { name: "With" }).selectOption(whom ? { label: whom } : "");
        if (key === "c") {
            // Another day and time do not matter.
            await fields[0]?.fill("2026-12-04");
            await fields[1]?.fill("16:59");
            await form.getByRole("button", { name: "Earliest", exact: true }).click();
            await expect(fields[1] ?? form).not.toHaveValue("16:59");
        }
        await expect(verdict).toContainText("free");
        await expect(verdict).toContainText(whom);
        const found = await Promise.all(fields.map((field) => field.inputValue()));
        await expect.poll(held, "it is held").toEqual([found[1]]);
        await form.getByRole("button", { name: "Cancel", exact: true }).click();
        await expect.poll(held, "and given back").toEqual([]);
        return found.join(" ");
    };

    // Six forms, one after the other.
    test.setTimeout(240_000);
    await openDay(page, "2026-11-24");
    for (const whom of ["", "dr Piotr Zając"]) {
        const before = await found("f", whom);
        const button = await found("c", whom);
        // The clock goes on meanwhile.
        expect([before, await found("f", whom)], `with ${whom || "anyone"}`).toContain(button);
    }
});

test("booked on another day than the board shows, the notice says when and leads there", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Dana Gdzieindziej");
    const page = await as("desk");
    await openDay(page, "2027-04-12");
    await page.keyboard.press("c");
    await fillVisit(page, { typed: "gdzieindziej", patient: "Dana Gdzieindziej", treatment: visit.treatment });
    const form = panel(page);
    await form.getByRole("combobox", { name: "With" }).selectOption({ label: "dr Piotr Zając" });
    await form.getByRole("textbox", { name: "Date", exact: true }).fill("2027-04-14");
    await form.getByRole("textbox", { name: "Time" }).fill("10:00");
    await expect(form.locator(".booking-verdict")).toContainText("free");
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText(/Visit booked · Wed 14 Apr 10:00 – 10:45/);
    await notices(page).getByRole("button", { name: "Show" }).click();
    await expect(page).toHaveURL(/date=2027-04-14/);
    await expect(entryAt(page, "dr Piotr Zając", "Dana Gdzieindziej", "10:00 to 10:45")).toBeVisible();
});

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
    await form.getByRole("textbox", { name: "Date", exact: true }).fill("2027-04-15");
    await form.getByRole("textbox", { name: "Time" }).fill("10:00");
    await expect(column(mine, "dr Piotr Zając").getByRole("button", { name: /You are booking/ })).toBeVisible();
    await expect(column(other, "dr Piotr Zając").getByRole("button", { name: /, [^,]+ is booking, / })).toBeVisible();
    await mine.keyboard.press("Escape");
});
