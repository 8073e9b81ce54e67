/**
 * The thread that makes the rows of `selectivity.parquet`.
 *
 * @module
 */
import { timed } from "../base/work_log.ts";
import { answerRequests } from "../compute/answer_requests.ts";
import type { TableSite } from "./selectivity_columns.ts";
import { SelectivityRows, type SiteRows } from "./selectivity_rows.ts";

/** The rows of a site, or the end of the file. */
export type RowsRequest =
  | { readonly site: TableSite; readonly csv: boolean }
  | { readonly end: true };

/** What comes of it. */
export type RowsAnswer = SiteRows | Uint8Array<ArrayBuffer>;

const rows = new SelectivityRows();

answerRequests<void, RowsRequest, RowsAnswer>({
  async answer(request) {
    if ("end" in request) return { answer: await rows.end() };
    const answer = await timed("write", () => rows.add(request.site, request.csv));
    return { answer, transfer: answer.parquet.map(({ buffer }) => buffer) };
  },
});
