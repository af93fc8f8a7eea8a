// The small month in the rail: a visit that is dropped on one of its days goes there, at its own time.

import { carry, carryOver, drop, entry, entryAt, ghost, notices, openDay, smallDay, take } from "../desk";
import { expect, test } from "../fixtures";

const [lis, zajac] = ["dr Marta Lis", "dr Piotr Zając"];
const treatment = "Botoks, 3 okolice";

test("a visit dropped on a day of the small month goes there at its own time, and comes back", async ({ as, rest }) => {
    const [day, there] = ["2027-05-18", "2027-05-26"];
    const desk = await rest("desk");
    const times = async () => Promise.all([day, there].map(async (date) => (await desk.told(date, "Miła Miesięczna")).map(({ times }) => times)));
    await desk.patient("Miła Miesięczna");
    await desk.book({ treatment, patient: "Miła Miesięczna", employee: zajac, date: day, time: "10:00" });
    const page = await as("desk");
    await openDay(page, day);
    const target = smallDay(page, "Wednesday 26 May");

    await take(page, entry(page, "Miła Miesięczna"), zajac, "11:00");
    await carryOver(page, target);
    await expect(target, "it says where it would go").toHaveClass(/is-target/);
    await drop(page);
    await expect(notices(page)).toContainText("Moved to Wed 26 10:00");
    await expect(target).not.toHaveClass(/is-target/);
    await expect(entry(page, "Miła Miesięczna")).toHaveCount(0);
    expect(await times()).toEqual([[], ["10:00 – 10:45"]]);
    expect((await desk.told(there, "Miła Miesięczna"))[0]?.with).toContain(zajac);

    await notices(page).getByRole("button", { name: "Undo" }).click();
    await expect(entryAt(page, zajac, "Miła Miesięczna", "10:00 to 10:45")).toBeVisible();
    expect(await times()).toEqual([["10:00 – 10:45"], []]);
});

test("a visit that waits over a day of the small month has that day under it, and is dropped on its board", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Celina Czekająca");
    await desk.book({ treatment, patient: "Celina Czekająca", employee: zajac, date: "2027-05-19", time: "10:00" });
    const page = await as("desk");
    await openDay(page, "2027-05-19");
    await take(page, entry(page, "Celina Czekająca"), zajac, "10:30");
    await carryOver(page, smallDay(page, "Tuesday 25 May"));
    await expect(page).toHaveURL(/date=2027-05-25/);
    await expect(page.getByRole("heading", { name: "Tuesday 25 May" })).toBeVisible();
    await carry(page, lis, "10:00");
    await expect(ghost(page)).toHaveText("10:00 – 10:45 · dr Marta Lis · free");
    await drop(page);
    await expect(notices(page)).toContainText(`Moved to Tue 25 10:00 with ${lis}`);
    const told = await desk.told("2027-05-25", "Celina Czekająca");
    expect(told.map(({ times, with: whom }) => [times, whom.at(-1)])).toEqual([["10:00 – 10:45", lis]]);
});

test("behind the night in which the clock is put on it is the same time of day", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Lech Letni");
    await desk.book({ treatment, patient: "Lech Letni", employee: zajac, date: "2027-03-24", time: "10:00" });
    const page = await as("desk");
    await openDay(page, "2027-03-24");
    await take(page, entry(page, "Lech Letni"), zajac, "10:30");
    await carryOver(page, smallDay(page, "Thursday 1 April"));
    await drop(page);
    await expect(notices(page)).toContainText("Moved to Thu 1 10:00");
    expect((await desk.told("2027-04-01", "Lech Letni")).map(({ times }) => times)).toEqual(["10:00 – 10:45"]);
});

test("also from the first column and at the height it was taken from", async ({ as, rest }) => {
    const day = "2027-05-20";
    const desk = await rest("desk");
    await desk.patient("Rita Równa");
    await desk.book({ treatment, patient: "Rita Równa", employee: zajac, room: "Gabinet 1", date: day, time: "16:00" });
    const page = await as("desk");
    await openDay(page, `${day}&by=room`);
    await expect(page.locator(".calendar-column").first(), "its room is the first column").toHaveAccessibleName(/^Gabinet 1/);
    const visit = await entry(page, "Rita Równa").boundingBox();
    if (!visit) throw new Error("the visit is not on the board");
    // A day that lies straight to the left of it, not at its edges, where its grips are.
    const days = page.getByRole("navigation", { name: "Month", exact: true }).getByRole("link", { name: /^(Tues|Wednes)day \d+ May/ });
    const middles = await days.evaluateAll((links) => links.map((link) => link.getBoundingClientRect()).map((box) => [box.x + box.width / 2, box.y + box.height / 2]));
    const at = middles.findIndex(([, y]) => y && visit.y + 10 < y && y < visit.y + visit.height - 10);
    const [x, y] = middles[at] ?? [];
    if (!x || !y) throw new Error("no day of the small month lies beside the visit");
    const [, date] = /(\d+) May/.exec((await days.nth(at).getAttribute("aria-label")) ?? "") ?? [];
    await page.mouse.move(visit.x + 40, y);
    await page.mouse.down();
    await page.mouse.move(visit.x + 20, y, { steps: 3 });
    await page.mouse.move(x, y, { steps: 4 });
    await drop(page);
    await expect(notices(page)).toContainText(/Moved to \w{3} \d+ 16:00/);
    expect((await desk.told(`2027-05-${date?.padStart(2, "0")}`, "Rita Równa")).map(({ times }) => times)).toEqual(["16:00 – 16:45"]);
});
