// What a desk does between visits: somebody new is booked at once, time is drawn, a call is planned and made, the next
// clinic is looked after, and all of it in Polish or with a finger.

import { devices } from "@playwright/test";
import { clickPlace, column, entry, entryAt, notices, openDay, panel, placeOf } from "../desk";
import { alive, expect, test } from "../fixtures";

test("somebody new is written down in the booking form and booked", async ({ as, rest }) => {
    const day = "2027-03-01";
    const page = await as("desk");
    await openDay(page, day);
    await clickPlace(page, "dr Marta Lis", "10:00");
    const form = panel(page);
    const patient = form.getByRole("combobox", { name: "Patient" });
    await patient.pressSequentially("Zofia Nowoprzybyła");
    await form.getByRole("option", { name: "Create “Zofia Nowoprzybyła”" }).click();
    await expect(form.getByLabel("Given name")).toHaveValue("Zofia");
    await expect(form.getByLabel("Family name")).toHaveValue("Nowoprzybyła");
    await form.getByLabel("Phone").fill("600 700 810");
    await form.getByRole("button", { name: "Add patient" }).click();
    await expect(patient).toHaveValue("Zofia Nowoprzybyła");
    await form.getByRole("combobox", { name: "Treatment" }).pressSequentially("Botoks, 3 okol");
    await form.getByRole("option", { name: "Botoks, 3 okolice" }).click();
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(entryAt(page, "dr Marta Lis", "Zofia Nowoprzybyła", "10:00 to 10:45")).toBeVisible();
    const known = await (await rest("desk")).get<{ items: { phone: string }[] }>(`/patients?q=${encodeURIComponent("Nowoprzybyła")}`);
    expect(known.items.map(({ phone }) => phone.replace(/\s/g, ""))).toEqual([expect.stringContaining("600700810")]);
});

test("an hour drawn on a free place becomes a meeting of that hour", async ({ as, rest }) => {
    const day = "2027-03-02";
    const page = await as("desk");
    await openDay(page, day);
    const [from, to] = [await placeOf(page, "dr Marta Lis", "11:00"), await placeOf(page, "dr Marta Lis", "12:00")];
    await page.mouse.move(from.x, from.y + 3);
    await page.mouse.down();
    await page.mouse.move(from.x, (from.y + to.y) / 2, { steps: 5 });
    await page.mouse.move(to.x, to.y - 2, { steps: 5 });
    await page.mouse.up();
    // Drawn time is a visit unless something else is wanted.
    const form = panel(page);
    await expect(form.getByRole("button", { name: "Book the visit" })).toBeVisible();
    await form.getByText("Meeting", { exact: true }).click();
    await expect(form.getByRole("button", { name: "Add to calendar" })).toBeVisible();
    await expect(form.getByLabel("Start", { exact: true })).toHaveValue("11:00");
    await expect(form.getByLabel("Length, minutes")).toHaveValue("60");
    await expect(form.getByLabel("dr Marta Lis")).toBeChecked();
    await form.getByLabel("Title").fill("Szkolenie z lasera");
    await form.getByRole("button", { name: "Add to calendar" }).click();
    await expect(notices(page)).toContainText("Saved · Tue 2 Mar 11:00 – 12:00");
    const meeting = entryAt(page, "dr Marta Lis", "Szkolenie z lasera", "11:00 to 12:00");
    await expect(meeting).toBeVisible();
    await expect(form.getByRole("button", { name: "Add to calendar" }), "the form has made room for what was made").toHaveCount(0);
    const desk = await rest("desk");
    expect((await desk.told(day, "Szkolenie z lasera")).map(({ times, with: whom }) => [times, whom])).toEqual([["11:00 – 12:00", ["dr Marta Lis"]]]);
    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(meeting).toHaveCount(0);
});

test("a call is planned on the calendar, made, and its outcome stays with the lead", async ({ as, rest }) => {
    const owner = await rest("owner");
    const { items } = await owner.get<{ items: { id: string; given_name: string; family_name: string }[] }>("/leads");
    const lead = items[0];
    const name = `${lead?.given_name} ${lead?.family_name}`;
    const page = await as("owner");
    await page.goto(`/dashboard/calendar?date=2027-03-03&new=crm:call&start=2027-03-03T09:00:00Z&lead=${lead?.id}`);
    await alive(page);
    const form = panel(page);
    await expect(form.getByRole("combobox", { name: "Lead" })).toHaveValue(name);
    await form.getByRole("button", { name: "Plan the call" }).click();
    await expect(notices(page)).toContainText("Call planned");
    await expect(panel(page).getByRole("heading", { name })).toBeVisible();
    await panel(page).getByLabel("What came of it").selectOption({ label: "Call back later" });
    await panel(page).getByLabel("Notes").fill("after Easter");
    await panel(page).getByRole("button", { name: "Close the call" }).click();
    await expect(panel(page)).toContainText("Call back later");
    await expect(panel(page)).toContainText("after Easter");
});

test("whoever works for two clinics goes from one to the other", async ({ as, rest }) => {
    const owner = await rest("owner");
    const email = "owner@austin.example";
    const { path } = await owner.send<{ path: string }>("POST", "/invitations", { email, role: "receptionist" });
    const page = await as("austinOwner");
    await page.goto(path);
    await page.getByRole("button", { name: "Accept" }).click();
    await page.goto("/dashboard/calendar");
    await alive(page);
    const places = page.getByRole("button", { name: /: / }).filter({ hasText: /Lipowa|Congress/ });
    const goTo = async (name: string) => {
        await places.click();
        await page.getByRole("button", { name }).click();
        await alive(page);
    };
    await goTo("Klinika Lipowa");
    await expect(places).toContainText("Lipowa 12");
    await openDay(page, "2026-11-26");
    await expect(column(page, "dr Marta Lis")).toBeVisible();
    await goTo("Austin Drip");
    await expect(places).toContainText("Congress");
    await expect(column(page, "dr Marta Lis")).toHaveCount(0);
});

test("the desk works in Polish: the calendar, the form and a refusal", async ({ as }) => {
    const page = await as("desk", { locale: "pl-PL" });
    await page.goto("/dashboard/calendar?date=2027-03-04&lang=pl");
    await alive(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "pl");
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText(/czwartek,? 4 marca/i);
    await page.goto("/dashboard/calendar?date=2027-03-04&new=gabinet:appointment&start=2027-03-04T09:00:00Z");
    await alive(page);
    const form = page.getByRole("complementary");
    await form.getByRole("button", { name: "Zarezerwuj wizytę" }).click();
    await expect(form.getByText("To pole jest wymagane.").first()).toBeVisible();
    await expect(form).not.toContainText(/This is|needed|patient/i);
});

const { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile } = devices["Galaxy Tab S4 landscape"];

test("a visit is booked on a tablet by taps", async ({ as }) => {
    const page = await as("desk", { viewport, userAgent, deviceScaleFactor, hasTouch, isMobile });
    await openDay(page, "2027-03-09");
    const there = await placeOf(page, "dr Piotr Zając", "10:00");
    await page.touchscreen.tap(there.x, there.y + 3);
    const form = panel(page);
    await form.getByRole("combobox", { name: "Patient" }).fill("Anna Nowak");
    await form.getByRole("option", { name: /^Anna Nowak/ }).first().tap();
    await form.getByRole("combobox", { name: "Treatment" }).fill("Botoks, 3 okol");
    await form.getByRole("option", { name: "Botoks, 3 okolice" }).tap();
    await form.getByRole("button", { name: "Book the visit" }).tap();
    await expect(entry(page, "Anna Nowak")).toBeVisible();
});
