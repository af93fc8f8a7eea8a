// What all end-to-end tests share: people who sign in, and a watch on everything a browser complains about.

import { test as base, expect, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { Rest } from "./rest";
import { freePort, serve } from "./serve.mjs";

export { expect } from "@playwright/test";

/** Password of all demo sign-ins. */
export const PASSWORD = "atrium-demo";

/** The clock of the server under test starts here: Tuesday 24 November 2026, 08:00 at Klinika Lipowa. */
export { CLOCK } from "./serve.mjs";

/** Demo sign-ins of Klinika Lipowa (Europe/Warsaw, Gabinet and CRM) and of Austin Drip (America/Chicago, Gabinet only). */
export const people = {
    owner: "owner@lipowa.example",
    doctor: "doctor@lipowa.example",
    desk: "desk@lipowa.example",
    austinOwner: "owner@austin.example",
    austinDoctor: "doctor@austin.example",
    austinDesk: "desk@austin.example",
} as const;

/** A sign-in by its short name. */
export type Person = keyof typeof people;

/** Signs in without the form, which has tests of its own. */
export async function signIn(page: Page, person: Person): Promise<void> {
    const answer = await page.request.post("/sign-in", { form: { email: people[person], password: PASSWORD }, maxRedirects: 0 });
    expect(answer.status(), "sign-in answers with a redirect").toBe(303);
    expect(answer.headers()["location"], "sign-in leads to the calendar").toContain("/dashboard");
}

/** Waits until the server-rendered page has come alive, so that clicks are heard. Needed after each `goto`. */
export async function alive(page: Page): Promise<void> {
    await page.locator("html[data-alive]").waitFor({ state: "attached" });
}

/** What browsers complained about in the course of one test. */
class Complaints {
    private readonly heard: string[] = [];
    private readonly expected: RegExp[] = [];

    /** Complaints that match are part of the test, such as the console's line about a refused request. */
    expect(...patterns: RegExp[]): void {
        this.expected.push(...patterns);
    }

    /** Listens to all pages of a context, those to come included. */
    async listen(context: BrowserContext): Promise<void> {
        context.on("console", (message) => {
            // A page without complaints writes nothing at all.
            this.heard.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
        });
        context.on("weberror", (error) => this.heard.push(`uncaught: ${error.error().message}`));
        context.on("response", (response) => {
            if (response.status() >= 500) this.heard.push(`status ${response.status()}: ${response.url()}`);
        });
        await context.exposeBinding("__complain", (_, text: string) => void this.heard.push(text));
        await context.addInitScript(() => {
            const known = window as unknown as { __complain: (text: string) => void };
            document.addEventListener("securitypolicyviolation", (event) => {
                known.__complain(`security policy: ${event.violatedDirective} forbids ${event.blockedURI || event.sample || "inline"}`);
            });
        });
    }

    /** All that was not expected. */
    unexpected(): string[] {
        return this.heard.filter((text) => !this.expected.some((pattern) => pattern.test(text)));
    }
}

type Fixtures = {
    /** Fails the test at its end if a browser complained; `complaints.expect(/…/)` says what is part of the test. */
    complaints: Complaints;
    /** A page in a browser of its own where somebody has signed in: `const ewa = await as("desk")`. */
    as: (person: Person, options?: Parameters<Browser["newContext"]>[0]) => Promise<Page>;
    /** The REST door as somebody sees it: `const desk = await rest("desk")`. */
    rest: (person: Person) => Promise<Rest>;
};

type WorkerFixtures = {
    /** Where the worker's own server answers; E2E_BASE names one that runs already. */
    server: string;
};

export const test = base.extend<Fixtures, WorkerFixtures>({
    server: [
        async ({}, use) => {
            if (process.env.E2E_BASE) return use(process.env.E2E_BASE);
            const server = await serve(await freePort(), { google: true });
            // Where the stand-in for Google Calendar listens, for the tests of this worker.
            process.env.E2E_DOUBLE = server.google;
            await use(server.base);
            await server.stop();
        },
        { scope: "worker", timeout: 150_000 },
    ],
    baseURL: ({ server }, use) => use(server),
    complaints: [
        async ({ context }, use) => {
            const complaints = new Complaints();
            await complaints.listen(context);
            await use(complaints);
            expect(complaints.unexpected(), "nothing in the console, no violation of the security policy, no 5xx").toEqual([]);
        },
        { auto: true },
    ],
    as: async ({ browser, complaints, baseURL, viewport, locale, timezoneId }, use) => {
        const opened: BrowserContext[] = [];
        await use(async (person, options) => {
            const context = await browser.newContext({ baseURL, viewport, locale, timezoneId, ...options });
            opened.push(context);
            await complaints.listen(context);
            const page = await context.newPage();
            await signIn(page, person);
            return page;
        });
        for (const context of opened) await context.close();
    },
    rest: async ({ baseURL }, use) => {
        await use((person) => Rest.as(person, baseURL ?? ""));
    },
});
