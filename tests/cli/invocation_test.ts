import assert from "node:assert/strict";
import { commandLine } from "../../lib/cli/invocation.ts";

const PLAIN = ["results/run-1", "0,3,6-8", "ergebnisse/größe", "résultats", "结果", "a=b@c:d+e%"];

Deno.test("commandLine() leaves what a shell takes as it is", () => {
  assert.equal(commandLine("summary", ...PLAIN), `deno task summary ${PLAIN.join(" ")}`);
});

const ODD = [
  "my results",
  "it's",
  "$HOME",
  "a;b",
  "*",
  "",
  "a\nb",
  "tab\there",
  "\u202edlrow",
  "\\'\n",
];

Deno.test({
  name: "commandLine() quotes the rest so that a shell gives it back, and nothing is hidden",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const line = commandLine("summary", ...ODD);
    assert.doesNotMatch(line, /[\p{C}\p{Zl}\p{Zp}]/u);
    const script = `deno() { printf '%s\\0' "$@"; }; ${line}`;
    const { stdout } = await new Deno.Command("bash", { args: ["-c", script] }).output();
    const words = new TextDecoder().decode(stdout).split("\0").slice(0, -1);
    assert.deepEqual(words, ["task", "summary", ...ODD]);
  },
});
