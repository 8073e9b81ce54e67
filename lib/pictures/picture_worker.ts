/**
 * The threads that draw. They write nothing: whoever asked has the files, and removes what is unfinished
 * if the process is interrupted.
 *
 * @module
 */
import { answerRequests } from "../compute/answer_requests.ts";
import { LAYER_PICTURES } from "./all_pictures.ts";
import { SITE_PICTURES } from "./all_site_pictures.ts";
import type { FigureFile, PictureOptions } from "./figure_files.ts";
import { type AskedPicture, drawLayerPicture } from "./layer_pictures.ts";
import type { MeasuredLayer } from "./run_picture.ts";
import { drawSitePictures } from "./draw_site_pictures.ts";
import { type ComparedLayers, drawSummaryPicture } from "./summary_picture.ts";
import { warmUp } from "./warm_up.ts";

/** A picture of a layer that is to be drawn. */
export interface LayerPictureRequest {
  /** Where it is to be written. */
  readonly directory: string;
  /** Its recipe, by the name of its file: the recipe itself is code. */
  readonly file: string;
  /** What it shows. */
  readonly asked: AskedPicture;
}

/** Pictures of a layer's statistics that are to be drawn. */
export interface SitePicturesRequest {
  /** Where they are to be written. */
  readonly directory: string;
  /** What they show. */
  readonly layer: MeasuredLayer;
  /** Which, by the names of their files, and how. */
  readonly pictures: readonly { readonly file: string; readonly options: PictureOptions }[];
}

/** The picture of all layers that is to be drawn. */
export interface SummaryPictureRequest {
  /** Where it is to be written. */
  readonly directory: string;
  /** What it shows. */
  readonly compared: ComparedLayers;
  /** How. */
  readonly options: PictureOptions;
}

/** A thread is about to be ended, and answers when nothing is being drawn, with no files. */
export interface RestRequest {
  /** Tells it from others. */
  readonly rest: true;
}

/** What threads are asked for. */
export type PictureRequest =
  | LayerPictureRequest
  | SitePicturesRequest
  | SummaryPictureRequest
  | RestRequest;

/** What threads are told before they are asked for anything: that there is time until then. */
export interface PictureSetup {
  /** Whether they draw something first that nobody looks at. */
  readonly warmsUp: boolean;
}

let isWarm: Promise<void> | undefined;

answerRequests<PictureSetup, PictureRequest, readonly FigureFile[]>({
  setUp({ warmsUp }) {
    if (warmsUp) isWarm = warmUp().catch(() => {}); // what is wrong will be said of a picture
  },
  async answer(request) {
    if ("rest" in request) {
      await isWarm;
      return { answer: [] };
    }
    const { directory } = request;
    if ("asked" in request) {
      const recipe = LAYER_PICTURES.find(({ file }) => file === request.file)!;
      return { answer: await drawLayerPicture(directory, recipe, request.asked) };
    }
    if ("compared" in request) {
      return { answer: await drawSummaryPicture(directory, request.compared, request.options) };
    }
    const pictures = request.pictures.map(({ file, options }) => ({
      picture: SITE_PICTURES.find((each) => each.file === file)!,
      options,
    }));
    return { answer: await drawSitePictures(directory, request.layer, pictures) };
  },
});
