/** What Ctrl-C does to a script. */
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
    assert.deepEqual(err.split("\n").filter((line) => line.startsWith("error:")), [
      "error: interrupted; every file that was written is whole, and the rest is not there",
    ]);
    const left = [...Deno.readDirSync(directory.path)].flatMap(({ name }) =>
      [...Deno.readDirSync(`${directory.path}/${name}`)].map((file) => `${name}/${file.name}`)
    );
    assert.deepEqual(left.filter((name) => name.endsWith(".tmp")), []);
    assert(!left.includes("traditional/analysis_summary.json"), "it did not come to its end");
  },
});
