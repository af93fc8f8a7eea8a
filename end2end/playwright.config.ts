import { defineConfig } from "@playwright/test";

export default defineConfig({
    testDir: "tests",
    outputDir: "results",
    // Each worker has a server and demo clinics of its own, so files come side by side; the tests of a file one after another.
    workers: 2,
    fullyParallel: false,
    // With two browsers on two cores each is slower than alone.
    timeout: 90_000,
    // A disk that is busy elsewhere can keep a commit waiting for seconds.
    expect: { timeout: 15_000 },
    forbidOnly: !!process.env.CI,
    // Once more on a server of its own; what fails only the first time is told as flaky at the end, and is to be looked into.
    retries: 1,
    reporter: [["list"]],
    use: {
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
});
