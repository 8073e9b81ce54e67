import assert from "node:assert/strict";
import { type StatesOptions, statesToFiles } from "../../lib/states/states_to_files.ts";
import { type Observer, SILENT } from "../../lib/base/observer.ts";
import { parseSiteList } from "../../lib/lm/site_list.ts";
import type { PromptSettings } from "../../lib/prompts/prompt_settings.ts";
import { parsePosition } from "../../lib/questions/position.ts";
import { readNpy } from "../../lib/results/npy_file.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";
import { writeTinyModel } from "../support/tiny_model.ts";

const inputs = new TemporaryDirectory();
globalThis.addEventListener("unload", () => inputs[Symbol.dispose]());
writeTinyModel(inputs);
/** Some prompts as ids, of different lengths and with common beginnings. */
const IDS = [[5, 17, 2, 9], [5, 17, 3], [8], [5, 17, 2, 11, 40, 7]];
const qa = inputs.write(
  "ids.jsonl",
  IDS.map((ids) => JSON.stringify({ ids, middle: ids.length >> 1 })).join("\n"),
);
const SITES = "pre:0,attn_out:1,post:2,final";

/** The states of each site, by its file's name. */
async function states(
  directory: TemporaryDirectory,
  prompts: PromptSettings,
  options: Partial<StatesOptions> = {},
  observer: Observer = SILENT,
): Promise<Map<string, Float32Array>> {
  const { paths, shape } = await statesToFiles({
    lmModel: `${inputs.path}/lm`,
    questionFile: qa,
    prompts: { idsField: "ids", ...prompts },
    sites: parseSiteList(SITES).list!,
    device: "cpu",
    outputDirectory: `${directory.path}/out`,
    ...options,
  }, observer);
  const read = paths.map(async (path) =>
    [path.split("/").at(-1)!, await readNpy(path, "f4", shape)] as const
  );
  return new Map(await Promise.all(read));
}

const position = (text: string) => ({ position: parsePosition(text) });

Deno.test("statesToFiles() writes an array a site, and how they were made", async () => {
  using directory = new TemporaryDirectory();
  const files = await states(directory, {});
  assert.deepEqual([...files.keys()], [
    "pre00_states.npy",
    "attn_out01_states.npy",
    "post02_states.npy",
    "final_states.npy",
  ]);
  const record = JSON.parse(Deno.readTextFileSync(`${directory.path}/out/states.json`));
  assert.deepEqual(record.shape, [4, 8]);
  assert.equal(record.position, "last");
  assert.deepEqual(record.rows[1], { line: 2, tokens: 3, position: 2 });
  assert.equal(record.sites[1].site, "attn_out 1");
});

Deno.test("a state at a token is that of the prompt that ends there", async () => {
  using directory = new TemporaryDirectory();
  const found = await states(directory, position("field:middle"));
  const cut = inputs.write(
    "cut.jsonl",
    IDS.map((ids) => JSON.stringify({ ids: ids.slice(0, (ids.length >> 1) + 1) })).join("\n"),
  );
  const expected = await states(directory, {}, { questionFile: cut });
  assert.deepEqual(found, expected);
});

for (const device of ["cpu", "wasm"] as const) {
  Deno.test(`pooled states are those of the single tokens, pooled, on ${device}`, async () => {
    using directory = new TemporaryDirectory();
    const mean = await states(directory, position("mean"), { device });
    const max = await states(directory, position("max"), { device });
    const single = inputs.write(
      "single.jsonl",
      IDS.flatMap((ids) => ids.map((_, i) => JSON.stringify({ ids: ids.slice(0, i + 1) })))
        .join("\n"),
    );
    const rows = await states(directory, {}, { questionFile: single, device });
    for (const [name, values] of rows) {
      let row = 0;
      IDS.forEach(({ length }, prompt) => {
        for (let column = 0; column < 8; column++) {
          const of = Array.from({ length }, (_, i) => values[(row + i) * 8 + column]!);
          const [sum, greatest] = [of.reduce((a, b) => a + b), Math.max(...of)];
          // The last block is computed for all tokens here and for the last ones there: float32.
          const near = (a: number, b: number) =>
            assert(Math.abs(a - b) < 1e-5, `${name}: ${a} ${b}`);
          near(mean.get(name)![prompt * 8 + column]!, sum / length);
          near(max.get(name)![prompt * 8 + column]!, greatest);
        }
        row += length;
      });
    }
  });
}

Deno.test("statesToFiles() refuses what it cannot do, and leaves nothing behind", async () => {
  const refused: [Partial<StatesOptions> & { prompts?: PromptSettings }, RegExp][] = [
    [{ prompts: position("any") }, /^--position any: any asks at which prompts/],
    [
      { sites: parseSiteList("pre:7").list! },
      /there is no site pre 7: the model has the blocks 0 to 2/,
    ],
    [
      { prompts: { idsField: "nothing" } },
      /no line has the field nothing; the fields are ids, middle/,
    ],
    [
      { prompts: position("9") },
      /ids\.jsonl:1: there is no position 9: the prompt has 4 tokens, 0 to 3/,
    ],
    [{ prompts: { labelFields: ["topic"] } }, /no line has the field topic/],
  ];
  for (const [options, message] of refused) {
    using directory = new TemporaryDirectory();
    const { prompts = {}, ...others } = options;
    await assert.rejects(states(directory, prompts, others), inputError(message));
    assert.deepEqual([...Deno.readDirSync(directory.path)], []);
  }
});

Deno.test("statesToFiles() leaves no directory of its own where the model fails", async () => {
  using directory = new TemporaryDirectory();
  writeTinyModel(directory, {
    edit: (tensors) => tensors.get("h.1.mlp.c_fc.weight")!.values.fill(NaN, 0, 1),
  });
  const lmModel = `${directory.path}/lm`;
  await assert.rejects(states(directory, {}, { lmModel }), inputError(/holds NaN at position 0/));
  assert.deepEqual([...Deno.readDirSync(directory.path)].map(({ name }) => name), ["lm"]);
  Deno.mkdirSync(`${directory.path}/out`);
  await assert.rejects(states(directory, {}, { lmModel }), inputError(/holds NaN at position 0/));
  assert.deepEqual([...Deno.readDirSync(`${directory.path}/out`)], [], "what was there stays");
});

Deno.test("statesToFiles() removes arrays of an earlier run that it does not write, and no others", async () => {
  using directory = new TemporaryDirectory();
  const out = `${directory.path}/out`;
  const names = () => [...Deno.readDirSync(out)].map(({ name }) => name).sort();
  await states(directory, {});
  Deno.writeTextFileSync(`${out}/pre01_states.npy`, "of the user's own");
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  await states(directory, {}, { sites: parseSiteList("pre:0,mid:1").list! }, observer);
  assert.deepEqual(names(), [
    "mid01_states.npy",
    "pre00_states.npy",
    "pre01_states.npy",
    "states.json",
  ]);
  assert.deepEqual(notes.filter((note) => note.startsWith("removed")), [
    "removed, for an earlier run made them: attn_out01_states.npy, post02_states.npy, " +
    "final_states.npy",
  ]);
  const record = JSON.parse(Deno.readTextFileSync(`${out}/states.json`));
  record.sites.push({ site: "pre 1", file: "../../pre01_states.npy" });
  Deno.writeTextFileSync(`${directory.path}/pre01_states.npy`, "elsewhere");
  Deno.writeTextFileSync(`${out}/states.json`, JSON.stringify(record));
  await states(directory, {}, { sites: parseSiteList("final").list! });
  assert.deepEqual(names(), ["final_states.npy", "pre01_states.npy", "states.json"]);
  assert.equal(Deno.readTextFileSync(`${directory.path}/pre01_states.npy`), "elsewhere");
});

Deno.test("pooled states are the same block by block", async () => {
  using directory = new TemporaryDirectory();
  const notes: string[] = [];
  const observer = { ...SILENT, note: (message: string) => notes.push(message) };
  for (const pooling of ["mean", "max"]) {
    const atOnce = await states(directory, position(pooling));
    notes.length = 0;
    const bounded = await states(directory, position(pooling), { maxMemory: 30_000 }, observer);
    assert(notes.some((note) => note.startsWith("the language model runs one block after")));
    assert.deepEqual(bounded, atOnce);
  }
});
