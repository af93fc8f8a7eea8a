// What is moved without a network: shown at once where it will be, sent when the network is back, and settled by a person
// where somebody else has taken the time meanwhile.

import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../axe";
import { alive, expect, test } from "../fixtures";
import { goOffline, keep } from "../offline";
import { instant, type Booked, type Rest } from "../rest";

const TOMORROW = "2026-11-25";
const treatment = "Konsultacja lekarska";
const [lis, zajac] = ["dr Marta Lis", "dr Piotr Zając"];

/** Books a visit of tomorrow with somebody, at the last time they have. */
async function booked(desk: Rest, patient: string): Promise<Booked & { time: string }> {
    await desk.patient(patient);
    const time = (await desk.free(TOMORROW, treatment, zajac)).at(-1) ?? "no time";
    return { ...(await desk.book({ patient, treatment, employee: zajac, date: TOMORROW, time })), time };
}

/** A visit of tomorrow on the page without a network, with its form open. */
async function open(page: Page, id: string): Promise<Locator> {
    await page.getByRole("group", { name: "Day" }).getByRole("button", { name: /^Tomorrow/ }).click();
    const entry = page.locator(`.entry[data-entry="${id}"]`);
    await entry.locator("summary").click();
    return entry;
}

test("a visit moved to another time and a colleague without a network is there when the network is back", async ({ as, rest, complaints }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED/);
    const desk = await rest("desk");
    const visit = await booked(desk, "Olga Odcięta");
    const page = await as("desk");
    await keep(page);
    await goOffline(page, page.context());
    const entry = await open(page, visit.activity);
    await expect(entry).toContainText(visit.time);
    const [time] = (await desk.free(TOMORROW, treatment, lis)).filter((time) => time !== visit.time);
    await entry.getByLabel("Start").fill(time ?? "");
    await entry.getByLabel("Staff").selectOption({ label: lis });
    await entry.getByRole("button", { name: "Move there" }).click();

    await expect(page.getByRole("heading", { name: "Waiting to be sent (1)" })).toBeVisible();
    await expect(page.locator(".queue li")).toContainText(`Olga Odcięta: to ${TOMORROW} ${time}, with ${lis}`);
    await expect(entry.locator("time"), "it is shown where it will be").toHaveText(new RegExp(`^${time} – `));
    await expect(entry).toContainText(lis);
    await expectAccessible(page);
    expect((await desk.told(TOMORROW, "Olga Odcięta"))[0]?.times.slice(0, 5), "nothing was sent").toBe(visit.time);

    await page.context().setOffline(false);
    await alive(page);
    await expect.poll(async () => (await desk.told(TOMORROW, "Olga Odcięta")).map(({ times }) => times.slice(0, 5))).toEqual([time]);
    const [told] = await desk.told(TOMORROW, "Olga Odcięta");
    expect(told?.with).toContain(lis);
    expect(told?.with).not.toContain(zajac);
});

test("where a colleague has taken the time meanwhile nothing is lost: it is said why, and a person settles it", async ({ as, rest, complaints }) => {
    complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|status of 409/);
    const desk = await rest("desk");
    const visit = await booked(desk, "Kornel Kolizja");
    const page = await as("desk");
    await keep(page);
    await goOffline(page, page.context());
    const entry = await open(page, visit.activity);
    const [time] = await desk.free(TOMORROW, treatment, zajac);
    await entry.getByLabel("Start").fill(time ?? "");
    await entry.getByRole("button", { name: "Move there" }).click();
    await expect(page.getByRole("heading", { name: "Waiting to be sent (1)" })).toBeVisible();
    await desk.block(TOMORROW, zajac, "Telefon", instant(TOMORROW, time ?? ""), new Date(Date.parse(instant(TOMORROW, time ?? "")) + 900_000).toISOString());

    await page.context().setOffline(false);
    const clash = page.locator(`.clash[data-entry="${visit.activity}"]`);
    await expect(clash).toContainText(`The time is taken: ${zajac}: taken`);
    await expect(clash, "what was wanted").toContainText(`Kornel Kolizja: to ${TOMORROW} ${time}`);
    await expect(clash, "what is").toContainText(`${TOMORROW} ${visit.time}`);
    await expectAccessible(page);
    await page.goto("/dashboard/calendar");
    await alive(page);
    await page.getByText("1 to settle").click();
    await expect(clash, "from the calendar it is found again").toBeVisible();
    await clash.getByRole("button", { name: "Keep theirs" }).click();
    await expect(clash).toHaveCount(0);
    await expect(page.getByRole("heading", { name: /^To be settled/ })).toHaveCount(0);
    expect((await desk.told(TOMORROW, "Kornel Kolizja")).map(({ times }) => times.slice(0, 5))).toEqual([visit.time]);
});
