/**
 * The parts of the benchmark, and the options that choose among them.
 *
 * @module
 */
import { z } from "zod";
import type { Option } from "../lib/cli/command.ts";

const PARTS = [
  "kernel",
  "whole",
  "calls",
  "native",
  "timeline",
  "memory",
  "growth",
  "large",
  "models",
  "statistics",
  "gain",
  "batches",
  "calibration",
  "worlds",
  "host",
] as const;
/** A part. */
export type Part = (typeof PARTS)[number];

/** What is measured where nothing is said of parts. */
export const ALL: Record<"cpu" | "gpu", readonly Part[]> = {
  cpu: ["whole", "timeline", "host", "memory", "growth", "large"],
  gpu: ["kernel", "whole", "calls", "timeline", "native", "host", "large"],
};

/** Whether a part measures the job of full size. */
export function isOfJob(part: Part): boolean {
  const others = [
    "kernel",
    "growth",
    "large",
    "models",
    "statistics",
    "calibration",
    "worlds",
    "host",
  ];
  return !others.includes(part);
}

/** Where the parts whole and native compute. */
export function deviceChoice(): Option<"cpu" | "gpu"> {
  const schema = z.enum(["cpu", "gpu"], { error: "expected cpu or gpu" });
  const about = "what is measured; on a gpu PyTorch uses CUDA, too";
  return { placeholder: "cpu|gpu", about, default: "cpu", schema };
}

/** Which parts are measured. */
export function partsOption(): Option<readonly Part[] | "all"> {
  const schema = z.string().transform((text, context) => {
    if (text === "all") return text;
    const parts = text.split(",");
    if (parts.every((part) => PARTS.some((known) => known === part))) return parts as Part[];
    context.addIssue({ code: "custom", message: `expected all, or some of ${PARTS.join(",")}` });
    return z.NEVER;
  });
  return {
    placeholder: "LIST",
    about: `all (on a cpu ${ALL.cpu.join(",")}, on a gpu ${ALL.gpu.join(",")}), or some of them`,
    default: "all",
    schema,
  };
}

/** Which models the part models measures. */
export function modelsOption(known: readonly string[]): Option<readonly string[]> {
  const schema = z.string().transform((text, context) => {
    const names = text === "all" ? known : text === "none" ? [] : text.split(",");
    if (names.every((name) => known.includes(name))) return names;
    context.addIssue({ code: "custom", message: `expected all, none, or some of ${known}` });
    return z.NEVER;
  });
  const about = `for the part models: all, none, or some of ${known.join(",")}`;
  return { placeholder: "LIST", about, default: "all", schema };
}
