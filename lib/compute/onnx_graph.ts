/**
 * Builds an ONNX model in memory: a few kilobytes of nodes, whose weights stay
 * where they are, in the user's own files, as ONNX external data.
 *
 * @module
 */
import type protobuf from "protobufjs/light.js";
import {
  ELEMENT_TYPE_CODES,
  type ElementType,
  IR_VERSION,
  ONNX_SCHEMA,
  OPERATOR_SETS,
} from "./onnx_schema.ts";

let modelType: protobuf.Type | undefined;

/** Loads the encoder, which whoever computes nothing need not wait for. */
async function loadModelType(): Promise<protobuf.Type> {
  const { default: { Root } } = await import("protobufjs/light.js");
  return Root.fromJSON(ONNX_SCHEMA).lookupType("ModelProto");
}

/** A dimension: a fixed size, or the name of one that each run chooses. */
export type Dimension = number | string;

/** Where the bytes of a weight lie. */
export interface ExternalData {
  /** The file as ONNX Runtime is to look for it: a path, or a name that the session maps to bytes. */
  location: string;
  /** Bytes from the start of that file. */
  offset: number;
  /** Bytes. */
  length: number;
}

/** An attribute of a node. Numbers are written as integers unless wrapped by {@linkcode float}. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** Marks a number as a floating-point attribute. */
export function float(value: number): Attribute {
  return { float: value };
}

/** What goes with a node besides its operator and its inputs. */
export interface NodeOptions {
  /** Attributes by name. */
  attributes?: Record<string, Attribute>;
  /** The operator set it belongs to. Default: the standard one. */
  domain?: "" | "com.microsoft";
  /** The name of the output. Default: the operator's with a number. */
  output?: string;
  /** The names of further outputs. Default: none. */
  others?: readonly string[];
}

/**
 * A graph under construction. Values are handed around by name, as in ONNX.
 *
 * @example
 * ```ts
 * import { OnnxGraph } from "./onnx_graph.ts";
 *
 * const graph = new OnnxGraph("double");
 * const x = graph.input("x", "float32", ["n"]);
 * graph.output(graph.node("Add", [x, x], { output: "y" }), "float32", ["n"]);
 * const model: Uint8Array = await graph.encode();
 * ```
 */
export class OnnxGraph {
  #name: string;
  #nodes: unknown[] = [];
  #initializers: unknown[] = [];
  #inputs: unknown[] = [];
  #outputs: unknown[] = [];

  /**
   * Begins an empty graph.
   *
   * @param name What it is called in ONNX Runtime's messages.
   */
  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input and returns its name. */
  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Declares a value to be an output of the graph. */
  output(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** Adds a node and returns the name of its output. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const { attributes = {}, domain = "", others = [] } = options;
    const name = options.output ?? `${operator}_${this.#nodes.length}`;
    this.#nodes.push({
      opType: operator,
      name,
      domain,
      input: inputs,
      output: [name, ...others],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    });
    return name;
  }

  /** Adds a small constant, stored in the model itself, and returns its name. */
  constant(
    name: string,
    data: Float32Array | Int32Array | BigInt64Array,
    shape: readonly number[],
  ): string {
    this.#initializers.push({
      name,
      dims: shape,
      dataType: ELEMENT_TYPE_CODES[typeOf(data)],
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  }

  /** Adds a weight whose bytes stay in a file, and returns its name. */
  weight(
    name: string,
    type: ElementType,
    shape: readonly number[],
    { location, offset, length }: ExternalData,
  ): string {
    this.#initializers.push({
      name,
      dims: shape,
      dataType: ELEMENT_TYPE_CODES[type],
      dataLocation: 1, // EXTERNAL
      externalData: [
        { key: "location", value: location },
        { key: "offset", value: String(offset) },
        { key: "length", value: String(length) },
      ],
    });
    return name;
  }

  /** The model as the bytes of an `.onnx` file. */
  async encode(): Promise<Uint8Array> {
    modelType ??= await loadModelType();
    return modelType.encode({
      irVersion: IR_VERSION,
      producerName: "coact",
      opsetImport: OPERATOR_SETS,
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    }).finish();
  }
}

function typeOf(data: Float32Array | Int32Array | BigInt64Array): ElementType {
  if (data instanceof Float32Array) return "float32";
  return data instanceof Int32Array ? "int32" : "int64";
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): unknown {
  const dim = shape.map((size) =>
    typeof size === "number" ? { dimValue: size } : { dimParam: size }
  );
  return { name, type: { tensorType: { elemType: ELEMENT_TYPE_CODES[type], shape: { dim } } } };
}

/** Source of the type codes: onnx.proto, AttributeProto.AttributeType. */
export function attribute(name: string, value: Attribute): unknown {
  if (typeof value === "number") return { name, i: value, type: 2 };
  if (typeof value === "string") return { name, s: new TextEncoder().encode(value), type: 3 };
  if ("float" in value) return { name, f: value.float, type: 1 };
  return { name, ints: value, type: 7 };
}
