// Finds out what a server is before it is measured: software, API and model, each with the reason.

import { baseUrl } from "../../../lib/core/apis/url.ts";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import type { Config } from "../../config/config.ts";
import type { Access } from "../../platform/access.ts";
import { askForModel, isPersonThere, type Terminal, toSeveralError, toUnlistedError } from "./ask-person.ts";
import { askServer } from "./ask-server.ts";
import { describeFound, type Found } from "./describe-found.ts";
import { findEndpoint } from "./endpoint.ts";
import { findTrouble } from "./find-trouble.ts";
import { readLitellmConfig } from "./litellm-config.ts";
import { chooseModel, type ListedModels, listModels } from "./models.ts";
import { recognizeSoftware } from "./software.ts";

export interface Discovery {
  /** What it found for options that are not given, by option key. */
  values: Record<string, string>;
  found: Found[];
  /** What was found, and why, for people. */
  text: string;
}

export interface DiscoverContext {
  /** Where a person can be asked; undefined: nowhere. */
  terminal: Terminal | undefined;
}

const isGiven = (config: Config, key: string) => !["default", undefined].includes(config.origins[key]);

/** What a server is and has. @throws UserError where it cannot be measured as it is */
export async function findServer(url: string, access: Access): Promise<Found> {
  const answers = await askServer(url, access);
  const shown = hideUrlSecrets(baseUrl(url));
  const trouble = findTrouble(answers, shown, Object.keys(access.headers).length > 0);
  if (trouble !== undefined && !access.grpc) throw trouble;
  const software = recognizeSoftware(answers);
  const endpoint = findEndpoint(answers, software);
  return {
    url: shown,
    models: listModels(answers),
    ...(software && { software }),
    ...(endpoint && { endpoint }),
  };
}

/** The models that both servers have, or those of a proxy's configuration file. */
function toChoice({ litellmConfig }: Config["runner"], found: readonly Found[]): ListedModels {
  if (litellmConfig !== undefined) return readLitellmConfig(litellmConfig);
  const lists = found.map(({ models }) => models).filter(({ names }) => names.length > 0);
  const [first, ...others] = lists;
  if (first === undefined) return found[0]?.models ?? { names: [], source: "`/v1/models`" };
  const sets = others.map(({ names }) => new Set(names));
  const names = first.names.filter((name) => sets.every((set) => set.has(name)));
  return { ...first, names };
}

/**
 * Asks the server of `--url`, or both of `--ab`; a server that is started here needs no asking.
 * @throws UserError where one cannot be measured as it is, or has several models and none is chosen
 */
export async function discover(
  config: Config,
  { terminal }: DiscoverContext,
): Promise<Discovery | undefined> {
  const { target, access, load, runner } = config;
  if (target.kind !== "url") return undefined;
  const urls = [target.url, ...(target.secondUrl === undefined ? [] : [target.secondUrl])];
  const found = await Promise.all(urls.map((url) => findServer(url, access)));
  const [first] = found as [Found, ...Found[]];
  const values: Record<string, string> = {};
  if (!isGiven(config, "endpoint") && first.endpoint !== undefined) values.endpoint = first.endpoint.name;

  const given = isGiven(config, "modelAlias") ? load.modelAlias : undefined;
  const listed = toChoice(runner, found);
  const { unknown } = listed;
  const choice = chooseModel(listed, { given, fallback: LOAD_OPTIONS.modelAlias.default });
  let why = "";
  if (choice.kind === "take") {
    values.modelAlias = choice.name;
    why = choice.why;
  } else if (choice.kind === "ask") {
    if (terminal === undefined || !isPersonThere(terminal)) throw toSeveralError(choice.names, first.url);
    values.modelAlias = await askForModel(choice.names, first.url, terminal);
    why = `chosen of ${choice.names.length}`;
  } else if (choice.kind === "given") {
    const isFailing = listed.isFailing && unknown !== undefined;
    why = choice.isListed ? "as given" : "as given, though the server does not list it";
    if (isFailing) why = `as given, but ${unknown}`;
  } else if (listed.isFailing && !access.grpc) throw toUnlistedError(first.url, `${unknown}`);
  // A server of gRPC answers no HTTP.
  else why = `the default: ${unknown ?? "the server lists none"}`;
  const model = { name: values.modelAlias ?? load.modelAlias, why };
  const endpoint = isGiven(config, "endpoint")
    ? { name: load.endpoint, why: "as given" }
    : (first.endpoint ?? { name: load.endpoint, why: "the default: nothing shows another one" });
  return { values, found, text: describeFound(found, { endpoint, model }) };
}
