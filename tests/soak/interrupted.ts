/** An analysis that is interrupted between its layers, and the same command after it. */
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
