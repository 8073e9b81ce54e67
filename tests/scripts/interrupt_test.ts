/** What Ctrl-C does to a script. */
import assert from "node:assert/strict";
import { execute } from "../../lib/cli/execute.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { exists } from "../../lib/files/look.ts";
import { analyze } from "../../scripts/analyze.ts";
import { CapturedOutput } from "../support/captured_output.ts";
import { spawnScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test({
  name: "a script that is interrupted says so in one line, exits 130 and leaves only whole files",
  ignore: Deno.build.os === "windows", // Deno cannot send SIGINT there
  fn: async () => {
    using directory = new TemporaryDirectory();
    const child = spawnScript("demo", ["--output_dir", directory.path, "--device", "cpu"]);
    const reader = child.stderr.getReader();
    const decoder = new TextDecoder();
    let err = "";
    // The language model of the first of three runs is at work then.
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const waiting = !err.includes("language model");
      err += decoder.decode(part.value);
      if (waiting && err.includes("language model")) child.kill("SIGINT");
    }
    await child.stdout.cancel();
    assert.equal((await child.status).code, 130);
    const errors = err.split("\n").filter((line) => line.startsWith("error:"));
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /^error: interrupted; every file that was written is whole, and /);
    // On a busy machine the process may end before its worker has tidied up.
    assert(errors[0]!.endsWith("; the same command does it again"), errors[0]);
    const isTidy = errors[0]!.includes(" and the rest is not there; ");
    if (!isTidy) assert(errors[0]!.includes(" and the next run there removes the hidden rest; "));
    const left = [...Deno.readDirSync(directory.path)].flatMap(({ name }) =>
      [...Deno.readDirSync(`${directory.path}/${name}`)].map((file) => `${name}/${file.name}`)
    );
    if (isTidy) assert.deepEqual(left.filter((name) => name.endsWith(".tmp")), []);
    assert(!left.includes("traditional/analysis_summary.json"), "it did not come to its end");
  },
});

Deno.test({
  name: "analyze that is interrupted says what is complete, and the same command goes on",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    using directory = new TemporaryDirectory();
    const args = writeTinyInputs(directory);
    const results = `${directory.path}/results`;
    // Large pictures, so that there is time between the third layer and the last.
    const child = spawnScript("analyze", [...args, "--dpi", "150"]);
    // Two layers are drawn at a time: a third one begins when the first is complete.
    const firstIsComplete = () => exists(`${results}/layer02_analysis.json`);
    while (!await firstIsComplete()) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assert.equal(code, 130);
    const err = new TextDecoder().decode(stderr);
    assert.match(
      err,
      /error: interrupted; .*; complete: \S+\/results: layer 0(, layer \d)*(, numbers of layer \d)*; the same command/,
    );
    if (err.includes("the rest is not there")) {
      const hidden = [...Deno.readDirSync(results)].filter(({ name }) => name.startsWith("."));
      assert.deepEqual(hidden, []);
    }

    using output = new CapturedOutput();
    assert.equal(await execute(analyze, args, new Terminal()), 0);
    assert.match(output.err.join("\n"), /layers? 0\b.*are there already, .*not computed again/);
  },
});
