import assert from "node:assert/strict";
import { runAs, spawnAs } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("a defect that nothing catches ends a script with exit code 70, and says what it was", async () => {
  using directory = new TemporaryDirectory();
  const faulty = import.meta.resolve("../support/faulty.ts");
  const { code, err } = await runAs("statistics", faulty, [], directory.path);
  assert.equal(code, 70);
  assert.match(err, /^error: this is a defect in coact: .*nothing catches this$/m);
});

Deno.test({
  name: "a script that is deep in a computation is interrupted, too, and says what is complete",
  ignore: Deno.build.os === "windows", // Deno cannot send SIGINT there
  fn: async () => {
    using directory = new TemporaryDirectory();
    const busy = import.meta.resolve("../support/busy.ts");
    const child = spawnAs("statistics", busy, [], directory.path);
    let err = "";
    for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
      if (err === "") child.kill("SIGINT"); // it says that it is computing
      err += part;
    }
    await child.stdout.cancel();
    assert.equal((await child.status).code, 130);
    assert.equal(
      err,
      "computing\nerror: interrupted; every file that was written is whole, and the next run there " +
        "removes the hidden rest; complete: results: layer 3; the same command goes on from there\n",
    );
  },
});
