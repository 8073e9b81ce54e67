import assert from "node:assert/strict";
import { writeLayerResult } from "../../lib/results/write_layer.ts";
import { layerResult } from "../support/layer_results.ts";
import { shellCommand } from "../support/mounts.ts";
import { runAs, spawnAs } from "../support/scripts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test("a defect that nothing catches ends a script with exit code 70, and says what it was", async () => {
  using directory = new TemporaryDirectory();
  const faulty = import.meta.resolve("../support/faulty.ts");
  const { code, err } = await runAs("statistics", faulty, [], directory.path);
  assert.equal(code, 70);
  assert.match(err, /^error: this is a defect in coact: .*nothing catches this$/m);
});

for (const args of [["--help"], ["--output_dir", "results"]]) {
  Deno.test({
    name: `a script whose standard output is full says so in one line: statistics ${args[0]}`,
    ignore: Deno.build.os !== "linux", // others have no /dev/full
    fn: async () => {
      using directory = new TemporaryDirectory();
      Deno.mkdirSync(`${directory.path}/results`);
      await writeLayerResult(`${directory.path}/results`, layerResult({ layer: 0 }));
      const script = `exec ${shellCommand("statistics", args)} > /dev/full`;
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", script],
        cwd: directory.path,
      }).output();
      assert.equal(
        new TextDecoder().decode(stderr),
        "error: standard output cannot be written to: no space is left on the disk\n",
      );
      assert.equal(code, 1);
    },
  });
}

for (const log of ["2> /dev/full", "2>&-", "2> >(:)"]) {
  Deno.test({
    name: `an analysis whose log cannot be written goes on to its end: ${log}`,
    ignore: Deno.build.os !== "linux", // others have no /dev/full
    fn: async () => {
      using directory = new TemporaryDirectory();
      const args = writeTinyInputs(directory, { layers: [0] });
      const { code, stdout } = await new Deno.Command("bash", {
        args: ["-c", `exec ${shellCommand("analyze", args)} ${log}`],
      }).output();
      assert.equal(code, 0);
      assert.match(new TextDecoder().decode(stdout), /^wrote .*\/ \(1 layer\)$/m);
      assert(Deno.statSync(`${directory.path}/results/analysis_summary.json`).isFile);
    },
  });
}

for (const [where, exit] of [["> /dev/full", 1], ["> >(:)", 0]] as const) {
  Deno.test({
    name: `a script whose lines cannot be printed makes all that it was asked for: ${where}`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      using directory = new TemporaryDirectory();
      const results = `${directory.path}/results`;
      Deno.mkdirSync(results);
      const layers = [0, 1, 2, 3];
      const made = (layer: number) => `${results}/layer0${layer}_statistics.json`;
      for (const layer of layers) await writeLayerResult(results, layerResult({ layer }));
      for (const layer of layers) Deno.removeSync(made(layer));
      const run = shellCommand("statistics", ["--output_dir", results]);
      const { code } = await new Deno.Command("bash", { args: ["-c", `${run} ${where}`] }).output();
      assert.equal(code, exit);
      for (const layer of layers) assert(Deno.statSync(made(layer)).isFile);
    },
  });
}

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
        "removes the hidden rest; complete: results: layer 3; the same command, without --force, " +
        "goes on from there\n",
    );
  },
});
