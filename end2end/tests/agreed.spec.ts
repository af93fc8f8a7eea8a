// Length and price that were agreed with one patient: set on their page, and met by whoever books for them.

import { expectAccessible } from "../axe";
import { clickPlace, fillVisit, notices, openDay, panel } from "../desk";
import { alive, expect, test } from "../fixtures";

const treatment = "Konsultacja lekarska";
const patient = "Zdzisława Powolna";

test("what was agreed on the patient's page is what the form tells and what is booked", async ({ as, rest }) => {
    const day = "2027-05-18";
    const desk = await rest("desk");
    const { id } = await desk.send<{ id: string }>("POST", "/patients", { given_name: "Zdzisława", family_name: "Powolna" });
    const page = await as("owner");
    await page.goto(`/dashboard/people/${id}`);
    await alive(page);
    const section = page.getByRole("region", { name: "Agreed length and price" }).first();
    await expect(section).toContainText("Nothing was agreed");

    await test.step("with the keyboard, and nothing that says nothing", async () => {
        await section.getByRole("button", { name: "Agree on something" }).focus();
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog", { name: "Agree on something" });
        await dialog.getByRole("combobox", { name: "Treatment" }).pressSequentially(treatment.slice(0, 14));
        await dialog.getByRole("option", { name: treatment }).click();
        await dialog.getByRole("textbox", { name: "Reason" }).fill("Wheelchair");
        await page.keyboard.press("Enter");
        await expect(dialog).toContainText("Write how long it takes");
        await expectAccessible(page);
        await dialog.getByRole("textbox", { name: "Length in minutes" }).fill("50");
        await dialog.getByRole("textbox", { name: "Price in PLN" }).fill("123.50");
        await page.keyboard.press("Enter");
        await expect(notices(page)).toContainText("Agreement saved");
        await expect(dialog).toBeHidden();
        await expect(section.getByRole("row").filter({ hasText: treatment })).toContainText(/50 min.*123,50.*Wheelchair/);
        await expectAccessible(page);
    });

    await test.step("the form tells it, and it is booked so", async () => {
        await openDay(page, day);
        await clickPlace(page, "dr Marta Lis", "09:00");
        await fillVisit(page, { typed: "powolna", patient, treatment });
        const verdict = panel(page).locator(".booking-verdict");
        await expect(verdict).toContainText("09:00 – 09:50");
        await expect(verdict).toContainText("123,50");
        await expect(verdict).toContainText("as agreed with this patient");
        await panel(page).getByRole("button", { name: "Book the visit" }).click();
        await expect(notices(page)).toContainText("Visit booked");
        await expect(panel(page)).toContainText("123,50");
        expect((await desk.told(day, patient)).map(({ times }) => times)).toEqual(["09:00 – 09:50"]);
    });

    await test.step("the desk sees it, and changes no price", async () => {
        const reception = await as("desk");
        await reception.goto(`/dashboard/people/${id}`);
        await alive(reception);
        const seen = reception.getByRole("region", { name: "Agreed length and price" }).first();
        await expect(seen.getByRole("button", { name: `Edit ${treatment}` })).toBeVisible();
        await expect(seen.getByRole("button", { name: `Remove ${treatment}` })).toHaveCount(0);
    });

    await test.step("taken away it is as usual, and the notice brings it back", async () => {
        await page.goto(`/dashboard/people/${id}`);
        await alive(page);
        await section.getByRole("button", { name: `Remove ${treatment}` }).click();
        await expect(section).toContainText("Nothing was agreed");
        await notices(page).getByRole("button", { name: "Undo" }).click();
        await expect(section.getByRole("row").filter({ hasText: treatment })).toContainText("Wheelchair");
    });
});
