/** The completions, asked for in the shells themselves. Those that are not installed are skipped. */
import assert from "node:assert/strict";
import { coact } from "../../coact.ts";
import { completionScript } from "../../lib/cli/completions.ts";
import { type Shell, SHELLS } from "../../lib/cli/completions/completed.ts";
import { COLOR_MAP_NAMES, PICTURE_FORMATS } from "../../lib/plot/names.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** How bash and fish are asked: the script is the first argument, what is typed are the others. */
const QUESTIONS = {
  bash: `
    source "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _coact
    printf '%s\\n' "\${COMPREPLY[@]}"`,
  fish: `
    source $argv[1]
    complete -C (string join ' ' -- $argv[2..-1]) | string replace -r '\\t.*' ''`,
};

/**
 * zsh completes only for who types: this types for it, in a terminal of its own, and lets it print
 * what it would offer.
 */
const ZSH_QUESTION = `
  zmodload zsh/zpty
  zpty shell zsh -o no_global_rcs -i
  zpty -r shell line '*ready*'
  zpty -w -n shell "\${*[2,-1]}"$'\\t'
  zpty -r shell answer '*<end>*'
  print -r -- "$answer"`;
const ZSH_SETTINGS = `
  autoload -Uz compinit && compinit -u -d $DUMP
  source $COMPLETIONS
  compadd() {
    local -a offered
    if [[ " $* " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return; fi
    builtin compadd -O offered "$@"
    (( $#offered )) && print -rl -- "<"\${^offered}">"
    builtin compadd "$@"
  }
  finish() { print "<end>"; exit }
  comppostfuncs=(finish)
  zstyle ":completion:*" insert-tab false
  bindkey "^I" complete-word
  unset zle_bracketed_paste
  PS1=ready`;

/** What zsh finds of its own completions, which it looks for once and not at each question. */
const dumps = new TemporaryDirectory();
addEventListener("unload", () => dumps[Symbol.dispose]()); // after the tests

/** What a shell offers after these words; the last is the one that is completed. */
function ask(shell: Shell, words: readonly string[], cwd?: string): string[] {
  using directory = new TemporaryDirectory();
  const script = directory.write("completions", completionScript(shell, coact));
  directory.write(".zshrc", ZSH_SETTINGS);
  const args = {
    bash: ["--norc", "-c", QUESTIONS.bash, shell, script, ...words],
    fish: ["--no-config", "-c", QUESTIONS.fish, script, ...words],
    zsh: ["-f", "-c", ZSH_QUESTION, shell, script, ...words],
  };
  const { stdout, stderr } = new Deno.Command(shell, {
    args: args[shell],
    cwd: cwd ?? directory.path,
    env: {
      HOME: directory.path,
      XDG_DATA_HOME: directory.path,
      ZDOTDIR: directory.path,
      COMPLETIONS: script,
      DUMP: `${dumps.path}/zcompdump`,
      TERM: "dumb",
    },
  }).outputSync();
  assert.equal(new TextDecoder().decode(stderr), "");
  const text = new TextDecoder().decode(stdout);
  const offered = shell === "zsh"
    ? [...text.matchAll(/<([^>]*)>/g)].map(([, word]) => word!).filter((word) => word !== "end")
    : text.split("\n");
  return [...new Set(offered)].filter((word) => word !== "").sort();
}

const COMMANDS = [...coact.commands.map(({ name }) => name), "help", "completions"];

for (const shell of SHELLS) {
  const test = (name: string, body: () => void) =>
    Deno.test({ name: `${shell} completes ${name}`, ignore: isMissing(shell), fn: body });

  test("commands", () => {
    assert.deepEqual(
      ask(shell, ["coact", ""]).filter((word) => !word.startsWith("-")),
      COMMANDS.toSorted(),
    );
    assert.deepEqual(ask(shell, ["coact", "com"]), ["common_features", "compare", "completions"]);
    assert.deepEqual(ask(shell, ["coact", "help", "dev"]), ["devices"]);
    assert.deepEqual(ask(shell, ["coact", "completions", ""]), ["bash", "fish", "zsh"]);
  });

  test("every option of every command", () => {
    for (const { name, options } of coact.commands) {
      const expected = [...Object.keys(options).map((option) => `--${option}`), "--help"].sort();
      assert.deepEqual(ask(shell, ["coact", name, "--"]), expected);
    }
  });

  test("values that can be listed, for every option that has them", () => {
    const asked = new Set<string>();
    for (const { name, options } of coact.commands) {
      for (const [option, { values }] of Object.entries(options)) {
        // To ask zsh takes longest.
        if (values === undefined || shell === "zsh" && asked.has(option)) continue;
        const offered = ask(shell, ["coact", name, `--${option}`, ""]);
        assert.deepEqual(values.filter((value) => !offered.includes(value)), []);
        asked.add(option);
      }
    }
    assert.deepEqual([...asked].sort(), [
      "colormap",
      "device",
      "format",
      "occurrence",
      "prepend_bos",
      "rank",
      "reading",
      "table",
    ]);
  });

  test("values by their beginnings, also the last of a list", () => {
    assert.deepEqual(ask(shell, ["coact", "dense", "--colormap", "civ"]), ["cividis", "cividis_r"]);
    assert.deepEqual(ask(shell, ["coact", "analyze", "--device", "c"]), ["cpu"]);
    const last = shell === "zsh" ? "svg" : "png,svg"; // zsh shows only what it would add
    assert.deepEqual(ask(shell, ["coact", "dense", "--format", "png,s"]), [last]);
  });

  test("directories and files", () => {
    using directory = new TemporaryDirectory();
    directory.write("some models/config.json", "");
    directory.write("some questions.jsonl", "");
    const inDirectory = (words: string[]) =>
      ask(shell, words, directory.path).map((path) => path.replaceAll("\\", "").replace(/\/$/, ""));
    assert.deepEqual(inDirectory(["coact", "analyze", "--lm_model", "so"]), ["some models"]);
    assert.deepEqual(inDirectory(["coact", "analyze", "--qa_file", "so"]), [
      "some models",
      "some questions.jsonl",
    ]);
  });
}

Deno.test({
  name: "bash completes values after =, as bash hands them over, and of options with hyphens",
  ignore: isMissing("bash"),
  fn() {
    using directory = new TemporaryDirectory();
    directory.write("models/config.json", "");
    const offered = (...words: string[]) => ask("bash", ["coact", ...words], directory.path);
    assert.deepEqual(offered("dense", "--format", "="), PICTURE_FORMATS.toSorted());
    assert.deepEqual(offered("dense", "--format", "=", "p"), ["pdf", "png"]);
    assert.deepEqual(offered("analyze", "--lm-model", "mod"), ["models"]);
  },
});

Deno.test("the definitions list the values that are closed", () => {
  const { options } = coact.commands.find(({ name }) => name === "analyze")!;
  assert.deepEqual(options.colormap!.values, COLOR_MAP_NAMES);
  assert.deepEqual(options.format!.values, PICTURE_FORMATS);
  assert.deepEqual(options.device!.values, ["auto", "gpu", "cpu", "wasm"]);
});

/** Whether a shell is not installed, which is a failure in CI. */
function isMissing(shell: Shell): boolean {
  if (Deno.env.get("CI") !== undefined) return false;
  try {
    return !new Deno.Command(shell, { args: ["-c", "exit 0"] }).outputSync().success;
  } catch {
    return true;
  }
}
