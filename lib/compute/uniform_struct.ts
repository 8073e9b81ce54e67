/**
 * The parameters of a kernel: their layout stands in one place, and what the shader declares and
 * what the host sends are both made from it.
 *
 * @module
 */

/** The types of parameters: 4 bytes each, so that they follow each other without gaps. */
export type ScalarType = "u32" | "f32";

/** A WGSL struct in a uniform buffer. */
export class UniformStruct<Name extends string> {
  /** What it is called in WGSL. */
  readonly name: string;
  #fields: readonly (readonly [Name, ScalarType])[];

  /**
   * Describes a struct.
   *
   * @param fields Its members by name, in order.
   */
  constructor(name: string, fields: Readonly<Record<Name, ScalarType>>) {
    this.name = name;
    this.#fields = Object.entries(fields) as [Name, ScalarType][];
  }

  /** Its declaration in WGSL. */
  get declaration(): string {
    const members = this.#fields.map(([name, type]) => `  ${name}: ${type},`);
    return [`struct ${this.name} {`, ...members, "}"].join("\n");
  }

  /** Its bytes for a uniform buffer. */
  pack(values: Readonly<Record<Name, number>>): ArrayBuffer {
    const view = new DataView(new ArrayBuffer(4 * this.#fields.length));
    this.#fields.forEach(([name, type], i) => {
      if (type === "u32") view.setUint32(4 * i, values[name], true);
      else view.setFloat32(4 * i, values[name], true);
    });
    return view.buffer;
  }
}
