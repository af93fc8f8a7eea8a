// Accessibility: axe-core on the page as it stands.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Found = { id: string; help: string; nodes: { html: string; failureSummary?: string }[] };

/** Of all rules those that follow from colours, which take axe longer than the others together. */
const COLOURS = ["color-contrast", "link-in-text-block"];

type Looking = {
    /** Whether the test goes on and finds more. */
    goOn?: boolean;
    /** Where the same page has been looked at, and only its colours, or all but its colours, are others now. */
    colours?: "only" | "not";
};

/** Fails with what axe finds wrong on the page, or below `root`. */
export async function expectAccessible(page: Page, root = "html", { goOn = false, colours }: Looking = {}): Promise<void> {
    // By the debugger, not as a script of the page, which its security policy would refuse.
    if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
    let told = await found(page, root, colours);
    // What came with a picture that was still changing (a theme, a panel that opens) is gone when it is looked at again;
    // what is wrong stays wrong.
    for (let again = 0; told.length > 0 && again < 3; again += 1) {
        await page.waitForTimeout(500);
        told = await found(page, root, colours);
    }
    (goOn ? expect.soft : expect)(told, "axe finds nothing").toEqual([]);
}

async function found(page: Page, root: string, colours: Looking["colours"]): Promise<string[]> {
    // A change of colours is over when all that fades has faded; what turns for ever does not count.
    await page.evaluate(async () => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        await frame();
        await frame();
        const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
        await Promise.allSettled(ending.map((animation) => animation.finished));
    });
    const choice = {
        ...(colours === "only" ? { runOnly: { type: "rule", values: COLOURS } } : {}),
        ...(colours === "not" ? { rules: Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }])) } : {}),
    };
    const violations = await page.evaluate(async ({ root, choice }) => {
        const { axe } = window as unknown as { axe: { run: (root: string, options: object) => Promise<{ violations: Found[] }> } };
        const { violations } = await axe.run(root, { resultTypes: ["violations"], ...choice });
        return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) }));
    }, { root, choice });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `    ${node.html}\n    ${node.failureSummary ?? ""}`).join("\n")}`);
}
