// The REST door against its own description: schemathesis calls every operation with what the OpenAPI document allows
// and forbids, as the owner, the doctor and the front desk of a demo clinic. No answer may be a 5xx or unlike its description.
//
//   SCHEMATHESIS=… node fuzz.mjs
//
// FUZZ_EXAMPLES: cases for each operation (default 12); FUZZ_SEED: to run one again.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { serve } from "./serve.mjs";

const PASSWORD = "atrium-demo";
const roles = ["owner", "doctor", "desk"];
const examples = process.env.FUZZ_EXAMPLES ?? "12";
const seed = process.env.FUZZ_SEED ?? String(Math.floor(Math.random() * 1e9));

// Operations that would end the session, or the password, by which everything else is called. They have tests of their own.
const endsSession = "/auth/|password|/sessions|/switch";

const freePort = () =>
    new Promise((done) => {
        const probe = createServer().listen(0, "127.0.0.1", () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });

async function token(base, role) {
    const answer = await fetch(`${base}/api/v1/auth/staff/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: `${role}@lipowa.example`, password: PASSWORD }),
    });
    if (!answer.ok) throw new Error(`${role} cannot sign in: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).access_token;
}

function run(args) {
    return new Promise((done) => {
        const tool = spawn(process.env.SCHEMATHESIS ?? "schemathesis", args, { stdio: ["ignore", "inherit", "inherit"] });
        tool.once("error", (error) => {
            console.error(error.message);
            done(1);
        });
        tool.once("exit", (code) => done(code ?? 1));
    });
}

const server = await serve(await freePort());
const failed = [];
try {
    for (const role of roles) {
        console.log(`\nas ${role}, seed ${seed}`);
        const status = await run([
            "run",
            `${server.base}/api/v1/openapi.json`,
            "--header",
            `Authorization: Bearer ${await token(server.base, role)}`,
            "--exclude-path-regex",
            endsSession,
            "--checks",
            "not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance",
            "--phases",
            "examples,coverage,fuzzing",
            "--max-examples",
            examples,
            "--workers",
            "2",
            "--seed",
            seed,
            "--request-timeout",
            "15",
            "--no-color",
            "--suppress-health-check",
            "all",
        ]);
        if (status !== 0) failed.push(role);
    }
} finally {
    await server.stop();
}
if (failed.length > 0) {
    console.error(`failed as ${failed.join(", ")}; the same again: FUZZ_SEED=${seed} make fuzz`);
    process.exit(1);
}
