import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { choosePort } from "./server-port.ts";

describe("the port of a server", () => {
  it("is a free one where none is asked for", async () => {
    const port = await choosePort("127.0.0.1", undefined);
    expect(port).toBeGreaterThan(1023);
    expect(await choosePort("127.0.0.1", port)).toBe(port);
  });

  it("that is in use is reported before anything starts, with the remedies", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await expect(choosePort("127.0.0.1", port)).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is in use. Leave out \`--port\` for a free one, or measure the server that runs there with \`--url http://127.0.0.1:${port}\`.`,
    );
    server.close();
  });

  it("exists", async () => {
    await expect(choosePort("127.0.0.1", 70_000)).rejects.toThrow(
      "expected a port from 1 to 65535, got `70000`",
    );
  });

  it("is on an address of this machine", async () => {
    // 192.0.2.0/24 is for documentation: no machine has it.
    await expect(choosePort("192.0.2.1", undefined)).rejects.toThrow(
      "`--host 192.0.2.1` is no address of this machine",
    );
  });
});
