/** Files that are made to hang their reader or to exhaust its memory, with who reads them. */
import { PICKLES } from "./pickles.ts";
import { NPYS, SAES, SAFETENSORS, ZIPS } from "./tensors.ts";
import { CONFIGS, QUESTIONS, RECORDS, TOKENIZERS } from "./texts.ts";
import type { HostileFile } from "./writing.ts";

/** All of them, which the soak reads. */
export const CASES: readonly HostileFile[] = [
  ...QUESTIONS.map((each) => ({ ...each, reader: "questions" })),
  ...CONFIGS.map((each) => ({ ...each, reader: "config" })),
  ...TOKENIZERS.map((each) => ({ ...each, reader: "tokenizer", file: "tokenizer.json" })),
  ...SAFETENSORS.map((each) => ({ ...each, reader: "safetensors" })),
  ...PICKLES.map((each) => ({ ...each, reader: "torch" })),
  ...ZIPS.map((each) => ({ ...each, reader: "torch" })),
  ...SAES.map((each) => ({ ...each, reader: "sae" })),
  ...NPYS.map((each) => ({ ...each, reader: "npy" })),
  ...RECORDS.map((each) => ({ ...each, reader: "record", file: "layer06_analysis.json" })),
];

/** Those that the tests read. */
export const QUICK: readonly HostileFile[] = CASES.filter(({ isSlow }) => !isSlow);
