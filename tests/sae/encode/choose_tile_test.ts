import assert from "node:assert/strict";
import {
  chooseTile,
  fastestTile,
  tilesThatFit,
  timeTile,
} from "../../../lib/sae/encode/choose_tile.ts";
import { DEFAULT_TILE, tileBytes, tileName, TILES } from "../../../lib/sae/encode/tile_product.ts";
import { gpuTest } from "../../support/gpu.ts";

const SIZES = { questions: 130, features: 70, width: 40 };

Deno.test("the default tile fits every WebGPU device: 16 KiB and 256 invocations", () => {
  assert(tileBytes(DEFAULT_TILE) <= 16384);
  assert(16 * DEFAULT_TILE.columns <= 256);
});

Deno.test("tileName() tells the tiles apart", () => {
  assert.equal(new Set(TILES.map(tileName)).size, TILES.length);
});

gpuTest("chooseTile() does not try tiles on a program that stands in for a GPU", async (gpu) => {
  if (!gpu.isSoftware) return;
  assert.equal(await chooseTile(gpu), DEFAULT_TILE);
});

gpuTest("fastestTile() gives a tile that the device allows", async (gpu) => {
  assert(tilesThatFit(gpu).includes(await fastestTile(gpu, SIZES)));
});

gpuTest("timeTile() times each run but the first", async (gpu) => {
  if (!gpu.hasTimestamps) return;
  const seconds = await timeTile(gpu, DEFAULT_TILE, SIZES, 3);
  assert.equal(seconds.length, 3);
  for (const each of seconds) assert(each >= 0 && Number.isFinite(each), `${each}`);
});
