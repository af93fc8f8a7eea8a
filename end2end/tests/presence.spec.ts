// Two at the same calendar see each other: initials, what is open, and what is in the air.

import { alive, expect, signIn, test } from "../fixtures";
import { clickPlace, column, drop, openDay, take } from "../desk";

test("colleagues at the same calendar are seen, with what they open and drag, and are gone when they leave", async ({ page, browser, baseURL }) => {
    const date = "2026-12-02";
    await signIn(page, "desk");
    await openDay(page, date);
    const elsewhere = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
    const colleague = await elsewhere.newPage();
    await signIn(colleague, "owner");
    await openDay(colleague, date);
    const present = page.locator(".presence li.is-near");
    await expect(present).toHaveCount(1);
    await expect(colleague.locator(".presence li.is-near")).toHaveCount(1);
    // What the colleague has open has an outline here.
    const visit = colleague.locator(".calendar-event").first();
    const id = (await visit.getAttribute("data-id")) ?? "";
    await visit.click();
    await expect(colleague).toHaveURL(/open=/);
    await expect(page.locator(`[data-id="${id}"]`).first()).toHaveAttribute("data-held-by", /\w/);
    await colleague.keyboard.press("Escape");
    await expect(page.locator("[data-held-by]")).toHaveCount(0);
    // What the colleague drags has a shadow here, and leaves none.
    const label = (await colleague.locator(".calendar-column").first().getAttribute("aria-label")) ?? "";
    await take(colleague, visit, label.split(", ")[0] ?? "", "12:00");
    await expect(page.locator(".presence-shadow")).toBeVisible();
    await colleague.keyboard.press("Escape");
    await drop(colleague);
    await expect(page.locator(".presence-shadow")).toHaveCount(0);
    // A free time that the colleague has clicked is seen to be booked before anything is typed.
    const empty = "2027-06-02";
    await openDay(page, empty);
    await openDay(colleague, empty);
    await expect(present).toHaveCount(1);
    await clickPlace(colleague, "dr Marta Lis", "10:00");
    await expect(colleague.locator(".calendar-draft")).toBeVisible();
    await expect(page.locator(".presence-shadow")).toContainText("is booking");
    await colleague.keyboard.press("Escape");
    await expect(page.locator(".presence-shadow")).toHaveCount(0);
    await openDay(page, date);
    await openDay(colleague, date);
    await expect(present).toHaveCount(1);
    // A second window of one's own is no colleague.
    const own = await browser.newContext({ baseURL, viewport: { width: 1440, height: 900 } });
    const second = await own.newPage();
    await signIn(second, "desk");
    await openDay(second, date);
    await expect(second.locator(".presence li")).toHaveCount(1);
    await expect(present).toHaveCount(1);
    await expect(second.locator(".presence li")).not.toHaveAttribute("aria-label", /Ewa/);
    await own.close();
    await elsewhere.close();
    await expect(page.locator(".presence")).toHaveCount(0);
    expect(await column(page, label.split(", ")[0] ?? "").count()).toBeGreaterThan(0);
    await alive(page);
});
