/**
 * Counts how often whoever reads how `analyze` works opens a file. The reader starts with the command
 * and follows each function of `lib/analysis/` to its end where it is called first; what other rooms do
 * is taken on trust, as are SAEs of other formats than AlignSAE's and the statistics of each feature.
 * To read the rest of a function after one that it called, its file is not opened again.
 *
 *     deno run --allow-read tools/reading_moves.ts [PROJECT]
 *
 * @module
 */
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** A function or method, and the file that it is in. */
export interface Place {
  /** The file. */
  readonly file: string;
  /** Its name; of a constructor, that of its class. */
  readonly name: string;
}

/** One file opened from another, to read a function. */
export interface Opening extends Place {
  /** The file in which the function is called. */
  readonly from: string;
}

/** The rooms in which each function is followed. */
const ROOMS = ["lib/analysis", "lib/analysis/plan"];
/** Files of SAEs of other formats. */
const OTHER_FORMATS = /^(found_|sae_(folders|notes|place))/;

/** A file: what its functions and methods call, and where what it imports is. */
interface Source {
  /** The text of each function and method, by its name. */
  readonly bodies: ReadonlyMap<string, string>;
  /** The names of methods. */
  readonly methods: ReadonlySet<string>;
  /** The file of each name that is imported. */
  readonly imports: ReadonlyMap<string, string>;
}

/** A function of a formatted file, from its name to its last brace. */
const FUNCTION = /^(?:export )?(?:async )?function\*? ?(\w+)(.*?)^\}/gms;
/** A class, likewise. */
const CLASS = /^(?:export )?class (\w+)[^\n]*\{\n(.*?)^\}/gms;
/** A method of a class. */
const METHOD =
  /^ {2}(?:(?:async|static|get|override) )*\*?(#?\w+)(?: = (?:async )?)?\((.*?)^ {2}\}/gms;
/** A call: of a method of an object, of a class, or of a function. */
const CALL = /(?<object>[\w\])]\s*\??\.\s*)?(?<name>#?\b\w+)(?:<[^<>()]*>)?\(/g;

/**
 * The openings of files on the way from a function, in the order of reading.
 *
 * @param texts The files that are read, by their paths; formatted by `deno fmt`.
 */
export function readingMoves(texts: ReadonlyMap<string, string>, start: Place): Opening[] {
  const sources = new Map(texts.entries().map(([file, text]) => [file, sourceOf(file, text)]));
  const openings: Opening[] = [];
  const known = new Set<string>();
  const read = ({ file, name }: Place, from: string) => {
    const body = sources.get(file)?.bodies.get(name);
    if (body === undefined || known.has(`${file} ${name}`)) return;
    known.add(`${file} ${name}`);
    if (from !== "" && file !== from) openings.push({ from, file, name });
    for (const { groups } of body.matchAll(CALL)) {
      const place = placeOf(sources, file, groups!.name!, groups!.object);
      if (place !== undefined) read(place, file);
    }
  };
  read(start, "");
  return openings;
}

/** What a call in a file calls; undefined of what is not read. */
function placeOf(
  sources: ReadonlyMap<string, Source>,
  file: string,
  name: string,
  object: string | undefined,
): Place | undefined {
  const own = sources.get(file)!;
  if (object === undefined) {
    if (own.bodies.has(name) && !own.methods.has(name)) return { file, name };
    const other = own.imports.get(name);
    return other === undefined ? undefined : { file: other, name };
  }
  if (own.methods.has(name)) return { file, name };
  const others = [...sources].filter(([, { methods }]) => methods.has(name));
  return others.length === 1 ? { file: others[0]![0], name } : undefined; // by its name alone
}

function sourceOf(file: string, text: string): Source {
  const code = text.replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/^\s*\/\/.*$/gm, "");
  const bodies = new Map<string, string>();
  const methods = new Set<string>();
  for (const [, name, body] of code.matchAll(FUNCTION)) bodies.set(name!, body!);
  for (const [, name, content] of code.matchAll(CLASS)) {
    bodies.set(name!, "");
    for (const [, method, body] of content!.matchAll(METHOD)) {
      bodies.set(method === "constructor" ? name! : method!, body!);
      if (method !== "constructor") methods.add(method!);
    }
  }
  const imports = new Map<string, string>();
  const listed = [
    ...code.matchAll(/import \{([^}]*)\} from "([^"]+)"/g),
    ...code.matchAll(/\{([^}]*)\} = await import\("([^"]+)"\)/g),
  ];
  for (const [, names, path] of listed) {
    for (const name of names!.split(",")) {
      imports.set(name.trim(), normalize(join(dirname(file), path!)));
    }
  }
  return { bodies, methods, imports };
}

/**
 * The openings on the way of `analyze`.
 *
 * @param project The root of the project. Default: this one's.
 */
export function movesOfAnalyze(
  project: string = fileURLToPath(new URL("..", import.meta.url)),
): Opening[] {
  const texts = new Map<string, string>();
  const take = (file: string) => texts.set(file, Deno.readTextFileSync(join(project, file)));
  take("scripts/analyze.ts");
  for (const room of ROOMS) {
    for (const { name, isFile } of Deno.readDirSync(join(project, room))) {
      if (isFile && !OTHER_FORMATS.test(name)) take(`${room}/${name}`);
    }
  }
  return readingMoves(texts, { file: "scripts/analyze.ts", name: "run" });
}

if (import.meta.main) {
  const moves = movesOfAnalyze(Deno.args[0]);
  for (const { from, file, name } of moves) console.log(`${from} -> ${file} ${name}()`);
  const files = new Set(moves.map(({ file }) => file)).size;
  console.log(`${moves.length} openings of ${files} files`);
}
