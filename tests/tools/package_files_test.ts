import assert from "node:assert/strict";
import {
  type Contents,
  contentsRefusal,
  findContentProblems,
  isFor,
  isNeeded,
  nameInBinary,
  PACKAGES_FOLDER,
} from "../../tools/package_files.ts";
import { TARGETS } from "../../tools/targets.ts";

const LINUX = TARGETS["x86_64-unknown-linux-gnu"]!;
const MAC = TARGETS["aarch64-apple-darwin"]!;
const PLAIN: Contents = { target: LINUX, withNative: false, withDemo: false };

const ON_WINDOWS: Contents = {
  target: TARGETS["x86_64-pc-windows-msvc"]!,
  withNative: true,
  withDemo: false,
};
const ON_A_MAC: Contents = { ...ON_WINDOWS, target: MAC };

const NEEDED: readonly [name: string, path: string, contents: Contents, expected: boolean][] = [
  ["zod", "v4/core/index.js", PLAIN, true],
  ["zod", "LICENSE", PLAIN, true],
  ["matcher", "license", PLAIN, true],
  ["zod", "README.md", PLAIN, false],
  ["gopd", ".github/FUNDING.yml", PLAIN, false],
  ["gopd", ".eslintrc", PLAIN, false],
  ["protobufjs", "google/protobuf/api.proto", PLAIN, false],
  ["zod", "package.json", PLAIN, true],
  ["zod", "v4/core/index.d.ts", PLAIN, false],
  ["zod", "v4/core/index.d.cts", PLAIN, false],
  ["zod", "src/index.ts", PLAIN, false],
  ["zod", "index.js.map", PLAIN, false],
  ["onnxruntime-web", "dist/ort-wasm-simd-threaded.wasm", PLAIN, true],
  ["onnxruntime-web", "dist/ort-wasm-simd-threaded.asyncify.wasm", PLAIN, true],
  ["onnxruntime-web", "dist/ort-wasm-simd-threaded.asyncify.mjs", PLAIN, true],
  ["onnxruntime-web", "dist/ort-wasm-simd-threaded.jsep.wasm", PLAIN, false],
  ["onnxruntime-web", "dist/ort.all.min.mjs", PLAIN, false],
  ["onnxruntime-web", "package.json", PLAIN, true],
  ["dejavu-fonts-ttf", "ttf/DejaVuSans-Bold.ttf", PLAIN, true],
  ["dejavu-fonts-ttf", "ttf/DejaVuSerif.ttf", PLAIN, false],
  ["@fontsource-variable/noto-sans-sc", "files/noto-sans-sc-4-wght-normal.woff2", PLAIN, true],
  ["@fontsource-variable/noto-sans-sc", "files/noto-sans-sc-latin-wght-normal.woff2", PLAIN, false],
  ["@fontsource-variable/noto-sans-sc", "unicode.json", PLAIN, true],
  ["@fontsource-variable/noto-sans-sc", "index.css", PLAIN, false],
  [
    "@fontsource-variable/noto-sans-devanagari",
    "files/noto-sans-devanagari-devanagari-wght-normal.woff2",
    PLAIN,
    true,
  ],
  [
    "@fontsource-variable/noto-sans-devanagari",
    "files/noto-sans-devanagari-devanagari-wdth-normal.woff2",
    PLAIN,
    false,
  ],
  ["@napi-rs/canvas-linux-x64-gnu", "skia.linux-x64-gnu.node", PLAIN, true],
  ["@napi-rs/canvas-linux-x64-musl", "skia.linux-x64-musl.node", PLAIN, false],
  ["onnxruntime-node", "bin/napi-v6/linux/x64/libonnxruntime.so.1", PLAIN, false],
  ["onnxruntime-node", "package.json", PLAIN, true],
  [
    "onnxruntime-node",
    "bin/napi-v6/linux/x64/libonnxruntime.so.1",
    { ...PLAIN, withNative: true },
    true,
  ],
  [
    "onnxruntime-node",
    "bin/napi-v6/linux/arm64/libonnxruntime.so.1",
    { ...PLAIN, withNative: true },
    false,
  ],
  ["onnxruntime-node", "dist/index.js", { ...PLAIN, withNative: true }, true],
  ["onnxruntime-node", "bin/napi-v6/win32/x64/onnxruntime.dll", ON_WINDOWS, true],
  ["onnxruntime-node", "bin/napi-v6/win32/x64/onnxruntime_binding.node", ON_WINDOWS, true],
  ["onnxruntime-node", "bin/napi-v6/win32/x64/DirectML.dll", ON_WINDOWS, false],
  ["onnxruntime-node", "bin/napi-v6/darwin/arm64/libonnxruntime.1.dylib", ON_A_MAC, true],
  ["onnxruntime-node", "bin/napi-v6/darwin/arm64/libonnxruntime.1.30.0.dylib", ON_A_MAC, false],
];
for (const [name, path, contents, expected] of NEEDED) {
  const how = contents.withNative ? " with native code" : "";
  Deno.test(`isNeeded() is ${expected} of ${name}'s ${path}${how}`, () => {
    assert.equal(isNeeded(name, path, contents), expected);
  });
}

Deno.test("nameInBinary() gives licences a name that Deno does not take for a program's", () => {
  assert.equal(nameInBinary("LICENSE"), "LICENSE.md");
  assert.equal(nameInBinary("sub/license.txt"), "sub/license.txt.md");
  assert.equal(nameInBinary("LICENSE.md"), "LICENSE.md");
  assert.equal(nameInBinary("dist/index.js"), "dist/index.js");
});

Deno.test("isFor() leaves out the canvas of other platforms", () => {
  assert(isFor("@napi-rs/canvas", MAC));
  assert(isFor("@napi-rs/canvas-darwin-arm64", MAC));
  assert(!isFor("@napi-rs/canvas-darwin-x64", MAC));
  assert(!isFor("@napi-rs/canvas-linux-x64-gnu", MAC));
});

/** What a plain binary for Linux holds, as far as it is looked at. */
const FILES = [
  "coact.ts",
  "deno.json",
  "scripts/analyze.ts",
  "lib/wgsl/encode.wgsl",
  ...[
    "@napi-rs/canvas-linux-x64-gnu/1.0.11/skia.linux-x64-gnu.node",
    "dejavu-fonts-ttf/2.37.3/ttf/DejaVuSans.ttf",
    "dejavu-fonts-ttf/2.37.3/ttf/DejaVuSans-Bold.ttf",
    "@fontsource-variable/noto-sans-sc/5.3.1/files/noto-sans-sc-4-wght-normal.woff2",
    "@fontsource-variable/noto-sans-kr/5.3.1/files/noto-sans-kr-4-wght-normal.woff2",
    "@fontsource-variable/noto-sans-devanagari/5.3.0/files/noto-sans-devanagari-4-wght-normal.woff2",
    "onnxruntime-web/1.30.0/dist/ort-wasm-simd-threaded.wasm",
    "onnxruntime-web/1.30.0/dist/ort-wasm-simd-threaded.mjs",
    "onnxruntime-web/1.30.0/dist/ort-wasm-simd-threaded.asyncify.wasm",
    "onnxruntime-web/1.30.0/dist/ort-wasm-simd-threaded.asyncify.mjs",
  ].map((path) => PACKAGES_FOLDER + path),
];

Deno.test("findContentProblems() finds nothing where all is as it should be", () => {
  assert.deepEqual(findContentProblems(FILES, PLAIN), []);
});

for (const path of FILES.filter((path) => !/^(deno\.json|scripts)/.test(path))) {
  Deno.test(`findContentProblems() finds that ${path} is missing`, () => {
    const problems = findContentProblems(FILES.filter((file) => file !== path), PLAIN);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^(the|a|its|ONNX) .*is missing$|^its thread is missing$/);
  });
}

const INTRUDERS = [
  "tests/coact_test.ts",
  "README.md",
  "demo/lm/model.safetensors",
  `${PACKAGES_FOLDER}@napi-rs/canvas-linux-x64-musl/1.0.11/skia.linux-x64-musl.node`,
  `${PACKAGES_FOLDER}onnxruntime-node/1.30.0/bin/napi-v6/linux/x64/libonnxruntime.so.1`,
  `${PACKAGES_FOLDER}fast-check/4.10.2/lib/fast-check.js`,
  `${PACKAGES_FOLDER}zod/4.6.7/index.d.ts`,
];
for (const path of INTRUDERS) {
  Deno.test(`findContentProblems() finds that ${path} is not needed`, () => {
    assert.deepEqual(findContentProblems([...FILES, path], PLAIN), [`${path} is not needed`]);
  });
}

Deno.test("findContentProblems() demands the demo and native code where they are asked for", () => {
  const contents = { ...PLAIN, withDemo: true, withNative: true };
  const added = [
    "demo/data/qa_test_id.jsonl",
    "demo/lm/config.json",
    "demo/sae/layer0/sae_best.pt",
    "demo/sae_traditional/layer0/traditional_sae_final.pt",
    `${PACKAGES_FOLDER}onnxruntime-node/1.30.0/bin/napi-v6/linux/x64/onnxruntime_binding.node`,
    `${PACKAGES_FOLDER}onnxruntime-node/1.30.0/bin/napi-v6/linux/x64/libonnxruntime.so.1`,
  ];
  assert.deepEqual(findContentProblems([...FILES, ...added], contents), []);
  assert.equal(findContentProblems(FILES, contents).length, added.length);
  const problems = findContentProblems([...FILES, ...added, "demo/make_demo.py"], contents);
  assert.deepEqual(problems, ["demo/make_demo.py is not needed"]);
});

Deno.test("contentsRefusal() knows where there is no onnxruntime-node", () => {
  const target = TARGETS["x86_64-apple-darwin"]!;
  assert.match(
    contentsRefusal({ ...PLAIN, target, withNative: true })!,
    /nothing for darwin on x64/,
  );
  assert.equal(contentsRefusal({ ...PLAIN, target }), undefined);
  assert.equal(contentsRefusal({ ...PLAIN, target: MAC, withNative: true }), undefined);
});
