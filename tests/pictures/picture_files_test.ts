import assert from "node:assert/strict";
import { LAYER_PICTURES } from "../../lib/pictures/all_pictures.ts";
import { dense } from "../../lib/pictures/dense_activation.ts";
import { picturePath, picturesOnDisk } from "../../lib/pictures/picture_files.ts";
import { top } from "../../lib/pictures/top_features.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

Deno.test("picturePath() has the guide's names", () => {
  const paths = LAYER_PICTURES.map((recipe) =>
    picturePath("out", 6, { recipe, format: "png", number: recipe.number && 50 })
  );
  assert.deepEqual(paths, [
    "out/layer06_dense_activation_heatmap.png",
    "out/layer06_relation_slots_only.png",
    "out/layer06_top50_free_features.png",
    "out/layer06_feature_consistency.png",
  ]);
});

Deno.test("picturesOnDisk() lists a layer's pictures in all formats, and no other file", async () => {
  using directory = new TemporaryDirectory();
  const pictures = [
    "layer06_dense_activation_heatmap.png",
    "layer06_relation_slots_only.svg",
    "layer06_top7_free_features.pdf",
    "layer06_feature_consistency.png",
  ];
  const others = [
    "layer60_relation_slots_only.png",
    "layer06_dense_activation_heatmap.png.0a1b2c3d.tmp",
    "layer06_activation_matrix.npy",
    "layer06_my_own_picture.png",
    "all_layers_relation_slots_summary.png",
  ];
  for (const name of [...pictures, ...others]) directory.write(name, "");
  assert.deepEqual(
    (await picturesOnDisk(directory.path, 6)).map(({ path }) => path).sort(),
    pictures.map((name) => `${directory.path}/${name}`).sort(),
  );
});

Deno.test("picturesOnDisk() says of each which picture it is, its format and its number", async () => {
  using directory = new TemporaryDirectory();
  const format = "svg";
  for (const file of [{ recipe: dense, number: undefined }, { recipe: top, number: 7 }]) {
    const path = picturePath(directory.path, 6, { ...file, format });
    Deno.writeTextFileSync(path, "");
    const found = await picturesOnDisk(directory.path, 6);
    assert.deepEqual(found, [{ ...file, format, path }]);
    Deno.removeSync(path);
  }
});
