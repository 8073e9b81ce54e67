/**
 * The plain lines of a YAML file, `key: value` from the first column on, which is all that the
 * configurations of transcoders need. What is nested is skipped.
 *
 * @module
 */
import { InputError } from "../../base/errors.ts";
import { UntrustedMap } from "../../files/untrusted_keys.ts";

/** A key, then a text in quotes or without, then perhaps a comment. */
const LINE =
  /^([A-Za-z_][\w.-]*):[ \t]+(?:"([^"]*)"|'([^']*)'|([^\s"'#[{&*|>].*?))[ \t]*(?:[ \t]#.*)?$/;

/**
 * Reads the lines.
 *
 * @param where The file, for messages.
 * @returns What each key says, without quotes and comments.
 * @throws {InputError} If a key stands there twice.
 */
export function plainYamlLines(text: string, where: string): ReadonlyMap<string, string> {
  const lines = new UntrustedMap<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, key, double, single, plain] = LINE.exec(line) ?? [];
    const value = double ?? single ?? plain;
    if (key === undefined || value === undefined) continue;
    const before = lines.get(key);
    if (before !== undefined) {
      throw new InputError(`${where} says ${key} twice: ${before} and ${value}`);
    }
    lines.set(key, value);
  }
  return lines;
}
