import { expect, people, PASSWORD, signIn, test } from "../fixtures";

/** One address for each kind and status of answer. */
const answers: { what: string; path: string; status: number; method?: string; data?: string; type?: string; origin?: string }[] = [
    { what: "a page", path: "/sign-in", status: 200 },
    { what: "a redirect", path: "/dashboard/calendar", status: 303 },
    { what: "a page that does not exist", path: "/no/such/page", status: 404 },
    { what: "a file that does not exist", path: "/icons/no-such-icon.png", status: 404 },
    { what: "the service worker", path: "/sw.js", status: 200 },
    { what: "the offline page", path: "/offline.html", status: 200 },
    { what: "health", path: "/health/live", status: 200 },
    { what: "readiness", path: "/health/ready", status: 200 },
    { what: "REST without a token", path: "/api/v1/me", status: 401 },
    { what: "a REST address that does not exist", path: "/api/v1/no-such-thing", status: 404 },
    { what: "the API's description", path: "/api/v1/openapi.json", status: 200 },
    { what: "live updates for a stranger", path: "/live", status: 401 },
    { what: "a form from another site", path: "/sign-in", status: 403, method: "POST", origin: "https://evil.example" },
    { what: "JSON that is none", path: "/api/v1/auth/staff/login", status: 422, method: "POST", data: "{", type: "application/json" },
];

for (const { what, path, status, method, data, type, origin } of answers) {
    test(`${what} (${status}) carries the security headers`, async ({ request }) => {
        const headers: Record<string, string> = {};
        if (type) headers["content-type"] = type;
        if (origin) headers["origin"] = origin;
        const answer = await request.fetch(path, { method: method ?? "GET", data, headers, maxRedirects: 0 });
        expect(answer.status()).toBe(status);
        const got = answer.headers();
        expect(got["x-content-type-options"]).toBe("nosniff");
        expect(got["x-frame-options"]).toBe("DENY");
        expect(got["referrer-policy"]).toBe("same-origin");
        const policy = got["content-security-policy"] ?? "";
        expect(policy).toContain("default-src");
        expect(policy).toContain("frame-ancestors 'none'");
        expect(policy).toContain("base-uri 'none'");
        expect(policy).not.toContain("'unsafe-eval'");
        expect(policy.match(/script-src[^;]*/)?.[0] ?? "").not.toContain("'unsafe-inline'");
    });
}

test("every page has a nonce of its own, on every inline script and style", async ({ page, request }) => {
    const nonces = new Set<string>();
    for (let time = 0; time < 2; time += 1) {
        const answer = await request.get("/sign-in");
        const policy = answer.headers()["content-security-policy"] ?? "";
        const nonce = policy.match(/'nonce-([^']+)'/)?.[1] ?? "";
        expect(nonce.length).toBeGreaterThan(10);
        expect(policy).toContain("'strict-dynamic'");
        nonces.add(nonce);
        const html = await answer.text();
        for (const [element] of html.matchAll(/<(script|style)\b[^>]*>/g)) {
            expect(element, "an inline element without the page's nonce").toContain(`nonce="${nonce}"`);
        }
    }
    expect(nonces.size).toBe(2);
    await page.goto("/sign-in");
});

test("pages that are asked for all at once arrive whole, and name the lazy parts they are made of", async ({ page }) => {
    await signIn(page, "desk");
    const answers = await Promise.all(Array.from({ length: 40 }, () => page.request.get("/dashboard/gabinet/patients")));
    for (const answer of answers) {
        expect(answer.status()).toBe(200);
        const html = await answer.text();
        expect(html, "it does not break off in the middle").toMatch(/__INCOMPLETE_CHUNKS=.*<\/script>$/);
        // Without it the browser would meet a part in the middle of hydration that it has not loaded.
        expect(html.split("</head>")[0]).toContain("/split_gabinet_patients.wasm");
    }
});

test("the session's cookie is kept from scripts and other sites", async ({ request }) => {
    const answer = await request.post("/sign-in", { form: { email: people.desk, password: PASSWORD }, maxRedirects: 0 });
    const cookie = answer.headers()["set-cookie"] ?? "";
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(cookie).toMatch(/Path=\//i);
});

test("pages with data are kept by nobody, files of the package by everybody", async ({ page }) => {
    await signIn(page, "desk");
    const calendar = await page.request.get("/dashboard/calendar");
    expect(calendar.headers()["cache-control"]).toContain("no-store");
    const script = (await calendar.text()).match(/\/pkg-[0-9a-f]+\/atrium\.js/)?.[0] ?? "";
    const file = await page.request.get(script, { headers: { "accept-encoding": "br" } });
    expect(file.headers()["cache-control"]).toContain("immutable");
    expect(file.headers()["content-encoding"]).toBe("br");
    const wasm = await page.request.get(script.replace("atrium.js", "atrium_bg.wasm"));
    expect(wasm.headers()["content-type"]).toBe("application/wasm");
});

test("the description of the REST door can be browsed, without any violation of its policy", async ({ page }) => {
    await page.goto("/api/docs/");
    // It has applied its styles and read the document by then; to draw all doors takes it much longer.
    await expect(page.getByRole("heading", { level: 1, name: /^Atrium/ })).toBeVisible({ timeout: 60_000 });
});
