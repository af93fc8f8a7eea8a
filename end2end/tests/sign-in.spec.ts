import { expectAccessible } from "../axe";
import { PASSWORD, expect, people, test } from "../fixtures";

test("a receptionist signs in and sees the calendar", async ({ page }) => {
    await page.goto("/dashboard/calendar");
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await page.locator("input[name=email]").fill(people.desk);
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("form[action='/sign-in'] button[type=submit]").click();
    await expect(page).toHaveURL(/\/dashboard\/calendar/);
});

test("a wrong password is refused in words and keeps the address", async ({ page }) => {
    await page.goto("/sign-in");
    await page.locator("input[name=email]").fill("somebody@lipowa.example");
    await page.locator("input[name=password]").fill("wrong");
    await page.locator("form[action='/sign-in'] button[type=submit]").click();
    await expect(page.getByRole("alert")).toBeVisible();
    await expect(page.locator("input[name=email]")).toHaveValue("somebody@lipowa.example");
});

test("the sign-in page has no accessibility violation", async ({ page }) => {
    await page.goto("/sign-in");
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
});

test("after signing out the calendar asks to sign in again", async ({ as, complaints }) => {
    // What the open page asks for by itself may notice before it is left: live updates, who else is here, days ahead.
    complaints.expect(/status of 401 .*\/(live|fn)\b/);
    const page = await as("desk");
    await page.goto("/dashboard/calendar");
    const answer = await page.request.post("/sign-out", { maxRedirects: 0 });
    expect(answer.status()).toBe(303);
    await page.goto("/dashboard/calendar");
    await expect(page).toHaveURL(/\/sign-in/);
});

test("a link from elsewhere never leads away after signing in", async ({ page }) => {
    const answer = await page.request.post("/sign-in", {
        form: { email: people.desk, password: PASSWORD, next: "https://evil.example/" },
        maxRedirects: 0,
    });
    expect(answer.headers()["location"]).toBe("/dashboard/calendar");
});

test.describe("without scripts", () => {
    test.use({ javaScriptEnabled: false });

    test("signing in works as a plain form", async ({ page }) => {
        await page.goto("/sign-in");
        await page.locator("input[name=email]").fill(people.desk);
        await page.locator("input[name=password]").fill(PASSWORD);
        await page.locator("form[action='/sign-in'] button[type=submit]").click();
        await expect(page).toHaveURL(/\/dashboard\/calendar/);
    });
});

test("signing in works with the wasm blocked", async ({ page, complaints }) => {
    complaints.expect(/wasm|ERR_FAILED|Failed to fetch/i);
    await page.route("**/*.wasm", (route) => route.abort());
    await page.goto("/sign-in");
    await page.locator("input[name=email]").fill(people.desk);
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.locator("form[action='/sign-in'] button[type=submit]").click();
    await expect(page).toHaveURL(/\/dashboard\/calendar/);
});
