// A TCP proxy between the client and a real server: passes every byte on as it is, and counts requests and answers.
import { connect, createServer, type Socket } from "node:net";
import { HttpCounter, type Message } from "./http-counter.ts";

/** A request, and the answer if one began. */
export interface Exchange {
  request: Message;
  answer?: Message;
  /** The client closed the connection before the answer was whole. */
  leftByClient: boolean;
}

export interface CountingProxy {
  /** Without a path. */
  url: string;
  /** Everything since the last call, in the order of connections. */
  take(): Exchange[];
  close(): Promise<void>;
}

interface Connection {
  requests: HttpCounter;
  answers: HttpCounter;
  leftByClient: boolean;
}

/** @param port of the server, on 127.0.0.1 */
export async function startCountingProxy(port: number): Promise<CountingProxy> {
  let connections: Connection[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port, host: "127.0.0.1", noDelay: true });
    const connection: Connection = {
      requests: new HttpCounter(false),
      answers: new HttpCounter(true),
      leftByClient: false,
    };
    connections.push(connection);
    let serverEnded = false;
    client.on("data", (bytes) => connection.requests.push(bytes as Buffer));
    upstream.on("data", (bytes) => connection.answers.push(bytes as Buffer));
    upstream.on("end", () => {
      serverEnded = true;
      connection.answers.close();
    });
    client.on("close", () => {
      connection.leftByClient = !serverEnded;
    });
    client.pipe(upstream).pipe(client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // A reset on one side is passed on as an end of the other.
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${address.port}`,
    take: () => {
      const taken = connections.flatMap(toExchanges);
      connections = [];
      return taken;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toExchanges({ requests, answers, leftByClient }: Connection): Exchange[] {
  return requests.messages.map((request, index) => {
    const answer = answers.messages[index];
    return { request, ...(answer && { answer }), leftByClient: leftByClient && answer?.isWhole !== true };
  });
}
