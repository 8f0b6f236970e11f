// The questions for the server and its model.
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { OPEN_ACCESS } from "../../platform/access.ts";
import type { Variables } from "../../platform/context.ts";
import { UserError } from "../../platform/user-error.ts";
import { countSlots } from "../../servers/discover/count-slots.ts";
import { findServer } from "../../servers/discover/discover.ts";
import { checkModelFile } from "../../servers/start/model-file.ts";
import type { ModelAnswer, ServerAnswer } from "./answers.ts";
import type { Asker } from "./asker.ts";
import { checkOption } from "./check-option.ts";
import { toLocalServer } from "./find-local-servers.ts";
import { resolveFlags } from "./resolve-flags.ts";
import { type Surroundings, toFileChoices, toModelChoices, toServerChoices } from "./server-choices.ts";

export interface AskedServer {
  server: ServerAnswer;
  /** What the server lists; empty where it was not asked. */
  models: string[];
  /** How many requests it works on at a time; undefined where it was not asked, or does not say it. */
  slots?: number | undefined;
}

const isSomething = (text: string) => (text === "" ? "Expected some text; Ctrl-C quits." : undefined);

/** Until one is chosen that answers, with the key that the person has; what a file names is asked when the run begins. */
export async function askServer(
  asker: Asker,
  around: Surroundings,
  variables: Variables,
): Promise<AskedServer> {
  for (;;) {
    const choice = await asker.choose("Which server?", toServerChoices(around));
    if (choice.kind === "found" && choice.server.trouble === undefined) {
      const { url, models } = choice.server;
      return { server: { kind: "url", url }, models, slots: await countSlots(url, OPEN_ACCESS) };
    }
    if (choice.kind === "start")
      return { server: choice, models: [], slots: RUNNER_OPTIONS.parallel.default };
    if (choice.kind !== "found" && choice.kind !== "type") return { server: choice, models: [] };
    const url = choice.kind === "found" ? choice.server.url : await askAddress(asker);
    try {
      const { access } = resolveFlags({ url }, variables);
      const { models } = toLocalServer(await findServer(url, access));
      return { server: { kind: "url", url }, models, slots: await countSlots(url, access) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      asker.say(error.message);
    }
  }
}

function askAddress(asker: Asker): Promise<string> {
  return asker.type("Its address, with or without /v1", {
    fallback: LOAD_OPTIONS.url.default,
    check: (text) => checkOption(LOAD_OPTIONS.url, text),
  });
}

/** Until one is named that can be had. */
export async function askModel(
  asker: Asker,
  { server, models }: AskedServer,
  { files, set }: Surroundings,
): Promise<ModelAnswer> {
  const mayLeaveOpen = server.kind === "target" || server.kind === "as-configured";
  for (;;) {
    const choices =
      server.kind === "start" ? toFileChoices(files) : toModelChoices(models, set.models, mayLeaveOpen);
    const choice = await asker.choose("Which model?", choices);
    switch (choice.kind) {
      case "type-name":
        return { kind: "name", name: await askName(asker) };
      case "type-repo":
        return { kind: "hub", repo: await askRepository(asker) };
      case "type-file": {
        const path = await asker.type("Its path", { check: isSomething });
        const problem = await findFileProblem(path);
        if (problem === undefined) return { kind: "file", path };
        asker.say(problem);
        break;
      }
      default:
        return choice;
    }
  }
}

function askName(asker: Asker): Promise<string> {
  return asker.type("Its name, as the server calls it", {
    fallback: LOAD_OPTIONS.modelAlias.default,
    check: isSomething,
  });
}

function askRepository(asker: Asker): Promise<string> {
  return asker.type("Its repository, OWNER/NAME", {
    check: (text) => (/^[^\s/]+\/[^\s/]+$/.test(text) ? undefined : "Expected OWNER/NAME."),
  });
}

async function findFileProblem(path: string): Promise<string | undefined> {
  try {
    await checkModelFile(path, path);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
