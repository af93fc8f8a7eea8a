// One record for each human: made, found twice, made one and taken apart again, with the keyboard alone.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

test("somebody is written down twice, found as a duplicate, merged and taken out again by keyboard", async ({ as }) => {
    const page = await as("desk");
    const write = async (given: string, email: string) => {
        await page.goto("/dashboard/people/new");
        await alive(page);
        await page.getByRole("textbox", { name: "Given name" }).focus();
        await page.keyboard.type(given);
        await page.keyboard.press("Tab");
        await page.keyboard.type("Kwiatkowska-Zawada");
        await page.getByRole("textbox", { name: "E-mail" }).focus();
        await page.keyboard.type(email);
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { level: 1, name: `${given} Kwiatkowska-Zawada` })).toBeVisible();
    };
    await write("Celestyna", "celestyna@zawada.example");
    await expectAccessible(page);
    await write("Celestina", "celestyna+visits@zawada.example");
    const pairs = page.getByRole("heading", { name: "Probably the same human" });
    await expect(pairs).toBeVisible();
    await expect(page.getByText("same e-mail, like name")).toBeVisible();

    await test.step("the list of duplicates has the pair", async () => {
        await page.goto("/dashboard/people/duplicates");
        await alive(page);
        const pair = page.getByRole("listitem").filter({ hasText: "Celestina" });
        await expect(pair).toContainText("Celestyna Kwiatkowska-Zawada");
        await expectAccessible(page);
        await pair.getByRole("link", { name: "Compare" }).focus();
        await page.keyboard.press("Enter");
    });

    await test.step("field by field", async () => {
        await expect(page.getByRole("heading", { name: "Make one record of two" })).toBeVisible();
        const name = page.getByRole("group", { name: "Given name" });
        await name.getByRole("radio", { name: "Celestina" }).focus();
        await page.keyboard.press("Space");
        await expect(name.getByRole("radio", { name: "Celestina" })).toBeChecked();
        await name.getByRole("radio", { name: "Celestyna" }).focus();
        await page.keyboard.press("Space");
        await expect(name.getByRole("radio", { name: "Celestyna" })).toBeChecked();
        await expectAccessible(page);
        await page.getByRole("button", { name: "Merge" }).focus();
        await page.keyboard.press("Enter");
        await expect(page.getByRole("heading", { level: 1, name: "Celestyna Kwiatkowska-Zawada" })).toBeVisible();
    });

    await test.step("and apart again", async () => {
        await page.getByRole("button", { name: /Take Celest[iy]na Kwiatkowska-Zawada out again/ }).focus();
        await page.keyboard.press("Enter");
        const ask = page.getByRole("dialog", { name: "Take the merge back" });
        await expect(ask).toContainText("Nothing has come since.");
        await ask.getByRole("button", { name: "Take the merge back" }).focus();
        await page.keyboard.press("Enter");
        await expect(notices(page).getByText("They are two records again")).toBeVisible();
        await expect(page.getByRole("heading", { name: "Probably the same human" })).toBeVisible();
    });
});

test("a company belongs to another, and somebody works there", async ({ as }) => {
    const page = await as("desk");
    await page.goto("/dashboard/companies");
    await alive(page);
    await page.getByRole("link", { name: "Meridian sp. z o.o." }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Meridian sp. z o.o." })).toBeVisible();
    await expect(page.getByRole("link", { name: "Meridian Holding" })).toBeVisible();
    await page.getByRole("link", { name: "Bogumiła Ostojska" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Bogumiła Ostojska" })).toBeVisible();
    await expect(page.getByText("Marketing by SMS")).toBeVisible();
    await expectAccessible(page);
});
