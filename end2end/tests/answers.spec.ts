// Answers at the booking form: why a time cannot be had and what would help, and which times are the best, and why.

import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../axe";
import { entryAt, fillVisit, notices, openDay, panel } from "../desk";
import { expect, test } from "../fixtures";
import { clock, type Rest } from "../rest";

const [lis, zajac] = ["dr Marta Lis", "dr Piotr Zając"];
const treatment = "Botoks, 3 okolice";

/** The form of a visit with somebody at a time, and what it says of it. */
async function ask(page: Page, desk: Rest, patient: string, [day, time]: [string, string]): Promise<Locator> {
    await desk.patient(patient);
    await openDay(page, day);
    await page.keyboard.press("c");
    await fillVisit(page, { typed: patient, patient, treatment });
    const form = panel(page);
    await form.getByRole("combobox", { name: "With" }).selectOption({ label: lis });
    await form.getByRole("textbox", { name: "Date", exact: true }).fill(day);
    await form.getByRole("textbox", { name: "Time" }).fill(time);
    const verdict = form.locator(".booking-verdict");
    await expect(verdict).toContainText(`${time} does not work`);
    return verdict;
}

test("why not 10:15: who is taken and until when, and with one press a colleague has the time", async ({ as, rest }) => {
    const day = "2027-05-12";
    const desk = await rest("desk");
    await desk.book({ patient: "Anna Nowak", treatment, employee: lis, date: day, time: "10:00" });
    const page = await as("desk");
    const verdict = await ask(page, desk, "Pytia Pytająca", [day, "10:15"]);
    await verdict.getByRole("button", { name: "What would help?" }).click();
    const reason = verdict.locator(".why-not").getByRole("listitem").filter({ hasText: lis });
    await expect(reason).toContainText(/dr Marta Lis: taken, 10:00 – 10:\d\d/);
    await expect(reason.getByRole("button")).toHaveText([`With ${zajac}`, /^At \d\d:\d\d$/, "Book over it, with a reason"]);
    await expectAccessible(page);

    await reason.getByRole("button", { name: `With ${zajac}` }).click();
    const form = panel(page);
    await expect(form.getByRole("combobox", { name: "With" }).locator("option:checked")).toHaveText(zajac);
    await expect(form.getByRole("textbox", { name: "Time" })).toHaveValue("10:15");
    await expect(verdict).toContainText("free");
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(entryAt(page, zajac, "Pytia Pytająca", "10:15 to 11:00")).toBeVisible();
});

test("why not in the break: it would have to be shorter, another time is near, or it is booked over with a reason", async ({ as, rest }) => {
    const day = "2027-05-13";
    const desk = await rest("desk");
    const page = await as("desk");
    const verdict = await ask(page, desk, "Daria Dlaczego", [day, "12:15"]);
    const form = panel(page);
    const time = form.getByRole("textbox", { name: "Time" });
    const reasons = verdict.locator(".why-not").getByRole("listitem");
    const help = () => verdict.getByRole("button", { name: "What would help?" }).click();
    await help();
    const pause = reasons.filter({ hasText: `${lis}: break` });
    await expect(pause.getByRole("link", { name: /^Shorten the break: 12:15 – \d\d:\d\d$/ })).toHaveAttribute("href", /\/dashboard\/gabinet\/staff\//);

    await test.step("the other time is free", async () => {
        const other = pause.getByRole("button", { name: /^At \d\d:\d\d$/ });
        const [at] = /\d\d:\d\d/.exec((await other.textContent()) ?? "") ?? [];
        await other.click();
        await expect(time).toHaveValue(at ?? "a time");
        await expect(verdict).toContainText("free");
        expect(await desk.free(day, treatment, lis)).toContain(at);
    });

    await test.step("before she comes her hours would have to be longer", async () => {
        await time.fill("07:30");
        await expect(verdict).toContainText("07:30 does not work");
        await help();
        await expect(reasons.filter({ hasText: lis }).getByRole("link", { name: /^Extend the hours: 07:30 – 08:\d\d$/ })).toBeVisible();
    });

    await test.step("a reason books it over the break", async () => {
        await time.fill("12:15");
        await expect(verdict).toContainText("12:15 does not work");
        await help();
        await pause.getByRole("button", { name: "Book over it, with a reason" }).click();
        const why = form.getByRole("textbox", { name: "Reason to book it anyway" });
        await expect(why).toBeFocused();
        await page.keyboard.type("Flies home at two");
        await form.getByRole("button", { name: "Book it anyway" }).click();
        await expect(notices(page)).toContainText("Visit booked");
        const told = await desk.told(day, "Daria Dlaczego");
        expect(told.map(({ times, with: whom }) => [times.slice(0, 5), whom.at(-1)])).toEqual([["12:15", lis]]);
        await expect(panel(page), "it is marked").toContainText("Flies home at two");
    });
});

/** In the words of the screen. */
const MERITS: Record<string, string> = {
    fills_gap: "fills a gap",
    adjoins: "adjoins another visit",
    leaves_gap: "leaves a gap",
    same_room: "same room",
    changes_room: "another room",
    usual_practitioner: "usual practitioner",
    usual_time: "usual time of day",
    soon: "soon",
};

test("the best times say what speaks for each, as the REST door does, and one press takes one", async ({ as, rest }) => {
    const desk = await rest("desk");
    await desk.patient("Bogna Bystra");
    const page = await as("desk");
    await openDay(page, "2026-11-24");
    await page.keyboard.press("c");
    await fillVisit(page, { typed: "bystra", patient: "Bogna Bystra", treatment });
    const form = panel(page);
    await form.getByRole("combobox", { name: "With" }).selectOption({ label: zajac });
    // What the form holds is nobody's free time to others: it holds what is far from here.
    await form.getByRole("textbox", { name: "Date", exact: true }).fill("2027-05-14");
    await form.getByRole("textbox", { name: "Time" }).fill("09:00");
    await expect(form.locator(".booking-verdict")).toContainText("free");

    await form.getByRole("button", { name: "Best times" }).click();
    const rows = form.locator(".best-times").getByRole("listitem");
    await expect(rows.first()).toBeVisible();
    const query = new URLSearchParams({
        treatment_id: await desk.treatment(treatment),
        employee_id: await desk.resource(zajac),
        patient_id: await desk.patient("Bogna Bystra"),
        start_date: "2026-11-24",
        end_date: "2026-12-07",
    });
    type Best = { slot: { start: string }; employee_name: string; score: number; merits: { merit: string; points: number }[] };
    const { times } = await desk.get<{ times: Best[] }>(`/appointments/best?${query}`);
    expect(times.length, "there are some").toBeGreaterThan(1);
    const scores = times.map(({ score }) => score);
    expect(scores, "the best first").toEqual([...scores].sort((one, other) => other - one));
    expect(scores).toEqual(times.map(({ merits }) => merits.reduce((sum, { points }) => sum + points, 0)));
    const words = (best: Best) => best.merits.map(({ merit, points }) => `${MERITS[merit]} ${points < 0 ? "−" : "+"}${Math.abs(points)}`).join(" · ");
    await expect(rows.locator("small")).toHaveText(times.map(words));
    await expect(rows.locator("em")).toHaveText(times.map(({ score }) => `${score} ${score === 1 ? "point" : "points"}`));
    await expect(rows.locator("b")).toHaveText(times.map(({ slot }) => new RegExp(` ${clock(slot.start)}$`)));
    await expectAccessible(page);

    const first = times[0]?.slot.start ?? "";
    await rows.first().getByRole("button").click();
    await expect(form.getByRole("textbox", { name: "Time" })).toHaveValue(clock(first));
    await expect(rows).toHaveCount(0);
    await expect(form.locator(".booking-verdict")).toContainText("free");
    await form.getByRole("button", { name: "Book the visit" }).click();
    await expect(notices(page)).toContainText("Visit booked");
    const told = await desk.told(first.slice(0, 10), "Bogna Bystra");
    expect(told.map(({ times, with: whom }) => [times.slice(0, 5), whom.at(-1)])).toEqual([[clock(first), zajac]]);
});
