/** The help of every script, whichever there are. */
import assert from "node:assert/strict";
import type { Command } from "../../lib/cli/command.ts";
import { run } from "../support/run.ts";
import { scriptNames, SCRIPTS } from "../support/scripts.ts";

for (const name of scriptNames()) {
  Deno.test(`scripts/${name}.ts --help prints each option with its default, and an example`, async () => {
    const command = await commandOf(name);
    const { code, out: lines, err } = await run(command, ["--help"]);
    assert.deepEqual([code, err], [0, []]);
    const out = lines.join("\n");
    const help = out.replaceAll(/\s+/g, " ");
    for (
      const [option, { placeholder, about, default: value }] of Object.entries(command.options)
    ) {
      const ending = value === undefined ? "" : ` (default: ${JSON.stringify(value)})`;
      const flag = placeholder === undefined ? `--${option}` : `--${option} <${placeholder}>`;
      const line = `${flag} ${about}${ending}`;
      assert(help.includes(line), `${out}\nhas no\n${line}`);
    }
    for (const example of command.examples) assert(lines.includes(`  ${example}`), example);
  });

  Deno.test(`the command of scripts/${name}.ts has its name, and its examples run it`, async () => {
    const command = await commandOf(name);
    assert.equal(command.name, name);
    assert(command.examples.length > 0);
    const text = Deno.readTextFileSync(`${SCRIPTS}/${name}.ts`);
    assert.match(
      text,
      /^if \(import\.meta\.main\) await runCommand\(\w+(, import\.meta\.url)?\);$/m,
    );
    for (const example of command.examples) {
      assert.match(`${example} `, new RegExp(`^deno task ${name} `));
    }
  });

  Deno.test(`the examples of scripts/${name}.ts name options that there are`, async () => {
    const command = await commandOf(name);
    for (const [, option] of command.examples.join(" ").matchAll(/--([\w-]+)/g)) {
      assert(Object.hasOwn(command.options, option!.replaceAll("-", "_")), option);
    }
  });
}

/** What the script exports: one command. */
async function commandOf(name: string): Promise<Command> {
  const exported = Object.values(await import(`${SCRIPTS}/${name}.ts`));
  assert.equal(exported.length, 1, `scripts/${name}.ts is to export its command and nothing else`);
  return exported[0] as Command;
}
