// A practitioner is ill. The desk gives the whole day away in one step, and takes it back in one step.

import { expectAccessible } from "../axe";
import { alive, expect, test } from "../fixtures";
import { notices } from "../desk";
import type { Rest } from "../rest";

const lis = "dr Marta Lis";

async function page_of(rest: Rest, name: string): Promise<string> {
    const { items } = await rest.get<{ items: { id: string; name: string }[] }>("/employees");
    return `/dashboard/gabinet/staff/${items.find((employee) => employee.name === name)?.id}`;
}

const visits = [
    { patient: "Anna Nowak", time: "10:00" },
    { patient: "Jakub Król", time: "11:00" },
    { patient: "Ewa Mazur", time: "14:00" },
];

async function booked(rest: Rest, date: string): Promise<void> {
    for (const { patient, time } of visits) {
        await rest.book({ patient, treatment: "Konsultacja lekarska", employee: lis, date, time });
    }
}

test("a sick day is given away in one proposal, one visit left where it is, and all of it taken back at once", async ({ as, rest }) => {
    const day = "2027-02-24";
    const desk = await rest("desk");
    await booked(desk, day);
    const page = await as("desk");
    await page.goto(`${await page_of(desk, lis)}`);
    await alive(page);
    await page.getByRole("link", { name: "Away today…" }).click();
    await expect(page.getByRole("heading", { level: 1, name: `${lis} is away` })).toBeVisible();

    // Any other day is as good.
    await page.goto(`${await page_of(desk, lis)}/away?from=${day}&to=${day}`);
    await alive(page);
    const rows = page.getByRole("list", { name: "Visits" }).getByRole("listitem");
    await expect(rows).toHaveCount(3);
    await expect(rows.first(), "from whom, when").toContainText("10:00 – 10:30");
    await expectAccessible(page);

    // By keyboard: one visit stays.
    await rows.nth(1).getByRole("checkbox").focus();
    await page.keyboard.press("Space");
    await expect(rows.nth(1)).toContainText("Stays where it is");
    await page.getByRole("button", { name: "Move 2 visits" }).click();
    await expect(notices(page)).toContainText("2 visits moved");
    const moved = await desk.told(day, "Anna Nowak");
    expect(moved[0]?.with, "with a colleague").not.toContain(lis);
    expect(moved[0]?.times, "at the same time").toBe("10:00 – 10:30");
    expect((await desk.told(day, "Jakub Król"))[0]?.with).toContain(lis);

    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(notices(page)).toContainText("All visits are back where they were.");
    for (const { patient, time } of visits) {
        const [told] = await desk.told(day, patient);
        expect(told?.with).toContain(lis);
        expect(told?.times.startsWith(time)).toBe(true);
    }
});

test("by touch on a telephone the whole day is given away with its sick leave, and taken back", async ({ as, rest }) => {
    const day = "2027-02-26";
    const desk = await rest("desk");
    await booked(desk, day);
    const page = await as("owner", { viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.goto(`${await page_of(desk, lis)}/away?from=${day}&to=${day}`);
    await alive(page);
    await expect(page.getByRole("checkbox", { name: /sick leave/ })).toBeChecked();
    await page.getByRole("button", { name: "Move 3 visits" }).tap();
    await expect(notices(page)).toContainText("3 visits moved");
    await expect(page.getByText("No visits to move")).toBeVisible();
    await notices(page).getByRole("button", { name: "Undo" }).tap();
    await expect(page.getByRole("list", { name: "Visits" }).getByRole("listitem")).toHaveCount(3);
});
