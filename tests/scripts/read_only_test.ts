/** What scripts do where nothing can be written: root ignores permissions, but not the mount. */
import assert from "node:assert/strict";
import { analyzed } from "../support/analyze_tiny.ts";
import { expectsMounts, runWithMounts, shellCommand } from "../support/mounts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test({
  name: "scripts on a read-only file system say so in one line and leave results as they were",
  ignore: !expectsMounts,
  fn: async () => {
    using directory = new TemporaryDirectory();
    const disk = `${directory.path}/disk`;
    Deno.mkdirSync(disk);
    const [old, below] = [`${disk}/old`, `${disk}/new/deeper`];
    const inputs = [...writeTinyInputs(directory, { layers: [0] }), "--layers", "0"];
    const earlier = await analyzed(inputs, directory);
    const analyzeTo = (output: string) => [...inputs, "--output_dir", output];
    const unwritable = "cannot be written to: the file system is read-only";
    const refused: readonly [script: string, args: string[], message: string][] = [
      ["analyze", analyzeTo(below), `The output directory ${below} ${unwritable}; choose another`],
      ["analyze", analyzeTo(old), `The output directory ${old} ${unwritable}; choose another`],
      ["dense", ["--output_dir", old], `${old} ${unwritable}; copy it to where it can`],
      ["summary", ["--output_dir", old], `${old} ${unwritable}; copy it to where it can`],
    ];
    const list = `(cd ${disk} && find . -type f | sort | xargs sha256sum && ls -A . old)`;
    const script = [
      `mount -t tmpfs none ${disk} && cp -r ${earlier} ${old}`,
      `${list} && mount -o remount,ro ${disk}`,
      ...refused.map(([name, args], i) =>
        `{ ${shellCommand(name, args)} >/dev/null 2>${directory.path}/err${i}; echo "exit $?"; }`
      ),
      list,
    ].join(" && ");
    const { code, out, err } = await runWithMounts(script);
    assert.equal(code, 0, err);
    const [before, after, ...others] = out.split(/(?:^exit 1\n)+/m);
    assert.deepEqual(others, [], out);
    assert.match(before!, /layer00_analysis\.json$/m);
    assert.equal(after, before, "the earlier results are as they were");
    refused.forEach(([name, , message], i) => {
      const said = Deno.readTextFileSync(`${directory.path}/err${i}`);
      const errors = said.split("\n").filter((line) => line.startsWith("error: "));
      assert.equal(errors.length, 1, said);
      assert(errors[0]!.startsWith(`error: ${message}`), `${name}: ${errors[0]}`);
      assert(!said.includes("language model"), "it says so before it computes anything");
    });
  },
});
