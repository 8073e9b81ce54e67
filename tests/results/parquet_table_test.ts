import assert from "node:assert/strict";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { ParquetFile } from "../../lib/results/parquet_table.ts";
import { NO_FLAG, type TableColumn, valueAt } from "../../lib/results/table_column.ts";

const ROWS = 40;

/** A column of each kind; every seventh row lacks what may lack. */
function columnsOf(group: number): TableColumn[] {
  const lacks = (row: number) => row % 7 === 0;
  const doubles = (value: (row: number) => number) =>
    Float64Array.from({ length: ROWS }, (_, row) => value(row));
  return [
    { name: "site", type: "STRING", values: { same: `später ${group}`, count: ROWS } },
    { name: "n", type: "INT32", values: { same: 500 + group, count: ROWS } },
    { name: "feature", type: "INT32", values: new Int32Array(ROWS).map((_, row) => row - 3) },
    { name: "varied", type: "DOUBLE", values: doubles((row) => Math.sin(row + group)) },
    { name: "some", type: "DOUBLE", values: doubles((row) => lacks(row) ? NaN : 1 / (row + 1)) },
    { name: "few", type: "DOUBLE", values: doubles((row) => row % 3) },
    { name: "few_some", type: "DOUBLE", values: doubles((row) => lacks(row) ? NaN : row % 2) },
    { name: "zeros", type: "DOUBLE", values: doubles((row) => row % 2 === 0 ? 0 : -0) },
    { name: "one", type: "DOUBLE", values: doubles(() => 0.5) },
    { name: "none", type: "DOUBLE", values: doubles(() => NaN) },
    {
      name: "flag",
      type: "BOOLEAN",
      values: new Uint8Array(ROWS).map((_, row) => lacks(row) ? NO_FLAG : Number(row % 3 === 1)),
    },
    { name: "no_flag", type: "BOOLEAN", values: new Uint8Array(ROWS).fill(NO_FLAG) },
  ];
}

async function fileOf(groups: number): Promise<ArrayBuffer> {
  const file = new ParquetFile();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let group = 0; group < groups; group++) parts.push(await file.add(columnsOf(group)));
  parts.push(await file.end());
  return await new Blob(parts).arrayBuffer();
}

Deno.test("each value is read as it was written, to the last bit, and null where there is none", async () => {
  const rows = await parquetReadObjects({ file: await fileOf(2) });
  assert.equal(rows.length, 2 * ROWS);
  for (let group = 0; group < 2; group++) {
    for (const { name, values } of columnsOf(group)) {
      for (let row = 0; row < ROWS; row++) {
        const found = rows[group * ROWS + row]![name];
        assert(Object.is(found, valueAt(values, row)), `${name}, row ${row}: ${found}`);
      }
    }
  }
});

Deno.test("the end of the file says of each column its least and greatest value, and what lacks", async () => {
  const { row_groups, num_rows } = parquetMetadata(await fileOf(2));
  assert.equal(num_rows, BigInt(2 * ROWS));
  const of = (name: string) =>
    row_groups[1]!.columns.find(({ meta_data }) => meta_data!.path_in_schema[0] === name)!
      .meta_data!;
  const [least, greatest, nulls] = ["min_value", "max_value", "null_count"] as const;
  assert.equal(of("site").statistics![least], "später 1");
  assert.equal(of("n").statistics![greatest], 501);
  assert.deepEqual([of("feature").statistics![least], of("feature").statistics![greatest]], [
    -3,
    36,
  ]);
  assert.deepEqual([of("some").statistics![least], of("some").statistics![greatest]], [
    1 / 40,
    0.5,
  ]);
  assert.equal(of("some").statistics![nulls], 6n);
  assert(Object.is(of("zeros").statistics![least], -0));
  assert(Object.is(of("zeros").statistics![greatest], 0));
  assert.deepEqual([of("flag").statistics![least], of("flag").statistics![greatest]], [
    false,
    true,
  ]);
  assert.equal(of("none").statistics![nulls], BigInt(ROWS));
  assert.equal(of("none").statistics![least], undefined);
});

Deno.test("numbers that repeat are told by a dictionary, others lie there as they are", async () => {
  const { row_groups } = parquetMetadata(await fileOf(1));
  const isByDictionary = row_groups[0]!.columns.map(({ meta_data }) => [
    meta_data!.path_in_schema[0],
    meta_data!.dictionary_page_offset !== undefined,
  ]);
  assert.deepEqual(
    isByDictionary.filter(([, is]) => is).map(([name]) => name),
    ["site", "n", "few", "few_some", "zeros", "one"],
  );
});

Deno.test("a table without rows is nothing", async () => {
  assert.equal((await new ParquetFile().end()).length, 0);
});
