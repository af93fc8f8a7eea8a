// Optimises wasm modules in place with Binaryen's library, and scripts with terser, which lies beside it: one process
// for many, since starting one costs seconds.
//
//   node optimise.mjs PATH-OF-BINARYEN FILE...

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(library));

// As `wasm-opt -Oz` does.
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
// Nothing of Rust's lies in the first kilobyte: it is the far end of the stack.
binaryen.setLowMemoryUnused(true);
// What is inlined compresses worse than what is called.
binaryen.setAlwaysInlineMaxSize(0);
binaryen.setFlexibleInlineMaxSize(0);
binaryen.setOneCallerInlineMaxSize(0);
const { Features } = binaryen;
const features =
    Features.BulkMemory | Features.NontrappingFPToInt | Features.SignExt | Features.MutableGlobals |
    Features.ReferenceTypes | Features.Multivalue | Features.ExtendedConst | (Features.BulkMemoryOpt ?? 0) | (Features.CallIndirectOverlong ?? 0);

async function minify(file) {
    const { default: terser } = await import(new URL("../terser/dist/bundle.min.js", pathToFileURL(library)));
    const { code } = await terser.minify(readFileSync(file, "utf8"), { module: true });
    writeFileSync(file, code);
}

for (const file of files) {
    if (file.endsWith(".js")) {
        await minify(file);
        continue;
    }
    const module = binaryen.readBinary(readFileSync(file));
    module.setFeatures(features);
    // Functions made of one generic source have similar names: side by side they compress better. Only then are the
    // names dropped.
    binaryen.setDebugInfo(true);
    module.optimize();
    module.runPasses(["reorder-functions-by-name"]);
    binaryen.setDebugInfo(false);
    const once = module.emitBinary();
    module.dispose();
    // Written, read and written again it compresses better by half a percent: what is written refers to types and
    // globals by the order in which they were read.
    const again = binaryen.readBinary(once);
    again.setFeatures(features);
    again.runPasses(["strip-target-features"]);
    writeFileSync(file, again.emitBinary());
    again.dispose();
}
