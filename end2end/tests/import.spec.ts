// Files that are taken over: contacts of a Google export (E2E_CONTACTS says how many), what cannot be taken over, and taking it all back.

import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe";
import { alive, expect, test } from "../fixtures";

/** Of the debug server's time each contact takes a tenth of a second in all: five thousand are for a patient machine. */
const MANY = Number(process.env.E2E_CONTACTS ?? 150);
const HEADING = "First Name,Middle Name,Last Name,Organization Name,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value";

/** So many contacts as Google writes them, and behind them four that are none or are there already. */
function contacts(many: number, mark: string): string {
    const lines = Array.from({ length: many }, (_, n) => {
        const phone = `+48 ${600_000_000 + n}`;
        return `Imię${n},,Nazwisko${mark}${n},Firma ${n % 40},1980-01-${String((n % 28) + 1).padStart(2, "0")},,* myContacts,* Home,c${mark}${n}@example.org,Mobile,${phone}`;
    });
    const odd = [
        `Jan,,Kos${mark},,,,,,no address,,`,
        `"=cmd|' /C calc'!A0",,Kos${mark},,,,,,,,`,
        `Ola,,,,,,,,ola${mark}@example.org,,`,
        `Imię0,,Nazwisko${mark}0,,,,,,c${mark}0@example.org,,`,
    ];
    return [HEADING, ...lines, ...odd].join("\r\n");
}

async function choose(page: Page, name: string, content: Buffer): Promise<void> {
    await page.getByLabel("File").setInputFiles({ name, mimeType: "text/csv", buffer: content });
    await page.getByRole("button", { name: "Read the file" }).click();
}

test.describe("a file becomes records", () => {
    // Each contact is made by the very function that the form uses, twice: tried and run.
    test.describe.configure({ timeout: 120_000 + 200 * MANY });

    test("contacts are tried, taken over and taken back", async ({ as }) => {
        const page = await as("owner");
        const mark = `q${Date.now().toString(36)}`;
        await page.goto("/dashboard/lists/person?view=all");
        await alive(page);
        await page.getByRole("link", { name: "Import", exact: true }).click();
        await expect(page).toHaveURL(/\/dashboard\/import\/person$/);
        await choose(page, "contacts.csv", Buffer.from(contacts(MANY, mark), "utf8"));

        // What the columns are is known by their headings; somebody corrects one by the keyboard.
        const columns = page.getByRole("region", { name: "Columns of the file" });
        await expect(columns.getByLabel("First Name becomes")).toHaveValue("given_name");
        await expect(columns.getByLabel("E-mail 1 - Value becomes")).toHaveValue("email");
        await expect(columns.getByLabel("Phone 1 - Value becomes")).toHaveValue("phone");
        await expect(columns.getByLabel("Birthday becomes")).toHaveValue("birth_date");
        await expect(columns.getByLabel("Organization Name becomes")).toHaveValue("+note");
        await columns.getByLabel("Organization Name becomes").selectOption("");
        await expect(page.getByText(new RegExp(`${MANY + 4} lines`))).toBeVisible();
        await expectAccessible(page);
        const look = page.getByRole("button", { name: "See what would come of it" });
        await look.focus();
        await page.keyboard.press("Enter");
        await expect(page.locator("progress")).toBeVisible();

        const result = page.getByRole("region", { name: "Result" });
        await expect(result.getByRole("button", { name: `New: ${MANY}` })).toBeVisible({ timeout: 60_000 + 100 * MANY });
        await expect(result.getByRole("button", { name: "Refused: 3" })).toHaveAttribute("aria-pressed", "true");
        await expect(result.getByRole("button", { name: "Skipped: 1" })).toBeVisible();
        await expect(result.getByRole("row", { name: new RegExp(`${MANY + 2}.*no address.*E-mail 1 - Value`) })).toBeVisible();
        await expect(result.getByRole("row", { name: new RegExp(`${MANY + 3}.*formula`) })).toBeVisible();
        const saved = page.waitForEvent("download");
        await result.getByRole("button", { name: "As a file" }).click();
        const text = await readFile(await (await saved).path(), "utf8");
        expect(text).toContain("no address");
        expect(text, "no spreadsheet runs what was refused").toContain("\"'=cmd|");
        expect(text.trim().split("\r\n")).toHaveLength(4);

        // A page that is loaded anew goes on where it was.
        await page.reload();
        await alive(page);
        await page.getByRole("button", { name: `Import ${MANY}` }).click();
        await expect(page.getByRole("button", { name: "Undo the import" })).toBeVisible({ timeout: 60_000 + 100 * MANY });
        await page.goto(`/dashboard/people?q=${mark}${MANY - 1}`);
        await expect(page.getByRole("link", { name: `Imię${MANY - 1} Nazwisko${mark}${MANY - 1}` })).toBeVisible();
        await page.goBack();
        await alive(page);
        await page.getByRole("button", { name: "Undo the import" }).click();
        await page.getByRole("dialog").getByRole("button", { name: "Undo the import" }).click();
        await expect(page.getByText(`Taken back: ${MANY}. Stays: 0.`)).toBeVisible({ timeout: 60_000 + 100 * MANY });
        await page.goto(`/dashboard/people?q=${mark}${MANY - 1}`);
        await expect(page.getByRole("link", { name: `Imię${MANY - 1} Nazwisko${mark}${MANY - 1}` })).toBeHidden();
    });
});

test("what is no table is refused at the file, and the page stays usable on a telephone in the dark", async ({ as, complaints }) => {
    // The browser's own line about a refused request.
    complaints.expect(/Failed to load resource.*422/);
    const page = await as("owner", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await page.goto("/dashboard/import/person");
    await alive(page);
    await choose(page, "people.xlsx", Buffer.from("PK\u0003\u0004workbook", "latin1"));
    await expect(page.getByText("This is a compressed file or a workbook. Save it as CSV first.").first()).toBeVisible();
    await choose(page, "wide.csv", Buffer.from(Array.from({ length: 10_001 }, () => "x").join(","), "utf8"));
    await expect(page.getByText(/10001 columns/).first()).toBeVisible();
    await choose(page, "large.csv", Buffer.alloc(21 * 1024 * 1024, "x"));
    await expect(page.getByText("The file is larger than 20 MB.").first()).toBeVisible();
    // Windows-1250, as an old spreadsheet writes it: Imię;Nazwisko, Żaneta;Źdźbło.
    const polish = Buffer.from([73, 109, 105, 0xea, 59, 78, 97, 122, 119, 105, 115, 107, 111, 10, 0xaf, 97, 110, 101, 116, 97, 59, 0x8f, 100, 0x9f, 98, 0xb3, 111, 10]);
    await choose(page, "stare.csv", polish);
    await expect(page.getByText("Żaneta")).toBeVisible();
    await expect(page.getByLabel("Imię becomes")).toHaveValue("given_name");
    await expectAccessible(page);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    expect(sideways, "nothing scrolls sideways").toBe(false);
});
