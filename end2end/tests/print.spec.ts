// The calendar on paper. Chromium's own PDF is taken apart as far as its pages and their size; how they look, people judge.

import { expect, people, signIn, test } from "../fixtures";

/** The sizes of a PDF's pages in millimetres. */
function pages(pdf: Buffer): string[] {
    const boxes = pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g);
    return [...boxes].map(([, width, height]) => [width, height].map((points) => Math.round((Number(points) * 25.4) / 72)).join("×"));
}

test("a day is printed as one sheet for each practitioner, on the paper that was chosen", async ({ page }) => {
    await signIn(page, "desk");
    await page.goto("/dashboard/calendar/print?date=2026-11-24");
    const sheets = page.locator(".sheet");
    const number = await sheets.count();
    expect(number).toBeGreaterThan(3);
    await expect(sheets.first().getByRole("columnheader")).toHaveText(["Time", "Patient", "Treatment", "Room", "Notes"]);
    await expect(sheets.first()).toContainText(/Printed 08:\d\d by /);
    await expect(sheets.first()).toContainText("Klinika Lipowa");
    const a4 = pages(await page.pdf({ preferCSSPageSize: true }));
    expect(a4.length).toBeGreaterThanOrEqual(number);
    expect(new Set(a4)).toEqual(new Set(["210×297"]));
    await page.getByRole("link", { name: "Letter" }).click();
    await expect(sheets).toHaveCount(number);
    expect(new Set(pages(await page.pdf({ preferCSSPageSize: true })))).toEqual(new Set(["216×279"]));
    // Paper shows nothing of the screen.
    await page.emulateMedia({ media: "print" });
    await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
});

test("the rota of a week names nobody's patients", async ({ page }) => {
    await signIn(page, "desk");
    await page.goto("/dashboard/calendar/print?date=2026-11-24");
    const patients = (await page.locator(".sheet td.patient b").allTextContents()).filter((name) => name.includes(" "));
    expect(patients.length).toBeGreaterThan(10);
    await page.getByRole("link", { name: "Rota of the week" }).click();
    await expect(page.getByRole("columnheader")).toHaveCount(9);
    const rota = (await page.locator(".sheet").textContent()) ?? "";
    expect(patients.filter((name) => rota.includes(name))).toEqual([]);
    expect(new Set(pages(await page.pdf({ preferCSSPageSize: true })))).toEqual(new Set(["297×210"]));
});

test("the calendar's print key and button lead to the sheets of what is shown", async ({ page }) => {
    await signIn(page, "desk");
    await page.goto("/dashboard/calendar?view=week&date=2026-11-25");
    await page.locator("html[data-alive]").waitFor({ state: "attached" });
    await page.keyboard.press("Control+p");
    await expect(page).toHaveURL(/calendar\/print\?what=week&date=2026-11-25/);
    await expect(page.locator("table.rota")).toBeVisible();
});

test("paper is for those who may see the calendar, and strangers sign in first", async ({ page }) => {
    await page.goto("/dashboard/calendar/print?what=week");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.getByLabel(/e-mail/i).fill(people.desk);
    await page.getByLabel(/password/i).fill("atrium-demo");
    await page.keyboard.press("Enter");
    await expect(page.locator("table.rota")).toBeVisible();
});

test("in Austin it is Letter by itself, and words are the reader's", async ({ page }) => {
    await signIn(page, "austinDesk");
    await page.goto("/dashboard/calendar/print");
    await expect(page.locator("html")).toHaveClass("is-letter");
    await page.goto("/dashboard/calendar/print?what=week&lang=pl");
    await expect(page.getByRole("heading", { name: "Grafik tygodnia" }).first()).toBeVisible();
});
