/**
 * The versions of coact and of what its numbers and pictures depend on.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };

/**
 * The version of coact.
 *
 * @example
 * ```ts
 * import { VERSION } from "@coact/coact";
 *
 * console.log(`coact ${VERSION}`);
 * ```
 */
export const VERSION: string = config.version;

/**
 * Packages that no result depends on: those of the tests, those that only hold types,
 * and the writer of a table that nothing is made of.
 */
const WITHOUT_EFFECT = /^fast-check$|^@types\/|^hyparquet(-writer)?$/;

/**
 * Versions by name: coact's own, Deno's, the operating system's, and those of the libraries.
 *
 * @example
 * ```ts
 * import { versions } from "@coact/coact";
 *
 * for (const [name, version] of Object.entries(versions())) console.log(name, version);
 * ```
 */
export function versions(): Record<string, string> {
  const libraries: Record<string, string> = {};
  for (const [name, specifier] of Object.entries(config.imports)) {
    const version = /@(\d[\d.]*)/.exec(specifier)?.[1];
    if (version !== undefined && !WITHOUT_EFFECT.test(name)) libraries[name] = version;
  }
  return {
    coact: VERSION,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    os: `${Deno.build.os} ${Deno.build.arch}`,
    ...libraries,
  };
}
