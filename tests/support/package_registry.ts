/**
 * A registry of packages, as `deno publish` and `deno run jsr:…` speak to one, for one package of one
 * version: what is published to it can be run from it. Prints its address, then the paths of what was
 * published as a list of JSON, and serves until it is ended. Source: https://jsr.io/docs/api
 */
import type { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

/** The files of the package, by their paths from its root: `/mod.ts`. */
const files = new Map<string, Uint8Array<ArrayBuffer>>();
let version = "";

/** Only what Deno goes by: it takes a module's kind from here, not from its name. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ts: "text/typescript",
  json: "application/json",
};

function respond({ method, url }: Request, body: Uint8Array<ArrayBuffer>): Response {
  const { pathname } = new URL(url);
  const [, published] = /^\/api\/scopes\/[^/]+\/packages\/[^/]+\/versions\/(.+)$/.exec(pathname) ??
    [];
  if (method === "POST" && published !== undefined) {
    version = published;
    for (const [path, bytes] of filesInArchive(gunzipSync(body))) files.set(`/${path}`, bytes);
    console.log(JSON.stringify([...files.keys()]));
    return Response.json({ id: "1", status: "success", error: null });
  }
  if (published !== undefined) return notFound();
  if (pathname.startsWith("/api/")) return Response.json({});
  const [, path = ""] = /^\/@[^/]+\/[^/]+(\/.+)$/.exec(pathname) ?? [];
  if (path === "/meta.json") return Response.json({ latest: version, versions: { [version]: {} } });
  if (path === `/${version}_meta.json`) return Response.json(describe());
  const name = path.slice(`/${version}`.length);
  const bytes = files.get(name);
  if (bytes === undefined) return notFound();
  const type = MEDIA_TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "text/plain";
  return new Response(bytes, { headers: { "content-type": type } });
}

function notFound(): Response {
  return Response.json({ code: "packageVersionNotFound", message: "not found" }, { status: 404 });
}

/** What a registry tells of a version: its files with their hashes, and its exports. */
function describe() {
  const manifest = Object.fromEntries(
    [...files].map(([path, bytes]) => {
      const checksum = `sha256-${createHash("sha256").update(bytes).digest("hex")}`;
      return [path, { size: bytes.length, checksum }];
    }),
  );
  const { exports } = JSON.parse(new TextDecoder().decode(files.get("/deno.json")));
  return { manifest, exports };
}

/** The files in a tar archive: headers of 512 bytes, each with a name and an octal length. */
function* filesInArchive(archive: Buffer): Generator<[path: string, Uint8Array<ArrayBuffer>]> {
  const text = (start: number, length: number) =>
    archive.toString("latin1", start, start + length).replace(/\0.*$/s, "");
  for (let start = 0; start < archive.length;) {
    const length = parseInt(text(start + 124, 12), 8);
    const prefix = text(start + 345, 155);
    const name = text(start, 100);
    if (name === "") return;
    const from = start + 512;
    yield [
      prefix === "" ? name : `${prefix}/${name}`,
      new Uint8Array(archive.subarray(from, from + length)),
    ];
    start = from + 512 * Math.ceil(length / 512);
  }
}

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(`http://127.0.0.1:${port}/`),
}, async (request) => respond(request, new Uint8Array(await request.arrayBuffer())));
