import assert from "node:assert/strict";
import type { Option } from "../../lib/cli/command.ts";
import { chosenLayers } from "../../lib/cli/chosen_layers.ts";
import {
  countOption,
  deviceOption,
  givenOutputOption,
  givenPathOption,
  maxMemoryOption,
  numberOption,
  outputOption,
  pathOption,
} from "../../lib/cli/options.ts";
import {
  layersOption,
  parseLayers,
  relationsOption,
  sitesOption,
} from "../../lib/cli/layer_options.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const LAYERS: readonly [text: string, layers: "all" | number[]][] = [
  ["all", "all"],
  [" all ", "all"],
  ["0", [0]],
  ["0,3,11", [0, 3, 11]],
  ["6-8", [6, 7, 8]],
  ["6-6", [6]],
  ["0,3,6-8", [0, 3, 6, 7, 8]],
  ["11,0", [0, 11]],
  ["9,10,100", [9, 10, 100]],
  ["2-4,3-5,4", [2, 3, 4, 5]],
  [" 0 , 6 - 8 ", [0, 6, 7, 8]],
  ["06", [6]],
  ["999", [999]],
];

for (const [text, layers] of LAYERS) {
  Deno.test(`parseLayers() understands "${text}"`, () => {
    assert.deepEqual(parseLayers(text), layers);
  });
}

for (
  const text of ["", " ", ",", "0,", ",0", "8-6", "-1", "1-", "1.5", "x", "0;1", "0 1", "1000"]
    .concat("0-1000", "0-3-6", "all,0", "ALL", "1e1", "٣")
) {
  Deno.test(`parseLayers() does not understand "${text}"`, () => {
    assert.equal(parseLayers(text), undefined);
  });
}

const VALUES: readonly [name: string, option: Option, text: string | undefined, value: unknown][] =
  [
    ["layersOption()", layersOption("…"), "0,2-3", [0, 2, 3]],
    ["layersOption()", layersOption("…"), "all", "all"],
    ["pathOption()", pathOption("DIR", "…", "d"), "a b/ü", "a b/ü"],
    ["countOption()", countOption("…", 5), "1", 1],
    ["countOption()", countOption("…", 5), "007", 7],
    ["countOption()", countOption("…", 5), "999999999", 999_999_999],
    ["numberOption()", numberOption("…", 0.1), "0.25", 0.25],
    ["numberOption()", numberOption("…", 0.1), "-.5", -0.5],
    ["numberOption()", numberOption("…", 0.1), "+1e-3", 0.001],
    ["numberOption()", numberOption("…", 0.1), "0", 0],
    ["deviceOption()", deviceOption(), "wasm", "wasm"],
    ["relationsOption()", relationsOption(), "major, 0-2,5", ["major", 0, 1, 2, 5]],
    ["relationsOption()", relationsOption(), "name=3,name=0-2,name=all", ["3", "0-2", "all"]],
    ["relationsOption()", relationsOption(), "all", undefined],
    ["relationsOption()", relationsOption(), undefined, undefined],
    ["sitesOption()", sitesOption("…"), "all", "all"],
    ["sitesOption()", sitesOption("…"), "pre:3,final", [
      { point: "pre", blocks: { first: 3, last: 3 } },
      { point: "final" },
    ]],
    ["sitesOption()", sitesOption("…"), undefined, undefined],
  ];

for (const [name, { schema }, text, value] of VALUES) {
  Deno.test(`${name} takes ${text ?? "nothing"}`, () => {
    assert.deepEqual(schema.parse(text), value);
  });
}

const REFUSED: readonly [name: string, option: Option, texts: string[], message: RegExp][] = [
  ["layersOption()", layersOption("…"), ["", "x", "3-1"], /^expected all, or a list such as 0,3/],
  ["pathOption()", pathOption("DIR", "…", "d"), [""], /^expected a path$/],
  ["sitesOption()", sitesOption("…"), ["", "6", "pre:3-1", "x:1"], /^expected all, or a list such/],
  [
    "countOption()",
    countOption("…", 5),
    ["0", "-1", "1.5", "", "x", "1e3", "1000000000"],
    /^expected a whole number of at least 1$/,
  ],
  ["numberOption()", numberOption("…", 0.1), ["", "x", "0,1", "NaN", "Infinity", "0x1"], /number$/],
  ["numberOption()", numberOption("…", 0.1), ["1e999"], /^expected a finite number$/],
  ["deviceOption()", deviceOption(), ["tpu", "GPU", ""], /^expected one of auto, gpu, cpu, wasm$/],
  [
    "relationsOption()",
    relationsOption(),
    ["", "major,"],
    /^expected a list such as birth_date,2-4$/,
  ],
];

for (const [name, { schema }, texts, message] of REFUSED) {
  for (const text of texts) {
    Deno.test(`${name} refuses "${text}" and says what it takes`, () => {
      const result = schema.safeParse(text);
      assert(!result.success);
      assert.match(result.error.issues[0]!.message, message);
    });
  }
}

for (
  const [name, { schema }] of [
    ["givenPathOption()", givenPathOption("DIR", "…")],
    ["givenOutputOption()", givenOutputOption("…")],
  ] as const
) {
  Deno.test(`${name} says that it is missing where it is not given`, () => {
    const result = schema.safeParse(undefined);
    assert(!result.success);
    assert.equal(result.error.issues[0]!.message, "it is missing; name a path");
  });
}

const DEFAULTS: readonly [name: string, option: Option, value: unknown][] = [
  ["layersOption()", layersOption("…"), "all"],
  ["pathOption()", pathOption("DIR", "…", "models/here"), "models/here"],
  ["countOption()", countOption("…", 500), 500],
  ["numberOption()", numberOption("…", 0.1), 0.1],
  ["deviceOption()", deviceOption(), "auto"],
];

for (const [name, { default: text, schema }, value] of DEFAULTS) {
  Deno.test(`${name} takes its own default as it would be typed`, () => {
    assert.deepEqual(schema.parse(text), value);
  });
}

Deno.test("chosenLayers() are those that were named, on disk or not", async () => {
  using directory = new TemporaryDirectory();
  assert.deepEqual(await chosenLayers({ output_dir: directory.path, layers: [3, 6] }), [3, 6]);
});

Deno.test("chosenLayers() are those on disk if all are wanted", async () => {
  using directory = new TemporaryDirectory();
  directory.write("layer10_analysis.json", "{}");
  directory.write("layer02_analysis.json", "{}");
  assert.deepEqual(await chosenLayers({ output_dir: directory.path, layers: "all" }), [2, 10]);
});

Deno.test("chosenLayers() names the command that makes an analysis if there is none", async () => {
  using directory = new TemporaryDirectory();
  await assert.rejects(
    chosenLayers({ output_dir: directory.path, layers: "all" }),
    inputError(
      `${directory.path} holds no analysis; make one with: ` +
        `deno task analyze --output_dir ${directory.path}`,
    ),
  );
});

Deno.test("chosenLayers() says where a directory does not exist, which may be misspelt", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/resluts`;
  for (const sites of [undefined, "all"] as const) {
    await assert.rejects(
      chosenLayers({ output_dir: path, layers: "all", sites }),
      inputError(
        `${path} does not exist; make an analysis with: deno task analyze --output_dir ${path}`,
      ),
    );
  }
});

Deno.test("chosenLayers() names the directories below that hold analyses, as the demo's do", async () => {
  using directory = new TemporaryDirectory();
  for (const name of ["test_ood", "test_id"]) {
    directory.write(`${name}/layer02_analysis.json`, "{}");
  }
  directory.write("other/file", "");
  await assert.rejects(
    chosenLayers({ output_dir: directory.path, layers: "all" }),
    inputError(
      `${directory.path} holds no analysis itself; name one below it with --output_dir: ` +
        `${directory.path}/test_id, ${directory.path}/test_ood`,
    ),
  );
});

for (
  const [typed, path] of [
    ["link/../x", "x"],
    ["../x", "../x"],
    ["a/b/../../../x/", "../x/"],
    ["./x", "./x"],
    ["a..b/x", "a..b/x"],
  ]
) {
  Deno.test(`outputOption() says where ${typed} is, as Deno takes it`, () => {
    assert.equal(outputOption("…", "d").schema.parse(typed), path);
  });
}

Deno.test("maxMemoryOption() reads amounts with decimal and binary units", () => {
  const { schema } = maxMemoryOption();
  const amounts: [string, number][] = [
    ["3GB", 3e9],
    ["2.5 GiB", 2.5 * 2 ** 30],
    ["500m", 5e8],
    ["40kb", 40_000],
    ["1048576", 2 ** 20],
  ];
  for (const [text, bytes] of amounts) assert.equal(schema.parse(text), bytes);
  assert.equal(schema.parse(undefined), undefined);
});

Deno.test("maxMemoryOption() refuses what is no amount", () => {
  const { schema } = maxMemoryOption();
  for (const text of ["", "0", "-1GB", "3 G 2", "1e9", "many", "3GBB", "9999999TB", "0.1"]) {
    assert(!schema.safeParse(text).success, text);
  }
});
