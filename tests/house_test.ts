/** Who may know what: the command line is known to `lib/cli/` alone. */
import assert from "node:assert/strict";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { analyze } from "../scripts/analyze.ts";
import { doctor } from "../scripts/doctor.ts";
import { encode } from "../scripts/encode.ts";
import { summary } from "../scripts/summary.ts";
import { top } from "../scripts/top.ts";

const LIB = fileURLToPath(new URL("../lib", import.meta.url));
const TESTS = fileURLToPath(new URL(".", import.meta.url)).slice(0, -1);

/** The sources below a directory, by path in `root`. */
function* sources(directory: string, root = directory): Generator<[path: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) yield* sources(path, root);
    else if (/\.(ts|wgsl)$/.test(name)) {
      yield [path.slice(root.length + 1), Deno.readTextFileSync(path)];
    }
  }
}

const BELOW_CLI = [...sources(LIB)].filter(([path]) => !path.startsWith("cli/"));

Deno.test("no file of lib/ outside of lib/cli/ names an option, not even in a comment", () => {
  const names = [analyze, doctor, encode, summary, top].flatMap(({ options }) =>
    Object.keys(options)
  );
  const option = new RegExp(`--(${names.join("|").replaceAll("_", "[_-]")})\\b`);
  const naming = BELOW_CLI.filter(([, text]) => option.test(text)).map(([path]) => path);
  assert.deepEqual(naming, [], "say what could be done as an Advice (lib/base/advice.ts)");
});

Deno.test("no file of lib/ outside of lib/cli/ imports from it, or says how coact is called", () => {
  const knowing = BELOW_CLI.filter(([, text]) => /from "[./]+cli\/|deno task/.test(text));
  assert.deepEqual(knowing.map(([path]) => path), []);
});

/** The files of the project that a file imports, types and threads included, by path. */
function importsOf(path: string): string[] {
  const text = Deno.readTextFileSync(path).replaceAll(/^ *(?:\*|\/\*\*|\/\/).*$/gm, ""); // no examples
  return [...text.matchAll(/(?:from|import\(|resolve\()\s*"(\.[^"]*\.ts)"/g)]
    .map(([, name]) => normalize(join(dirname(path), name!)));
}

/** A way along imports from a file back to it; undefined if there is none. */
function findCircle(files: readonly string[], importsOf: (path: string) => string[]) {
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]): readonly string[] | undefined => {
    const met = way.indexOf(path);
    if (met !== -1) return [...way.slice(met), path];
    if (done.has(path)) return undefined;
    for (const next of importsOf(path)) {
      const circle = follow(next, [...way, path]);
      if (circle !== undefined) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of files) {
    const circle = follow(path, []);
    if (circle !== undefined) return circle;
  }
}

Deno.test("findCircle() finds a circle wherever one begins, and none where ways only meet", () => {
  const imports: Record<string, string[]> = { a: ["b", "c"], b: ["d"], c: ["d"], d: [] };
  const find = () => findCircle(Object.keys(imports), (path) => imports[path]!);
  assert.equal(find(), undefined);
  imports.d = ["c"];
  assert.deepEqual(find(), ["d", "c", "d"]);
  imports.d = ["d"];
  assert.deepEqual(find(), ["d", "d"]);
});

Deno.test("no file is imported by what it imports, not even for a type or as a thread", () => {
  const project = join(LIB, "..");
  const files = ["lib", "scripts", "tools"].flatMap((room) =>
    [...sources(join(project, room))].map(([path]) => join(project, room, path))
  ).filter((path) => path.endsWith(".ts"));
  const circle = findCircle(
    [join(project, "mod.ts"), join(project, "coact.ts"), ...files],
    importsOf,
  );
  assert.deepEqual(
    circle?.map((path) => path.slice(project.length + 1)),
    undefined,
    "move what both need to a file of its own",
  );
});

Deno.test("no room of lib/ imports one that imports from it, on whichever way", () => {
  const imports = new Map<string, Set<string>>();
  for (const [path] of sources(LIB)) {
    if (!path.endsWith(".ts")) continue;
    const room = path.split("/")[0]!;
    const others = importsOf(join(LIB, path)).map((name) => relative(LIB, name).split("/")[0]!)
      .filter((other) => other !== room && other !== "..");
    imports.set(room, new Set([...imports.get(room) ?? [], ...others]));
  }
  assert(imports.get("cli")!.has("analysis"));
  const circle = findCircle([...imports.keys()], (room) => [...imports.get(room) ?? []]);
  assert.deepEqual(circle, undefined, "move what both need to a room below both");
});

Deno.test("every file of lib/ has tests of its own, or is a part of what has", () => {
  const tests = [...sources(TESTS)].map(([path]) => `${TESTS}/${path}`);
  const reached = new Set<string>();
  const follow = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    importsOf(path).filter((next) => next.endsWith(".ts")).forEach(follow);
  };
  const project = join(LIB, "..");
  const isCode = (path: string) => /^(lib|scripts)\//.test(path.slice(project.length + 1));
  tests.flatMap(importsOf).filter(isCode).forEach(follow);
  // A mod.ts is a list of exports; the examples that run import it by its name in deno.json.
  const untested = [...sources(LIB)].map(([path]) => path)
    .filter((path) => /(?<!\/mod)\.ts$/.test(path) && !reached.has(`${LIB}/${path}`));
  assert.deepEqual(untested, [], "test them: lib/a/b.ts in tests/a/b_test.ts");
});
