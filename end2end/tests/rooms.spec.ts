// A room goes out of use although visits lie before it: they are listed, and given to another room together.

import { expectAccessible } from "../axe";
import { notices } from "../desk";
import { alive, expect, test } from "../fixtures";

test("visits of a room that goes out of use are given to another one", async ({ as, rest }) => {
    const day = "2027-04-08";
    const room = "Gabinet na poddaszu";
    const owner = await rest("owner");
    const { location } = await owner.day(day);
    const made = await owner.send<{ id: string }>("POST", "/resources", { kind: "room", name: room, hue: 200, location: location.id });
    await owner.send("PUT", `/equipment/${made.id}`, { sorts: ["gabinet"], version: 1 });
    for (const [patient, time] of [
        ["Anna Nowak", "09:00"],
        ["Ewa Mazur", "11:30"],
    ] as const) {
        await owner.book({ patient, treatment: "Konsultacja lekarska", employee: "dr Marta Lis", date: day, time, room });
    }
    const page = await as("owner");
    await page.goto("/dashboard/gabinet/rooms");
    await alive(page);
    await page.getByRole("button", { name: new RegExp(room) }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: /in use/i }).uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    const still = dialog.getByRole("region", { name: "Visits to come" });
    await expect(still.getByRole("row")).toHaveCount(3);
    await expect(still).toContainText("Ewa Mazur");
    await expectAccessible(page);
    await still.getByRole("combobox", { name: "Give these visits to" }).selectOption({ label: "Gabinet 4" });
    await still.getByRole("button", { name: "Give all" }).click();
    await expect(notices(page)).toContainText("2 visits");
    await expect(still).toHaveCount(0);
    expect((await owner.told(day, "Anna Nowak"))[0]?.with).toContain("Gabinet 4");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);
});
