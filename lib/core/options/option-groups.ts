// The groups in which help and server-bench.yaml list options, in order.

export interface OptionGroup {
  heading: string;
  /** The heading in the one-screen help, which has fewer. */
  section: string;
}

export const OPTION_GROUPS = {
  server: { heading: "Server", section: "Server" },
  load: { heading: "Load", section: "Load" },
  closedLoop: { heading: "Closed loop: a number of clients", section: "Load" },
  openLoop: { heading: "Open loop: requests when they are due", section: "Load" },
  measured: { heading: "Warmup and cooldown", section: "Load" },
  prompts: { heading: "Prompts", section: "Prompts and requests" },
  syntheticPrompts: { heading: "Synthetic prompts", section: "Prompts and requests" },
  conversations: { heading: "Conversations", section: "Prompts and requests" },
  requests: { heading: "Requests", section: "Prompts and requests" },
  timeouts: { heading: "Timeouts", section: "Prompts and requests" },
  goals: { heading: "Goals", section: "Goals and results" },
  aborts: { heading: "Aborted requests", section: "Prompts and requests" },
  startedServer: { heading: "Server started by a command", section: "Server" },
  llamaServer: { heading: "llama-server", section: "Server" },
  runFolder: { heading: "Run and run folder", section: "Goals and results" },
} as const satisfies Record<string, OptionGroup>;

export type OptionGroupName = keyof typeof OPTION_GROUPS;
