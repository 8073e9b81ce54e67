/**
 * ONNX files as protobuf has them: the messages, as far as coact writes them.
 *
 * @module
 */
import type protobuf from "protobufjs/light.js";

/** The element types that coact's graphs use, by the names of ONNX's `TensorProto.DataType`. */
export type ElementType = "float64" | "float32" | "float16" | "bfloat16" | "int32" | "int64";

/**
 * The numbers behind the names.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (TensorProto.DataType).
 */
export const ELEMENT_TYPE_CODES: Record<ElementType, number> = {
  float64: 11,
  float32: 1,
  int32: 6,
  int64: 7,
  float16: 10,
  bfloat16: 16,
};

/** The operator sets the graphs are written in: the standard's and ONNX Runtime's own. */
export const OPERATOR_SETS: readonly { domain: string; version: number }[] = [
  { domain: "", version: 20 },
  { domain: "com.microsoft", version: 1 },
];

/** The version of the format. */
export const IR_VERSION = 9;

/** The subset of onnx.proto that the graphs need; field numbers are those of the source above. */
export const ONNX_SCHEMA: protobuf.INamespace = {
  nested: {
    ModelProto: message({
      irVersion: [1, "int64"],
      producerName: [2, "string"],
      graph: [7, "GraphProto"],
      opsetImport: [8, "OperatorSetIdProto", "repeated"],
    }),
    OperatorSetIdProto: message({ domain: [1, "string"], version: [2, "int64"] }),
    GraphProto: message({
      node: [1, "NodeProto", "repeated"],
      name: [2, "string"],
      initializer: [5, "TensorProto", "repeated"],
      input: [11, "ValueInfoProto", "repeated"],
      output: [12, "ValueInfoProto", "repeated"],
    }),
    NodeProto: message({
      input: [1, "string", "repeated"],
      output: [2, "string", "repeated"],
      name: [3, "string"],
      opType: [4, "string"],
      attribute: [5, "AttributeProto", "repeated"],
      domain: [7, "string"],
    }),
    AttributeProto: message({
      name: [1, "string"],
      f: [2, "float"],
      i: [3, "int64"],
      s: [4, "bytes"],
      ints: [8, "int64", "repeated"],
      type: [20, "int32"],
    }),
    TensorProto: message({
      dims: [1, "int64", "repeated"],
      dataType: [2, "int32"],
      name: [8, "string"],
      rawData: [9, "bytes"],
      externalData: [13, "StringStringEntryProto", "repeated"],
      dataLocation: [14, "int32"],
    }),
    StringStringEntryProto: message({ key: [1, "string"], value: [2, "string"] }),
    ValueInfoProto: message({ name: [1, "string"], type: [2, "TypeProto"] }),
    TypeProto: message({ tensorType: [1, "TensorTypeProto"] }),
    TensorTypeProto: message({ elemType: [1, "int32"], shape: [2, "TensorShapeProto"] }),
    TensorShapeProto: message({ dim: [1, "DimensionProto", "repeated"] }),
    DimensionProto: message({ dimValue: [1, "int64"], dimParam: [2, "string"] }),
  },
};

function message(fields: Record<string, [number, string, "repeated"?]>): protobuf.IType {
  const described = Object.entries(fields).map(([name, [id, type, rule]]) => {
    // proto2, as onnx.proto is: numbers in a repeated field are not packed.
    return [name, { id, type, ...(rule ? { rule, options: { packed: false } } : {}) }];
  });
  return { fields: Object.fromEntries(described) };
}
