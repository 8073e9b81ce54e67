import assert from "node:assert/strict";
import { UsageError } from "../../lib/base/errors.ts";
import {
  colorMapOption,
  dpiOption,
  formatOption,
  PICTURE_OPTIONS,
  pictureOptions,
  rankOption,
} from "../../lib/cli/picture_options.ts";
import type { Option } from "../../lib/cli/command.ts";

function parse<T>(option: Option<T>, text: string | undefined): T | string {
  const parsed = option.schema.safeParse(text);
  return parsed.success ? parsed.data : parsed.error.issues[0]!.message;
}

Deno.test("dpiOption() takes a resolution, or leaves it to the picture", () => {
  assert.equal(parse(dpiOption(), "300"), 300);
  assert.equal(parse(dpiOption(), undefined), undefined);
  for (const text of ["0", "19", "601", "1e2", "-3", "", "99999"]) {
    assert.equal(parse(dpiOption(), text), "expected a whole number from 20 to 600", text);
  }
});

Deno.test("formatOption() takes a list, each format once", () => {
  assert.deepEqual(parse(formatOption(), "svg, png,svg"), ["svg", "png"]);
  assert.equal(parse(formatOption(), "png,jpg"), "jpg is no known format; there are png, svg, pdf");
  assert.equal(parse(formatOption(), ""), "a format is missing; there are png, svg, pdf");
  assert.deepEqual(parse(formatOption(), "PNG"), ["png"]);
});

Deno.test("colorMapOption() lists the maps that there are", () => {
  assert.equal(parse(colorMapOption(), "viridis_r"), "viridis_r");
  assert.match(String(parse(colorMapOption(), "jet")), /no such colour map; there are hot, hot_r/);
});

Deno.test("signedOption() is off unless it is given", () => {
  assert.equal(parse(PICTURE_OPTIONS.signed, undefined), false);
});

const values = { dpi: undefined, format: ["png" as const], colormap: undefined };

Deno.test("pictureOptions() are what the pictures take", () => {
  assert.deepEqual(pictureOptions({ ...values, signed: true, top_k_features: 7 }), {
    formats: ["png"],
    dpi: undefined,
    colorMap: undefined,
    signed: true,
    reference: false,
    rank: undefined,
    scalePerLayer: undefined,
    topFeatures: 7,
  });
  const others = { reference_colors: true, rank: "mean", scale_per_layer: true } as const;
  assert.deepEqual(pictureOptions({ ...values, ...others }), {
    formats: ["png"],
    dpi: undefined,
    colorMap: undefined,
    signed: undefined,
    reference: true,
    rank: "mean",
    scalePerLayer: true,
    topFeatures: 50,
  });
});

Deno.test("pictureOptions() refuse to centre a colour map that has no neutral middle", () => {
  assert.throws(
    () => pictureOptions({ ...values, colormap: "viridis", signed: true }),
    (error) =>
      error instanceof UsageError && /viridis has not; there are RdYlBu/.test(error.message),
  );
  assert(pictureOptions({ ...values, colormap: "PuOr_r", signed: true }).signed);
});

Deno.test("pictureOptions() refuse colours that are centred and AlignSAE's at once", () => {
  assert.throws(
    () => pictureOptions({ ...values, signed: true, reference_colors: true }),
    (error) => error instanceof UsageError && /leave out one of them/.test(error.message),
  );
});

Deno.test("rankOption() leaves it to the SAE how features are chosen unless told otherwise", () => {
  assert.equal(parse(rankOption(), undefined as never), undefined); // what is usual for the SAE
  assert.equal(parse(rankOption(), "mean"), "mean");
  assert.equal(parse(rankOption(), "average"), "expected one of relation, selective, mean");
});
