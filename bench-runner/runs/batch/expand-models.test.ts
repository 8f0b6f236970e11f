import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeServer, startFakeServer } from "../../../test/fake/fake-server.ts";
import { resolveConfig } from "../../config/config.ts";
import { planRuns } from "../../config/files/plan-runs.ts";
import type { BatchEntry } from "./batch-file.ts";
import { expandModels } from "./expand-models.ts";

const answer = (value: unknown) => ({
  status: 200,
  body: JSON.stringify(value),
  contentType: "application/json",
});

let server: FakeServer;
beforeAll(async () => {
  const ids = ["fast", "smart", "vectors", "openai/*"];
  server = await startFakeServer({
    routes: {
      "/v1/models": answer({ data: ids.map((id) => ({ id, owned_by: "openai" })) }),
      "/health/liveliness": answer("I'm alive!"),
      "/model/info": answer({
        data: [
          { model_name: "fast", model_info: { mode: "chat" } },
          { model_name: "vectors", model_info: { mode: "embedding" } },
        ],
      }),
    },
  });
});
afterAll(() => server.close());

const plan = (flags: Record<string, string>): BatchEntry[] =>
  planRuns({ flags, variables: {}, onlyNamedFiles: true }).runs.map(({ names, ...sources }) => ({
    names,
    sources,
  }));

describe("`--model all`", () => {
  it("is a run for each model that a LiteLLM proxy serves, and says which it leaves out", async () => {
    const said: string[] = [];
    const entries = await expandModels(plan({ url: server.url, model: "all", vus: "2" }), (text) =>
      said.push(text),
    );
    expect(entries.map(({ names }) => names.model)).toEqual(["fast", "smart"]);
    const asked = entries.map(({ sources }) => resolveConfig(sources).load.modelAlias);
    expect(asked).toEqual(["fast", "smart"]);
    expect(said).toEqual([
      "`--model all` leaves out (for embedding): `vectors`.",
      "`--model all` leaves out (a wildcard of the proxy): `openai/*`.",
    ]);
  });

  it("is a run for each of them with each load", async () => {
    const flags = { target: server.url, model: "all", workload: "low-load,high-load" };
    const entries = await expandModels(plan(flags), () => {});
    expect(entries.map(({ names }) => `${names.model} ${names.workload}`)).toEqual([
      ...["fast low-load", "smart low-load", "fast high-load", "smart high-load"],
    ]);
    const names = entries.map(({ sources }) => resolveConfig(sources).runner.name);
    expect(new Set(names).size).toBe(4);
  });

  it("leaves any other run as it is", async () => {
    const entries = plan({ url: server.url, model: "fast" });
    expect(await expandModels(entries, () => {})).toEqual(entries);
  });
});
