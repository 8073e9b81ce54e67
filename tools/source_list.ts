/**
 * Lists in source files of what the files of a folder export: `LAYER_PICTURES` of the pictures in
 * `lib/pictures/`.
 *
 * @module
 */
import { dirname, join, relative } from "node:path/posix";
import { InputError } from "../lib/base/errors.ts";
import { type Entry, withNew } from "./kept_order.ts";

/** A list, and what belongs to it. Paths are within the project, with `/`. */
export interface SourceList {
  /** The file that it stands in. */
  readonly file: string;
  /** The constant that holds it: an array, or an object whose values are the entries. */
  readonly name: string;
  /** The folder whose files export the entries. */
  readonly folder: string;
  /** The types that an entry is declared with. */
  readonly types: readonly string[];
}

/** What a file exports for a list. */
export interface ExportedEntry extends Entry {
  /** The file. */
  readonly path: string;
}

const IMPORT = /^import \{([^}]*)\} from "(\.[^"]*)";\n/gm;

/**
 * What a source exports for a list. Every export names its type, since `isolatedDeclarations` wants
 * it; what it is made by, as `pictureCommand`, is its kind.
 *
 * @param path The path of the source.
 */
export function exportsOf({ types }: SourceList, path: string, source: string): ExportedEntry[] {
  const declared = new RegExp(
    `^export const (\\w+): (${types.join("|")})\\b(?!\\[)[^=]*=\\s*(?:(\\w+)\\()?`,
    "gm",
  );
  return [...source.matchAll(declared)]
    .map(([, name, type, maker]) => ({ name: name!, kind: maker ?? type!, path }));
}

/** A list as it stands in its file. */
interface Written {
  /** What is before its first entry. */
  readonly before: string;
  /** Its entries as they are written: `means: activationMatrix`. */
  readonly items: readonly string[];
  /** What is after its last entry. */
  readonly after: string;
}

/**
 * A source with its list and its imports as the entries are: what is new is added, what is gone taken
 * out, and the order of the rest stays.
 *
 * @returns The same text if nothing is missing or too much; otherwise one that is to be formatted.
 * @throws {InputError} If the source has no such list, or two files export the same name.
 */
export function withEntries(
  list: SourceList,
  source: string,
  entries: readonly ExportedEntry[],
): string {
  const paths = new Map(entries.map(({ name, path }) => [name, path]));
  if (paths.size < entries.length) {
    const [one, other] = entries.filter(({ name, path }) => paths.get(name) !== path);
    throw new InputError(
      `${list.file}: two files export ${(one ?? other)!.name} for ${list.name}; give one of them ` +
        "another name",
    );
  }
  const { before, items, after } = written(list, source);
  const listed = items.map(nameOf);
  const kept = listed.filter((name) => paths.has(name));
  const names = withNew(kept, entries);
  const imported = importsOf(list, source);
  const moved = kept.filter((name) => imported.get(name) !== paths.get(name));
  const added = names.filter((name) => !listed.includes(name));
  const gone = listed.filter((name) => !paths.has(name));
  if (moved.length + added.length + gone.length === 0) return source;
  const lines = names.map((name) => `  ${items.find((item) => nameOf(item) === name) ?? name},\n`);
  const text = `${before}\n${lines.join("")}${after}`;
  return withImports(text, list, {
    gone: new Set([...gone, ...moved]),
    added: [...added, ...moved].map((name) => [name, paths.get(name)!]),
  });
}

function written({ file, name }: SourceList, source: string): Written {
  const [whole, head, body, end] = new RegExp(
    `^((?:export )?const ${name}\\b[^=]*=\\s*[[{])([^\\]}]*)([\\]}];)`,
    "m",
  ).exec(source) ?? [];
  if (whole === undefined) throw new InputError(`${file} has no list ${name}`);
  const start = source.indexOf(whole);
  return {
    before: source.slice(0, start) + head,
    items: body!.split(",").map((item) => item.trim()).filter((item) => item !== ""),
    after: end! + source.slice(start + whole.length),
  };
}

/** `activationMatrix` of `means: activationMatrix`. */
function nameOf(item: string): string {
  return item.slice(item.lastIndexOf(":") + 1).trim();
}

/** What is imported by name, and the path of what it is imported from. */
function importsOf({ file }: SourceList, source: string): Map<string, string> {
  return new Map(
    [...source.matchAll(IMPORT)].flatMap(([, names, specifier]) =>
      namesOf(names!).map((name) => [name, join(dirname(file), specifier!)] as const)
    ),
  );
}

/** Takes names out of the imports, and adds others: those of a folder together, by name. */
function withImports(
  source: string,
  { file, folder }: SourceList,
  { gone, added }: { gone: ReadonlySet<string>; added: readonly (readonly [string, string])[] },
): string {
  const pathOf = (specifier: string) => join(dirname(file), specifier);
  let text = source.replaceAll(IMPORT, (line, names: string, specifier: string) => {
    if (dirname(pathOf(specifier)) !== folder) return line;
    const all = namesOf(names);
    const kept = all.filter((name) => !gone.has(name));
    return kept.length === all.length ? line : importLine(kept, specifier);
  });
  for (const [name, path] of added) {
    const specifier = `./${relative(dirname(file), path)}`;
    const imports = [...text.matchAll(IMPORT)];
    const same = imports.find(([, , other]) => pathOf(other!) === path);
    const others = imports.filter(([, , other]) => dirname(pathOf(other!)) === folder);
    const next = others.find(([, , other]) => other! > specifier);
    const last = others.at(-1) ?? imports.at(-1);
    if (last === undefined) throw new InputError(`${file} has no imports to add ${name} to`);
    const start = same?.index ?? next?.index ?? last.index + last[0].length;
    const line = importLine([...namesOf(same?.[1] ?? ""), name], specifier);
    text = text.slice(0, start) + line + text.slice(start + (same?.[0].length ?? 0));
  }
  return text;
}

function namesOf(names: string): string[] {
  return names.split(",").map((name) => name.trim()).filter((name) => name !== "");
}

function importLine(names: readonly string[], specifier: string): string {
  return names.length === 0 ? "" : `import { ${names.join(", ")} } from "${specifier}";\n`;
}
