import { expectAccessible } from "../axe";
import { expect, test } from "../fixtures";

const LEADS = "/dashboard/lists/crm:lead?view=all";

test("a list is filtered, counted and says why a record stands in it", async ({ as }) => {
    const page = await as("owner");
    await page.goto(LEADS);
    const rows = page.locator(".list-table tbody tr[data-place]");
    await expect(rows.first()).toBeVisible();
    const all = await page.locator(".list-count").textContent();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    const builder = page.getByRole("region", { name: "Filter" });
    await builder.getByRole("button", { name: "Condition" }).click();
    await builder.getByLabel("Field").selectOption("status");
    await builder.getByLabel("New", { exact: true }).check();
    await expect(page.locator(".list-chip")).toContainText("Status is one of New");
    await expect(page.locator(".list-count")).not.toHaveText(all ?? "");
    await rows.first().getByRole("link").focus();
    await page.keyboard.press("?");
    const why = page.getByRole("complementary", { name: "Why is this here?" });
    await expect(why).toContainText("Status");
    await expect(why.locator("li.holds").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(why).toBeHidden();
    await expectAccessible(page);
});

test("a view is kept, found again as a tab and taken away with undo", async ({ as }) => {
    const page = await as("owner");
    await page.goto(LEADS);
    await page.getByRole("button", { name: "Company" }).click();
    await expect(page.getByRole("columnheader", { name: "Company" })).toHaveAttribute("aria-sort", "ascending");
    await page.getByRole("button", { name: "Save as new" }).click();
    const name = `By company ${Date.now()}`;
    await page.getByRole("dialog").getByLabel("Name").fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    const tab = page.getByRole("link", { name });
    await expect(tab).toHaveAttribute("aria-current", "page");
    await page.reload();
    await expect(page.getByRole("columnheader", { name: "Company" })).toHaveAttribute("aria-sort", "ascending");
    await page.getByRole("button", { name: "Name and sharing" }).click();
    await page.getByRole("button", { name: "Delete view" }).click();
    await expect(tab).toBeHidden();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(tab).toBeVisible();
});

test("a board stands by the status and its columns count what is in them", async ({ as }) => {
    const page = await as("owner");
    await page.goto(LEADS);
    await page.getByRole("button", { name: "Board" }).click();
    const column = page.locator(".list-stack").first();
    await expect(column.locator("h2")).toBeVisible();
    await expect(page.locator(".list-card").first()).toBeVisible();
});

test("rows are walked by the keyboard and opened", async ({ as }) => {
    const page = await as("owner");
    await page.goto(LEADS);
    const rows = page.locator(".list-table tbody tr[data-place]");
    await rows.first().getByRole("link").focus();
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(1).getByRole("link")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/crm\/leads\//);
});
