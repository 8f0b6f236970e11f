// What `--listen` adds to a run: it follows the journal of each load and serves its live charts and metrics.
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Slo } from "../../../lib/core/goals/slo.ts";
import type { JournalLine } from "../../../lib/core/request/facts.ts";
import { isLoopback, parseListen, toAuthority } from "../../config/listen-option.ts";
import type { PageParts } from "../report/html/document.ts";
import { EventStream } from "./event-stream.ts";
import { JournalFollower } from "./journal-follower.ts";
import { LastScrape } from "./last-scrape.ts";
import { LiveHistory, type LiveState } from "./live-history.ts";
import { LiveMetrics, type RunIdentity } from "./live-metrics.ts";
import { toLivePage } from "./live-page.ts";
import { type LiveServer, type Route, sendText, startLiveServer } from "./live-server.ts";

/** Often enough to show each progress line within its second. */
const FOLLOW_MS = 250;

export interface LiveOptions {
  /** The text of `--listen`. */
  listen: string;
  run: RunIdentity;
  /** Script and style of the page. */
  page: PageParts;
  repeats: number;
  slos: readonly Slo[];
  say: (text: string) => void;
}

/** Listens from its start to `close`, over all repeats of a run. */
export class LiveRun {
  readonly #metrics: LiveMetrics;
  readonly #history = new LiveHistory();
  readonly #lastScrape = new LastScrape();
  readonly #say: (text: string) => void;
  readonly #events: EventStream;
  readonly #state: LiveState;
  #server: LiveServer | undefined;
  #follower: JournalFollower | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor({ run, repeats, slos, say }: LiveOptions) {
    this.#metrics = new LiveMetrics(run);
    this.#say = say;
    this.#state = { repeats, slos };
    this.#events = new EventStream(() => ({ state: this.#state, points: this.#history.points }));
  }

  /** @throws UserError if it cannot listen */
  static async open(options: LiveOptions): Promise<LiveRun> {
    const live = new LiveRun(options);
    live.#server = await startLiveServer(parseListen(options.listen), live.#toRoutes(options));
    const { address } = live.#server;
    options.say(`Live charts: http://${toAuthority(address)}/ · for Prometheus: /metrics`);
    if (!isLoopback(address.host)) {
      options.say(
        `Warning: \`--listen ${options.listen}\` is open to other machines. Anyone who can reach it sees the name and the figures of this run.`,
      );
    }
    return live;
  }

  /** A run of k6 begins. @param journalPath the file may be created later */
  async follow(journalPath: string, clients: number): Promise<void> {
    await this.#stopFollowing();
    this.#lastScrape.setFinal(false);
    this.#metrics.startLoad(clients);
    this.#state.repeat = (this.#state.repeat ?? 0) + 1;
    this.#events.send("state", this.#state);
    const follower = new JournalFollower(journalPath, (line) => this.#take(line));
    this.#follower = follower;
    this.#timer = setInterval(() => void follower.readOn(), FOLLOW_MS);
  }

  /** k6 has ended: from now on /metrics has the numbers of the summary. */
  async settle(): Promise<void> {
    await this.#stopFollowing();
    this.#metrics.endLoad();
    this.#lastScrape.setFinal(true);
  }

  /** If Prometheus has been scraping, waits until it has the final numbers, unless the user stops the run. */
  async waitForLastScrape(signal: AbortSignal): Promise<void> {
    const { waitMs } = this.#lastScrape;
    if (waitMs === 0 || signal.aborted) return;
    this.#say(
      `Waiting for Prometheus's last scrape, at most ${Math.ceil(waitMs / 1000)} s; Ctrl-C skips it.`,
    );
    await this.#lastScrape.wait(signal);
  }

  async close(): Promise<void> {
    await this.#stopFollowing();
    this.#events.end("end", {});
    await this.#server?.close();
  }

  async #stopFollowing(): Promise<void> {
    clearInterval(this.#timer);
    await this.#follower?.readOn();
    await this.#follower?.close();
    this.#follower = undefined;
  }

  #take(line: JournalLine): void {
    if (line.type === "header") this.#history.addHeader(line);
    else if (line.type === "request") this.#history.addRequest(line, this.#metrics.addRequest(line));
    else if (line.type === "progress") {
      this.#metrics.addProgress(line);
      this.#events.send("point", this.#history.addProgress(line));
    }
  }

  #toRoutes({ run, page: parts }: LiveOptions): Map<string, Route> {
    const page = toLivePage(run, parts);
    return new Map<string, Route>([
      [
        "/",
        (_, response) =>
          sendText(response, 200, page.html, {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": page.policy,
          }),
      ],
      ["/healthz", (_, response) => sendText(response, 200, "ok\n")],
      ["/metrics", (request, response) => this.#answerMetrics(request.headers, response)],
      [
        "/events",
        (_, response) => {
          if (!this.#events.add(response)) sendText(response, 503, "Too many open pages.\n");
        },
      ],
    ]);
  }

  async #answerMetrics(headers: IncomingHttpHeaders, response: ServerResponse): Promise<void> {
    // The answer includes everything that is in the journal.
    await this.#follower?.readOn();
    const text = await this.#metrics.toText();
    this.#lastScrape.note(headers, performance.now());
    sendText(response, 200, text, { "content-type": this.#metrics.contentType });
  }
}
