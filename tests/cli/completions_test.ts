/** The completions, asked for in the shells themselves. Those that are not installed are skipped. */
import assert from "node:assert/strict";
import { coact } from "../../coact.ts";
import { completionScript, type Shell } from "../../lib/cli/completions.ts";
import { COLOR_MAP_NAMES, PICTURE_FORMATS } from "../../lib/plot/names.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** How each shell is asked: the script is `$1`, what is typed are the words after it. */
const QUESTIONS: Partial<Record<Shell, string>> = {
  bash: `
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _coact
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: `
    source $argv[1]
    complete -C (string join ' ' -- $argv[2..-1]) | string replace -r '\\t.*' ''`,
};
const COMMANDS = [...coact.commands.map(({ name }) => name), "help", "completions"];

for (const [shell, question] of Object.entries(QUESTIONS) as [Shell, string][]) {
  /** What the shell offers after these words; the last is the one that is completed. */
  const ask = (words: readonly string[], cwd?: string): string[] => {
    using directory = new TemporaryDirectory();
    const script = directory.write("completions", completionScript(shell, coact));
    const args = shell === "bash"
      ? ["--norc", "-c", question, shell, script, ...words]
      : ["--no-config", "-c", question, script, ...words];
    const { stdout, stderr } = new Deno.Command(shell, {
      args,
      cwd: cwd ?? directory.path,
      env: { HOME: directory.path, XDG_DATA_HOME: directory.path, TERM: "dumb" },
    }).outputSync();
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").sort();
  };
  const test = (name: string, body: () => void) =>
    Deno.test({ name: `${shell} completes ${name}`, ignore: !isInstalled(shell), fn: body });

  test("commands", () => {
    assert.deepEqual(
      ask(["coact", ""]).filter((word) => !word.startsWith("-")),
      COMMANDS.toSorted(),
    );
    assert.deepEqual(ask(["coact", "com"]), ["common_features", "completions"]);
    assert.deepEqual(ask(["coact", "help", "dev"]), ["devices"]);
    assert.deepEqual(ask(["coact", "completions", ""]), ["bash", "fish", "zsh"]);
  });

  test("every option of every command", () => {
    for (const { name, options } of coact.commands) {
      const expected = [...Object.keys(options).map((option) => `--${option}`), "--help"].sort();
      assert.deepEqual(ask(["coact", name, "--"]), expected);
    }
  });

  test("values that can be listed, for every option that has them", () => {
    let asked = 0;
    for (const { name, options } of coact.commands) {
      for (const [option, { values }] of Object.entries(options)) {
        if (values === undefined) continue;
        const offered = ask(["coact", name, `--${option}`, ""]);
        assert.deepEqual(values.filter((value) => !offered.includes(value)), []);
        asked++;
      }
    }
    assert(asked > 10);
  });

  test("values by their beginnings, also the last of a list", () => {
    assert.deepEqual(ask(["coact", "dense", "--colormap", "civ"]), ["cividis", "cividis_r"]);
    assert.deepEqual(ask(["coact", "analyze", "--device", "c"]), ["cpu"]);
    assert.deepEqual(ask(["coact", "dense", "--format", "png,s"]), ["png,svg"]);
  });

  test("directories and files", () => {
    using directory = new TemporaryDirectory();
    directory.write("some models/config.json", "");
    directory.write("some questions.jsonl", "");
    const inDirectory = (words: string[]) =>
      ask(words, directory.path).map((path) => path.replaceAll("\\", "").replace(/\/$/, ""));
    assert.deepEqual(inDirectory(["coact", "analyze", "--lm_model", "so"]), ["some models"]);
    assert.deepEqual(inDirectory(["coact", "analyze", "--qa_file", "so"]), [
      "some models",
      "some questions.jsonl",
    ]);
  });
}

Deno.test({
  name: "bash completes values after =, as bash hands them over, and of options with hyphens",
  ignore: !isInstalled("bash"),
  fn() {
    using directory = new TemporaryDirectory();
    directory.write("models/config.json", "");
    const script = directory.write("completions", completionScript("bash", coact));
    const ask = (...words: string[]) => {
      const args = ["--norc", "-c", QUESTIONS.bash!, "bash", script, "coact", ...words];
      const { stdout } = new Deno.Command("bash", { args, cwd: directory.path }).outputSync();
      return new TextDecoder().decode(stdout).trim().split("\n");
    };
    assert.deepEqual(ask("dense", "--format", "="), [...PICTURE_FORMATS]);
    assert.deepEqual(ask("dense", "--format", "=", "p"), ["png", "pdf"]);
    assert.deepEqual(ask("analyze", "--lm-model", "mod"), ["models"]);
  },
});

Deno.test("the definitions list the values that are closed", () => {
  const { options } = coact.commands.find(({ name }) => name === "analyze")!;
  assert.deepEqual(options.colormap!.values, COLOR_MAP_NAMES);
  assert.deepEqual(options.format!.values, PICTURE_FORMATS);
  assert.deepEqual(options.device!.values, ["auto", "gpu", "cpu", "wasm"]);
});

function isInstalled(shell: string): boolean {
  try {
    return new Deno.Command(shell, { args: ["-c", "exit 0"] }).outputSync().success;
  } catch {
    return false;
  }
}
