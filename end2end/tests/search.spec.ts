// One box over everything: found by a misspelt name, by a part of a telephone number, with the keyboard alone.

import { expectAccessible } from "../axe";
import { alive, expect, test } from "../fixtures";

test("a patient is found by a misspelt name and opened with the keyboard alone", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Grażyna Śliwińska");
    const page = await as("desk");
    await page.goto("/dashboard/calendar");
    await alive(page);
    await page.keyboard.press("Control+k");
    const box = page.getByRole("dialog", { name: "Search" });
    const field = box.getByRole("combobox", { name: "Search" });
    await expect(field).toBeFocused();
    await expect(box.getByRole("option", { name: "Patients", exact: true }), "pages are offered before anything is typed").toBeVisible();
    await expectAccessible(page);

    await page.keyboard.type("sliwinska grazina");
    await expect(box.getByRole("option", { name: /Grażyna Śliwińska/ })).toBeVisible();
    await expect(box.getByRole("option").first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/dashboard\/people\//);
    await expect(page.getByRole("heading", { name: "Grażyna Śliwińska" })).toBeVisible();
    await expect(box).toBeHidden();

    await test.step("it is at the top the next time, and Escape leaves everything as it was", async () => {
        await page.keyboard.press("Control+k");
        await expect(box.getByRole("option").first()).toContainText("Grażyna Śliwińska");
        await page.keyboard.press("Escape");
        await expect(box).toBeHidden();
    });

    await test.step("a page by a part of its name", async () => {
        await page.getByRole("button", { name: "Search" }).click();
        await page.keyboard.type("waiting");
        await expect(box.getByRole("option", { name: "Waiting list" })).toBeVisible();
        await page.keyboard.press("Enter");
        await expect(page).toHaveURL(/\/waiting$/);
    });

    await test.step("what can be begun, by the verb one thinks of", async () => {
        await page.keyboard.press("Control+k");
        await page.keyboard.type("book");
        await expect(box.getByRole("option", { name: "Book a visit" })).toBeVisible();
        await page.keyboard.press("Escape");
    });

    await test.step("what is called by no name is said to be so", async () => {
        await page.keyboard.press("Control+k");
        await page.keyboard.type("qqqxyzzy");
        await expect(box.getByText("Nothing is called so.")).toBeVisible();
    });
});
