/** Who may know what: the command line is known to `lib/cli/` alone. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { analyze } from "../scripts/analyze.ts";
import { doctor } from "../scripts/doctor.ts";
import { encode } from "../scripts/encode.ts";
import { summary } from "../scripts/summary.ts";
import { top } from "../scripts/top.ts";

const LIB = fileURLToPath(new URL("../lib", import.meta.url));

/** The sources below a directory, by path. */
function* sources(directory: string): Generator<[path: string, text: string]> {
  for (const { name, isDirectory } of Deno.readDirSync(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (/\.(ts|wgsl)$/.test(name)) {
      yield [path.slice(LIB.length + 1), Deno.readTextFileSync(path)];
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
