import assert from "node:assert/strict";
import { InputError } from "../../lib/base/errors.ts";
import {
  type ExportedEntry,
  exportsOf,
  type SourceList,
  withEntries,
} from "../../tools/source_list.ts";

const LIST: SourceList = {
  file: "lib/all.ts",
  name: "ALL",
  folder: "lib/things",
  types: ["Thing"],
};

const SOURCE = `/** All. */
import { b } from "./things/b.ts";
import { c, d, type Kind } from "./things/c.ts";
import { other } from "./other.ts";

/** All of them, in order. */
export const ALL: readonly Thing[] = [
  d,
  b,
  c,
];

export const others = [other];
`;

function entry(name: string, path: string = `lib/things/${name}.ts`): ExportedEntry {
  return { name, path, kind: "Thing" };
}

const LISTED = [entry("b"), entry("c"), entry("d", "lib/things/c.ts")];

Deno.test("exportsOf() finds what is declared to be of a type, however it is made", () => {
  const source = `
    const hidden: Thing = {};
export const plain: Thing = {
export const typed: Thing<"a", B | C[]> = {
export const made: Special = makeThing({
export const all: Thing[] = [plain];
export const near: Things = {};
export const inferred = makeThing({});
export function f(): Thing {}
`;
  const list = { ...LIST, types: ["Thing", "Special"] };
  assert.deepEqual(exportsOf(list, "lib/things/x.ts", source), [
    { name: "plain", kind: "Thing", path: "lib/things/x.ts" },
    { name: "typed", kind: "Thing", path: "lib/things/x.ts" },
    { name: "made", kind: "makeThing", path: "lib/things/x.ts" },
  ]);
});

Deno.test("withEntries() leaves a list alone that is complete", () => {
  assert.equal(withEntries(LIST, SOURCE, LISTED), SOURCE);
});

Deno.test("withEntries() adds what is new, with its import beside those of its folder", () => {
  const added = withEntries(LIST, SOURCE, [...LISTED, entry("bb"), entry("a"), entry("z")]);
  const imports = added.match(/^import.*$/gm);
  assert.deepEqual(imports, [
    'import { a } from "./things/a.ts";',
    'import { b } from "./things/b.ts";',
    'import { bb } from "./things/bb.ts";',
    'import { c, d, type Kind } from "./things/c.ts";',
    'import { z } from "./things/z.ts";',
    'import { other } from "./other.ts";',
  ]);
  assert.match(added, /= \[\n {2}d,\n {2}b,\n {2}c,\n {2}bb,\n {2}a,\n {2}z,\n\];/);
});

Deno.test("withEntries() adds to the import of a file that exports another", () => {
  const added = withEntries(LIST, SOURCE, [...LISTED, entry("e", "lib/things/b.ts")]);
  assert.match(added, /^import \{ b, e \} from ".\/things\/b.ts";$/m);
});

Deno.test("withEntries() takes out what is gone, and leaves what else its file exports", () => {
  const rest = withEntries(LIST, SOURCE, [entry("c")]);
  assert.deepEqual(rest.match(/^import.*$/gm), [
    'import { c, type Kind } from "./things/c.ts";',
    'import { other } from "./other.ts";',
  ]);
  assert.match(rest, /= \[\n {2}c,\n\];/);
});

Deno.test("withEntries() imports what has moved from where it is now, in its old place", () => {
  const moved = [entry("b", "lib/things/bee.ts"), ...LISTED.slice(1)];
  const text = withEntries(LIST, SOURCE, moved);
  assert.equal(text, SOURCE.replace("./things/b.ts", "./things/bee.ts"));
});

Deno.test("withEntries() undoes what it did", () => {
  const added = withEntries(LIST, SOURCE, [...LISTED, entry("z")]);
  assert.equal(withEntries(LIST, added, LISTED), SOURCE);
});

Deno.test("withEntries() keeps the keys of an object, and adds what is new by its own name", () => {
  const source = `import { b } from "./things/b.ts";
const ALL: { readonly [N in keyof Names]: Thing<N> } =
  {
    first: b,
  };
`;
  const added = withEntries(LIST, source, [entry("b"), entry("c")]);
  assert.match(added, /=\n {2}\{\n {2}first: b,\n {2}c,\n\};\n$/);
});

Deno.test("withEntries() refuses a file without the list, and two files that export one name", () => {
  const isOf = (words: RegExp) => (error: Error) =>
    error instanceof InputError && words.test(error.message);
  assert.throws(
    () => withEntries({ ...LIST, name: "NONE" }, SOURCE, LISTED),
    isOf(/^lib\/all.ts has no list NONE$/),
  );
  assert.throws(
    () => withEntries(LIST, SOURCE, [...LISTED, entry("b", "lib/things/bee.ts")]),
    isOf(/^lib\/all.ts: two files export b for ALL; give one of them another name$/),
  );
});
