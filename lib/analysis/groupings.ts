/**
 * Several fields of labels are several analyses of one file of prompts: each has a directory of its own.
 *
 * @module
 */
import type { AnalysisFileOptions } from "./run_options.ts";

/** An analysis by one field of labels. */
export interface FieldAnalysis {
  /** The field; undefined where AlignSAE's relations count. */
  readonly field: string | undefined;
  /** What is asked of the analysis. */
  readonly options: AnalysisFileOptions;
}

/**
 * The analyses of prompts by each of their label fields. Of several fields, each has a directory of its
 * name within that for the results; with one or none, the results lie there directly.
 */
export function groupingsOf(options: AnalysisFileOptions): FieldAnalysis[] {
  const { prompts = {}, outputDirectory } = options;
  const { labelFields = [], labelOrders = [] } = prompts;
  if (labelFields.length < 2) return [{ field: labelFields[0], options }];
  const names = directoryNames(labelFields);
  return labelFields.map((field, i) => {
    const order = labelOrders[i];
    const own = { labelFields: [field], labelOrders: order === undefined ? [] : [order] };
    return {
      field,
      options: {
        ...options,
        prompts: { ...prompts, ...own },
        outputDirectory: `${outputDirectory}/${names[i]}`,
      },
    };
  });
}

/** A directory's name for each field: what no file system refuses, and no two alike. */
function directoryNames(fields: readonly string[]): string[] {
  const names = fields.map((field) =>
    field.replaceAll(/[^\p{L}\p{N}_-]/gu, "_").slice(0, 60).toWellFormed()
  );
  const isAlone = (name: string) =>
    names.filter((other) => other.toLowerCase() === name.toLowerCase()).length === 1;
  return names.map((name, i) => isAlone(name) ? name : `${name}_${i + 1}`);
}
