/** What a full disk does to a run, on a small file system of its own. */
import assert from "node:assert/strict";
import { expectsMounts, runWithMounts, shellCommand } from "../support/mounts.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { supervisedSae, writeTinyInputs } from "../support/tiny_analysis.ts";

Deno.test({
  name: "analyze on a full disk says so in one line and leaves earlier results as they were",
  ignore: !expectsMounts,
  fn: async () => {
    using directory = new TemporaryDirectory();
    const args = writeTinyInputs(directory, { layers: [0] });
    directory.write("results/.keep", "");
    const bigger = directory.write("bigger.pt", supervisedSae({ free: 3000 }));
    const run = shellCommand("analyze", args);
    const results = `${directory.path}/results`;
    // The first analysis fits. The second, of another SAE, does not.
    const script = `mount -t tmpfs -o size=400k none ${results} &&
      ${run} >&2 && cd ${results} && sha256sum *.npy *.json && cd - >/dev/null &&
      cp ${bigger} ${directory.path}/sae/layer0/sae_best.pt &&
      { ${run} >/dev/null 2>${directory.path}/second.err; echo "exit $?"; } &&
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

/** The scripts that make something again from what is on disk, and one of each kind. */
const SCRIPTS = [
  "common_features",
  "consistency",
  "dense",
  "slots",
  "statistics",
  "summary",
  "top",
];
const A_TABLE_AND_A_PICTURE = ["statistics", "dense"];

for (
  const [what, options] of [["bytes", "size=4m"], ["files", "size=4m,nr_inodes=25"]] as const
) {
  Deno.test({
    name: `scripts say in one line that a disk has no room for more ${what}, and leave nothing`,
    ignore: !expectsMounts,
    fn: async () => {
      using directory = new TemporaryDirectory();
      const inputs = [...writeTinyInputs(directory, { layers: [0] }), "--layers", "0"];
      directory.write("results/.keep", "");
      const results = `${directory.path}/results`;
      const there = ["--output_dir", results];
      const scripts: readonly [name: string, args: string[]][] = [
        ["analyze", inputs],
        ["analyze", [...inputs, "--force"]],
        ["analyze", ["--summary_only", ...there]],
        ["demo", [...there, "--device", "cpu"]],
        ...(what === "bytes" ? SCRIPTS : A_TABLE_AND_A_PICTURE)
          .map((name): [string, string[]] => [name, there]),
      ];
      // What fills the disk is a file of all the room, or as many files as there may be.
      const fill = what === "bytes"
        ? `head -c 5m /dev/zero >${results}/full 2>/dev/null`
        : `for i in $(seq 30); do touch ${results}/full$i 2>/dev/null; done`;
      const list = `(cd ${results} && find . -type f | sort | xargs sha256sum)`;
      const script = [
        `mount -t tmpfs -o ${options} none ${results}`,
        `${shellCommand("analyze", inputs)} >&2 || exit 1`,
        fill,
        list,
        ...scripts.map(([name, args], i) =>
          `${shellCommand(name, args)} >/dev/null 2>${directory.path}/err${i}; echo "exit $?"`
        ),
        list,
      ].join("\n");
      const { code, out, err } = await runWithMounts(script);
      assert.equal(code, 0, err);
      const [before, after, ...others] = out.split(/(?:^exit 1\n)+/m);
      assert.deepEqual(others, [], out);
      assert.match(before!, /layer00_analysis\.json$/m);
      assert.equal(after, before, "nothing was lost, and nothing is left");
      scripts.forEach(([name], i) => {
        const said = Deno.readTextFileSync(`${directory.path}/err${i}`);
        const errors = said.split("\n").filter((line) => line.startsWith("error: "));
        assert.equal(errors.length, 1, `${name}: ${said}`);
        assert.match(errors[0]!, /cannot be written to: no space is left on the disk; /, name);
        assert(!said.includes("defect"), name);
      });
    },
  });
}
