import assert from "node:assert/strict";
import { readDecoder } from "../../lib/lm/architectures/mod.ts";
import { UsageError } from "../../lib/base/errors.ts";
import type { Decoder } from "../../lib/lm/decoder.ts";
import { siteText } from "../../lib/lm/site.ts";
import { listSites, namesSite, parseSiteList, siteListText } from "../../lib/lm/site_list.ts";

const FIXTURES = "tests/fixtures/architectures";
const llama = await readDecoder(`${FIXTURES}/llama/config.json`);
const neox = await readDecoder(`${FIXTURES}/gpt_neox/config.json`);

function sitesOf(text: string, decoder: Decoder = llama): string[] {
  const { list, problem } = parseSiteList(text);
  assert.equal(problem, undefined);
  return listSites(list!, decoder).map(siteText);
}

const LISTS: readonly [text: string, sites: string[]][] = [
  ["pre:0", ["pre 0"]],
  ["post:1", ["post 1"]],
  ["pre 1", ["pre 1"]],
  ["final", ["final"]],
  ["pre:0-1", ["pre 0", "pre 1"]],
  ["pre:all", ["pre 0", "pre 1", "pre 2"]],
  ["post:0,1", ["post 0", "post 1"]],
  ["final, mid : 0 , pre:1", ["mid 0", "pre 1", "final"]],
  ["post:1,pre:0-1,pre:1", ["pre 0", "pre 1", "post 1"]],
  ["attn_out:0,mlp_out:0", ["attn_out 0", "mlp_out 0"]],
];

for (const [text, sites] of LISTS) {
  Deno.test(`the list of sites "${text}" is ${sites.join(", ")}`, () => {
    assert.deepEqual(sitesOf(text), sites);
  });
}

Deno.test("the list of sites all is every point of every block, and final", () => {
  const all = sitesOf("all");
  assert.equal(all.length, 5 * llama.config.n_layer + 1);
  assert.deepEqual(all.slice(0, 6), [
    "pre 0",
    "attn_out 0",
    "mid 0",
    "mlp_out 0",
    "post 0",
    "pre 1",
  ]);
  assert.equal(all.at(-1), "final");
});

Deno.test("all leaves out what a model does not have; naming it is refused with the reason", () => {
  const { n_layer } = neox.config;
  assert.equal(sitesOf("all", neox).filter((site) => site.startsWith("mid")).length, 0);
  assert.equal(sitesOf("all", neox).length, 4 * n_layer + 1);
  for (const text of ["mid:0", "mid:all"]) {
    assert.throws(() => sitesOf(text, neox), (error) => {
      return error instanceof UsageError && /no site mid 0.*parallel residual/.test(error.message);
    });
  }
});

Deno.test("a block that a model does not have is refused with those that it has", () => {
  const last = llama.config.n_layer - 1;
  for (const text of [`pre:${last + 1}`, `post:0-${last + 1}`, "mid:999"]) {
    assert.throws(() => sitesOf(text), new RegExp(`has the blocks 0 to ${last}`));
  }
});

const PROBLEMS: readonly [text: string, problem: RegExp][] = [
  ["", /^expected all, or a list such as pre:0-6,post:12,final$/],
  ["pre:0,", /nothing is no block/],
  ["6", /6 does not say which point of the block, such as pre:6/],
  ["final,6", /6 does not say which point/],
  ["all,final", /all stands alone/],
  ["prae:6", /no point prae, but pre, attn_out, mid, mlp_out, post of each block, and final/],
  ["resid", /no point resid/],
  ["pre:6-3", /6-3 runs backwards, did you mean 3-6\?/],
  ["pre:", /nothing is no block/],
  ["pre:-1", /-1 is no block/],
  ["pre:1000", /1000 is no block/],
  ["pre:0-6-7", /0-6-7 is no block/],
  ["pre:x", /x is no block/],
  ["final:3", /no point final/],
];

for (const [text, problem] of PROBLEMS) {
  Deno.test(`the list of sites "${text}" is refused: ${problem.source}`, () => {
    assert.match(parseSiteList(text).problem ?? "", problem);
  });
}

Deno.test("siteListText() writes what parseSiteList() reads", () => {
  for (const text of ["all", "pre:0-6,post:12,mid:all,final", "attn_out:3"]) {
    assert.equal(siteListText(parseSiteList(text).list!), text);
  }
});

Deno.test("namesSite() tells whether a list names a site", () => {
  const { list } = parseSiteList("pre:2-3,post:all,final");
  const named = ["pre 2", "pre 3", "post 0", "post 99", "final"];
  for (const text of [...named, "pre 1", "pre 4", "mid 2"]) {
    const [point, block] = text.split(" ");
    const site = point === "final" ? { point } : { point, block: Number(block) };
    assert.equal(namesSite(list!, site as never), named.includes(text), text);
  }
});
