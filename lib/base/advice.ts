/**
 * What could be done about a problem, as data. The library does not know how its user chooses
 * things: a program sets a property of {@linkcode AnalysisFileOptions}, a person at the terminal
 * types an option. Who talks to the user makes the words.
 *
 * @module
 */

/** What can be chosen for an analysis, by the names of the library's options. */
export type Setting =
  | "lmModel"
  | "saeDirectory"
  | "saeFormat"
  | "questionFile"
  | "outputDirectory"
  | "layers"
  | "sites"
  | "samplesPerRelation"
  | "relations"
  | "maxMemory"
  | "device"
  | "textField"
  | "idsField"
  | "labelFields"
  | "labelOrder"
  | "skipUnlabelled"
  | "promptTemplate"
  | "position"
  | "occurrence"
  | "prependBos"
  | "delimiter"
  | "clusterField"
  | "dpi";

/** What a problem is about: a setting, and the value that it had if that is worth telling. */
export interface Subject {
  /** The setting. */
  readonly setting: Setting;
  /** Its value. */
  readonly value?: string | number;
}

/** What could be done. */
export type Advice =
  /** Name another path: what is there is not what is wanted. */
  | { readonly kind: "name_path"; readonly setting: "lmModel" | "saeDirectory" | "questionFile" }
  /** Allow the language model at least so much memory. */
  | { readonly kind: "more_memory"; readonly mebibytes: number }
  /** Name the directory that the SAEs are in. */
  | { readonly kind: "locate_saes" }
  /** Say which format is meant, of those that fit. */
  | { readonly kind: "name_format"; readonly names: readonly string[] }
  /** Analyse an SAE all the same that does not seem to belong to the states. */
  | { readonly kind: "force_sae" }
  /** Choose another output directory; `copy`: and copy there what this one holds. */
  | { readonly kind: "another_directory"; readonly copy?: boolean }
  /** Wait for the run that holds the output directory, or choose another. */
  | { readonly kind: "wait" }
  /** Use at most so many questions of each relation. */
  | { readonly kind: "fewer_samples"; readonly atMost: number }
  /** Name a relation so that its key is taken for nothing else; `orOthers`: or all the others. */
  | {
    readonly kind: "name_relation";
    readonly keys: readonly string[];
    readonly orOthers?: boolean;
  }
  /** If the numbers of the relations are right, leave this one out, of which there is no question. */
  | { readonly kind: "leave_out_relation"; readonly relation: number }
  /** Leave relations out, by naming the others. */
  | { readonly kind: "leave_out_relations" }
  /** Name a layer that was not asked for. */
  | { readonly kind: "name_layer"; readonly layer: number }
  /** Name the sites that are wanted, such as these. */
  | { readonly kind: "name_sites"; readonly sites: string }
  /** Analyse layers in several runs. */
  | { readonly kind: "layers_apart" }
  /** Compute what is there already once more. */
  | { readonly kind: "force" }
  /** Write over what is there. */
  | { readonly kind: "overwrite" }
  /** Name the SAE, one of these if they are told. */
  | { readonly kind: "name_sae" }
  /** Say which tensor of a file holds the states. */
  | { readonly kind: "name_tensor" }
  /** Say how many features of a state are kept. */
  | { readonly kind: "give_k" }
  /** Say where an SAE reads. */
  | { readonly kind: "name_site" }
  /** Subtract the mean of each state from it. */
  | { readonly kind: "centre_states" }
  /** Draw in at most this resolution, in pixels an inch. */
  | { readonly kind: "lower_dpi"; readonly atMost: number }
  /** Name the fields of the file that hold the prompts. */
  | { readonly kind: "name_fields" }
  /** Leave the lines out that have no label. */
  | { readonly kind: "skip_unlabelled" }
  /** Say which of several occurrences of a text is meant. */
  | { readonly kind: "choose_occurrence" }
  /** Say whether the beginning token goes before every prompt. */
  | { readonly kind: "decide_beginning" }
  /** Use this device, which does without what failed. */
  | { readonly kind: "use_device"; readonly device: "cpu" | "wasm" }
  /** Install a driver for the GPU, or use the CPU. */
  | { readonly kind: "install_driver" }
  /** End what else uses the GPU, or use the CPU. */
  | { readonly kind: "free_gpu" }
  /** Update the driver, or use another device. */
  | { readonly kind: "update_driver" }
  /** Use another device. */
  | { readonly kind: "another_device" }
  /** Do the same again: it goes on from what is written; without a GPU it may do better. */
  | { readonly kind: "resume" }
  /** Analyse the layers again together, or take those that belong together: one of these lists. */
  | { readonly kind: "take_together"; readonly lists: readonly (readonly (number | string)[])[] }
  /** Make the verdict again, of the numbers that are there now. */
  | { readonly kind: "verdict_again"; readonly outputDirectory: string }
  /** Make the analysis that is missing, of these layers if they are named. */
  | {
    readonly kind: "analyze";
    readonly outputDirectory: string;
    readonly layers?: readonly (number | string)[];
  };
