/**
 * The states that several analyses of the same model have in common: each prompt runs once, however
 * many groupings it is in.
 *
 * @module
 */
import type { Rows } from "../files/rows.ts";
import type { Site } from "../lm/site.ts";
import type { StateStore } from "../lm/state_store.ts";
import type { AnalysisPlan } from "./plan/plan.ts";
import type { QuestionTokens } from "../prompts/question_tokens.ts";

/** What an analysis needs of a store of states. */
export type States = Pick<StateStore, "at" | "forget">;

/** States of prompts, each computed once. Whoever makes it closes it, by `using`. */
export class SharedStates implements Disposable {
  /** The prompts of all analyses, each once, and the tokens of each that count. */
  readonly shared: QuestionTokens;
  #plans: readonly AnalysisPlan[];
  #rows: readonly Int32Array[];
  #states: StateStore | undefined;

  /**
   * Finds what plans have in common.
   *
   * @param plans Plans of one model, that differ in how questions are grouped.
   */
  constructor(plans: readonly AnalysisPlan[]) {
    const prompts: (readonly number[])[] = [];
    const tokens: (readonly number[])[] = [];
    const known = new Map<string, { first: number; count: number }>();
    let next = 0;
    this.#plans = plans;
    this.#rows = plans.map((plan) =>
      Int32Array.from(plan.prompts.flatMap((ids, i) => {
        const kept = plan.pooled?.tokens[i];
        const key = `${ids.join()} ${kept?.join() ?? ""}`;
        let at = known.get(key);
        if (at === undefined) {
          known.set(key, at = { first: next, count: kept?.length ?? 1 });
          next += at.count;
          prompts.push(ids);
          if (kept !== undefined) tokens.push(kept);
        }
        const { first, count } = at;
        return Array.from({ length: count }, (_, j) => first + j);
      }))
    );
    const pooling = plans[0]?.pooled?.pooling;
    this.shared = { prompts, ...(pooling !== undefined && { pooled: { pooling, tokens } }) };
  }

  /**
   * The states of a plan's prompts.
   *
   * @param compute Computes those of all prompts; it is called once.
   */
  async of(
    plan: AnalysisPlan,
    compute: (shared: QuestionTokens) => Promise<StateStore>,
  ): Promise<States> {
    const states = this.#states ??= await compute(this.shared);
    const rows = this.#rows[this.#plans.indexOf(plan)]!;
    return { at: (site: Site) => picked(states.at(site), rows), forget: () => {} };
  }

  /** Gives the states back. */
  [Symbol.dispose](): void {
    this.#states?.[Symbol.dispose]();
    this.#states = undefined;
  }
}

/** Some rows of others, in an order of their own. */
function picked(all: Rows, rows: Int32Array): Rows {
  const { width } = all;
  return {
    count: rows.length,
    width,
    read(first, count) {
      const values = new Float32Array(count * width);
      for (let i = 0; i < count; i++) values.set(all.read(rows[first + i]!, 1), i * width);
      return values;
    },
  };
}
