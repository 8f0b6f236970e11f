import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { fillTables } from "../../cli/docs/docs-tables.ts";
import { inProject } from "../../platform/project-root.ts";
import { resolveConfig } from "../config.ts";
import { toPlain } from "./option-text.ts";
import { planRuns } from "./plan-runs.ts";
import { readConfig } from "./read-config.ts";
import { CONFIG_SCHEMAS, type ConfigSchema, toConfigSchemaText } from "./schemas.ts";
import { parseYaml } from "./yaml-file.ts";

const REMEDY = "out of date: run `node bench-runner/cli/docs/write-docs.ts`";
const examples = inProject("examples", "configs");
const read = (...path: string[]) => readFileSync(inProject(...path), "utf8");

/** @returns for a file's text the faults that its schema finds in it, "" for none */
function check(name: ConfigSchema, text: string): string {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictTypes: false });
  const validate = ajv.compile(JSON.parse(read("docs", "schemas", `${name}.schema.json`)));
  return validate(toPlain(parseYaml(text, name))) ? "" : JSON.stringify(validate.errors);
}

describe("docs/", () => {
  it.each(CONFIG_SCHEMAS)("schemas/%s.schema.json is what the option table says", (name) => {
    expect(read("docs", "schemas", `${name}.schema.json`) === toConfigSchemaText(name), REMEDY).toBe(true);
  });

  it("aliases.md has the tables of the code", () => {
    const document = read("docs", "aliases.md");
    expect(document, REMEDY).toBe(fillTables(document));
    for (const name of ["--rps", "--num-threads", "BACKEND", "full_name"])
      expect(document).toContain(`\`${name}\``);
  });
});

describe("examples/configs", () => {
  it("has one file for each schema, which it names, and which finds nothing wrong in it", () => {
    expect(readdirSync(examples).sort()).toEqual(CONFIG_SCHEMAS.map((name) => `${name}.yaml`).sort());
    for (const name of CONFIG_SCHEMAS) {
      const text = read("examples", "configs", `${name}.yaml`);
      expect(text.split("\n")[0]).toBe(
        `# yaml-language-server: $schema=../../docs/schemas/${name}.schema.json`,
      );
      expect(check(name, text), name).toBe("");
    }
  });

  it("server-bench.yaml is a matrix of two servers and two loads", () => {
    const { runs } = planRuns({ flags: { config: `${examples}/server-bench.yaml` }, variables: {} });
    expect(runs).toHaveLength(4);
    for (const run of runs) expect(resolveConfig(run).runner.name).toBe("nightly");
  });

  it("combine every target with every model and every workload", () => {
    const { targets, models, workloads } = readConfig(examples);
    expect([targets.length, models.length, workloads.length]).toEqual([4, 2, 5]);
  });
});

describe("a schema", () => {
  const rows: [string, ConfigSchema, string, boolean][] = [
    [
      "every spelling of a key",
      "workloads",
      "workloads: [{name: a, max_tokens: 8, maxTurns: 2, n-prompts: 3}]",
      true,
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a variable
    ["a variable instead of a number", "workloads", "workloads: [{name: a, rps: '${RPS}'}]", true],
    ["headers as a mapping", "targets", "targets: [{name: a, headers: {X-A: b}}]", true],
    ["a mistyped key", "workloads", "workloads: [{name: a, durration: 5}]", false],
    ["a wrong value", "workloads", "workloads: [{name: a, rps: fast}]", false],
    ["a word that is none of the choices", "workloads", "workloads: [{name: a, prompt_type: huge}]", false],
    ["an address in a workload", "workloads", "workloads: [{name: a, url: 'http://a'}]", false],
    ["no name", "models", "models: [{full_name: a}]", false],
    ["no list", "models", "model: []", false],
  ];
  it.each(rows)("for %s accepts what the reader accepts", (_, name, text, isGood) => {
    expect(check(name, text) === "").toBe(isGood);
  });
});
