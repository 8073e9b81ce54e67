/** The public face is shown: whoever finds a name in mod.ts finds an example of it. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as coact from "../mod.ts";

interface Documented {
  readonly name: string;
  readonly declarations: readonly {
    kind: string;
    jsDoc?: { tags?: readonly { kind: string }[] };
  }[];
}

/** What `deno doc` says of the exports of a module. */
async function documented(path: string): Promise<Documented[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", path],
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  }).output();
  assert(success);
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as {
    nodes: Readonly<Record<string, { symbols: Documented[] }>>;
  };
  return Object.values(nodes).flatMap(({ symbols }) => symbols);
}

// `deno test --doc` runs them all.
Deno.test("every function, class and value that mod.ts exports has an example", async () => {
  const shown = (await documented("mod.ts"))
    .filter(({ declarations }) =>
      declarations.some(({ jsDoc }) => jsDoc?.tags?.some(({ kind }) => kind === "example"))
    )
    .map(({ name }) => name);
  assert.deepEqual(Object.keys(coact).filter((name) => !shown.includes(name)), []);
});

Deno.test("mod.ts exports nothing that needs what it does not export", () => {
  const names = Object.keys(coact);
  for (const name of ["parseQuestions", "readSae", "parseTokenizer", "GpuFailures"]) {
    assert(!names.includes(name), `${name} takes what only coact itself can make`);
  }
});
