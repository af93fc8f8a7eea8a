// Puts the server's questions about free time to the browser's build of the same rules and fails on the first answer
// that differs. Reads what `server/services/examples/scenarios.rs` prints:
//
//   cargo build -p verdict --target wasm32-unknown-unknown --profile wasm-release
//   cargo run -q -p services --example scenarios -- SEED COUNT [DRAGS] | node end2end/verdict.mjs [profile]
//
// `profile` is the folder under the target folder's wasm32-unknown-unknown: `wasm-release` (default), as browsers load it, or `debug`.

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { isDeepStrictEqual } from "node:util";

const profile = process.argv[2] ?? "wasm-release";
const target = process.env.CARGO_TARGET_DIR ?? new URL("../target", import.meta.url).pathname;
const path = `${target}/wasm32-unknown-unknown/${profile}/verdict.wasm`;
const module = await WebAssembly.compile(await readFile(path));

// Libraries that can also run in a browser ask for its clock and its dice. The rules must use neither.
const imports = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  if (kind !== "function") throw new Error(`verdict.wasm imports a ${kind}: ${from}.${name}`);
  imports[from] ??= {};
  imports[from][name] = () => {
    throw new Error(`the verdict asked its surroundings: ${name}`);
  };
}
const { exports: wasm } = await WebAssembly.instantiate(module, imports);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function ask(door, question) {
  const bytes = encoder.encode(question);
  const at = wasm.alloc(bytes.length);
  new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
  const answered = wasm[door](at, bytes.length);
  wasm.free(at, bytes.length);
  // The memory may have grown and moved: look at it only now.
  const length = new DataView(wasm.memory.buffer).getUint32(answered, true);
  const answer = decoder.decode(new Uint8Array(wasm.memory.buffer, answered + 4, length));
  wasm.free(answered, length + 4);
  return answer;
}

let header;
let compared = 0;
let free = 0;
let drags = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const row = JSON.parse(line);
  if (!header) {
    header = row;
    continue;
  }
  const dragged = row.drags !== undefined;
  const [question, expected] = dragged ? [row.drags, row.verdicts] : [row.question, row.answer];
  const answer = JSON.parse(ask(dragged ? "drag" : "answer", JSON.stringify(question)));
  if (!isDeepStrictEqual(answer, expected)) {
    console.error(`seed ${header.seed}, scenario ${row.n}: the builds differ`);
    console.error(`question: ${JSON.stringify(question)}`);
    console.error(`server:   ${JSON.stringify(expected)}`);
    console.error(`browser:  ${JSON.stringify(answer)}`);
    process.exit(1);
  }
  compared += 1;
  if (dragged) drags += expected.length;
  // A drag is free where nothing stands against it.
  free += dragged ? expected.filter((verdict) => verdict.length === 0).length : row.answer.slots.length;
}

if (!header || compared === 0 || compared !== header.count) {
  console.error(`${compared} of ${header?.count ?? "an unknown number of"} scenarios arrived`);
  process.exit(1);
}
const said = drags > 0 ? `${drags} drags over ${compared} scenarios, ${free} of them to free places` : `${compared} scenarios with ${free} free slots`;
console.log(`seed ${header.seed}: ${said}, server and browser agree`);
