import assert from "node:assert/strict";
import { findCheckpoint } from "../../../lib/sae/formats/find_checkpoint.ts";
import { inputError } from "../../support/input_errors.ts";
import { TemporaryDirectory } from "../../support/temporary.ts";
import { checkpoint } from "./checkpoints.ts";

Deno.test("findCheckpoint() takes the best, then the final, then the traditional SAE", async () => {
  using directory = new TemporaryDirectory();
  const names = ["traditional_sae_final.pt", "sae_final.pt", "sae_best.pt"];
  for (const name of names) {
    directory.write(`layer3/${name}`, "");
    assert.deepEqual(await findCheckpoint(directory.path, 3), {
      path: `${directory.path}/layer3/${name}`,
    });
  }
});

Deno.test("findCheckpoint() says which paths it tried", async () => {
  assert.deepEqual(await findCheckpoint("saes", 7), {
    tried: [
      "saes/layer7/sae_best.pt",
      "saes/layer7/sae_final.pt",
      "saes/layer7/traditional_sae_final.pt",
    ],
  });
});

// "Not there" is said only of what is not there.

const BESIDE: [what: string, make: (path: string) => void, problem: RegExp][] = [
  [
    "a link that leads nowhere",
    (path) => Deno.symlinkSync("gone.pt", path),
    /layer2\/sae_best\.pt is a link to gone\.pt, which does not exist$/,
  ],
  [
    "a link to itself",
    (path) => Deno.symlinkSync("sae_best.pt", path),
    /layer2\/sae_best\.pt cannot be read: its links lead in a circle$/,
  ],
  [
    "a directory",
    (path) => Deno.mkdirSync(path),
    /layer2\/sae_best\.pt is a directory, expected a file$/,
  ],
  [
    "an unfinished download",
    (path) => Deno.writeTextFileSync(`${path}.incomplete`, ""),
    /sae_best\.pt does not exist; .*sae_best\.pt\.incomplete is a download that has not come to its end/,
  ],
];
for (const [what, make, problem] of BESIDE) {
  Deno.test(`findCheckpoint() does not take sae_final.pt beside ${what} as sae_best.pt`, async () => {
    using directory = new TemporaryDirectory();
    directory.write("layer2/sae_final.pt", checkpoint());
    make(`${directory.path}/layer2/sae_best.pt`);
    await assert.rejects(findCheckpoint(directory.path, 2), inputError(problem));
  });
}

Deno.test("findCheckpoint() says that a layer's directory is a link that leads nowhere, or a file", async () => {
  using directory = new TemporaryDirectory();
  Deno.symlinkSync("/nowhere/layer2", `${directory.path}/layer2`);
  await assert.rejects(
    findCheckpoint(directory.path, 2),
    inputError(/layer2 is a link to \/nowhere\/layer2, which does not exist$/),
  );
  directory.write("layer3", "");
  await assert.rejects(
    findCheckpoint(directory.path, 3),
    inputError(/layer3 is a file, expected a directory$/),
  );
});

Deno.test("findCheckpoint() passes on that it may not look", async () => {
  const { stat } = Deno; // root may look everywhere
  Deno.stat = () => Promise.reject(new Deno.errors.PermissionDenied("os error 13"));
  try {
    await assert.rejects(
      findCheckpoint("saes", 2),
      inputError("saes/layer2/sae_best.pt cannot be read: permission denied"),
    );
  } finally {
    Deno.stat = stat;
  }
});
