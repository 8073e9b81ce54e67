/**
 * How large the parts of a binary are.
 *
 * @module
 */
import type { CompiledBinary } from "./compiled_binary.ts";
import { type Contents, PACKAGES_FOLDER } from "./package_files.ts";

/** The largest binary that is let out, in bytes. */
const MAX_BYTES = 250e6;

/** The parts, each with the files that belong to it; the first that fits is taken. */
const PARTS: readonly [part: string, pattern: RegExp][] = [
  ["canvas", /\/@napi-rs\//],
  ["onnxruntime-web", /\/onnxruntime-web\//],
  ["onnxruntime-node", /\/onnxruntime-node\//],
  ["fonts", /\/(?:dejavu-fonts-ttf|@fontsource-variable)\//],
  ["other packages", new RegExp(`^${RegExp.escape(PACKAGES_FOLDER)}`)],
  ["demo", /^demo\//],
  ["coact", /^/],
];

/** A part of a binary. */
export interface Part {
  /** Its name. */
  readonly name: string;
  /** How many files it has. */
  readonly files: number;
  /** Its length, in bytes. */
  readonly bytes: number;
}

/** The parts of a binary of so many bytes: Deno first, then what coact adds. */
export function partsOf({ files, section }: CompiledBinary, totalBytes: number): Part[] {
  const parts = PARTS.map(([name]) => ({ name, files: 0, bytes: 0 }));
  for (const { path, bytes } of files) {
    const part = parts[PARTS.findIndex(([, pattern]) => pattern.test(path))]!;
    part.files++;
    part.bytes += bytes.length;
  }
  const named = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    { name: "Deno's runtime", files: 0, bytes: totalBytes - section.length },
    ...parts.filter((part) => part.files > 0),
    // Equal files are stored once, and what is made of files beforehand is stored with them.
    { name: "transpiled code, directory", files: 0, bytes: Math.max(0, section.length - named) },
  ];
}

/** The parts and their sum as the lines of a table. */
export function sizeLines(parts: readonly Part[], totalBytes: number): string[] {
  const rows = [...parts, {
    name: "all",
    files: parts.reduce((sum, { files }) => sum + files, 0),
    bytes: totalBytes,
  }];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows.map(({ name, files, bytes }) =>
    `  ${name.padEnd(width)}  ${(bytes / 1e6).toFixed(1).padStart(7)} MB` +
    (files > 0 ? `  ${String(files).padStart(5)} files` : "")
  );
}

/** Why a binary of so many bytes is not let out, and what to leave out of it; undefined if it is. */
export function sizeProblem(
  totalBytes: number,
  { withNative, withDemo }: Pick<Contents, "withNative" | "withDemo">,
): string | undefined {
  if (totalBytes <= MAX_BYTES) return undefined;
  const remedies = [
    ...(withNative ? ["leave out --with-native"] : []),
    ...(withDemo ? ["add --without-demo"] : []),
  ];
  const remedy = remedies.join(", or ") || "nothing more can be left out of it";
  // Rounded up: 250.01 MB are more than 250.
  return `it has ${Math.ceil(totalBytes / 1e5) / 10} MB, more than ${
    MAX_BYTES / 1e6
  } MB; ${remedy}`;
}
