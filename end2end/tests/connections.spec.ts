// Calendars elsewhere on the screen: a connection that cannot be made says why at its field, one that can stands in the list
// with its state, and is ended again.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

test("a connection with Cal.com is made, told in the list and ended", async ({ as, complaints }) => {
    // What is refused is told by the console too.
    complaints.expect(/422/);
    const page = await as("owner");
    await page.goto("/dashboard/settings/feeds");
    await alive(page);
    const part = page.locator("#connections");
    await expect(part.getByRole("heading", { name: "Connect a calendar" })).toBeVisible();
    await part.getByRole("textbox", { name: "API key" }).fill("cal_live_0123");
    await part.getByRole("button", { name: "Connect", exact: true }).click();
    // Our entries have to appear under some type of event there.
    await expect(part.getByRole("textbox", { name: "Event type for our time" })).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
    await part.getByRole("textbox", { name: "Event type for our time" }).fill("12345");
    // The owner has no time of their own on the calendar.
    await part.getByRole("combobox", { name: "Shows" }).selectOption({ label: "dr Marta Lis" });
    await part.getByRole("button", { name: "Connect", exact: true }).click();
    await expect(notices(page)).toContainText("The connection is made.");
    const row = part.getByRole("row").filter({ hasText: "Cal.com" });
    await expect(row).toHaveCount(1);
    await expect(part.getByRole("textbox", { name: "API key" }), "the key is never shown again").toHaveValue("");

    await test.step("only theirs take time from now on", async () => {
        const sends = row.getByRole("checkbox", { name: "Our entries appear there" });
        await expect(sends).toBeChecked();
        await sends.uncheck();
        await expect(notices(page)).toContainText("Saved");
        await expect(row.getByRole("checkbox", { name: "Our entries appear there" })).not.toBeChecked();
    });

    await row.getByRole("button", { name: "End", exact: true }).click();
    const dialog = page.getByRole("alertdialog").or(page.getByRole("dialog")).filter({ hasText: "End this connection?" });
    await dialog.getByRole("button", { name: "End", exact: true }).click();
    await expect(notices(page)).toContainText("The connection ends.");
});
