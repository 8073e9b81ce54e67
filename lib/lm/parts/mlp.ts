/**
 * MLPs: with one hidden layer, or with a gate.
 *
 * @module
 */
import type { Part } from "../decoder.ts";
import { activation, activationBound, type ActivationKind } from "./activation.ts";

/** The parts of an MLP with one hidden layer. */
export interface MlpOptions {
  /** From the stream to the hidden layer. */
  readonly up: Part;
  /** Its activation function. */
  readonly activation: ActivationKind;
  /** Back to the stream. */
  readonly down: Part;
}

/**
 * down(act(up x)).
 *
 * @param name What it is called in messages: `h.3.mlp`.
 */
export function mlp(name: string, { up, activation: kind, down }: MlpOptions): Part {
  return {
    weights: new Map([...up.weights, ...down.weights]),
    build(nodes, rows) {
      return down.build(nodes, activation(nodes, kind, up.build(nodes, rows)));
    },
    bound(bounds, input) {
      const wide = up.bound(bounds, input);
      bounds.reaches(`the activations in ${name}`, activationBound(kind, wide.each));
      return down.bound(bounds, wide); // no activation makes a number greater
    },
  };
}
