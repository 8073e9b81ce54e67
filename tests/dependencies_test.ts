/** Every dependency is pinned, locked with its hash, used, and explained in docs/dependencies.md. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type DependencyFacts, findDependencyProblems } from "./support/dependencies.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The sources below a folder, less this file and what it is about. */
function sourcesIn(folder: string): Record<string, string> {
  const sources: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(`${ROOT}${folder}`)) {
    const path = `${folder}/${name}`;
    if (isDirectory && name !== "fixtures") Object.assign(sources, sourcesIn(path));
    if (!name.endsWith(".ts") || path === "tests/dependencies_test.ts") continue;
    sources[path] = Deno.readTextFileSync(`${ROOT}${path}`);
  }
  return sources;
}

Deno.test("every dependency is pinned, locked, used, documented and runs no scripts", () => {
  const problems = findDependencyProblems({
    config: JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)),
    lock: JSON.parse(Deno.readTextFileSync(`${ROOT}deno.lock`)),
    sources: Object.assign({}, ...["lib", "scripts", "tests"].map(sourcesIn)),
    page: Deno.readTextFileSync(`${ROOT}docs/dependencies.md`),
  });
  assert.deepEqual(problems, []);
});

const HASH = `sha512-${"A".repeat(86)}==`;

/** A package that needs another, its types, and all that is demanded of them. */
function soundFacts(): DependencyFacts {
  const imports = {
    "paint": "npm:paint@1.2.3",
    "paint-brush": "npm:paint-brush@2.0.0-rc.1",
    "@types/paint": "npm:@types/paint@1.0.0",
  };
  return {
    config: {
      imports,
      lock: { frozen: true },
      tasks: { run: { command: "deno run --allow-read scripts/run.ts" } },
    },
    lock: {
      specifiers: {
        "npm:paint@1.2.3": "1.2.3",
        "npm:paint-brush@2.0.0-rc.1": "2.0.0-rc.1",
        "npm:@types/paint@1.0.0": "1.0.0",
      },
      npm: {
        "paint@1.2.3": { integrity: HASH, dependencies: ["oil", "water@1.0.0"] },
        "paint-brush@2.0.0-rc.1": { integrity: HASH, optionalDependencies: ["@hair/fine"] },
        "@types/paint@1.0.0": { integrity: HASH },
        "oil@1.0.0": { integrity: HASH, dependencies: ["oil"] },
        "water@1.0.0": { integrity: HASH },
        "@hair/fine@3.0.0": { integrity: HASH },
      },
      workspace: { dependencies: Object.values(imports) },
    },
    sources: {
      "lib/a.ts": 'import { paint } from "paint";',
      "lib/b.ts": 'const { stroke } = await import("paint-brush/wide");',
    },
    page: "## Dependencies\n\n| package | for | licence |\n| --- | --- | --- |\n" +
      "| `paint`, `paint-brush` | walls | MIT |\n\nMore.\n\n## After\n\n| `no` | a | b |\n",
  };
}

Deno.test("findDependencyProblems() finds nothing where all is as it should be", () => {
  assert.deepEqual(findDependencyProblems(soundFacts()), []);
});

Deno.test("findDependencyProblems() understands the short names of docs/dependencies.md", () => {
  const facts = soundFacts();
  facts.page = facts.page.replace("`paint`, `paint-brush`", "`paint-brush`, `-oil`, `paint`");
  assert.deepEqual(findDependencyProblems(facts), [
    "the table of docs/dependencies.md lists paint-oil, which is not in deno.json",
  ]);
});

/** Facts, open to change. */
// deno-lint-ignore no-explicit-any -- each test breaks another part of it
type Breakable = any;

const MISTAKES: [what: string, change: (facts: Breakable) => void, problems: string[]][] = [
  [
    "a range of versions",
    ({ config, lock }) => {
      config.imports.paint = "npm:paint@^1.2.3";
      delete lock.specifiers["npm:paint@1.2.3"];
      lock.specifiers["npm:paint@^1.2.3"] = "1.2.3";
      lock.workspace.dependencies[0] = "npm:paint@^1.2.3";
    },
    [
      "paint is not pinned to one version: npm:paint@^1.2.3",
      "paint@^1.2.3 is needed, but not locked",
    ],
  ],
  [
    "no version",
    ({ config }) => config.imports.paint = "npm:paint",
    ["paint is not pinned to one version: npm:paint"],
  ],
  [
    "an address instead of a package",
    ({ config }) => config.imports.paint = "https://example.org/paint.ts",
    ["paint is not pinned to one version: https://example.org/paint.ts"],
  ],
  [
    "another package under a name",
    ({ config, lock }) => {
      config.imports.paint = "npm:pa1nt@1.2.3";
      lock.specifiers["npm:pa1nt@1.2.3"] = "1.2.3";
    },
    ["paint stands for another package: npm:pa1nt@1.2.3"],
  ],
  [
    "a package that is not locked",
    ({ lock }) => delete lock.specifiers["npm:paint@1.2.3"],
    ["paint is not locked: npm:paint@1.2.3"],
  ],
  [
    "a package that is locked at another version",
    ({ lock }) => lock.specifiers["npm:paint@1.2.3"] = "1.2.4",
    ["paint is not locked: npm:paint@1.2.3"],
  ],
  [
    "a lock that may change",
    ({ config }) => config.lock = { frozen: false },
    ["deno.lock is not frozen"],
  ],
  ["a lock by default", ({ config }) => delete config.lock, ["deno.lock is not frozen"]],
  [
    "a locked package without a hash",
    ({ lock }) => delete lock.npm["oil@1.0.0"].integrity,
    ["oil@1.0.0 is locked without its hash"],
  ],
  [
    "a hash that is weak",
    ({ lock }) => lock.npm["oil@1.0.0"].integrity = "sha1-AAAA",
    ["oil@1.0.0 is locked without its hash"],
  ],
  [
    "a package that another needs and that is not locked",
    ({ lock }) => delete lock.npm["@hair/fine@3.0.0"],
    ["@hair/fine is needed, but not locked"],
  ],
  [
    "a locked package that nothing needs",
    ({ lock }) => lock.npm["glue@1.0.0"] = { integrity: HASH },
    ["glue@1.0.0 is locked, but nothing needs it"],
  ],
  [
    "a locked package that was once in deno.json",
    ({ lock }) => lock.workspace.dependencies.push("npm:glue@1.0.0"),
    ["npm:glue@1.0.0 is locked, but not in deno.json"],
  ],
  ["code from an address", ({ lock }) => lock.remote = {}, [
    "deno.lock holds code from elsewhere than npm",
  ]],
  [
    "install scripts that are allowed",
    ({ config }) => config.allowScripts = ["npm:paint"],
    ["deno.json allows install scripts"],
  ],
  [
    "a task that allows install scripts",
    ({ config }) => config.tasks.run.command += " --allow-scripts=npm:paint",
    ["task run allows install scripts"],
  ],
  [
    "a package that is not used, and its types",
    ({ sources }) => sources["lib/a.ts"] = 'import { paint } from "./paint.ts";',
    ["paint is not used", "@types/paint is not used"],
  ],
  [
    "a package that is only mentioned",
    ({ sources }) => sources["lib/a.ts"] = 'const name = "paint"; // as in "paint/brush"',
    ["paint is not used"],
  ],
  [
    "an import past deno.json",
    ({ sources }) => sources["lib/c.ts"] = 'import glue from "npm:glue";\nimport("jsr:@a/b");',
    ["lib/c.ts imports npm:glue past deno.json", "lib/c.ts imports jsr:@a/b past deno.json"],
  ],
  [
    "a package that docs/dependencies.md does not explain",
    (facts) => facts.page = facts.page.replace(", `paint-brush`", ""),
    ["paint-brush is not in the table of docs/dependencies.md"],
  ],
  [
    "a package without a licence",
    (facts) => facts.page = facts.page.replace("MIT", ""),
    [
      "docs/dependencies.md does not say what paint is for, and under which licence",
      "docs/dependencies.md does not say what paint-brush is for, and under which licence",
    ],
  ],
];
for (const [what, change, expected] of MISTAKES) {
  Deno.test(`findDependencyProblems() finds ${what}`, () => {
    const facts = soundFacts();
    change(facts);
    const problems = findDependencyProblems(facts);
    for (const problem of expected) {
      assert(problems.includes(problem), `${problem} is not among: ${problems.join("; ")}`);
    }
  });
}
