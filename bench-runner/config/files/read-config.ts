// Configuration files → a ConfigSet: server-bench.yaml, or a folder with targets.yaml, models.yaml and workloads.yaml.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import { suggest } from "./closest-name.ts";
import { type Chosen, type ConfigSet, EMPTY_SET, SECTIONS, type Section } from "./config-set.ts";
import { readEntry } from "./read-entry.ts";
import { readConcurrency, readModels, readTargets, readWorkloads } from "./read-sections.ts";
import { errorAt, readYamlFile, type YamlEntry, type YamlValue } from "./yaml-file.ts";

const ENDINGS = ["yaml", "yml"];
/** Where the three files are looked for. */
const FOLDER = "configs";

/**
 * @param given what `--config` names: a server-bench.yaml, or a folder with the three files
 * @throws UserError where it is neither, and for each mistake in it
 */
export function readConfig(given: string): ConfigSet {
  if (!existsSync(given)) {
    throw new UserError(
      `\`--config\` (SERVER_BENCH_CONFIG): \`${given}\` does not exist. Name a YAML file, or a folder with targets.yaml, models.yaml and workloads.yaml.`,
      EXIT.usage,
    );
  }
  if (!statSync(given).isDirectory()) return readOneFile(given);
  const set = readThree(given);
  if (set !== undefined) return set;
  const own = findFile(given, "server-bench");
  if (own !== undefined) return readOneFile(own);
  throw new UserError(
    `\`--config\` (SERVER_BENCH_CONFIG): the folder \`${given}\` has no targets.yaml, models.yaml or workloads.yaml. Put one there, or name another folder.`,
    EXIT.usage,
  );
}

/** The server-bench.yaml of the current directory; undefined without one. @throws UserError */
export function readOwnConfig(): ConfigSet | undefined {
  const path = findFile("", "server-bench");
  return path === undefined ? undefined : readOneFile(path);
}

/** The three files of ./configs; undefined without any of them. @throws UserError */
export function readFolderConfig(): ConfigSet | undefined {
  return existsSync(FOLDER) ? readThree(FOLDER) : undefined;
}

function findFile(folder: string, name: string): string | undefined {
  return ENDINGS.map((ending) => join(folder, `${name}.${ending}`)).find((path) => existsSync(path));
}

function readThree(folder: string): ConfigSet | undefined {
  const set: ConfigSet = { ...EMPTY_SET, files: [], fileOf: {} };
  for (const section of SECTIONS) {
    const path = findFile(folder, section);
    if (path === undefined) continue;
    set.files.push(path);
    set.fileOf[section] = path;
    Object.assign(set, readSection(section, readList(section, readYamlFile(path))));
  }
  return set.files.length === 0 ? undefined : set;
}

/** A file of one section has it under its name, or is that list itself. */
function readList(section: Section, value: YamlValue): YamlValue {
  if (value.kind !== "map") return value;
  const entry = value.entries.find(({ key }) => key === section);
  const other = value.entries.find(({ key }) => key !== section);
  if (other !== undefined) {
    throw errorAt(
      other.place,
      `Unknown key \`${other.key}\` in ${section}.yaml, which has the list \`${section}\`.${suggest(other.key, [section])} Options for all runs belong in a server-bench.yaml.`,
    );
  }
  return entry?.value ?? value;
}

function readSection(section: Section, value: YamlValue): Partial<ConfigSet> {
  if (section === "targets") return { targets: readTargets(value) };
  return section === "models" ? { models: readModels(value) } : { workloads: readWorkloads(value) };
}

function readOneFile(path: string): ConfigSet {
  const { options, own } = readEntry("top", readYamlFile(path));
  const concurrency = readConcurrency(own.get("concurrency"));
  const set: ConfigSet = {
    ...EMPTY_SET,
    files: [path],
    fileOf: { targets: path, models: path, workloads: path },
    common: options,
    ...(concurrency && { concurrency }),
  };
  for (const section of SECTIONS) {
    const entry = own.get(section);
    if (entry !== undefined) Object.assign(set, readSection(section, entry.value));
  }
  const run = own.get("run");
  return run === undefined ? set : { ...set, run: readRun(run) };
}

function readRun({ value, place }: YamlEntry): ConfigSet["run"] {
  if (value.kind !== "map") {
    throw errorAt(
      value.place,
      "`run` has `targets`, `models` and `workloads`, such as `workloads: [low-load, high-load]`.",
    );
  }
  const run: ConfigSet["run"] = { place };
  for (const entry of value.entries) {
    const section = SECTIONS.find((one) => one === entry.key || one === `${entry.key}s`);
    if (section === undefined) {
      throw errorAt(
        entry.place,
        `Unknown key \`${entry.key}\` of \`run\`.${suggest(entry.key, SECTIONS)} Its keys are \`targets\`, \`models\` and \`workloads\`.`,
      );
    }
    run[section] = toChosen(entry);
  }
  return run;
}

function toChosen({ key, value }: YamlEntry): Chosen {
  const items = value.kind === "list" ? value.items : [value];
  const names = items.map((item) => {
    if (item.kind !== "value" || item.value === null) {
      throw errorAt(item.place, `\`${key}\` is a list of names, or \`all\`.`);
    }
    return item.source;
  });
  return names.length === 1 && names[0] === "all" ? "all" : names;
}
