/**
 * Options that name layers, sites and relations.
 *
 * @module
 */
import { z } from "zod";
import { BLOCK_POINTS, parseSite, type Site } from "../lm/site.ts";
import { parseSiteList, type SiteList } from "../lm/site_list.ts";
import type { Option } from "./command.ts";

/** A site that may be given. */
export function siteOption(about: string): Option<Site | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const site = parseSite(text);
    if (site !== undefined) return site;
    const message = `expected a site such as ${
      BLOCK_POINTS.map((point) => `${point}:6`).join(", ")
    }`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return { placeholder: "SITE", about, schema };
}

/** Layers: `all`, or a list of numbers and ranges. */
export function layersOption(about: string): Option<"all" | number[]> {
  const schema = z.string().transform((text, context) => {
    const layers = parseLayers(text);
    if (layers !== undefined) return layers;
    const message = `expected all, or a list such as 0,3,6-8${backwards(text) ?? ""}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return { placeholder: "LIST", about, default: "all", schema };
}

/**
 * Reads a list of layers such as `0,3,6-8`.
 *
 * @returns The layers in ascending order, each once; undefined if the text is no such list.
 */
export function parseLayers(text: string): "all" | number[] | undefined {
  if (text.trim() === "all") return "all";
  const ranges = text.split(",").map(parseRange);
  if (ranges.includes(undefined)) return undefined;
  return [...new Set(ranges.flatMap((range) => range!))].sort((a, b) => a - b);
}

/** Reads a number or a range such as `6-8`; numbers have up to three digits. */
function parseRange(text: string): number[] | undefined {
  const [, first, last = first] = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(text) ?? [];
  const [start, end] = [Number(first), Number(last)];
  if (first === undefined || end < start) return undefined;
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}

/** What to say of the first range of a list that runs backwards, if one does. */
function backwards(text: string): string | undefined {
  for (const item of text.split(",")) {
    const [, first, last] = /^\s*(\d{1,3})\s*-\s*(\d{1,3})\s*$/.exec(item) ?? [];
    if (Number(last) < Number(first)) {
      return `; ${first}-${last} runs backwards, did you mean ${last}-${first}?`;
    }
  }
  return undefined;
}

/** Sites: `all`, or a list of points and blocks; undefined if none are named. */
export function sitesOption(about: string): Option<SiteList | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const { list, problem } = parseSiteList(text);
    if (list !== undefined) return list;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  });
  return { placeholder: "LIST", about, schema };
}

/** Relations by key or number; `name=3` is the one with the key 3. */
export function relationsOption(): Option<(string | number)[] | undefined> {
  const schema = z.string().optional().transform((text, context) => {
    if (text === undefined || text.trim() === "all") return undefined;
    const items = text.split(",").map((item) => item.trim());
    const problem = items.includes("") ? "" : backwards(text);
    if (problem === undefined) {
      return items.flatMap((item): (string | number)[] => {
        return parseRange(item) ?? [item.replace(/^name=/, "")];
      });
    }
    const message = `expected a list such as birth_date,2-4${problem}`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  });
  return {
    placeholder: "LIST",
    about: "the relations to analyse, by key or number, such as birth_date,2-4 (default: all)",
    schema,
  };
}
