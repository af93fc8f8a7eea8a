// A kind of record made by hand: its fields, a formula, a record of it, the board, and a field more on leads.

import { expectAccessible } from "../axe";
import { alive, expect, test } from "../fixtures";

test("an owner makes a kind of record with fields and a formula, and it has a list, a board, a form and a page", async ({ as }) => {
    const page = await as("owner");
    // Keys hold letters only.
    const mark = [...Date.now().toString().slice(-6)].map((digit) => "abcdefghij"[Number(digit)]).join("");
    const name = `Contract ${mark}`;
    await page.goto("/dashboard/settings/fields");
    await alive(page);
    await expectAccessible(page);

    await test.step("the kind, with statuses that follow each other", async () => {
        await page.getByRole("button", { name: "New kind of record" }).click();
        const dialog = page.getByRole("dialog", { name: "New kind of record" });
        await dialog.getByLabel("What one is called").fill(name);
        await dialog.getByLabel("What many are called").fill(`${name}s`);
        await dialog.getByLabel("Statuses").fill("Draft #250 > Signed\nSigned #140 > Ended\nEnded #20");
        await dialog.getByRole("button", { name: "Save" }).click();
        await expect(page.getByRole("heading", { name: `${name}s` })).toBeVisible();
    });

    const field = async (label: string, kind: string, more?: (dialog: ReturnType<typeof page.getByRole>) => Promise<void>) => {
        await page.getByRole("button", { name: "New field" }).first().click();
        const dialog = page.getByRole("dialog", { name: "New field" });
        await dialog.getByLabel("Name", { exact: false }).first().fill(label);
        await dialog.getByLabel("Kind", { exact: true }).selectOption(kind);
        if (more) await more(dialog);
        await dialog.getByRole("button", { name: "Save" }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByRole("rowheader", { name: label })).toBeVisible();
    };

    await test.step("its fields; what a formula gives is told while it is written", async () => {
        await field("Partner", "text");
        await field("Rate", "number");
        await field("Months", "number");
        await field("Worth", "formula", async (dialog) => {
            await dialog.getByLabel("Formula").fill("rate * nothing");
            await expect(dialog.getByText("There is no field of that key.")).toBeVisible();
            await dialog.getByLabel("Formula").fill("rate * months");
            await expect(dialog.getByText("Gives: Number")).toBeVisible();
        });
    });

    await test.step("a record of it, with what is wrong told at the field", async () => {
        await page.getByRole("link", { name: "Records", exact: true }).last().click();
        await page.getByRole("link", { name: "New", exact: true }).click();
        await page.getByLabel("Partner").fill("Acme");
        await page.getByLabel("Rate").fill("many");
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page.getByLabel("Rate")).toHaveAttribute("aria-invalid", "true");
        await page.getByLabel("Rate").fill("12,5");
        await page.getByLabel("Months").fill("12");
        await page.getByRole("button", { name: "Save" }).click();
        await expect(page.getByRole("heading", { name: "Acme" })).toBeVisible();
        await expect(page.locator(".object-facts")).toContainText("150");
        await expectAccessible(page);
    });

    await test.step("its status goes only where it may", async () => {
        await expect(page.getByRole("button", { name: "Ended" })).toBeHidden();
        await page.getByRole("button", { name: "Signed" }).click();
        await expect(page.getByRole("button", { name: "Ended" })).toBeVisible();
    });

    await test.step("the board, by keyboard", async () => {
        await page.getByRole("link", { name: `${name}s` }).click();
        await page.getByRole("link", { name: "Board" }).click();
        const signed = page.getByRole("region", { name: "Signed" });
        await expect(signed.getByRole("link", { name: "Acme" })).toBeVisible();
        await signed.getByLabel(/Put Acme into/).selectOption("ended");
        await expect(page.getByRole("region", { name: "Ended" }).getByRole("link", { name: "Acme" })).toBeVisible();
        await expectAccessible(page);
    });

    await test.step("deleted and brought back", async () => {
        await page.getByRole("link", { name: "Acme" }).click();
        await page.getByRole("button", { name: "Delete" }).click();
        await page.getByRole("button", { name: "Bring back" }).click();
        await expect(page.getByRole("button", { name: "Delete" })).toBeVisible();
    });
});

test("a field that was added to leads stands on every lead's page", async ({ as }) => {
    const page = await as("owner");
    const label = `Size ${Date.now()}`;
    await page.goto("/dashboard/settings/fields?type=crm:lead");
    await alive(page);
    await page.getByRole("button", { name: "New field" }).first().click();
    const dialog = page.getByRole("dialog", { name: "New field" });
    await dialog.getByLabel("Name", { exact: false }).first().fill(label);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("rowheader", { name: label })).toBeVisible();
    await page.goto("/dashboard/crm/leads");
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    const more = page.getByRole("region", { name: "More fields" });
    await more.getByRole("button", { name: "Edit" }).click();
    await more.getByLabel(label).fill("Large");
    await more.getByRole("button", { name: "Save" }).click();
    await expect(more).toContainText("Large");
    await page.reload();
    await expect(page.getByRole("region", { name: "More fields" })).toContainText("Large");
});
