/** Starts scripts on a file system of its own that has no room left. */
import assert from "node:assert/strict";
import { analyzed } from "./analyze_tiny.ts";
import { runWithMounts, shellCommand } from "./mounts.ts";
import { REMAKING } from "./remake.ts";
import { TemporaryDirectory } from "./temporary.ts";
import { writeTinyInputs } from "./tiny_analysis.ts";

/** The options of the file system. */
const ROOM = { bytes: "size=4m", files: "size=4m,nr_inodes=25" } as const;

/** The scripts that write results of one run. */
export const WRITING: readonly string[] = [
  ...["analyze", "analyze --force", "analyze --summary_only", "demo"],
  ...REMAKING,
];

/**
 * Analyses a layer and fills the disk. Each script then says so in one line, and changes nothing.
 *
 * @param what What there is no room for.
 * @param scripts Which scripts, of {@linkcode WRITING}.
 */
export async function refuseOnFullDisk(
  what: keyof typeof ROOM,
  scripts: readonly string[],
): Promise<void> {
  using directory = new TemporaryDirectory();
  const inputs = [...writeTinyInputs(directory, { layers: [0] }), "--layers", "0"];
  const results = `${directory.path}/results`;
  const earlier = await analyzed(inputs, directory);
  const there = ["--output_dir", results];
  const argsOf: Readonly<Record<string, string[]>> = {
    "analyze": inputs,
    "analyze --force": [...inputs, "--force"],
    "analyze --summary_only": ["--summary_only", ...there],
    "demo": [...there, "--device", "cpu"],
  };
  // What fills the disk is a file of all the room, or as many files as there may be.
  const fill = what === "bytes"
    ? `head -c 5m /dev/zero >${results}/full 2>/dev/null`
    : `for i in $(seq 30); do touch ${results}/full$i 2>/dev/null; done`;
  const list = `(cd ${results} && find . -type f | sort | xargs sha256sum)`;
  const script = [
    `mount -t tmpfs -o ${ROOM[what]} none ${results}`,
    `cp ${earlier}/* ${results} || exit 1`,
    fill,
    list,
    ...scripts.map((name, i) => {
      const command = shellCommand(name.split(" ")[0]!, argsOf[name] ?? there);
      return `${command} >/dev/null 2>${directory.path}/err${i}; echo "exit $?"`;
    }),
    list,
  ].join("\n");
  const { code, out, err } = await runWithMounts(script);
  assert.equal(code, 0, err);
  const [before, after, ...others] = out.split(/(?:^exit 1\n)+/m);
  assert.deepEqual(others, [], out);
  assert.match(before!, /layer00_analysis\.json$/m);
  assert.equal(after, before, "nothing was lost, and nothing is left");
  scripts.forEach((name, i) => {
    const said = Deno.readTextFileSync(`${directory.path}/err${i}`);
    const errors = said.split("\n").filter((line) => line.startsWith("error: "));
    assert.equal(errors.length, 1, `${name}: ${said}`);
    assert.match(errors[0]!, /cannot be written to: no space is left on the disk; /, name);
    assert(!said.includes("defect"), name);
  });
}
