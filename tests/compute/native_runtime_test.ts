/** onnxruntime-node from unpacked libraries, as in a binary; here by Deno itself. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { unpackWithNeighbours } from "../../lib/compute/native_runtime.ts";
import { denoCache } from "../../tools/stage_packages.ts";
import { inputError } from "../support/input_errors.ts";
import { TemporaryDirectory } from "../support/temporary.ts";

const JOB = fileURLToPath(new URL("../support/native_job.ts", import.meta.url));
const WORKER = fileURLToPath(new URL("../support/native_worker.ts", import.meta.url));
const { denoDir } = await denoCache();

/** A home and a directory for temporary files, both empty. */
class EmptyMachine extends TemporaryDirectory {
  readonly home: string = `${this.path}/home`;
  readonly temporary: string = `${this.path}/tmp`;

  constructor() {
    super();
    for (const path of [this.home, this.temporary]) Deno.mkdirSync(path);
  }

  /** Computes in a process of its own, which may do just this besides reading. */
  async compute({ job = JOB, into, write = this.temporary, env = "ORT_DISABLE_TELEMETRY" }: {
    job?: string;
    into?: string;
    write?: string;
    env?: string;
  } = {}) {
    const temporary = this.temporary;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--cached-only", "--no-prompt", "--allow-read", "--allow-ffi"],
        ...["--allow-run=cat", `--allow-write=${write}`, `--allow-env=${env}`],
        ...["--unstable-worker-options", "--allow-import", job],
        ...(into === undefined ? [] : [into]),
      ],
      // In continuous integration, ONNX Runtime would report nothing anyway.
      clearEnv: true,
      env: {
        ...{ DENO_DIR: denoDir, NO_COLOR: "1", PATH: Deno.env.get("PATH") ?? "" },
        ...{ HOME: this.home, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
        ORT_DISABLE_TELEMETRY: "0",
      },
    }).output();
    const decoder = new TextDecoder();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }
}

function namesIn(directory: string): string[] {
  return [...Deno.readDirSync(directory)].map(({ name }) => name).sort();
}

Deno.test("onnxruntime-node computes from a private directory that then is gone, twice at once", async () => {
  using machine = new EmptyMachine();
  for (const { code, out, err } of await Promise.all([machine.compute(), machine.compute()])) {
    assert.equal(code, 0, err);
    const { sum, mapped } = JSON.parse(out);
    assert.deepEqual(sum, [2, 4]);
    if (Deno.build.os === "linux") assert(mapped.length >= 2);
    for (const path of mapped) assert(path.startsWith(`${machine.temporary}/coact-native-`), path);
  }
  if (Deno.build.os !== "windows") assert.deepEqual(namesIn(machine.temporary), []);
});

Deno.test("onnxruntime-node is unpacked for a script that may write nowhere else", async () => {
  using machine = new EmptyMachine();
  const { code, out, err } = await machine.compute({ job: WORKER });
  assert.equal(code, 0, err);
  assert.deepEqual(JSON.parse(out).sum, [2, 4]);
  if (Deno.build.os !== "windows") assert.deepEqual(namesIn(machine.temporary), []);
});

Deno.test("no library is loaded from a directory where another one lies, or that is a link", async () => {
  using machine = new EmptyMachine();
  const into = `${machine.temporary}/made`;
  Deno.mkdirSync(into, { mode: 0o700 });
  machine.write("tmp/made/onnxruntime_binding.node", "another one");
  const damaged = await machine.compute({ into });
  assert.notEqual(damaged.code, 0);
  assert.match(damaged.err, /onnxruntime_binding\.node is not as it was written/);
  const link = `${machine.temporary}/link`;
  Deno.symlinkSync(into, link);
  const linked = await machine.compute({ into: link });
  assert.notEqual(linked.code, 0);
  assert.match(linked.err, /link is no directory of this user's/);
});

Deno.test("onnxruntime-node says why its libraries cannot be unpacked", async () => {
  using machine = new EmptyMachine();
  const { code, err } = await machine.compute({ write: machine.home });
  assert.notEqual(code, 0);
  assert.match(err, /no directory can be made among the temporary files: this run has no perm/);
});

Deno.test("unpackWithNeighbours() unpacks all that lies beside a library, and notices damage", () => {
  using temporary = new TemporaryDirectory();
  const directory = `${temporary.path}/private`;
  Deno.mkdirSync(directory, { mode: 0o700 });
  const path = temporary.write("from/a.node", "binding");
  temporary.write("from/b.so.1", "library");
  assert.equal(unpackWithNeighbours(path, directory), `${directory}/a.node`);
  assert.deepEqual(namesIn(directory), ["a.node", "b.so.1"]);
  temporary.write("private/b.so.1", "librarY");
  assert.throws(() => unpackWithNeighbours(path, directory), inputError(/b\.so\.1 is not as/));
});

Deno.test("onnxruntime-node leaves no report to its makers in the user's cache", async () => {
  using machine = new EmptyMachine();
  const { code, err } = await machine.compute();
  assert.equal(code, 0, err);
  assert.deepEqual(namesIn(machine.home), []);
});

Deno.test("onnxruntime-node is not loaded where it cannot be forbidden to report", async () => {
  using machine = new EmptyMachine();
  const { code, err } = await machine.compute({ env: "OTHER" });
  assert.notEqual(code, 0);
  assert.match(
    err,
    /it would report to its makers; Deno's permission .* variable ORT_DISABLE_TELEMETRY/,
  );
  assert.deepEqual(namesIn(machine.home), []);
});
