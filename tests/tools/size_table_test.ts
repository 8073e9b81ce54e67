import assert from "node:assert/strict";
import { PACKAGES_FOLDER } from "../../tools/package_files.ts";
import { partsOf, sizeLines, sizeProblem } from "../../tools/size_table.ts";

const file = (path: string, length: number) => ({ path, bytes: new Uint8Array(length) });
const compiled = {
  entryPoint: "coact.ts",
  permissions: {},
  files: [
    file("coact.ts", 10),
    file("lib/a.ts", 20),
    file("demo/lm/config.json", 40),
    file(`${PACKAGES_FOLDER}onnxruntime-web/1/dist/ort.wasm`, 1000),
    file(`${PACKAGES_FOLDER}zod/4/index.js`, 100),
  ],
  section: new Uint8Array(1200),
};

Deno.test("partsOf() gives each file to one part, and the rest to Deno", () => {
  assert.deepEqual(partsOf(compiled, 5000), [
    { name: "Deno's runtime", files: 0, bytes: 3800 },
    { name: "onnxruntime-web", files: 1, bytes: 1000 },
    { name: "other packages", files: 1, bytes: 100 },
    { name: "demo", files: 1, bytes: 40 },
    { name: "coact", files: 2, bytes: 30 },
    { name: "transpiled code, directory", files: 0, bytes: 30 },
  ]);
});

Deno.test("sizeLines() are the lines of a table, the sum below", () => {
  const parts = [{ name: "coact", files: 2, bytes: 1.25e6 }, { name: "b", files: 0, bytes: 9e6 }];
  assert.deepEqual(sizeLines(parts, 10.25e6), [
    "  coact      1.3 MB      2 files",
    "  b          9.0 MB",
    "  all       10.3 MB      2 files",
  ]);
});

const SIZES: readonly [
  bytes: number,
  withNative: boolean,
  withDemo: boolean,
  expected: string | undefined,
][] = [
  [250e6, true, true, undefined],
  [
    250e6 + 1,
    true,
    true,
    "it has 250.1 MB, more than 250 MB; leave out --with-native, or add --without-demo",
  ],
  [251e6, false, true, "it has 251 MB, more than 250 MB; add --without-demo"],
  [251e6, true, false, "it has 251 MB, more than 250 MB; leave out --with-native"],
  [251e6, false, false, "it has 251 MB, more than 250 MB; nothing more can be left out of it"],
];
for (const [bytes, withNative, withDemo, expected] of SIZES) {
  const how = `${withNative ? " with native code" : ""}${withDemo ? " with the demo" : ""}`;
  Deno.test(`sizeProblem() of ${bytes} bytes${how}`, () => {
    assert.equal(sizeProblem(bytes, { withNative, withDemo }), expected);
  });
}
