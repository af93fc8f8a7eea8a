// The REST door against its own description: schemathesis calls every operation with what the OpenAPI document allows
// and forbids, as the owner, the doctor and the front desk of a demo clinic. No answer may be a 5xx or unlike its
// description, and nothing forbidden may be accepted. Each role gets a server and a demo of its own, so that what the
// owner has deleted is there for the others; the seed is fixed, so that a failure is there again the next time.
// What a failure needs is printed with it; the ids are another demo's the next time, and all else is the same.
//
//   SCHEMATHESIS=… node fuzz.mjs
//
// FUZZ_EXAMPLES: cases for each operation beside those at the edges of its schema (default 6); FUZZ_SEED: other cases
// (default 1); FUZZ_ROLES: only these, by comma.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, serve } from "./serve.mjs";
import { configuration } from "./fuzz/configuration.mjs";
import { words } from "./fuzz/words.mjs";

const PASSWORD = "atrium-demo";
const roles = (process.env.FUZZ_ROLES ?? "owner,doctor,desk").split(",");
const examples = process.env.FUZZ_EXAMPLES ?? "6";
const seed = process.env.FUZZ_SEED ?? "1";

// Operations that may take away from the caller what all others need: the session, the membership, the subscription,
// the only location. They are called too, but after the others; signing out comes last of all.
const late = "/auth/|/me/|/sessions|/members/|/subscriptions/|/locations/";
const last = "/auth/logout";
const turns = [
    ["--exclude-path-regex", late],
    ["--include-path-regex", late, "--exclude-path-regex", last],
    ["--include-path-regex", last],
];

async function token(base, role) {
    const answer = await fetch(`${base}/api/v1/auth/staff/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: `${role}@lipowa.example`, password: PASSWORD }),
    });
    if (!answer.ok) throw new Error(`${role} cannot sign in: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).access_token;
}

/** Runs the tool in a folder of its own, where it leaves its files, and says what it said when it is done. */
function run(title, cwd, args) {
    return new Promise((done) => {
        let said = "";
        const end = (code) => {
            console.log(`\n${title}\n${said.replace(/\n\n+/g, "\n")}`);
            done(code ?? 1);
        };
        const tool = spawn(process.env.SCHEMATHESIS ?? "schemathesis", args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
        for (const stream of [tool.stdout, tool.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
        tool.once("error", (error) => {
            said += error.message;
            end(1);
        });
        tool.once("close", end);
    });
}

let turn = Promise.resolve();

/** Servers begin one after the other: writing three demos at once takes a slow machine longer than a statement may. */
function begin() {
    const server = turn.then(async () => serve(await freePort()));
    turn = server.catch(() => {});
    return server;
}

/** All operations as one role, on a server of its own; for each turn, whether all went well. */
async function fuzz(role) {
    const folder = mkdtempSync(join(tmpdir(), "atrium-fuzz-"));
    const server = await begin();
    try {
        const api = `${server.base}/api/v1`;
        const config = join(folder, "schemathesis.toml");
        // What is malformed is so for everybody: the owner, who may do the most, sends all of it; the others what the
        // description allows up to its edges, and some of both at random.
        const edges = role === "owner";
        writeFileSync(config, configuration(await words(api, await token(server.base, "owner")), edges));
        // Signed in before anything is called: wrong passwords from one address are soon asked to wait.
        const tokens = [];
        for (const _ of turns) tokens.push(await token(server.base, role));
        const well = [];
        for (const [turn, which] of turns.entries()) {
            const status = await run(`== as ${role}, seed ${seed}: ${which.join(" ")}`, folder, [
                ...["--config-file", config, "run", `${api}/openapi.json`],
                ...["--header", `Authorization: Bearer ${tokens[turn]}`],
                ...which,
                ...["--checks", "all", "--phases", "examples,coverage,fuzzing"],
                ...["--max-examples", examples, "--seed", seed, "--workers", process.env.FUZZ_WORKERS ?? "1"],
                ...["--continue-on-failure", "--request-timeout", "15", "--suppress-health-check", "all"],
                ...["--warnings", "off", "--no-color"],
            ]);
            well.push(status === 0);
        }
        return well;
    } finally {
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}

// All at once: what the tool thinks about takes more time than the server's answers.
const well = await Promise.all(
    roles.map((role) =>
        fuzz(role).catch((error) => {
            console.error(`${role}: ${error.stack}`);
            return [false];
        }),
    ),
);
const failed = roles.filter((_, at) => well[at].includes(false));
const count = (wanted) => well.flat().filter((one) => one === wanted).length;
console.log(`\n  ${count(true)} passed\n  ${count(false)} failed`);
if (failed.length > 0) {
    console.error(`failed as ${failed.join(", ")}; the same again: FUZZ_ROLES=${failed.join(",")} FUZZ_SEED=${seed} make fuzz`);
    process.exit(1);
}
