/**
 * The options of the commands that work on one SAE.
 *
 * @module
 */
import { z } from "zod";
import type { Option } from "./command.ts";
import { givenPathOption, optionalCountOption, textOption } from "./options.ts";

const READINGS = ["owner", "saelens"] as const;

/** Which SAE, and what its files do not say. */
export const SAE_OPTIONS: {
  readonly sae: Option<string>;
  readonly sae_format: Option<string | undefined>;
  readonly k: Option<number | undefined>;
  readonly reading: Option<"owner" | "saelens">;
} = {
  sae: givenPathOption("PATH", "the SAE, a directory or a file of any format that coact knows"),
  sae_format: textOption(
    "FORMAT",
    "the format of the SAE, such as gemma_scope (default: recognised by its content)",
  ),
  k: optionalCountOption(
    "how many features of a state a top-k SAE keeps, if its files do not say it",
  ),
  reading: {
    placeholder: READINGS.join("|"),
    values: READINGS,
    about: "whose formula to follow where libraries read the same files differently",
    default: "owner",
    schema: z.enum(READINGS, { error: `expected one of ${READINGS.join(", ")}` }),
  },
};
