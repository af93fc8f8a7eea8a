// A clinic that subscribes to Gabinet alone: the rest is in sight, and locked.

import { expect, signIn, test } from "../fixtures";

test("a product that is not subscribed is shown as locked, and its address leads to what it would be", async ({ page, rest }) => {
    await signIn(page, "austinDesk");
    await page.goto("/dashboard/crm/leads");
    await expect(page).toHaveURL(/\/dashboard\/upgrade\/crm$/);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toHaveText("CRM");
    await expect(page.getByRole("main").getByRole("listitem").filter({ hasText: "Leads" })).toBeVisible();
    await expect(page.getByRole("main").getByRole("button"), "the desk cannot subscribe").toHaveCount(0);

    const rail = page.getByRole("navigation", { name: "Main" });
    await expect(rail.getByRole("region", { name: "Gabinet" }).getByRole("link", { name: "Patients" })).toBeVisible();
    const locked = rail.getByRole("link", { name: "CRM" });
    await expect(locked).toHaveAttribute("href", "/dashboard/upgrade/crm");
    await expect(rail.getByRole("link", { name: "Leads" })).toHaveCount(0);

    const desk = await rest("austinDesk");
    expect(await desk.refusal("/leads"), "the other door is shut as well").toEqual([403, "not_subscribed"]);
});

test("an owner is offered the subscription, the desk is told whom to ask", async ({ as }) => {
    const owner = await as("austinOwner");
    await owner.goto("/dashboard/upgrade/crm");
    await expect(owner.getByRole("main").getByRole("button", { name: "Subscribe" })).toBeVisible();
    const desk = await as("austinDesk");
    await desk.goto("/dashboard/upgrade/crm");
    await expect(desk.getByRole("main")).toContainText(/administrator/i);
});
