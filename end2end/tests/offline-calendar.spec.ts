// The desk without a network: today is read from what was kept, what is noted waits on the device, and nothing is lost.

import { type Page } from "@playwright/test";
import { alive, expect, signIn, test } from "../fixtures";
import { goOffline, keep, kept } from "../offline";
import { type Event, Rest } from "../rest";

/** A visit of today that is still to come and can be checked in. */
async function someone(page: Page): Promise<{ id: string; name: string }> {
    const entry = page.locator(".entry:not(.is-past)").filter({ has: page.locator(".arrive") }).last();
    return { id: (await entry.getAttribute("data-entry")) ?? "", name: (await entry.locator("b").textContent()) ?? "" };
}

test("today is read without a network; what is noted is sent when it is back", async ({ page, context, complaints, baseURL }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED/);
    await signIn(page, "desk");
    await keep(page);
    await goOffline(page, context);
    const { id, name } = await someone(page);
    const entry = page.locator(`[data-entry="${id}"]`);
    await entry.locator("summary").click();
    await entry.getByLabel("Note").fill("Came by bus, a little late.");
    await entry.getByRole("button", { name: "Keep note" }).click();
    await entry.getByRole("button", { name: `${name}: arrived` }).click();
    await expect(page.getByRole("heading", { name: "Waiting to be sent (2)" })).toBeVisible();
    // It outlives the page.
    await page.reload();
    await expect(page.getByRole("heading", { name: "Waiting to be sent (2)" })).toBeVisible();
    await expect(entry).toContainText("Came by bus, a little late.");
    await context.setOffline(false);
    await alive(page);
    const rest = await Rest.as("desk", baseURL ?? "");
    const activity = await rest.get<Event>(`/activities/${id}`);
    expect(activity.status).toBe("checked_in");
    const visit = await rest.get<{ notes: string }>(`/appointments/${id}`);
    expect(visit.notes).toContain("Came by bus, a little late.");
});

test("what somebody else changed meanwhile is settled by a person, for each entry", async ({ page, context, complaints, baseURL }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|409/);
    await signIn(page, "desk");
    await keep(page);
    await goOffline(page, context);
    const { id, name } = await someone(page);
    await page.locator(`[data-entry="${id}"]`).getByRole("button", { name: `${name}: arrived` }).click();
    // Meanwhile a colleague confirms, which is another version.
    const rest = await Rest.as("owner", baseURL ?? "");
    const before = await rest.get<Event>(`/activities/${id}`);
    await rest.step(id, before.version, before.status === "confirmed" ? "cancelled" : "confirmed");
    await context.setOffline(false);
    const clash = page.locator(`.clash[data-entry="${id}"]`);
    await expect(clash).toBeVisible({ timeout: 15_000 });
    await expect(clash).toContainText("changed by");
    if (before.status === "confirmed") {
        await clash.getByRole("button", { name: "Keep theirs" }).click();
    } else {
        await clash.getByRole("button", { name: "Keep mine" }).click();
    }
    await alive(page);
    const after = await rest.get<Event>(`/activities/${id}`);
    expect(after.status).toBe(before.status === "confirmed" ? "cancelled" : "checked_in");
});

test("signing out takes everything from the device, but not what was not sent", async ({ page, context, complaints }) => {
    // What was being asked for when the session ended is refused.
    complaints.expect(/status of 401/);
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED/);
    await signIn(page, "desk");
    await keep(page);
    await page.evaluate(() => {
        const form = document.createElement("form");
        form.method = "post";
        form.action = "/sign-out";
        document.body.append(form);
        form.submit();
    });
    await expect(page).toHaveURL(/\/sign-in/);
    expect(await kept(page)).toBe(0);
    await context.setOffline(true);
    await page.goto("/dashboard/calendar").catch(() => {});
    await expect(page.locator(".entry")).toHaveCount(0);
    await context.setOffline(false);
});

test("nobody sees another's days: the next who signs in has their own", async ({ page }) => {
    await signIn(page, "desk");
    await keep(page);
    // The page of the first asks no more when the second signs in.
    await page.goto("about:blank");
    await signIn(page, "austinDesk");
    await page.goto("/dashboard/calendar");
    await alive(page);
    await expect
        .poll(() =>
            page.evaluate(
                () =>
                    new Promise<string>((done) => {
                        indexedDB.open("atrium").onsuccess = ({ target }) => {
                            const base = (target as IDBOpenDBRequest).result;
                            base.transaction("days").objectStore("days").getAll().onsuccess = ({ target: found }) => {
                                base.close();
                                done((found as IDBRequest).result.map((days: { clinic: string }) => days.clinic).join());
                            };
                        };
                    }),
            ),
        )
        .toBe("Austin Drip");
});
