/** A process that gives up the permission to load libraries, and ends with the exit code that it is told. */
import { prepareToEnd } from "../../lib/cli/end_process.ts";

const end = prepareToEnd();
Deno.permissions.revokeSync({ name: "ffi" });
addEventListener("unload", () => console.log("unloaded"));
console.log(end === Deno.exit ? "Deno.exit" : "_exit");
end(Number(Deno.args[0]));
