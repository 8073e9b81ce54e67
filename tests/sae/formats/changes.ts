/** Changes to the files of an SAE, to be made to some that are right. */
import type { TestSae } from "./mutations.ts";

/** A change. */
export type Change = (sae: TestSae) => void;

/** Sets fields of the configuration. */
export const config = (fields: Record<string, unknown>): Change => (sae) => {
  Object.assign(sae.config!.fields, fields);
};

/** Sets what the file with the weights holds. */
export const state = (values: Record<string, unknown>): Change => (sae) => {
  Object.assign(sae.state, values);
};

/** Takes tensors away. */
export const without = (...names: string[]): Change => (sae) => {
  for (const name of names) delete sae.state[name];
};

/** Makes several changes. */
export const together = (...changes: Change[]): Change => (sae) => {
  for (const change of changes) change(sae);
};
