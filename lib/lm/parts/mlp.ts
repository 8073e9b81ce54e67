/**
 * MLPs: with one hidden layer, or with a gate.
 *
 * @module
 */
import type { Part } from "../decoder.ts";
import {
  activation,
  activationBound,
  type ActivationKind,
  preciseActivation,
} from "./activation.ts";

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

/** The parts of an MLP with a gate. */
export interface GatedMlpOptions {
  /** From the stream to the gate and to the hidden layer, side by side or each by a map of its own. */
  readonly gateAndUp: Part | { readonly gate: Part; readonly up: Part };
  /** The width of the hidden layer. */
  readonly inner: number;
  /** The gate's activation function. */
  readonly activation: ActivationKind;
  /** Back to the stream. */
  readonly down: Part;
}

/**
 * down(act(gate x) × up x).
 *
 * @param name What it is called in messages: `layers.3.mlp`.
 */
export function gatedMlp(name: string, options: GatedMlpOptions): Part {
  const { gateAndUp, inner, activation: kind, down } = options;
  const maps = "build" in gateAndUp ? [gateAndUp] : [gateAndUp.gate, gateAndUp.up];
  return {
    weights: new Map([...maps, down].flatMap(({ weights }) => [...weights])),
    build(nodes, rows) {
      const made = maps.map((map) => map.build(nodes, rows));
      const [gate, up] = made.length === 2
        ? made
        : [nodes.columns(made[0]!, 0, inner), nodes.columns(made[0]!, inner, 2 * inner)];
      const wide = nodes.node("Mul", [preciseActivation(nodes, kind, gate!), up!]);
      return down.build(nodes, wide);
    },
    bound(bounds, input) {
      const [gate, up = gate] = maps.map((map) => map.bound(bounds, input).each);
      bounds.reaches(`the activations in ${name}`, activationBound(kind, gate!));
      bounds.reaches(`the activations in ${name}`, gate! * up!);
      return down.bound(bounds, { each: gate! * up!, sum: inner * gate! * up! });
    },
  };
}
