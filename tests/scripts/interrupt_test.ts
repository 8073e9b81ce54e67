/** What Ctrl-C does to a script; that the same command goes on is among what soaks. */
import assert from "node:assert/strict";
import { spawnScript } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

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
