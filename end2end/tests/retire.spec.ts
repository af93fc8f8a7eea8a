// A room that still has visits before it does not vanish: they are listed, given to another, and only then it goes.

import { expectAccessible } from "../axe";
import { expect, test, alive } from "../fixtures";
import { notices } from "../desk";

test("a room with visits to come is taken out of use once all of them are given to another", async ({ as, rest, complaints }) => {
    // The refusal, which is part of this.
    complaints.expect(/status of 409/);
    const owner = await rest("owner");
    const day = "2027-05-26";
    const visit = { treatment: "Botoks, 3 okolice", employee: "dr Marta Lis" };
    const room = await owner.send<{ id: string; version: number }>("POST", "/resources", { kind: "room", name: "Gabinet 9" });
    await owner.send("PUT", `/equipment/${room.id}`, { sorts: ["gabinet"], version: 1 });
    for (const [patient, time] of [["Wanda Pierwsza", "09:00"], ["Wiera Druga", "10:00"]] as const) {
        await owner.patient(patient);
        await owner.book({ ...visit, patient, date: day, time, room: "Gabinet 9" });
    }
    const page = await as("owner");
    await page.goto("/dashboard/gabinet/rooms?lang=en");
    await alive(page);
    const rooms = page.getByRole("region", { name: "Rooms", exact: true });
    await rooms.getByRole("button", { name: "Gabinet 9" }).click();
    const dialog = page.getByRole("dialog", { name: "Gabinet 9" });
    await dialog.getByRole("checkbox").last().uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();

    const list = dialog.getByRole("region", { name: "Visits to come" });
    await expect(list.getByRole("row")).toHaveCount(3);
    await expect(list).toContainText("Wanda Pierwsza");
    await expect(dialog.getByText("Visits to come"), "it is said once").toHaveCount(1);
    await expectAccessible(page);
    expect(await owner.resource("Gabinet 9"), "it is still there").toBe(room.id);

    await list.getByRole("combobox", { name: "Give these visits to" }).selectOption({ label: "Gabinet 1" });
    await list.getByRole("button", { name: "Give all" }).click();
    await expect(notices(page)).toContainText("2 visits given to another");
    await expect(list).toHaveCount(0);
    for (const patient of ["Wanda Pierwsza", "Wiera Druga"]) {
        const [told] = await owner.told(day, patient);
        expect(told?.with, "at the same time in the other room").toEqual(["Gabinet 1", "dr Marta Lis"]);
    }
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(rooms.getByRole("row").filter({ hasText: "Gabinet 9" })).toContainText("Out of use");
});
