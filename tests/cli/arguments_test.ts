import assert from "node:assert/strict";
import { normalizeArguments } from "../../lib/cli/arguments.ts";
import type { Options } from "../../lib/cli/command.ts";
import { countOption, deviceOption, pathOption, switchOption } from "../../lib/cli/options.ts";
import { layersOption } from "../../lib/cli/layer_options.ts";
import { formatOption } from "../../lib/cli/picture_options.ts";
import { UsageError } from "../../lib/base/errors.ts";
import { analyze } from "../../scripts/analyze.ts";

const OPTIONS: Options = {
  output_dir: pathOption("DIR", "where", "results"),
  layers: layersOption("the layers"),
  format: formatOption(),
  samples_per_relation: countOption("how many", 500),
  device: deviceOption(),
  force: switchOption("again"),
};

const normal = (line: string) => normalizeArguments(OPTIONS, line.split(" ")).join(" ");

const LISTS: readonly [typed: string, read: string][] = [
  ["--format svg pdf", "--format=svg,pdf"],
  ["--format svg,pdf", "--format=svg,pdf"],
  ["--format svg, pdf", "--format=svg,pdf"],
  ["--format svg , pdf", "--format=svg,pdf"],
  ["--format=svg pdf png", "--format=svg,pdf,png"],
  ["--layers 0 6 11", "--layers=0,6,11"],
  ["--layers 0, 6-8, 11 --force", "--layers=0,6-8,11 --force"],
  [
    "--force --layers 0 6 --format png svg --device cpu",
    "--force --layers=0,6 --format=png,svg --device cpu",
  ],
  ["--layers all", "--layers=all"],
  ["--layers", "--layers"],
];
for (const [typed, read] of LISTS) {
  Deno.test(`normalizeArguments() reads "${typed}" as one list`, () => {
    assert.equal(normal(typed), read);
  });
}

Deno.test("normalizeArguments() leaves a list as it is that is one argument", () => {
  for (const text of ["0, 6", "0,,6", "", " ", ",0", "0,"]) {
    assert.deepEqual(normalizeArguments(OPTIONS, ["--layers", text]), [`--layers=${text}`]);
  }
});

Deno.test("normalizeArguments() takes hyphens for underscores, and an npm user's --", () => {
  assert.equal(normal("--samples-per-relation 3"), "--samples_per_relation 3");
  assert.equal(normal("-- --layers 5"), "--layers=5");
  assert.equal(normal("--output_dir --layers"), "--output_dir --layers"); // a path may be called so
});

const UNKNOWN: readonly [typed: string, message: string][] = [
  ["--samples 3", "unknown option '--samples'; did you mean --samples_per_relation?"],
  ["--samples=3", "unknown option '--samples'; did you mean --samples_per_relation?"],
  ["-layers 3", "unknown option '-layers'; did you mean --layers?"],
  ["--cpu", "unknown option '--cpu'; did you mean --device cpu?"],
  ["--svg", "unknown option '--svg'; did you mean --format svg?"],
  ["--zzzzzzzz 3", "unknown option '--zzzzzzzz'"],
  ["layers=3", "too many arguments: 'layers=3'; did you mean --layers=3?"],
  ["--force layers 3", "too many arguments: 'layers'; did you mean --layers?"],
  ["--force yes", "too many arguments: --force takes no value, so not 'yes'"],
  ["6", "too many arguments: '6' belongs to no option; options begin with --"],
  [
    "--output_dir my results",
    "too many arguments: 'results' belongs to no option; a value with spaces needs quotes",
  ],
];
for (const [typed, message] of UNKNOWN) {
  Deno.test(`normalizeArguments() refuses "${typed}" and says what to type`, () => {
    assert.throws(() => normal(typed), new UsageError(message));
  });
}

Deno.test("an option in the singular is suggested before another one that takes the word as its value", () => {
  assert.throws(
    () => normalizeArguments(analyze.options, ["--relation", "major"]),
    new UsageError("unknown option '--relation'; did you mean --relations or --rank relation?"),
  );
});

Deno.test("normalizeArguments() leaves mistakes alone where help is asked for", () => {
  assert.equal(normal("--zzz 3 --help"), "--zzz 3 --help");
  assert.equal(normal("6 -h"), "6 -h");
});

Deno.test("normalizeArguments() looks at no more than the beginning of a long word", () => {
  const flag = `--${"samples_".repeat(50_000)}`;
  assert.throws(() => normalizeArguments(OPTIONS, [flag]), UsageError);
});
