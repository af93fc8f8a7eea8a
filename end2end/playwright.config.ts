import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";

/** A port that is free now. */
async function freePort(): Promise<string> {
    return new Promise((done) => {
        const probe = createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address() as { port: number };
            probe.close(() => done(String(port)));
        });
    });
}

// This file is read by every worker too; they inherit the choice of the first reader.
process.env.E2E_PORT ??= await freePort();
const base = process.env.E2E_BASE ?? `http://127.0.0.1:${process.env.E2E_PORT}`;

export default defineConfig({
    testDir: "tests",
    outputDir: "results",
    // One server with one set of demo clinics, on two cores: tests come one after another.
    workers: 1,
    fullyParallel: false,
    timeout: 45_000,
    expect: { timeout: 7_000 },
    forbidOnly: !!process.env.CI,
    retries: 0,
    reporter: [["list"]],
    use: {
        baseURL: base,
        // The desk's screen. The browser is elsewhere than the clinic, and may not notice.
        viewport: { width: 1440, height: 900 },
        locale: "en-GB",
        timezoneId: "America/New_York",
        trace: "retain-on-failure",
        screenshot: "only-on-failure",
        launchOptions: {
            executablePath: process.env.ATRIUM_CHROMIUM ?? "/usr/bin/chromium",
            args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        },
    },
    // E2E_BASE: test a server that runs already.
    webServer: process.env.E2E_BASE
        ? undefined
        : {
              command: `exec node serve.mjs ${process.env.E2E_PORT}`,
              url: `${base}/health/ready`,
              timeout: 150_000,
              stdout: "pipe",
              gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
          },
});
