// The rights that k6 needs for packet stamps and for real-time priority, in the words of every remedy.

/** What gives them to a program. */
export const SETCAP = "`sudo setcap cap_net_raw,cap_sys_nice+ep bin/k6`";

/** What a container or pod needs instead. */
export const CAPABILITIES = "the capabilities NET_RAW and SYS_NICE";

/** In one sentence. */
export const K6_RIGHTS: string = `Give k6 the rights with ${SETCAP}, or a container or pod ${CAPABILITIES}.`;
