// Every page of the application, light and dark, on a desk's screen, a tablet and a telephone: nothing in the console, no
// violation of the security policy (both are watched in all tests), nothing for axe to find, nothing to scroll sideways.

import type { Page } from "@playwright/test";
import { expectAccessible } from "../axe";
import { alive, expect, test, type Person } from "../fixtures";
import type { Rest } from "../rest";

// Pages only look: those of one worker do not wait for the other's.
// Five looks at a large page take their time.
test.describe.configure({ mode: "parallel", timeout: 180_000 });

const screens = [
    { name: "desktop", width: 1440, height: 900 },
    { name: "tablet", width: 820, height: 1180 },
    { name: "phone", width: 390, height: 844 },
];

type Place = {
    what: string;
    /** The address; ids are asked for. */
    path: string | ((rest: Rest) => Promise<string>);
    /** What is there when the page has been loaded. */
    shows: (page: Page) => ReturnType<Page["locator"]>;
    as?: Person | null;
    /** Whether the server says that there is no such page. */
    missing?: boolean;
};

const heading = (name: string | RegExp) => (page: Page) => page.getByRole("main").getByRole("heading", { level: 1, name });
const first = async (rest: Rest, path: string): Promise<string> => (await rest.get<{ items: { id: string }[] }>(path)).items[0]?.id ?? "";
const visits = (page: Page) => page.getByRole("main").getByRole("button", { name: /^Thursday 26 November, / }).first();
const day = "2026-11-26";

const places: Place[] = [
    { what: "the sign-in", path: "/sign-in", shows: (page) => page.getByRole("button", { name: "Sign in" }), as: null },
    { what: "an invitation that is none", path: "/invite/none/none", shows: (page) => page.getByRole("heading").first(), as: null },
    { what: "the calendar's day", path: `/dashboard/calendar?date=${day}`, shows: visits },
    { what: "the calendar's day by rooms", path: `/dashboard/calendar?date=${day}&by=room`, shows: visits },
    { what: "the calendar's fine day", path: `/dashboard/calendar?date=${day}&zoom=fine`, shows: visits },
    { what: "the calendar's week", path: `/dashboard/calendar?view=week&date=${day}`, shows: visits },
    { what: "the calendar's two weeks, coarse", path: `/dashboard/calendar?view=weeks&date=${day}&zoom=60`, shows: visits },
    { what: "the calendar's team", path: `/dashboard/calendar?view=team&date=${day}`, shows: (page) => page.getByRole("region", { name: "Team" }) },
    { what: "the calendar's list", path: `/dashboard/calendar?view=agenda&date=${day}`, shows: visits },
    { what: "the calendar's month", path: `/dashboard/calendar?view=month&date=${day}`, shows: heading("November 2026") },
    { what: "today", path: "/dashboard/calendar", shows: heading("Tuesday 24 November") },
    {
        what: "a visit",
        path: async (rest) => {
            const visit = (await rest.day(day)).events.find((event) => event.activity_type === "gabinet:appointment");
            return `/dashboard/calendar?date=${day}&open=${visit?.id}`;
        },
        shows: (page) => page.getByRole("complementary").getByRole("button", { name: "Confirm", exact: true }),
    },
    {
        what: "the booking form",
        path: `/dashboard/calendar?date=${day}&new=gabinet:appointment&start=${day}T09:00:00Z`,
        shows: (page) => page.getByRole("button", { name: "Book the visit" }),
    },
    {
        what: "the form of a meeting",
        path: `/dashboard/calendar?date=${day}&new=meeting&start=${day}T09:00:00Z`,
        shows: (page) => page.getByRole("button", { name: "Add to calendar" }),
    },
    { what: "tasks", path: "/dashboard/tasks", shows: heading("Tasks") },
    {
        what: "a record without a page of its own",
        path: async (rest) => `/dashboard/records/${await first(rest, "/resources?kind=room")}`,
        shows: (page) => page.getByRole("region", { name: "Notes, tasks, documents, links and history" }),
    },
    { what: "patients", path: "/dashboard/gabinet/patients", shows: heading("Patients") },
    {
        what: "a patient",
        path: async (rest) => `/dashboard/people/${await rest.patient("Anna Nowak")}`,
        shows: heading("Anna Nowak"),
    },
    { what: "treatments", path: "/dashboard/gabinet/treatments", shows: heading("Treatments") },
    { what: "staff", path: "/dashboard/gabinet/staff", shows: heading(/Staff/) },
    {
        what: "a practitioner",
        path: async (rest) => `/dashboard/gabinet/staff/${await first(rest, "/employees")}`,
        shows: (page) => page.getByRole("main").getByRole("heading", { name: "Weekly hours" }),
    },
    { what: "rooms and devices", path: "/dashboard/gabinet/rooms", shows: heading("Rooms and devices") },
    { what: "leads", path: "/dashboard/crm/leads", shows: heading("Leads") },
    { what: "a lead", path: async (rest) => `/dashboard/crm/leads/${await first(rest, "/leads")}`, shows: heading(/./) },
    { what: "the import of people", path: "/dashboard/import/person", shows: heading(/^Import: /) },
    { what: "people", path: "/dashboard/people", shows: heading("People") },
    { what: "the form of a person", path: "/dashboard/people/new", shows: heading(/./) },
    { what: "duplicates", path: "/dashboard/people/duplicates", shows: heading(/./) },
    { what: "a person", path: async (rest) => `/dashboard/people/${await first(rest, "/persons")}`, shows: heading(/./) },
    {
        what: "two records that become one",
        path: async (rest) => {
            const { items } = await rest.get<{ items: { id: string }[] }>("/persons");
            return `/dashboard/people/merge/${items[0]?.id}/${items[1]?.id}`;
        },
        shows: heading(/./),
    },
    { what: "companies", path: "/dashboard/companies", shows: heading("Companies") },
    { what: "the form of a company", path: "/dashboard/companies/new", shows: heading(/./) },
    { what: "a company", path: async (rest) => `/dashboard/companies/${await first(rest, "/companies")}`, shows: heading(/./) },
    { what: "the board of deals", path: "/dashboard/crm/deals", shows: heading("Deals") },
    { what: "a deal", path: async (rest) => `/dashboard/crm/deals/${await first(rest, "/deals")}`, shows: heading(/./) },
    { what: "the forecast", path: "/dashboard/crm/forecast", shows: heading("Forecast") },
    { what: "members", path: "/dashboard/settings/members", shows: heading(/./) },
    { what: "roles", path: "/dashboard/settings/roles", shows: heading(/./) },
    { what: "teams", path: "/dashboard/settings/teams", shows: heading(/./) },
    { what: "sessions", path: "/dashboard/settings/sessions", shows: heading(/./) },
    { what: "billing", path: "/dashboard/settings/billing", shows: heading(/./) },
    { what: "locations", path: "/dashboard/settings/locations", shows: heading(/./) },
    { what: "a product that is not subscribed", path: "/dashboard/upgrade/crm", shows: heading("CRM"), as: "austinOwner" },
    { what: "a page that does not exist", path: "/dashboard/no/such/page", shows: (page) => page.getByRole("heading").first(), missing: true },
    { what: "a page that does not exist, outside of the frame", path: "/no/such/page", shows: (page) => page.locator("main#main").getByRole("heading"), missing: true },
];

for (const { what, path, shows, as: person = "owner", missing } of places) {
    test(`${what} is sound in light and dark, on every screen`, async ({ as, rest, page: anonymous, complaints }) => {
        if (missing) complaints.expect(/status of 404/);
        const page = person ? await as(person, { reducedMotion: "reduce" }) : anonymous;
        const address = typeof path === "string" ? path : await path(await rest(person ?? "owner"));
        const answer = await page.goto(address);
        expect(answer?.status()).toBe(missing ? 404 : 200);
        await alive(page);
        await expect(shows(page)).toBeVisible();
        await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
        for (const { name, width, height } of screens) {
            await page.setViewportSize({ width, height });
            const sideways = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            await expect.poll(sideways, `nothing to scroll sideways on a ${name}`).toBeLessThanOrEqual(0);
            // A tablet shows in its own places what a desk or a telephone shows too, in the same colours.
            const looks = name === "tablet" ? [["light", "not"] as const] : [["light", undefined] as const, ["dark", "only"] as const];
            for (const [colorScheme, colours] of looks) {
                await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
                await test.step(`${name}, ${colorScheme}`, () => expectAccessible(page, "html", { goOn: true, colours }));
            }
        }
    });
}
