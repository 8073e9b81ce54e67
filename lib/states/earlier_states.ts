/**
 * The arrays that an earlier run of `states` left in a directory: a new run removes those that it does
 * not write itself, so that no array lies beside a `states.json` that says nothing of it.
 *
 * @module
 */
import { z } from "zod";
import { parseJson, type Schema } from "../files/json.ts";
import { isFileThere } from "../files/look.ts";
import { readText } from "../files/read_text.ts";

/** What `states` calls its arrays. A record that names other files was not written by it. */
const ARRAY = /^(?:(?:pre|mid|post|attn_out|mlp_out)\d{2,3}|final)_states\.npy$/;

interface Listed {
  sites: { file: string }[];
}

const listedSchema: Schema<Listed> = z.object({
  sites: z.array(z.object({ file: z.string() })),
});

/**
 * The names of the arrays that the `states.json` of a directory lists and that are there. None if it
 * is missing or is not one: what is not known to be of an earlier run stays.
 */
export async function earlierArrays(directory: string): Promise<string[]> {
  const path = `${directory}/states.json`;
  const listed = await readText(path).then((text) => parseJson(listedSchema, text, path))
    .catch(() => undefined);
  const found: string[] = [];
  for (const { file } of listed?.sites ?? []) {
    if (ARRAY.test(file) && await isFileThere(`${directory}/${file}`)) found.push(file);
  }
  return found;
}
