// A port on 127.0.0.1 whose queue of new connections is full: a further one gets no answer at all.
import { connect, createServer, type Socket } from "node:net";
import { execa } from "execa";

/** Listens, says where, and answers nothing once it is stopped. Ends by itself after a minute. */
const PROGRAM = `
const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
  console.log(server.address().port);
});
setTimeout(() => process.exit(), 60_000);
`;

export interface FullListener {
  port: number;
  close(): Promise<void>;
}

/** @throws Error where the queue cannot be filled: other systems than Linux let connections wait elsewhere */
export async function startFullListener(): Promise<FullListener> {
  const child = execa(process.execPath, ["-e", PROGRAM], { reject: false });
  const port = await new Promise<number>((resolve) => {
    child.stdout.once("data", (text: Buffer) => resolve(Number(text)));
  });
  child.kill("SIGSTOP");
  const waiting: Socket[] = [];
  const close = async (): Promise<void> => {
    for (const socket of waiting) socket.destroy();
    child.kill("SIGKILL");
    await child;
  };
  for (let turn = 0; turn < 16; turn++) {
    if (!(await isTaken(port, waiting))) return { port, close };
  }
  await close();
  throw new Error("the queue of new connections did not fill up");
}

/** Whether the port still takes a connection, which then stays. */
function isTaken(port: number, waiting: Socket[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    waiting.push(socket);
    socket.on("error", () => {});
    socket.once("connect", () => resolve(true));
    setTimeout(() => resolve(false), 300);
  });
}

/** A port that takes connections and never says a word. */
export async function startSilentListener(): Promise<FullListener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
