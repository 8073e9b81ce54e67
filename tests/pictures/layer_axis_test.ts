import assert from "node:assert/strict";
import { layerAxis } from "../../lib/pictures/layer_axis.ts";

Deno.test("layers are numbers on an axis; beside other sites, and of several SAEs, they are words", () => {
  assert.deepEqual(layerAxis([0, 6]), { layers: ["0", "6"], layerTitle: "Layer" });
  assert.deepEqual(layerAxis([0, "mid07"]), { layers: ["layer 0", "mid 7"], layerTitle: "Site" });
  assert.deepEqual(layerAxis(["layer06_w16", "final"]), {
    layers: ["pre 6 (w16)", "final"],
    layerTitle: "Site",
  });
});
