/** What the scripts may do: each is started with the flags of its task, and no others. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { coact } from "../../coact.ts";
import type { Command } from "../../lib/cli/command.ts";
import { REMAKING } from "../support/remake.ts";
import { runAs, runScript, scriptNames, taskFlags } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";
import { DEEDS } from "../support/trespasser.ts";

const TRESPASSER = import.meta.resolve("../support/trespasser.ts");
const OWN = "write below its directory";

/** What a script may do: the permissions of its task, and the options that name where it writes. */
function mayDo(name: string): string {
  const { options }: Command = coact.commands.find((command) => command.name === name)!;
  const written = Object.keys(options).filter((option) => options[option]!.isWritten);
  return [...taskFlags(name), ...written].join(" ");
}

// One script of those that may do the same stands for all of them.
for (const [, names] of Map.groupBy(scriptNames(), mayDo)) {
  const [name] = names as [string];
  Deno.test(`${names.join(", ")} can write below its directory for results and do nothing else of the kind`, async () => {
    using directory = new TemporaryDirectory();
    await Deno.writeTextFile(`${directory.path}/neighbour`, "");
    const writes = !["devices", "doctor", "features"].includes(name);
    const args = [
      ...(writes ? ["--output_dir", `${directory.path}/not there yet/results`] : []),
      ...(name === "encode" ? ["--sae", "none", "--states", "none"] : []),
      ...(name === "doctor" ? ["--sae", "none"] : []),
      ...(name === "compare" ? ["--a", "none", "--b", "none"] : []),
    ];
    const { code, out, err } = await runAs(name, `${TRESPASSER}?${name}`, args, directory.path);
    assert.equal(code, 0, err);
    const expected = Object.keys(DEEDS).map((deed) => {
      return [deed, writes && deed === OWN ? "done" : "NotCapable"];
    });
    const [deeds, process] = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(deeds, Object.fromEntries(expected));
    // Not granted any more, nor to be had without asking.
    assert.deepEqual(process, { write: "prompt", ffi: "prompt", net: "prompt", run: "prompt" });
    const left = [...Deno.readDirSync(directory.path)].map((entry) => entry.name).sort();
    assert.deepEqual(left, writes ? ["neighbour", "not there yet"] : ["neighbour"]);
  });
}

Deno.test("each script that makes something again is among those that the soak starts", () => {
  // The demo's own tests and those of devices start them so, too; the last ones need more persons.
  const others = [
    ...[
      "analyze",
      "compare",
      "demo",
      "devices",
      "doctor",
      "encode",
      "features",
      "states",
      "tokens",
    ],
    "verdict",
    ...coact.commands.filter((each) => "picture" in each).map(({ name }) => name),
  ];
  assert.deepEqual(scriptNames(), [...REMAKING, ...others].sort());
});

Deno.test("a script that Deno itself allows one directory only is content with it", async () => {
  using directory = new TemporaryDirectory();
  const args = writeTinyInputs(directory, { layers: [0] });
  const results = `${directory.path}/results`;
  const narrow = await runScript("analyze", args, { "--allow-write": `--allow-write=${results}` });
  assert.equal(narrow.code, 0, narrow.err);
  const reading = await runScript("statistics", ["--output_dir", results], {
    "--allow-read": `--allow-read=${results}`,
    "--allow-write": `--allow-write=${results}`,
  });
  assert.equal(reading.code, 0, reading.err);
  const elsewhere = { "--allow-write": `--allow-write=${directory.path}/elsewhere` };
  const refused = await runScript("statistics", ["--output_dir", results], elsewhere);
  assert.deepEqual(refused, {
    code: 1,
    out: "",
    err: `error: ${results} cannot be written to: this run has no permission to write there; ` +
      "copy it to where it can, and name that with --output_dir\n",
  });
});

Deno.test("a run that may not read coact's own modules does without threads, and says what it cannot do without", async () => {
  using directory = new TemporaryDirectory();
  const fonts = fileURLToPath(import.meta.resolve("dejavu-fonts-ttf/package.json"));
  const may = [directory.path, dirname(fonts), "/usr/bin/ldd"].join();
  const narrow = { "--allow-read": `--allow-read=${may}`, "--allow-write": "--allow-write" };
  const inputs = { layers: [0, 1], statistics: true };
  const args = writeTinyInputs(directory, inputs);
  const without = await runScript("analyze", [...args, "--no_statistics"], narrow);
  assert.equal(without.code, 0, without.err);
  const { code, err } = await runScript("analyze", [...args, "--force"], narrow);
  assert.equal(code, 1, err);
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const module = `${root}lib/analysis/statistics/selectivity_worker.ts`;
  const errors = err.trim().split("\n").filter((line) => /error/i.test(line));
  assert.deepEqual(errors, [
    `error: this run has no permission to read ${module}, which is a part of coact: add ${root} to ` +
    "the paths of --allow-read, or name none",
  ]);
});
