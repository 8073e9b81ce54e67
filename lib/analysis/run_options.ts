/**
 * What is asked of an analysis, and what it comes to.
 *
 * @module
 */
import type { Observer } from "../base/observer.ts";
import type { DeviceRequest } from "../compute/device.ts";
import type { PictureOptions } from "../pictures/figure_files.ts";
import type { WeightsLook } from "../lm/weights_look.ts";
import type { ReadingThreads } from "../reading/reading_threads.ts";
import type { LayerName } from "../results/layer_name.ts";
import type { AnalysisSummary } from "../results/summary_record.ts";
import type { AnalysisTimes } from "../results/times_file.ts";
import type { AnalysisOptions } from "./plan/plan.ts";
import type { EncodingThreads } from "../sae/encode/encoding_threads.ts";
import type { SharedStates } from "./shared_states.ts";

/** How the layers of a plan are analysed. */
export interface AnalysisRun {
  /** Who is told what is being done. Default: nobody. */
  readonly observer?: Observer | undefined;
  /** Where a file for hidden states may be made if they are many. Default: they stay in memory. */
  readonly scratchDirectory?: string | undefined;
  /** How many bytes of hidden states stay in memory. Default: 128 MiB; more lie in a file. */
  readonly maxStateBytes?: number | undefined;
  /** How many bytes the language model may take. Default: three quarters of what is free. */
  readonly maxMemory?: number | undefined;
  /** Layers of the plan that are left out. Default: none. */
  readonly except?: ReadonlySet<LayerName> | undefined;
  /** Layers of the plan whose results are read where they lie already. Default: none. */
  readonly reuse?: ReusableResults | undefined;
  /** States that are computed for several plans at once. Default: this one's alone. */
  readonly shared?: SharedStates | undefined;
  /** Whether each feature is measured for itself. Default: no. */
  readonly statistics?: boolean | undefined;
  /**
   * Who reads and checks while this thread computes; they stay the caller's. It changes no byte. Default:
   * threads of its own.
   */
  readonly reading?: ReadingThreads | undefined;
  /** Threads that share the encoding, if it is worth them; they stay the caller's. Default: threads of its own. */
  readonly encoding?: EncodingThreads | undefined;
  /** A look at the model's weights that was begun ahead; it stays the caller's. Default: none. */
  readonly look?: WeightsLook | undefined;
}

/** Results that lie on disk already. */
export interface ReusableResults {
  /** Where they lie. */
  readonly directory: string;
  /** The layers that they are of. */
  readonly layers: ReadonlySet<LayerName>;
}

/** What is to be analysed, where to compute, and where the results go. */
export interface AnalysisFileOptions
  extends
    AnalysisOptions,
    Pick<AnalysisRun, "maxStateBytes" | "maxMemory" | "statistics" | "reading"> {
  /** Where to compute. */
  readonly device: DeviceRequest;
  /** The directory for the results; it is made if it does not exist. */
  readonly outputDirectory: string;
  /** How the pictures are drawn. Default: each as it is drawn by default. */
  readonly pictures?: PictureOptions;
  /** Whether layers are analysed again whose results are there already. Default: no. */
  readonly force?: boolean;
  /** Whether to wait for another run that writes to the directory. Default: no. */
  readonly wait?: boolean;
  /** Whether the listed rows of the table of all features are written as CSV, too. Default: no. */
  readonly csv?: boolean;
  /**
   * How many threads draw pictures while this one computes; it changes no byte of them. Default: one
   * fewer than there are cores, four at most, or half of the cores if that is more, eight at most; none
   * where there is little to draw, or on two cores.
   */
  readonly drawingThreads?: number | undefined;
}

/** What an analysis came to. */
export interface AnalysisOutcome {
  /** What stands in `analysis_summary.json`. */
  readonly summary: AnalysisSummary;
  /** What stands in `analysis_times.json`: it names the layers of this run alone. */
  readonly times: AnalysisTimes;
}
