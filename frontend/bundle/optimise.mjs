// Optimises wasm modules in place with Binaryen's library: one process for many, since starting one costs seconds.
//
//   node optimise.mjs PATH-OF-BINARYEN FILE...

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, ...files] = process.argv.slice(2);
const { default: binaryen } = await import(pathToFileURL(library));

// As `wasm-opt -Oz` does.
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setDebugInfo(false);
const { Features } = binaryen;
const features =
    Features.BulkMemory | Features.NontrappingFPToInt | Features.SignExt | Features.MutableGlobals |
    Features.ReferenceTypes | Features.Multivalue | Features.ExtendedConst | (Features.BulkMemoryOpt ?? 0) | (Features.CallIndirectOverlong ?? 0);

for (const file of files) {
    const module = binaryen.readBinary(readFileSync(file));
    module.setFeatures(features);
    module.optimize();
    writeFileSync(file, module.emitBinary());
    module.dispose();
}
