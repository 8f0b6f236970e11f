// What a real server is here: how it is had, how it starts, and what it is expected to have. One file in servers/ each.
import type { Endpoint } from "../../lib/core/apis/apis.ts";
import type { ProcessPlan } from "../server-processes.ts";

export interface RealServer {
  /** As docs/servers.md lists it. */
  name: string;
  /** Installs what is missing. @throws UserError with the reason, in a sentence, where it cannot be had here */
  obtain(): Promise<ObtainedServer>;
}

export interface ObtainedServer {
  version: string;
  /** The processes in the order in which they start; the last one is the server to be measured. */
  plan(ports: { server: number; behind: number }): readonly ProcessPlan[];
  expected: Expected;
}

export interface Expected {
  /** As discovery names it; absent for a server that it does not know by name. */
  software?: string;
  /** Options of every run: the model where there are several. */
  args: readonly string[];
  /** The name of its model, for k6 alone, where it takes no other. */
  model?: string;
  /** APIs that it serves, the one that discovery should choose first. */
  apis: readonly [Endpoint, ...Endpoint[]];
  /** Its key; a run with another one must be refused. */
  key?: string;
  /** Its counters are to agree to the token. */
  hasCounters: boolean;
  /** It may stop an answer at a stop string, and make several of a prompt. */
  takesChoices: boolean;
  /** Findings that are the server's own doing, by the name of the proof: why. They stay in the table. */
  explained?: Readonly<Record<string, string>>;
  /** Further proofs: what this server alone has. */
  refusals?: readonly Refusal[];
}

/** A run that this server must fail, and the words by which the user learns why. */
export interface Refusal {
  what: string;
  /** Instead of those of every run. */
  args: readonly string[];
  says: RegExp;
}
