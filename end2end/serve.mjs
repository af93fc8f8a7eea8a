// Starts the built server on a private database of its own, with the demo clinics, at a fixed instant, and removes
// everything at its end. Used by the end-to-end tests and by fuzz.mjs.
//
//   node serve.mjs PORT
//
// ATRIUM_SERVER names the program (default: target/debug/server), ATRIUM_SITE the browser's files (default: site). With
// `google` a stand-in for Google Calendar listens beside it, and the server knows no other.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { double } from "./double.mjs";

/** A Tuesday morning in November at the clinic; E2E_CLOCK sets another time. */
export const CLOCK = process.env.E2E_CLOCK ?? "2026-11-24T07:00:00Z";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * A port that is free now.
 * @returns {Promise<number>}
 */
export async function freePort() {
    return new Promise((done) => {
        const probe = createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}

/**
 * Starts a server and waits until it is ready.
 * @param {number} port
 * @param {{ google?: boolean }} beside
 * @returns {Promise<{ base: string, google: string, data: string, stop: () => Promise<void>, ended: Promise<number> }>}
 */
export async function serve(port, beside = {}) {
    // The database's account must get there.
    const data = mkdtempSync(join(tmpdir(), "atrium-e2e-"));
    chmodSync(data, 0o755);
    const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
    const program = process.env.ATRIUM_SERVER ?? join(target, "debug", "server");
    const { DATABASE_URL: _, ...env } = process.env;
    const google = beside.google ? await double(await freePort()) : undefined;
    const server = spawn(resolve(program), {
        cwd: root,
        stdio: ["ignore", "inherit", "inherit"],
        env: {
            ...env,
            ATRIUM_ADDR: `127.0.0.1:${port}`,
            ATRIUM_DATA: data,
            ATRIUM_SITE: process.env.ATRIUM_SITE ?? join(root, "site"),
            ATRIUM_MODE: "development",
            ATRIUM_DEMO: "1",
            ATRIUM_CLOCK: CLOCK,
            // No test leaves this machine: nobody answers there.
            ATRIUM_CAL_URL: "http://127.0.0.1:9",
            ...(google ? { ATRIUM_GOOGLE_CLIENT_ID: "atrium", ATRIUM_GOOGLE_CLIENT_SECRET: "atrium", ATRIUM_GOOGLE_URL: google.base } : {}),
        },
    });
    const ended = new Promise((done) => {
        server.once("error", (error) => {
            console.error(`${program}: ${error.message}`);
            done(1);
        });
        server.once("exit", (code) => done(code ?? 1));
    }).then(async (code) => {
        await google?.stop();
        rmSync(data, { recursive: true, force: true });
        return code;
    });
    const base = `http://127.0.0.1:${port}`;
    let gone = false;
    ended.then(() => (gone = true));
    const stop = async () => {
        server.kill("SIGTERM");
        await ended;
    };
    const until = Date.now() + 120_000;
    while (!(await fetch(`${base}/health/ready`).then((answer) => answer.ok, () => false))) {
        if (gone) throw new Error("the server has ended before it was ready");
        if (Date.now() > until) {
            await stop();
            throw new Error("the server is not ready after two minutes");
        }
        await new Promise((done) => setTimeout(done, 100));
    }
    return { base, google: google?.base ?? "", data, stop, ended };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { stop, ended } = await serve(Number(process.argv[2] ?? 3100));
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
    process.exitCode = await ended;
}
