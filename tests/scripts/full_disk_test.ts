/** What a full disk does to a run, on a small file system of its own. */
import assert from "node:assert/strict";
import { SCRIPTS, taskFlags } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, writeTinyInputs } from "../support/tiny_analysis.ts";

/** Whether this machine lets a user mount a file system that only he sees. */
async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  using directory = new TemporaryDirectory();
  try {
    const { success } = await new Deno.Command("unshare", {
      args: ["-rm", "mount", "-t", "tmpfs", "none", directory.path],
      stderr: "null",
    }).output();
    return success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "analyze on a full disk says so in one line and leaves earlier results as they were",
  ignore: !await canMount() && Deno.env.get("CI") === undefined, // in CI it is to fail, not to hide
  fn: async () => {
    using directory = new TemporaryDirectory();
    const args = writeTinyInputs(directory, { layers: [0] });
    directory.write("results/.keep", "");
    const bigger = directory.write("bigger.pt", supervisedSae({ free: 3000 }));
    const command = [Deno.execPath(), "run", "--cached-only", ...taskFlags("analyze")];
    const run = [...command, `${SCRIPTS}/analyze.ts`, ...args].map((part) => `'${part}'`).join(" ");
    const results = `${directory.path}/results`;
    // The first analysis fits. The second, of another SAE, does not.
    const script = `mount -t tmpfs -o size=400k none ${results} &&
      ${run} >&2 && cd ${results} && sha256sum *.npy *.json && cd - >/dev/null &&
      cp ${bigger} ${directory.path}/sae/layer0/sae_best.pt &&
      { ${run} >/dev/null 2>${directory.path}/second.err; echo "exit $?"; } &&
      cd ${results} && sha256sum *.npy *.json && ls -A`;
    const { code, stdout, stderr } = await new Deno.Command("unshare", {
      args: ["-rm", "sh", "-c", script],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    assert.equal(code, 0, decoder.decode(stderr));
    const [before, after] = decoder.decode(stdout).split("exit 1\n");
    assert(after !== undefined, decoder.decode(stdout));
    assert(after.startsWith(before!), "the earlier numbers are as they were");
    assert(!after.includes(".tmp"), "nothing unfinished is left");
    const errors = Deno.readTextFileSync(`${directory.path}/second.err`).split("\n")
      .filter((line) => line.startsWith("error:"));
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /layer00_\w+\.\w+ cannot be written: no space is left on the disk$/);
  },
});
