// Somebody else's address: to a stranger it is an address of nothing.

import { PASSWORD, alive, expect, people, test } from "../fixtures";

test("a patient of another clinic is not found, on the screen and by REST", async ({ as, rest, complaints }) => {
    complaints.expect(/status of 404/);
    const id = await (await rest("desk")).patient("Anna Nowak");
    const page = await as("austinDesk");
    const answer = await page.goto(`/dashboard/gabinet/patients/${id}`);
    await alive(page);
    const own = await page.getByRole("main").innerText();
    expect(own).not.toContain("Nowak");
    expect(await answer?.text(), "not even in what is not shown").not.toContain("Nowak");
    // A patient who exists nowhere looks just the same.
    await page.goto(`/dashboard/gabinet/patients/${crypto.randomUUID()}`);
    await alive(page);
    expect(await page.getByRole("main").innerText()).toBe(own);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    expect(await (await rest("austinDesk")).refusal(`/patients/${id}`)).toEqual([404, "not_found"]);
});

test("whoever is signed out is asked to sign in, and comes to where they wanted to go", async ({ page, rest }) => {
    const id = await (await rest("desk")).patient("Anna Nowak");
    await page.goto(`/dashboard/gabinet/patients/${id}`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    await expect(page.getByText("Nowak")).toHaveCount(0);
    await page.getByRole("textbox", { name: /mail/i }).fill(people.desk);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(new RegExp(`/dashboard/people/${id}$`));
    await expect(page.getByRole("heading", { name: "Anna Nowak" })).toBeVisible();
});
