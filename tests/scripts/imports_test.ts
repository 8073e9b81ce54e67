/** What a script loads before it knows what it is asked for: its help is to come at once. */
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { ROOT, SCRIPTS } from "../support/scripts.ts";

/** Packages of native code and WebAssembly, which only computing and drawing need. */
const HEAVY = /^npm:\/?(onnxruntime-|@napi-rs\/canvas|protobufjs)/;

interface ModuleGraph {
  modules: { specifier: string; dependencies?: Dependency[] }[];
}

interface Dependency {
  code?: { specifier: string };
  isDynamic?: boolean;
}

/** That of the program, which has every script. */
const graph = await graphOf("coact.ts");
const scripts = [...Deno.readDirSync(SCRIPTS)].map(({ name }) => `scripts/${name}`);
for (const path of ["coact.ts", ...scripts]) {
  Deno.test(`${path} loads no package of native code before it has work for it`, () => {
    const loaded = loadedAtOnce(pathToFileURL(`${ROOT}/${path}`).href, graph);
    assert(loaded.size > 5, "the graph was not followed");
    assert.deepEqual([...loaded].filter((specifier) => HEAVY.test(specifier)), []);
  });
}

async function graphOf(path: string): Promise<ModuleGraph> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `${ROOT}/${path}`],
    stderr: "inherit",
  });
  const { stdout } = await command.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** All modules that a module reaches without a dynamic import, and not for their types alone. */
function loadedAtOnce(root: string, { modules }: ModuleGraph): Set<string> {
  const dependencies = new Map(modules.map((module) => [module.specifier, module.dependencies]));
  assert(dependencies.has(root), root);
  const loaded = new Set([root]);
  for (const specifier of loaded) { // grows while it is walked
    for (const { code, isDynamic } of dependencies.get(specifier) ?? []) {
      if (code !== undefined && !isDynamic) loaded.add(code.specifier);
    }
  }
  return loaded;
}
