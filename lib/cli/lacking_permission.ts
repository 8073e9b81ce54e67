/**
 * What Deno does not let a run do, in a line for whoever started it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { messageOf } from "../base/errors.ts";

/** Deno's own words: `Requires read access to "/a/b", run again with the --allow-read flag`. */
const REQUIRED = /Requires (\w+) access(?: to "(.*)")?, run again with/s;

/** Where coact lies, if that is on this machine's disk. */
const OWN_FOLDER: string | undefined = import.meta.url.startsWith("file:")
  ? fileURLToPath(new URL("../../", import.meta.url))
  : undefined;
/** Where Deno keeps libraries. */
const LIBRARIES = /^.*?[/\\](?:npm|node_modules)[/\\]/s;

/**
 * Which permission is lacking, and how to give it.
 *
 * @param error What Deno said.
 */
export function lackingPermission(error: Deno.errors.NotCapable): string {
  const [said, name, what] = REQUIRED.exec(error.message) ?? [];
  if (said === undefined) return `this run lacks a permission: ${messageOf(error)}`;
  if (name !== "read" || what === undefined) {
    const whereFor = what === undefined ? "" : ` for ${what}`;
    return `this run lacks the permission ${name}${whereFor}: start it with those of its task in deno.json`;
  }
  const { whose, add } = placeOf(what);
  return `this run has no permission to read ${what}, ${whose}: add ${add} to the paths of ` +
    "--allow-read, or name none";
}

/** Whose a file is, and what is to be allowed so that the next one is allowed, too. */
function placeOf(path: string): { whose: string; add: string } {
  const libraries = LIBRARIES.exec(path)?.[0];
  if (libraries !== undefined) return { whose: "which a library of coact needs", add: libraries };
  return OWN_FOLDER !== undefined && path.startsWith(OWN_FOLDER)
    ? { whose: "which is a part of coact", add: OWN_FOLDER }
    : { whose: "which coact needs", add: "it" };
}
