import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { planCommand } from "./plan-command.ts";

const place = { host: "127.0.0.1", port: undefined, model: undefined };

describe("planCommand", () => {
  it("chooses a free port, the same in the command, in its end and in the address", async () => {
    const plan = await planCommand({ start: "serve --port {port}", stop: "end {port}" }, place);
    const { port } = new URL(plan.url);
    expect(Number(port)).toBeGreaterThan(0);
    expect(plan).toMatchObject({ start: `serve --port ${port}`, stop: `end ${port}`, name: "serve" });
    expect(plan.readyPaths).toEqual(["/health", "/v1/models"]);
  });

  it("takes what is said of the address, the path, the time and the name", async () => {
    const plan = await planCommand(
      {
        start: "serve",
        url: "http://10.0.0.9:8000/v1",
        ready: { path: "/up", timeoutSeconds: 9 },
        name: "mine",
        env: { A: "b" },
      },
      place,
    );
    expect(plan).toEqual({
      ...{
        kind: "command",
        url: "http://10.0.0.9:8000",
        name: "mine",
        start: "serve",
        variables: { A: "b" },
      },
      ...{ readyPaths: ["/up"], readyTimeoutSeconds: 9 },
    });
  });

  it("takes a port that is asked for, also where the command knows it by itself", async () => {
    const { port } = new URL((await planCommand({ start: "serve {port}" }, place)).url);
    const plan = await planCommand({ start: "serve" }, { ...place, port: Number(port) });
    expect(plan.url).toBe(`http://127.0.0.1:${port}`);
  });

  it("refuses a port of this machine that is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    await expect(planCommand({ start: "serve", url }, place)).rejects.toThrow(
      /Port \d+ on 127\.0\.0\.1 is in use/,
    );
    other.close();
  });

  it("refuses a command without an address", async () => {
    await expect(planCommand({ start: "serve" }, place)).rejects.toThrow(/has no `\{port\}`/);
  });
});
