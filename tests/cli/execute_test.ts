import assert from "node:assert/strict";
import { type Command, defineCommand, type Options } from "../../lib/cli/command.ts";
import { execute } from "../../lib/cli/execute.ts";
import { countOption, pathOption } from "../../lib/cli/options.ts";
import { layersOption, relationsOption } from "../../lib/cli/layer_options.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { InputError, UsageError } from "../../lib/base/errors.ts";
import { CapturedOutput } from "../support/captured_output.ts";

const OPTIONS = {
  output_dir: pathOption("DIR", "the directory for the results", "results/here"),
  layers: layersOption("the layers"),
  samples_per_relation: countOption("how many questions are used", 500),
  relations: relationsOption(),
};

/** What a run came to. */
interface Outcome {
  /** The exit code. */
  code: number;
  /** Whether the command was run. */
  ran: boolean;
  /** The values that it was run with. */
  values: unknown;
  /** The lines on standard output. */
  out: string[];
  /** The lines on standard error. */
  err: string[];
}

/** Executes a command with the options above. */
async function run(
  args: readonly string[],
  behaviour: (terminal: Terminal) => void = () => {},
): Promise<Outcome> {
  let ran = false;
  let values: unknown;
  const command = commandWith(OPTIONS, (given, terminal) => {
    ran = true;
    values = given;
    behaviour(terminal);
  });
  using output = new CapturedOutput();
  const code = await execute(command, args, new Terminal());
  return { code, ran, values, out: output.out, err: output.err };
}

function commandWith(
  options: Options,
  behaviour: (values: unknown, terminal: Terminal) => void,
): Command {
  return defineCommand({
    name: "sample",
    summary: "Make a sample.",
    about: "More about the sample.",
    options,
    examples: ["deno task sample --layers 0,6", "deno task sample --relations major"],
    run: (values, terminal) => Promise.resolve(behaviour(values, terminal)),
  });
}

const DEFAULTS = {
  output_dir: "results/here",
  layers: "all",
  samples_per_relation: 500,
  relations: undefined,
};

Deno.test("execute() runs a command with its defaults", async () => {
  assert.deepEqual(await run([]), { code: 0, ran: true, values: DEFAULTS, out: [], err: [] });
});

const SPELLINGS: readonly string[][] = [
  ["--samples_per_relation", "3"],
  ["--samples-per-relation", "3"],
  ["--samples_per_relation=3"],
  ["--samples-per-relation=3"],
  ["--samples-per_relation=3"],
];

for (const args of SPELLINGS) {
  Deno.test(`execute() understands ${args.join(" ")}`, async () => {
    const { code, values } = await run(args);
    assert.equal(code, 0);
    assert.deepEqual(values, { ...DEFAULTS, samples_per_relation: 3 });
  });
}

Deno.test("execute() takes the last of two values", async () => {
  const { values } = await run(["--layers", "0", "--layers=6-7"]);
  assert.deepEqual(values, { ...DEFAULTS, layers: [6, 7] });
});

const PATHS: readonly [args: string[], path: string][] = [
  [["--output_dir", "my-results/run-1"], "my-results/run-1"],
  [["--output-dir=my-results"], "my-results"],
  [["--output-dir=a=b"], "a=b"],
  [["--output_dir=--my-results"], "--my-results"],
  [["--output_dir", "--my-results"], "--my-results"],
  [["--output_dir", "-x"], "-x"],
  [["--output_dir", "with space\nand line"], "with space\nand line"],
];

for (const [args, path] of PATHS) {
  Deno.test(`execute() leaves the value of ${JSON.stringify(args.join(" "))} as it is`, async () => {
    const { code, values } = await run(args);
    assert.equal(code, 0);
    assert.deepEqual(values, { ...DEFAULTS, output_dir: path });
  });
}

const USAGE_ERRORS: readonly [what: string, args: string[], message: string | RegExp][] = [
  [
    "an unknown option, suggesting the nearest",
    ["--layer", "3"],
    "unknown option '--layer'; did you mean --layers?",
  ],
  [
    "a misspelt option with hyphens, suggesting the nearest",
    ["--sample-per-relation", "3"],
    /^unknown option '--sample.per.relation'; did you mean --samples_per_relation\?$/,
  ],
  ["an unknown option that nothing is like", ["--zzzzzzzz"], "unknown option '--zzzzzzzz'"],
  ["an unknown short option", ["-l", "3"], /^unknown option '-l'/],
  ["a value without an option", ["6"], /^too many arguments\b.*\b6\b/],
  ["an option without its value", ["--layers"], /^option '--layers <LIST>' argument missing$/],
  [
    "layers that are none, naming the option",
    ["--layers", "first"],
    "--layers first: expected all, or a list such as 0,3,6-8",
  ],
  [
    "a range of layers that runs backwards, saying what it may mean",
    ["--layers", "0,3-1"],
    "--layers 0,3-1: expected all, or a list such as 0,3,6-8; 3-1 runs backwards, did you mean 1-3?",
  ],
  [
    "a range of relations that runs backwards",
    ["--relations", "5 - 2"],
    "--relations 5 - 2: expected a list such as birth_date,2-4; 5-2 runs backwards, did you mean 2-5?",
  ],
  [
    "a count that is none, naming the option",
    ["--samples-per-relation=0"],
    "--samples_per_relation 0: expected a whole number of at least 1",
  ],
  ["an empty path, naming the option", ["--output_dir="], /^--output_dir.*: expected a path$/],
  ["an empty list, naming the option", ["--relations", ""], /^--relations.*: expected a list/],
];

for (const [what, args, message] of USAGE_ERRORS) {
  Deno.test(`execute() exits 2 for ${what}`, async () => {
    const { code, ran, out, err } = await run(args);
    assert.equal(code, 2);
    assert.equal(ran, false);
    assert.deepEqual(out, []);
    assert.equal(err.length, 1);
    assert.doesNotMatch(err[0]!, /\n/);
    if (typeof message === "string") assert.equal(err[0], `error: ${message}`);
    else assert.match(err[0]!.replace(/^error: /, ""), message);
  });
}

Deno.test("execute() exits 1 for input that cannot be used, with one line", async () => {
  const { code, out, err } = await run([], () => {
    throw new InputError("layer06_analysis.json is missing;\n  make it");
  });
  assert.equal(code, 1);
  assert.deepEqual(out, []);
  assert.deepEqual(err, ["error: layer06_analysis.json is missing; make it"]);
});

Deno.test("execute() exits 2 if the command finds an option to be wrong", async () => {
  const { code, err } = await run([], () => {
    throw new UsageError("--relations: there is no relation 9");
  });
  assert.equal(code, 2);
  assert.deepEqual(err, ["error: --relations: there is no relation 9"]);
});

Deno.test("execute() exits 70 for a defect, and shows where it is", async () => {
  const { code, err } = await run([], () => {
    throw new TypeError("undefined is not a function");
  });
  assert.equal(code, 70);
  assert.match(err[0]!, /^error: this is a defect in coact: TypeError: undefined is not/);
  assert.match(err[0]!, /execute_test\.ts/);
});

Deno.test("execute() exits 70 for a defect that is no Error", async () => {
  const { code, err } = await run([], () => {
    throw "broken";
  });
  assert.equal(code, 70);
  assert.deepEqual(err, ["error: this is a defect in coact: broken"]);
});

Deno.test("execute() ends the line of the bar before it reports a failure", async () => {
  const command = commandWith({}, (_, terminal) => {
    terminal.phase("SAEs", 2, "layers");
    terminal.progress(2); // the last step is always shown
    throw new InputError("the disk is full");
  });
  using output = new CapturedOutput({ isTerminal: true });
  assert.equal(await execute(command, [], new Terminal()), 1);
  assert.match(output.bar, /SAEs: 2 layers in .*\n$/);
  assert.deepEqual(output.err, ["error: the disk is full"]);
});

for (const args of [["--help"], ["-h"], ["--layers", "first", "--help"]]) {
  Deno.test(`execute() prints the help for ${args.join(" ")} and runs nothing`, async () => {
    const { code, ran, out, err } = await run(args);
    assert.equal(code, 0);
    assert.equal(ran, false);
    assert.deepEqual(err, []);
    assert.match(out.join("\n"), /^Usage: sample \[options\]\n\nMake a sample\.\n/);
  });
}

Deno.test("the help shows each option with its placeholder, its purpose and its default", async () => {
  const { out } = await run(["--help"]);
  const help = out.join("\n").replaceAll(/\s+/g, " ");
  for (
    const line of [
      '--output_dir <DIR> the directory for the results (default: "results/here")',
      '--layers <LIST> the layers (default: "all")',
      '--samples_per_relation <N> how many questions are used (default: "500")',
      "--relations <LIST> the relations to analyse, by key or number, such as birth_date,2-4 " +
      "(default: all)",
      "-h, --help show this help",
    ]
  ) assert(help.includes(line), `${help}\n\nhas no\n${line}`);
});

Deno.test("the help says more, mentions hyphens and ends with the examples", async () => {
  const { out } = await run(["--help"]);
  const help = out.join("\n");
  assert.match(help, /\nMore about the sample\.\n/);
  assert.match(help, /hyphens/);
  assert.match(
    help,
    /\nExamples:\n {2}deno task sample --layers 0,6\n {2}deno task sample --relations major$/,
  );
});
