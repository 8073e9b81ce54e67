/**
 * The Skia canvas, with fonts. A machine may have no fonts, or other ones, so the ones used come
 * with the project and those of the machine stay out: pictures look the same everywhere.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import type * as Skia from "@napi-rs/canvas";
// Only what is imported is installed, and embedded in a binary; the fonts are read from its side.
import "dejavu-fonts-ttf/package.json" with { type: "json" };

/** The family of nearly all text: matplotlib's own. */
export const FONT_FAMILY = "DejaVu Sans";

/** Its loader looks here for the kind of C library there is; what it asks for if it may not explains nothing. */
const LOOKED_AT = "/usr/bin/ldd";

/** The canvas library; its fonts are those of this project and no others. */
export const skia: typeof Skia = await loadSkia();

/** A canvas. */
export type Canvas = InstanceType<typeof skia.Canvas>;

/** What draws on a canvas. */
export type CanvasContext = ReturnType<Canvas["getContext"]>;

async function loadSkia(): Promise<typeof Skia> {
  Deno.env.set("DISABLE_SYSTEM_FONTS_LOAD", "1"); // it looks when it is loaded
  const loaded = await import("@napi-rs/canvas").catch(sayLack);
  const fonts = [
    import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
    import.meta.resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"),
  ];
  for (const path of fonts.map((url) => fileURLToPath(url))) {
    // In a binary of `deno compile` the path is one that only Deno can read, not Skia.
    const bytes = await Deno.readFile(path);
    if (loaded.GlobalFonts.register(Buffer.from(bytes.buffer)) === null) {
      throw new Error(`The font ${path} cannot be loaded`);
    }
  }
  return loaded;
}

/** Says which permission the canvas lacks. */
function sayLack(error: unknown): never {
  if (error instanceof Deno.errors.NotCapable && Deno.build.os === "linux") {
    const { state } = Deno.permissions.querySync({ name: "read", path: LOOKED_AT });
    if (state !== "granted") {
      throw new Deno.errors.NotCapable(
        `Requires read access to "${LOOKED_AT}", run again with the --allow-read flag`,
      );
    }
  }
  throw error;
}

/** A font's size in the canvas's units, and its weight. */
export interface FontStyle {
  /** Its size. */
  readonly size: number;
  /** Its weight. */
  readonly weight: "normal" | "bold";
}

/**
 * Sets the font of a canvas.
 *
 * @param families The families to take letters from, the first that has one. Default: the usual one.
 */
export function setFont(
  context: CanvasContext,
  { size, weight }: FontStyle,
  families: readonly string[] = [FONT_FAMILY],
): void {
  context.font = `${weight} ${size}px ${families.map((family) => `"${family}"`).join(", ")}`;
  // Any spacing switches ligatures off, without which a search for "office" in a PDF finds nothing.
  context.letterSpacing = "0.001px";
  if (families.length > 1) {
    // The other fonts have all weights in one file, and their thinnest is what one gets unasked.
    context.fontVariationSettings = `'wght' ${weight === "bold" ? 700 : 400}`;
  }
}
