/**
 * A shader's entry point, prepared: compiled once, so that running it only binds buffers.
 *
 * @module
 */

/** How many lines of source are shown before and after one that does not compile. */
const CONTEXT = 3;

/** What a device needs to run an entry point. */
export interface Kernel {
  /** The entry point's name. */
  readonly label: string;
  /** The compiled shader. */
  readonly pipeline: GPUComputePipeline;
  /** What is bound to it, in group 0. */
  readonly layout: GPUBindGroupLayout;
}

/** A shader that a device's compiler refuses: a defect of coact's, or of the compiler. */
export class ShaderError extends Error {
  /** The name of the class. */
  override name = "ShaderError";
  /** The whole source. */
  readonly source: string;

  /** The message shows what the compiler says, and the lines of the source that it means. */
  constructor(message: string, source: string, options?: ErrorOptions) {
    super(message, options);
    this.source = source;
  }
}

/**
 * Compiles a shader.
 *
 * @throws {ShaderError} If it does not compile, or lacks the entry point.
 */
export async function prepareKernel(
  device: GPUDevice,
  entryPoint: string,
  code: string,
): Promise<Kernel> {
  const label = entryPoint;
  // Within a scope an error in the source is told here, and is no failure of the whole device.
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code });
  const invalid = device.popErrorScope();
  try {
    const compute = { module, entryPoint };
    const pipeline = await device.createComputePipelineAsync({ label, layout: "auto", compute });
    return { label, pipeline, layout: pipeline.getBindGroupLayout(0) };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const { messages } = await module.getCompilationInfo();
    const said = messages.map((message) => describe(message, code)).join("");
    throw new ShaderError(`The shader ${entryPoint} does not compile: ${what}${said}`, code, {
      cause: error,
    });
  } finally {
    await invalid.catch(() => {}); // a lost device has no scopes, and says that it is lost itself
  }
}

/** A message of the compiler, and the source that it is about. */
function describe({ type, message, lineNum }: GPUCompilationMessage, code: string): string {
  const lines = code.split("\n");
  const first = Math.max(1, lineNum - CONTEXT);
  const shown = lines.slice(first - 1, lineNum + CONTEXT).map((line, i) => {
    const mark = first + i === lineNum ? ">" : " ";
    return `\n${mark} ${String(first + i).padStart(4)} | ${line}`;
  });
  const where = lineNum === 0 ? "" : `line ${lineNum}: `;
  return `\n${type}: ${where}${message.trim()}${lineNum === 0 ? "" : shown.join("")}`;
}
