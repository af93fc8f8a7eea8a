// One page for a human: what must not be overlooked stands wherever the name stands, what is known is read as text, and
// there is one timeline.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

type Made = { id: string };

test("a patient's old address leads to the human's page, where the patient card is read as text and changed in place", async ({ as, rest }) => {
    const desk = await rest("desk");
    const { id } = await desk.send<Made>("POST", "/patients", {
        given_name: "Honorata",
        family_name: "Dąbek",
        birth_date: "1992-03-12",
        phone: "+48601224118",
        allergies: "lidocaine",
        notes: "Nervous about needles.",
    });
    await desk.book({ date: "2027-05-11", time: "09:00", patient: "Honorata Dąbek", treatment: "Wizyta kontrolna", employee: "dr Marta Lis" });
    const page = await as("desk");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    await expect(page).toHaveURL(new RegExp(`/dashboard/people/${id}$`));
    const main = page.getByRole("main");
    const head = main.locator(".record-head");
    await expect(head.getByRole("heading", { level: 1, name: "Honorata Dąbek" })).toBeVisible();
    await expect(head).toContainText("Allergy: lidocaine");
    await expect(head).toContainText("12 Mar 1992, 34 y");
    await expect(head.getByRole("link", { name: "+48 601 224 118" })).toBeVisible();
    await expect(main.getByRole("heading", { name: "Visits" })).toBeVisible();
    await expect(main.getByText("Nervous about needles.")).toBeVisible();
    await expect(main.getByRole("textbox", { name: "Allergies" }), "opening somebody is no form").toHaveCount(0);
    await expect(main.getByRole("tab", { name: "Timeline" })).toHaveCount(1);
    await expect(main.getByRole("heading", { name: "Timeline" })).toHaveCount(0);
    await expectAccessible(page);

    await test.step("the card, with the keyboard", async () => {
        await main.getByRole("button", { name: "Edit patient card" }).focus();
        await page.keyboard.press("Enter");
        const field = main.getByRole("textbox", { name: "Allergies" });
        await field.fill("lidocaine, latex");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("Patient saved");
        await expect(field).toHaveCount(0);
        await expect(head).toContainText("Allergy: lidocaine, latex");
    });

    await test.step("the person", async () => {
        await head.getByRole("button", { name: "Edit", exact: true }).focus();
        await page.keyboard.press("Enter");
        await main.getByRole("textbox", { name: "E-mail" }).fill("honorata@dabek.example");
        await page.keyboard.press("Enter");
        await expect(head.getByRole("link", { name: "honorata@dabek.example" })).toBeVisible();
        await expect(head.getByRole("button", { name: "Edit", exact: true })).toBeVisible();
    });

    await test.step("and a visit begins here", async () => {
        await head.getByRole("link", { name: "Book a visit" }).click();
        await expect(page.getByRole("complementary").getByRole("combobox", { name: "Patient" })).toHaveValue("Honorata Dąbek");
    });
});

test("an allergy stands in the list of people, in the search and on the waiting list", async ({ as, rest }) => {
    const desk = await rest("desk");
    const { id } = await desk.send<Made>("POST", "/patients", { given_name: "Wirginia", family_name: "Ząbek", allergies: "latex" });
    const { location } = await desk.day("2027-05-11");
    await desk.send("POST", "/waiting", {
        patient: id,
        location: location.id,
        treatments: [await desk.treatment("Wizyta kontrolna")],
        from_date: "2027-05-11",
        to_date: "2027-05-30",
    });
    const page = await as("desk");
    await page.goto("/dashboard/people?q=Wirginia");
    await alive(page);
    await expect(page.getByRole("row").filter({ hasText: "Wirginia Ząbek" })).toContainText("Allergy: latex");
    await expectAccessible(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Wirginia");
    await expect(page.getByRole("option", { name: /Wirginia Ząbek/ })).toContainText("Allergy: latex");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.goto("/dashboard/gabinet/waiting");
    await alive(page);
    await expect(page.getByRole("listitem").filter({ hasText: "Wirginia Ząbek" })).toContainText("Allergy: latex");
    await expectAccessible(page);
});

test("on a phone a row is two lines and nothing scrolls sideways", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.send<Made>("POST", "/patients", { given_name: "Wirginia", family_name: "Dzwonek", phone: "+48601224119", allergies: "latex" });
    const page = await as("desk", { viewport: { width: 390, height: 844 } });
    const lists = ["/dashboard/people?q=Dzwonek", "/dashboard/gabinet/patients", "/dashboard/companies", "/dashboard/crm/leads", "/dashboard/lists/crm:lead", "/dashboard/gabinet/treatments"];
    for (const path of lists) {
        await page.goto(path);
        await alive(page);
        const table = page.locator(".table").first();
        await expect(table.locator("tbody th").first()).toBeVisible();
        expect(await table.evaluate((node) => node.scrollWidth - node.clientWidth), `${path} fits`).toBeLessThanOrEqual(0);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), path).toBeLessThanOrEqual(0);
        if (path.includes("Dzwonek")) {
            const row = table.getByRole("row").filter({ hasText: "Dzwonek" });
            await expect(row).toContainText("Allergy: latex");
            await expect(row.getByText("+48 601 224 119")).toBeInViewport();
        }
    }
});

test("the list of a type is called by its plural, and the rail shows where one is", async ({ as }) => {
    const page = await as("owner");
    await page.goto("/dashboard/lists/gabinet:patient");
    await alive(page);
    await expect(page.getByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
    await expect(page.getByRole("navigation", { name: "Main" }).locator("[aria-current=page]")).toHaveText("People");
});
