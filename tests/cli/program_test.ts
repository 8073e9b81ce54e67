import assert from "node:assert/strict";
import { defineCommand } from "../../lib/cli/command.ts";
import { countOption } from "../../lib/cli/options.ts";
import { executeProgram, type Program } from "../../lib/cli/program.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { CapturedOutput } from "../support/captured_output.ts";

/** What a run of a program with the commands `draw` and `count_up` came to. */
async function run(...args: string[]) {
  const ran: unknown[] = [];
  const command = (name: string) =>
    defineCommand({
      name,
      summary: `Do ${name}.`,
      options: { steps: countOption("how many steps", 3) },
      examples: [`deno task ${name}`],
      run: (values) => Promise.resolve(void ran.push([name, values])),
    });
  const program: Program = {
    name: "sample",
    summary: "A sample of a program.",
    commands: [command("draw"), command("count_up")],
    version: () => Promise.resolve(["sample 1.2.3"]),
  };
  using output = new CapturedOutput();
  const code = await executeProgram(program, args, new Terminal());
  return { code, ran, out: output.out.join("\n"), err: output.err };
}

Deno.test("executeProgram() runs the command that is named, with its options", async () => {
  const { code, ran } = await run("draw", "--steps", "5");
  assert.deepEqual([code, ran], [0, [["draw", { steps: 5 }]]]);
});

Deno.test("executeProgram() takes hyphens in a command's name", async () => {
  assert.deepEqual((await run("count-up")).ran, [["count_up", { steps: 3 }]]);
});

for (const args of [[], ["--help"], ["-h"], ["help"]]) {
  Deno.test(`executeProgram() lists the commands for "${args.join(" ")}"`, async () => {
    const { code, ran, out, err } = await run(...args);
    assert.deepEqual([code, ran, err], [0, [], []]);
    assert.match(out, /^Usage: sample <command> \[options\]\n\nA sample of a program\.\n/);
    assert.match(out, /\n {2}count_up +Do count_up\.\n/);
  });
}

for (const args of [["help", "draw"], ["draw", "--help"], ["draw", "-h"]]) {
  Deno.test(`executeProgram() shows the options of a command for "${args.join(" ")}"`, async () => {
    const { code, ran, out } = await run(...args);
    assert.deepEqual([code, ran], [0, []]);
    assert.match(out, /--steps <N> +how many steps/);
  });
}

for (const flag of ["--version", "-V"]) {
  Deno.test(`executeProgram() prints the versions for ${flag}`, async () => {
    const { code, out } = await run(flag);
    assert.deepEqual([code, out], [0, "sample 1.2.3"]);
  });
}

const MISTAKES: readonly [args: string[], message: string | RegExp][] = [
  [["darw"], "unknown command 'darw'; did you mean draw?"],
  [["help", "darw"], "unknown command 'darw'; did you mean draw?"],
  [["zzzzzzzz"], "unknown command 'zzzzzzzz'"],
  [["--versoin"], "unknown option '--versoin'; did you mean --version?"],
  [["draw", "--step", "3"], "unknown option '--step'; did you mean --steps?"],
  [["completions"], "missing required argument 'shell'"],
  [["completions", "tcsh"], /^shell tcsh: expected one of bash, zsh, fish$/],
];
for (const [args, message] of MISTAKES) {
  Deno.test(`executeProgram() exits 2 for "${args.join(" ")}" and says why`, async () => {
    const { code, ran, out, err } = await run(...args);
    assert.deepEqual([code, ran, out, err.length], [2, [], "", 1]);
    const said = err[0]!.replace(/^error: /, "");
    if (typeof message === "string") assert.equal(said, message);
    else assert.match(said, message);
  });
}

Deno.test("executeProgram() prints completions, and where they belong", async () => {
  assert.match((await run("completions", "bash")).out, /^complete .* sample$/m);
  assert.match((await run("completions", "--help")).out, /completions zsh > /);
});
