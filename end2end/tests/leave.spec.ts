// Leave that is asked for and decided: the doctor asks, whoever plans says yes or no with a word, and only a yes closes time.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";
import type { Rest } from "../rest";

const lis = "dr Marta Lis";

async function page_of(rest: Rest): Promise<string> {
    return `/dashboard/gabinet/staff/${await rest.resource(lis)}`;
}

test("a leave is asked for, declined with a word, asked for again and approved", async ({ as, rest }) => {
    const owner = await rest("owner");
    const address = await page_of(owner);
    const doctor = await as("doctor");
    const ask = async (from: string, to: string, reason: string) => {
        await doctor.goto(address);
        await alive(doctor);
        await doctor.getByRole("button", { name: "Ask for leave" }).click();
        const dialog = doctor.getByRole("dialog", { name: "Ask for leave" });
        await dialog.getByLabel("First day").fill(from);
        await dialog.getByLabel("Last day").fill(to);
        await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
        await dialog.getByRole("button", { name: "Save" }).click();
        await expect(doctor.getByRole("row").filter({ hasText: reason })).toContainText("asked for");
    };
    await ask("2027-05-10", "2027-05-14", "wyjazd");
    expect(await owner.free("2027-05-11", "Konsultacja lekarska", lis), "a wish closes nothing").not.toEqual([]);

    const page = await as("owner");
    await page.goto(address);
    await alive(page);
    const row = page.getByRole("row").filter({ hasText: "wyjazd" });
    await row.getByRole("button", { name: "Decline" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Note" }).fill("wtedy jest audyt");
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Decline" }).click();
    await expect(notices(page)).toContainText("Leave declined");
    await doctor.goto(address);
    await expect(doctor.getByRole("row").filter({ hasText: "wyjazd" })).toContainText("wtedy jest audyt");

    await ask("2027-05-17", "2027-05-18", "konferencja");
    await page.goto(address);
    await alive(page);
    await page.getByRole("row").filter({ hasText: "konferencja" }).getByRole("button", { name: "Approve" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect(notices(page)).toContainText("Leave approved");
    expect(await owner.free("2027-05-17", "Konsultacja lekarska", lis), "approved leave closes its days").toEqual([]);
    expect(await owner.free("2027-05-11", "Konsultacja lekarska", lis)).not.toEqual([]);
});
