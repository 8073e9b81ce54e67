/**
 * Threads that draw pictures while the one that asks computes.
 *
 * @module
 */
import { WorkerPool } from "../compute/worker_pool.ts";
import type { FigureFile, PictureOptions } from "./figure_files.ts";
import { type AskedPicture, type Drawing, DRAWN_HERE } from "./layer_pictures.ts";
import { copiedLayer } from "./copied_layer.ts";
import type { PictureRequest } from "./picture_worker.ts";
import type { Recipe } from "./recipe.ts";
import type { MeasuredLayer } from "./run_picture.ts";
import { type AskedSitePicture, drawSitePictures } from "./draw_site_pictures.ts";

/** With fewer cores, native code has all of them while it computes, and pictures took longer so. */
const FEWEST_CORES = 3;
/** More than this many threads are idle while the next layer is computed. */
const MOST_THREADS = 4;
/** With fewer dots an inch a picture is drawn before a thread has started. */
const LOWEST_DPI = 100;
/** Up to so many dots an inch, all threads draw at a time. */
const USUAL_DPI = 200;

/** What is to be drawn. */
export interface DrawingWork {
  /** How many layers. */
  readonly layerCount: number;
  /** How. */
  readonly pictures: PictureOptions;
  /** Whether PDFs of an earlier run may be drawn again. Default: no. */
  readonly redrawsPdf?: boolean;
}

/**
 * How many threads draw: none on two cores, also where features are measured, for it took 200 MiB more
 * then and no less time. One core is left to what is computed meanwhile. A thread costs a tenth of a
 * second and 20 MiB, which pictures of one layer, or tiny ones, do not give back. Two pictures of a
 * thread are in memory at a time, so that fewer threads draw where pictures are larger: together no
 * more pixels than eight pictures of 200 dots an inch, or two if these are more. PDFs are drawn by the
 * thread that asks, and all else with them: Skia numbers fonts as threads come to them, and a PDF holds
 * these numbers.
 */
export function drawingThreadCount(
  { layerCount, pictures: { dpi = USUAL_DPI, formats }, redrawsPdf = false }: DrawingWork,
  cores: number = navigator.hardwareConcurrency,
): number {
  if (cores < FEWEST_CORES || layerCount < 2 || dpi < LOWEST_DPI) return 0;
  if (redrawsPdf || formats?.includes("pdf")) return 0;
  const inMemory = Math.max(1, Math.floor(MOST_THREADS * (USUAL_DPI / dpi) ** 2));
  return Math.min(cores - 1, MOST_THREADS, inMemory);
}

/**
 * Threads that draw; they start when the first picture is asked for. Whoever makes them closes them, by
 * `using`. Each file is the same, whatever draws it.
 */
export class DrawingThreads implements Drawing, Disposable {
  /** How many pictures of a layer are asked for at a time. */
  readonly atOnce: number;
  /** How many threads draw; with 0, the thread that asks draws. */
  readonly count: number;
  #pool: WorkerPool<PictureRequest, readonly FigureFile[]> | undefined;

  /**
   * Makes ready for what is to be drawn.
   *
   * @param work What that is, and how many threads draw it; with 0, the thread that asks draws.
   * Default: {@linkcode drawingThreadCount}.
   */
  constructor({ size, ...work }: DrawingWork & { size?: number | undefined }) {
    this.count = size ?? drawingThreadCount(work);
    this.atOnce = this.count === 0 ? DRAWN_HERE.atOnce : 2 * this.count;
    if (this.count > 0) {
      const module = import.meta.resolve("./picture_worker.ts");
      this.#pool = new WorkerPool(module, { size: this.count, permissions: "draw" });
    }
  }

  /**
   * Draws a picture.
   *
   * @throws {InputError} If it cannot be drawn in the resolution asked for.
   * @throws {Error} If a thread has died.
   */
  async draw(
    directory: string,
    recipe: Recipe,
    asked: AskedPicture,
  ): Promise<readonly FigureFile[]> {
    const isPdf = asked.options.formats?.includes("pdf") === true;
    const request = { directory, file: recipe.file, asked };
    const drawn = isPdf ? undefined : await this.#ask(request);
    return drawn ?? await DRAWN_HERE.draw(directory, recipe, asked);
  }

  /**
   * Draws pictures of a layer's statistics, which stay the caller's.
   *
   * @throws {InputError} If one cannot be drawn in the resolution asked for.
   * @throws {Error} If a thread has died.
   */
  async drawSite(
    directory: string,
    layer: MeasuredLayer,
    pictures: readonly AskedSitePicture[],
  ): Promise<readonly FigureFile[]> {
    const isPdf = pictures.some(({ options }) => options.formats?.includes("pdf"));
    if (this.#pool !== undefined && !isPdf) {
      const { copy, buffers } = copiedLayer(layer);
      const named = pictures.map(({ picture: { file }, options }) => ({ file, options }));
      const drawn = await this.#ask({ directory, layer: copy, pictures: named }, buffers);
      if (drawn !== undefined) return drawn;
    }
    return await drawSitePictures(directory, layer, pictures);
  }

  /** Asks a thread; undefined if there is none. */
  async #ask(
    request: PictureRequest,
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<readonly FigureFile[] | undefined> {
    try {
      return await this.#pool?.run(request, [...buffers]);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      this.#pool = undefined; // threads may not be started here, as of modules from the web
      return undefined;
    }
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.#pool?.[Symbol.dispose]();
  }
}
