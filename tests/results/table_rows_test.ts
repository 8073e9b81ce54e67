import assert from "node:assert/strict";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { TableRows } from "../../lib/results/table_rows.ts";
import { siteOf } from "../support/selectivity_sites.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

/** Of feature 1 there is no interval in the first group, and of feature 2 no test. */
const site = siteOf({ groups: 2, features: 20 });
site.measures.auroc_low[1] = NaN;
site.measures.auroc_high[1] = NaN;
site.log10Q[2] = NaN;

async function bytesOf(rows: number, cores?: number): Promise<Uint8Array<ArrayBuffer>> {
  using made = new TableRows(rows, cores);
  made.start(); // ahead, where there is a thread
  const parts = [...(await made.add(site)).parquet, ...(await made.add(site)).parquet];
  return await new Response(new Blob([...parts, await made.end()])).bytes();
}

Deno.test("rows are the same bytes, whether a thread makes them or not", async () => {
  const [here, apart] = [await bytesOf(80), await bytesOf(10 ** 6, 4)];
  assert.deepEqual(apart, here);
});

Deno.test("rows of sites that are asked for at once come one site after the other, as the file says", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/table.parquet`;
  const sites = [20, 6, 30].map((features) => siteOf({ groups: 3, features }));
  for (const [rows, cores] of [[80, 1], [10 ** 6, 4]] as const) {
    using made = new TableRows(rows, cores);
    const found = await Promise.all(sites.map((each) => made.add(each)));
    const parts = found.flatMap(({ parquet }) => [...parquet]);
    await Deno.writeFile(path, new Blob([...parts, await made.end()]).stream());
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
    assert.deepEqual(
      read.map(({ auroc }) => auroc),
      sites.flatMap(({ measures }) => [...measures.auroc]),
    );
  }
});

Deno.test("a thread that is ended while it makes rows is an error, not a hang", async () => {
  const made = new TableRows(10 ** 6, 4);
  const waiting = made.add(site);
  made[Symbol.dispose]();
  await assert.rejects(waiting, /the pool of threads was closed/);
  await assert.rejects(made.end(), /the pool of threads was closed/);
});

Deno.test("a value that does not exist is null, and all others are as they were measured", async () => {
  using directory = new TemporaryDirectory();
  const path = `${directory.path}/table.parquet`;
  await Deno.writeFile(path, await bytesOf(80));
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) });
  assert.equal(rows.length, 2 * 2 * 20);
  assert.deepEqual([rows[1]!["auroc_low"], rows[2]!["log10_q"], rows[2]!["discovery"]], [
    null,
    null,
    null,
  ]);
  rows.slice(0, 40).forEach((row, cell) => {
    assert.equal(row["auroc"], site.measures.auroc[cell]);
    if (cell !== 2) assert.equal(row["log10_q"], site.log10Q[cell]);
    assert.equal(row["group"], `relation_${Math.floor(cell / 20)}`);
    assert.equal(row["feature"], cell % 20);
  });
});
