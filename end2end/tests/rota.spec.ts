// A draft of the rota: it tells which visits it would leave outside hours, changes nothing until it is published, and then
// holds for all.

import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";
import type { Rest } from "../rest";

type Rota = { rows: { name: string; days: { windows: [number, number][] }[] }[] };

/** Everybody's windows on a date, in minutes after midnight. */
async function windows(rest: Rest, date: string): Promise<Record<string, [number, number][]>> {
    const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    const { location } = await rest.day(date);
    const rota = await rest.get<Rota>(`/rota?location=${location.id}&from=${date}&to=${next}`);
    return Object.fromEntries(rota.rows.map((row) => [row.name, row.days[0]?.windows ?? []]));
}

test("a draft shows what it does to booked visits, is published, and holds", async ({ as, rest }) => {
    const page = await as("owner");
    const owner = await rest("owner");
    const day = "2027-01-27";

    const patient = "Danuta Grafik";
    const [early] = await owner.free(day, "Zamykanie naczynek", "dr Piotr Zając");
    expect(early, "a free time before two").toBeTruthy();
    await owner.book({ patient, treatment: "Zamykanie naczynek", employee: "dr Piotr Zając", date: day, time: early ?? "" });

    await page.goto(`/dashboard/gabinet/rota?week=${day}`);
    await alive(page);
    await page.getByRole("button", { name: "Plan changes" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Name" }).fill("Late Wednesdays");
    await dialog.getByRole("button", { name: "Plan changes" }).click();
    const banner = page.getByRole("region", { name: "Draft" });
    await expect(banner).toContainText("Late Wednesdays");
    await expect(banner).toContainText("No visit falls outside hours");

    const field = page.getByRole("textbox", { name: "dr Piotr Zając, Wed 27 Jan" });
    await field.fill("14-20");
    await field.press("Tab");
    await expect(field).toHaveValue("14:00–20:00");
    await expect(banner).toContainText("1 visit outside hours");
    const table = page.getByRole("region", { name: "Visits that would fall outside hours" });
    await expect(table).toContainText(patient);
    await expect(table).toContainText("dr Piotr Zając");

    // Until it is published the rota is as it was.
    const before = await windows(owner, day);
    expect(before["dr Piotr Zając"]).not.toEqual([[840, 1200]]);

    // What can't be read is said at the field and not saved.
    await field.fill("from two");
    await field.press("Tab");
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await field.fill("14-20");
    await field.press("Tab");

    await banner.getByRole("button", { name: "Publish" }).click();
    await expect(notices(page)).toContainText("Rota published");
    await expect(page.getByRole("region", { name: "Draft" })).toHaveCount(0);
    expect((await windows(owner, day))["dr Piotr Zając"]).toEqual([[840, 1200]]);
});

test("a draft is thrown away after a question, and nothing has changed", async ({ as, rest }) => {
    const page = await as("owner");
    const owner = await rest("owner");
    const day = "2027-02-03";
    const before = await windows(owner, day);
    await page.goto(`/dashboard/gabinet/rota?week=${day}`);
    await alive(page);
    await page.getByRole("button", { name: "Plan changes" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Plan changes" }).click();
    const banner = page.getByRole("region", { name: "Draft" });
    await banner.getByRole("button", { name: "As the week before" }).click();
    await banner.getByRole("button", { name: "Discard draft" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Discard draft" }).click();
    await expect(notices(page)).toContainText("Draft discarded");
    expect(await windows(owner, day)).toEqual(before);
});
