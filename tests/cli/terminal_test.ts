import assert from "node:assert/strict";
import { duration, Terminal } from "../../lib/cli/terminal.ts";
import { CapturedOutput } from "../support/captured_output.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { inputError } from "../support/input_errors.ts";

Deno.test("Terminal prints results on standard output and all else on standard error", () => {
  using output = new CapturedOutput();
  const terminal = new Terminal();
  terminal.print("wrote it");
  terminal.note("device: wasm");
  terminal.warn("layer 7 is skipped");
  terminal.warn("layer 8 is damaged", { kind: "force" });
  terminal.error("the disk is full");
  assert.deepEqual(output.out, ["wrote it"]);
  assert.deepEqual(output.err, [
    "device: wasm",
    "warning: layer 7 is skipped",
    "warning: layer 8 is damaged; --force computes them again",
    "error: the disk is full",
  ]);
});

Deno.test("Terminal prints one line of whatever a file has in it, and nothing unseen", () => {
  using output = new CapturedOutput();
  const terminal = new Terminal();
  terminal.print("hidden\x1b[2J state\nof \rlayer \x9b6");
  terminal.warn("the\x07 bell");
  terminal.note("relation a\nerror: the disk is full");
  terminal.error("\u202etxt.exe\u200b is wrong");
  assert.deepEqual(output.out, ["hidden\\u001b[2J state\\nof \\rlayer \\u009b6"]);
  assert.deepEqual(output.err, [
    "warning: the\\u0007 bell",
    "relation a\\nerror: the disk is full",
    "error: \\u202etxt.exe\\u200b is wrong",
  ]);
});

Deno.test("Terminal leaves names of all scripts and odd paths as they are", () => {
  using output = new CapturedOutput();
  const path = `runs,2025/100%25 #1?/Größe 日本 🐢/it's "x"/-dash/a:b/new\\back`;
  new Terminal().print(path);
  assert.deepEqual(output.out, [path]);
});

Deno.test("Terminal keeps line ends where coact itself wrote them, and nothing else", () => {
  using output = new CapturedOutput();
  new Terminal().printLines("Usage:\n  coact\x1b[2J");
  assert.deepEqual(output.out, ["Usage:\n  coact\\u001b[2J"]);
});

Deno.test("Terminal tells a defect with its places, and no line that its message forges", () => {
  using output = new CapturedOutput();
  const error = new TypeError("no relation a\nerror: the disk is full");
  error.stack = `${error}\n    at one.ts:1:2\n    at two.ts:3:4`;
  new Terminal().defect(error);
  assert.deepEqual(output.err[0]!.split("\n"), [
    "error: this is a defect in coact: TypeError: no relation a\\nerror: the disk is full",
    "    at one.ts:1:2",
    "    at two.ts:3:4",
  ]);
});

Deno.test("Terminal goes on where what it says cannot be written", () => {
  using output = new CapturedOutput({ isTerminal: true });
  const broken = () => {
    throw new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
  };
  console.error = broken;
  Deno.stderr.writeSync = broken;
  const terminal = new Terminal();
  terminal.phase("SAEs", 2, "layers");
  terminal.progress(2);
  terminal.note("device: wasm");
  terminal.error("the disk is full");
  terminal.checkPrinted();
  assert.deepEqual(output.err, []);
});

Deno.test("Terminal says at the end that a result could not be printed", () => {
  using _output = new CapturedOutput();
  console.log = () => {
    throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
  };
  const terminal = new Terminal();
  terminal.print("wrote it");
  terminal.print("wrote it, too");
  assert.throws(
    () => terminal.checkPrinted(),
    inputError(/^standard output cannot be written to: no space is left on the disk$/),
  );
});

Deno.test("Terminal logs how long a phase is, and how long it took", () => {
  using output = new CapturedOutput();
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("SAEs", 12, "layers");
  clock.pass(8);
  terminal.progress(12);
  assert.deepEqual(output.err, ["SAEs: 12 layers", "SAEs: 12 layers in 8.0 s (1.5 a second)"]);
  assert.equal(output.bar, "", "no bar where there is no terminal");
});

Deno.test("Terminal logs the progress of a phase every ten seconds", () => {
  using output = new CapturedOutput();
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("language model", 100, "questions");
  for (let done = 1; done <= 30; done++) {
    clock.pass(1);
    terminal.progress(done);
  }
  assert.deepEqual(output.err.slice(1), [
    "language model: 10 of 100 questions, 1.0 a second, 1 min 30 s left",
    "language model: 20 of 100 questions, 1.0 a second, 1 min 20 s left",
    "language model: 30 of 100 questions, 1.0 a second, 1 min 10 s left",
  ]);
});

Deno.test("Terminal says nothing of a phase whose length is unknown", () => {
  using output = new CapturedOutput({ isTerminal: true });
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("reading inputs");
  clock.pass(60);
  terminal.progress(1);
  terminal.endLine();
  assert.deepEqual([...output.out, ...output.err, output.bar], [""]);
});

Deno.test("Terminal says nothing of progress before the first phase", () => {
  using output = new CapturedOutput();
  new Terminal().progress(1);
  assert.deepEqual(output.err, []);
});

Deno.test("Terminal draws a bar over itself on a terminal", () => {
  using output = new CapturedOutput({ isTerminal: true });
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("SAEs", 4, "layers");
  clock.pass(1);
  terminal.progress(1);
  assert.equal(
    output.bar,
    `\r\x1b[2K${"█".repeat(6)}${"░".repeat(18)} SAEs: 1 of 4 layers, 1.0 a second, 3.0 s left`,
  );
  output.bar = "";
  clock.pass(1);
  terminal.progress(4);
  assert.equal(output.bar, "\r\x1b[2KSAEs: 4 layers in 2.0 s (2.0 a second)");
});

Deno.test("Terminal draws the bar again at most ten times a second, but for the end", () => {
  using output = new CapturedOutput({ isTerminal: true });
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("SAEs", 100, "layers");
  for (let done = 1; done <= 100; done++) {
    clock.pass(1 / 64); // exact in binary: seven of them are the first that exceed 0.1 s
    terminal.progress(done);
  }
  assert.equal(output.bar.split("\r").length - 1, 15); // after 7, 14, … 98 steps, and at the end
});

Deno.test("Terminal ends the line of the bar before it prints", () => {
  using output = new CapturedOutput({ isTerminal: true });
  const terminal = new Terminal();
  for (const say of ["print", "note", "warn", "error", "phase"] as const) {
    terminal.phase("SAEs", 1, "layers");
    terminal.progress(1);
    output.bar = "";
    terminal[say]("so far");
    terminal.endLine();
    assert.equal(output.bar, "\n", say);
  }
});

const RATES: readonly [count: number, seconds: number, rate: string][] = [
  [1, 300, "0.0033"],
  [42, 1, "42"],
  [999, 10, "100"], // 99.9, which two digits round up
  [100, 1, "100"],
  [1234, 1, "1234"],
];

for (const [count, seconds, rate] of RATES) {
  Deno.test(`Terminal writes the rate of ${count} steps in ${seconds} s as ${rate} a second`, () => {
    using output = new CapturedOutput();
    using clock = new FakeClock();
    const terminal = new Terminal();
    terminal.phase("SAEs", count, "layers");
    clock.pass(seconds);
    terminal.progress(count);
    assert.equal(/\((.*) a second\)/.exec(output.err[1]!)?.[1], rate);
  });
}

Deno.test("Terminal says nothing infinite of a phase that takes no time", () => {
  using output = new CapturedOutput();
  using _clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("SAEs", 1, "layers");
  terminal.progress(1);
  assert.match(output.err[1]!, /^SAEs: 1 layer in 0\.0 s/);
  assert.doesNotMatch(output.err[1]!, /Infinity|NaN/);
});

Deno.test("Terminal says nothing infinite of a phase with nothing done yet", () => {
  using output = new CapturedOutput();
  using clock = new FakeClock();
  const terminal = new Terminal();
  terminal.phase("SAEs", 12, "layers");
  clock.pass(10);
  terminal.progress(0);
  assert.doesNotMatch(output.err.join("\n"), /Infinity|NaN/);
});

Deno.test("Terminal has lines of at most 100 characters", () => {
  const { width } = new Terminal();
  assert(width > 0 && width <= 100, `${width}`);
});

const DURATIONS: readonly [seconds: number, text: string][] = [
  [0, "0.0 s"],
  [4.24, "4.2 s"],
  [59.9, "59.9 s"],
  [60, "1 min 0 s"],
  [192.7, "3 min 12 s"],
  [7260, "121 min 0 s"],
];

for (const [seconds, text] of DURATIONS) {
  Deno.test(`duration() calls ${seconds} seconds ${text}`, () => {
    assert.equal(duration(seconds), text);
  });
}

Deno.test("Terminal knows what is complete in each directory, larger parts in the place of smaller ones", () => {
  const terminal = new Terminal();
  for (const layer of [10, 2]) terminal.done("one", `numbers of layer ${layer}`);
  terminal.done("one", "layer 10", ["numbers of layer 10"]);
  terminal.done("two", "layer 0");
  assert.deepEqual(terminal.complete, ["one: layer 10, numbers of layer 2", "two: layer 0"]);
  terminal.done("two", "all of it", ["layer 0"]);
  assert.deepEqual(terminal.complete[1], "two: all of it");
});
