// The port for a server that is about to start: the one asked for, or a free one.
import { createServer } from "node:net";
import { systemReason, UserError } from "../../platform/user-error.ts";

function tryListen(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}

/**
 * @param port the one asked for; undefined for a free one
 * @throws UserError when the port is in use, not allowed, or the host is no address of this machine
 */
export async function choosePort(host: string, port: number | undefined): Promise<number> {
  if (port !== undefined && port > 65_535) {
    throw new UserError(`\`--port\`: expected a port from 1 to 65535, got \`${port}\`.`);
  }
  try {
    return await tryListen(host, port ?? 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      throw new UserError(
        `Port ${port} on ${host} is in use. Leave out \`--port\` for a free one, or measure the server that runs there with \`--url http://${host}:${port}\`.`,
      );
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN") {
      throw new UserError(
        `\`--host ${host}\` is no address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for every address.`,
      );
    }
    throw new UserError(
      `The server cannot listen on ${host} port ${port ?? "(any)"}: ${systemReason(error)}.`,
    );
  }
}
