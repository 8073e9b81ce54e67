/** What a full disk does to an analysis, on a small file system of its own; the soak tries each script. */
import assert from "node:assert/strict";
import { expectsMounts, runWithMounts, shellCommand } from "../support/mounts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { analyzed } from "../support/analyze_tiny.ts";
import { supervisedSae, writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test({
  name: "analyze on a full disk says so in one line and leaves earlier results as they were",
  ignore: !expectsMounts,
  fn: async () => {
    using directory = new TemporaryDirectory();
    const args = writeTinyInputs(directory, { layers: [0] });
    const results = `${directory.path}/results`;
    const earlier = await analyzed(args, directory);
    // What was analysed fits. A second analysis, of another SAE, does not.
    directory.write("sae/layer0/sae_best.pt", supervisedSae({ free: 3000 }));
    const script = `mount -t tmpfs -o size=400k none ${results} &&
      cp ${earlier}/* ${results} && cd ${results} && sha256sum *.npy *.json && cd - >/dev/null &&
      { ${
      shellCommand("analyze", args)
    } >/dev/null 2>${directory.path}/second.err; echo "exit $?"; } &&
      cd ${results} && sha256sum *.npy *.json && ls -A`;
    const { code, out, err } = await runWithMounts(script);
    assert.equal(code, 0, err);
    const [before, after] = out.split("exit 1\n");
    assert(after !== undefined, out);
    assert(after.startsWith(before!), "the earlier numbers are as they were");
    assert(!after.includes(".tmp"), "nothing unfinished is left");
    const errors = Deno.readTextFileSync(`${directory.path}/second.err`).split("\n")
      .filter((line) => line.startsWith("error:"));
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /layer00_\w+\.\w+ cannot be written: no space is left on the disk$/);
  },
});
