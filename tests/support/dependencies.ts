/** What coact demands of the packages that it depends on, as one pure function. */

/** The part of `deno.json` that says what is depended on. */
export interface DependencyConfig {
  imports: Readonly<Record<string, string>>;
  lock?: unknown;
  allowScripts?: unknown;
  tasks?: Readonly<Record<string, { command: string }>>;
}

/** A package in `deno.lock`. */
export interface LockedPackage {
  integrity?: string;
  dependencies?: readonly string[];
  optionalDependencies?: readonly string[];
}

/** The part of `deno.lock` that is looked at. */
export interface DependencyLock {
  specifiers: Readonly<Record<string, string>>;
  npm: Readonly<Record<string, LockedPackage>>;
  workspace?: { dependencies?: readonly string[] };
  jsr?: unknown;
  remote?: unknown;
}

/** Everything that is held against each other. */
export interface DependencyFacts {
  /** `deno.json`. */
  config: DependencyConfig;
  /** `deno.lock`. */
  lock: DependencyLock;
  /** The text of each source file and test, by path. */
  sources: Readonly<Record<string, string>>;
  /** The text of `docs/dependencies.md`. */
  page: string;
}

/** A package at one version: `npm:zod@4.6.7`. */
const EXACT = /^npm:((?:@[\w.-]+\/)?[\w.-]+)@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/;
/** SHA-512 in base64, as npm's registry gives it. */
const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** What is wrong with the dependencies, a line for each mistake. */
export function findDependencyProblems(facts: DependencyFacts): string[] {
  return [
    ...findUnpinned(facts.config, facts.lock),
    ...findUnlocked(facts.config, facts.lock),
    ...findScripts(facts.config),
    ...findUnused(facts.config, facts.sources),
    ...findForeignImports(facts.sources),
    ...findUndocumented(facts.config, facts.page),
  ];
}

function findUnpinned({ imports, lock }: DependencyConfig, locked: DependencyLock): string[] {
  const problems: string[] = [];
  for (const [name, specifier] of Object.entries(imports)) {
    const [, found, version] = EXACT.exec(specifier) ?? [];
    if (found === undefined) problems.push(`${name} is not pinned to one version: ${specifier}`);
    else if (found !== name) problems.push(`${name} stands for another package: ${specifier}`);
    else if (locked.specifiers[specifier] !== version) {
      problems.push(`${name} is not locked: ${specifier}`);
    }
  }
  const isFrozen = typeof lock === "object" && lock !== null && "frozen" in lock && lock.frozen;
  return isFrozen ? problems : [...problems, "deno.lock is not frozen"];
}

function findUnlocked({ imports }: DependencyConfig, lock: DependencyLock): string[] {
  const problems: string[] = [];
  const specifiers = new Set(Object.values(imports));
  const listed = [...Object.keys(lock.specifiers), ...lock.workspace?.dependencies ?? []];
  for (const specifier of new Set(listed)) {
    if (!specifiers.has(specifier)) problems.push(`${specifier} is locked, but not in deno.json`);
  }
  for (const [id, { integrity = "" }] of Object.entries(lock.npm)) {
    if (!INTEGRITY.test(integrity)) problems.push(`${id} is locked without its hash`);
  }
  const needed = neededPackages([...specifiers], lock, problems);
  for (const id of Object.keys(lock.npm)) {
    if (!needed.has(id)) problems.push(`${id} is locked, but nothing needs it`);
  }
  if (lock.jsr !== undefined || lock.remote !== undefined) {
    problems.push("deno.lock holds code from elsewhere than npm");
  }
  return problems;
}

/** The packages that some import needs, through however many others. */
function neededPackages(
  specifiers: readonly string[],
  { npm }: DependencyLock,
  problems: string[],
): Set<string> {
  const needed = new Set<string>();
  const waiting = specifiers.map((specifier) => specifier.replace(/^npm:/, ""));
  for (let wanted = waiting.pop(); wanted !== undefined; wanted = waiting.pop()) {
    // A package of which only one version is locked is mentioned by its name alone.
    const id = Object.keys(npm).find((id) => id === wanted || id.startsWith(`${wanted}@`));
    if (id === undefined) problems.push(`${wanted} is needed, but not locked`);
    else if (!needed.has(id)) {
      needed.add(id);
      const { dependencies = [], optionalDependencies = [] } = npm[id]!;
      waiting.push(...dependencies, ...optionalDependencies);
    }
  }
  return needed;
}

/** Deno runs no install script of a package unless it is told to. */
function findScripts({ allowScripts, tasks = {} }: DependencyConfig): string[] {
  const problems = allowScripts === undefined ? [] : ["deno.json allows install scripts"];
  for (const [name, { command }] of Object.entries(tasks)) {
    if (command.includes("--allow-scripts")) problems.push(`task ${name} allows install scripts`);
  }
  return problems;
}

function findUnused(
  { imports }: DependencyConfig,
  sources: Readonly<Record<string, string>>,
): string[] {
  const text = Object.values(sources).join("\n");
  return Object.keys(imports).filter((name) => {
    const used = RegExp.escape(packageOfTypes(name));
    return !new RegExp(String.raw`\b(?:from|import|resolve)\s*\(?\s*"${used}["/]`).test(text);
  }).map((name) => `${name} is not used`);
}

/** Types are used by whoever uses what they are the types of. */
function packageOfTypes(name: string): string {
  return name.replace(/^@types\//, "");
}

/** What is imported past deno.json is neither pinned nor listed. */
function findForeignImports(sources: Readonly<Record<string, string>>): string[] {
  return Object.entries(sources).flatMap(([path, text]) =>
    [...text.matchAll(/\b(?:from|import)\s*\(?\s*["'`]((?:npm|jsr|https?):[^"'`]*)/g)]
      .map(([, specifier]) => `${path} imports ${specifier} past deno.json`)
  );
}

function findUndocumented({ imports }: DependencyConfig, page: string): string[] {
  const listed = listedDependencies(page);
  const missing = Object.keys(imports)
    .filter((name) => !listed.has(name) && !listed.has(packageOfTypes(name)))
    .map((name) => `${name} is not in the table of docs/dependencies.md`);
  const extra = [...listed.keys()].filter((name) => !Object.hasOwn(imports, name))
    .map((name) => `the table of docs/dependencies.md lists ${name}, which is not in deno.json`);
  const vague = [...listed].filter(([, { purpose, licence }]) => purpose === "" || licence === "")
    .map(([name]) =>
      `docs/dependencies.md does not say what ${name} is for, and under which licence`
    );
  return [...missing, ...extra, ...vague];
}

interface ListedDependency {
  purpose: string;
  licence: string;
}

/** The rows under `## Dependencies`, by package; `x-web`, `-node` stands for `x-web`, `x-node`. */
function listedDependencies(page: string): Map<string, ListedDependency> {
  const listed = new Map<string, ListedDependency>();
  const [, section = ""] = /^## Dependencies\n(.*?)(?=^## |$(?![^]))/ms.exec(page) ?? [];
  for (const row of section.split("\n").filter((line) => line.startsWith("| `"))) {
    const [, packages = "", purpose = "", licence = ""] = row.split("|").map((cell) => cell.trim());
    const names = [...packages.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
    const family = names[0]!.replace(/-[^-]*$/, "");
    for (const name of names) {
      listed.set(name.startsWith("-") ? family + name : name, { purpose, licence });
    }
  }
  return listed;
}
