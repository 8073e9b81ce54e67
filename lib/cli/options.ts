/**
 * The options that several scripts share, and how their values are read.
 *
 * @module
 */
import { normalize } from "node:path";
import { z } from "zod";
import { DEVICE_REQUESTS, type DeviceRequest } from "../compute/device.ts";
import type { Option } from "./command.ts";

/** The directory for results where none is named: the guide's. */
export const DEFAULT_OUTPUT_DIRECTORY = "results/feature_coactivation_analysis";

const pathSchema = z.string({ error: "it is missing; name a path" }).min(1, "expected a path");

/** A path. */
export function pathOption(placeholder: string, about: string, value: string): Option<string> {
  return { placeholder, about, default: value, schema: pathSchema };
}

/** A path that has to be given. */
export function givenPathOption(placeholder: string, about: string): Option<string> {
  return { placeholder, about, schema: pathSchema };
}

/** A path that may be given. */
export function optionalPathOption(placeholder: string, about: string): Option<string | undefined> {
  return { placeholder, about, schema: pathSchema.optional() };
}

/** A text that may be given. */
export function textOption(placeholder: string, about: string): Option<string | undefined> {
  return { placeholder, about, schema: z.string().min(1, "expected some text").optional() };
}

/** A directory that a command makes and writes to, and that has to be given. */
export function givenOutputOption(about: string): Option<string> {
  const { placeholder, schema } = outputOption(about, ".");
  return { placeholder: placeholder!, about, isWritten: true, schema };
}

/**
 * The directory that a command writes to, and the only one. Deno takes `a/../b` for `b` even where
 * `a` is a link to elsewhere, and so the path is `b` from here on: what is printed is where it is.
 */
export function outputOption(about: string, value: string): Option<string> {
  const schema = pathSchema.transform((path) =>
    path.split(/[/\\]/).includes("..") ? normalize(path) : path
  );
  return { ...pathOption("DIR", about, value), isWritten: true, schema };
}

const countSchema = z.string().regex(/^0*[1-9]\d{0,8}$/, "expected a whole number of at least 1")
  .transform(Number);

/** A whole number of at least 1. */
export function countOption(about: string, value: number): Option<number> {
  return { placeholder: "N", about, default: String(value), schema: countSchema };
}

/** The same, undefined if it is not given. */
export function optionalCountOption(about: string): Option<number | undefined> {
  return { placeholder: "N", about, schema: countSchema.optional() };
}

/** A switch: off unless it is given. */
export function switchOption(about: string): Option<boolean> {
  return { about, schema: z.boolean().default(false) };
}

/** Any finite number. */
export function numberOption(about: string, value: number): Option<number> {
  const schema = z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, "expected a number")
    .transform(Number).refine(Number.isFinite, "expected a finite number");
  return { placeholder: "X", about, default: String(value), schema };
}

/** Where to compute. */
export function deviceOption(): Option<DeviceRequest> {
  const schema = z.enum(DEVICE_REQUESTS, {
    error: `expected one of ${DEVICE_REQUESTS.join(", ")}`,
  });
  return {
    placeholder: DEVICE_REQUESTS.join("|"),
    values: DEVICE_REQUESTS,
    about:
      "where to compute; auto takes a hardware GPU if the job is done sooner there, then native code, then wasm",
    default: "auto",
    schema,
  };
}

/** In which form besides Parquet a table is written. */
export function tableOption(): Option<"csv" | undefined> {
  return {
    placeholder: "csv",
    values: ["csv"],
    about: "write the listed rows of the table of features in this form, too: selectivity.csv",
    schema: z.enum(["csv"], { error: "expected csv" }).optional(),
  };
}

/** The units of an amount of memory, in bytes. */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};

/** How much memory the language model may take, in bytes. */
export function maxMemoryOption(): Option<number | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const [, count, unit = ""] = /^\s*(\d+\.?\d*|\.\d+)\s*([kmgt]i?)?b?\s*$/i.exec(text) ?? [];
    const bytes = Math.floor(Number(count) * UNITS[unit.toLowerCase()]!);
    if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
    const message = "expected an amount of memory, such as 3GB or 2500MiB";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return {
    placeholder: "SIZE",
    about:
      "how much memory the language model may take, such as 3GB; where its weights would take " +
      "more, its blocks run one after the other (default: three quarters of what is free)",
    schema,
  };
}

/** Whether to wait for another run. */
export function waitOption(): Option<boolean> {
  return switchOption("wait for another run that writes to the same directory, instead of failing");
}
