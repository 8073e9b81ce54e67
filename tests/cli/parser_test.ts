import assert from "node:assert/strict";
import { parse, type Syntax } from "../../lib/cli/parser.ts";
import { Terminal } from "../../lib/cli/terminal.ts";
import { UsageError } from "../../lib/base/errors.ts";
import { CapturedOutput } from "../support/captured_output.ts";

const SYNTAX: Syntax = {
  name: "sample",
  usage: "[command] [options]",
  about: "A sample.",
  options: [
    { flags: "--layers <LIST>", about: "the layers", value: "all" },
    { flags: "--force", about: "again" },
  ],
  commands: [
    { name: "draw", about: "Draw." },
    {
      name: "say",
      about: "Say.",
      argument: { name: "word", choices: ["yes", "no"] },
      notes: "So.",
    },
  ],
  notes: "That is all.",
};

function parsed(...args: string[]) {
  using output = new CapturedOutput();
  return { result: parse(SYNTAX, args, new Terminal()), out: output.out.join("\n") };
}

Deno.test("parse() gives options with their defaults, and what was given", () => {
  assert.deepEqual(parsed("--layers", "0", "--force", "draw").result, {
    options: { layers: "0", force: true },
    command: "draw",
  });
  assert.deepEqual(parsed("draw").result!.options, { layers: "all" });
});

Deno.test("parse() gives the word after a command that takes one", () => {
  const { command, argument } = parsed("say", "yes").result!;
  assert.deepEqual([command, argument], ["say", "yes"]);
});

Deno.test("parse() prints the help of the whole and of a command, and gives nothing", () => {
  const whole = parsed("--help");
  assert.equal(whole.result, undefined);
  assert.match(whole.out, /^Usage: sample \[command\] \[options\]\n\nA sample\.[^]*That is all\.$/);
  const part = parsed("say", "--help");
  assert.equal(part.result, undefined);
  assert.match(part.out, /^Usage: sample say \[options\] <word>\n\nSay\.[^]*So\.$/);
});

for (const args of [["darw"], ["say"], ["say", "maybe"], ["draw", "more"], ["--layer", "0"]]) {
  Deno.test(`parse() throws for ${args.join(" ")} instead of ending the process`, () => {
    assert.throws(() => parsed(...args), UsageError);
  });
}
