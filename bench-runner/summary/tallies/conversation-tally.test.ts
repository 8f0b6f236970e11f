import { describe, expect, test } from "vitest";
import type { Verdict } from "../../../lib/core/request/verdict.ts";
import { request } from "../../../test/unit-support/examples/example-journal.ts";
import { ConversationTally } from "./conversation-tally.ts";

type Step = [conversation: string, turn: string, turns: string, verdict: Verdict, isMeasured?: boolean];

function tally(steps: Step[]) {
  const conversations = new ConversationTally();
  for (const [conversation, turn, turns, verdict, isMeasured = true] of steps) {
    conversations.add(request(1, 0, { labels: { conversation, turn, turns } }), verdict, isMeasured);
  }
  return conversations.toConversations();
}

describe("conversations", () => {
  test("are completed by their last turn, whatever other turns come in between", () => {
    expect(
      tally([
        ["0", "1", "2", "complete"],
        ["1", "1", "1", "complete"],
        ["0", "2", "2", "complete"],
      ]),
    ).toEqual({
      started: 2,
      completed: 2,
      failed: 0,
      interrupted: 0,
      turnsSent: 3,
      turnsUnsent: 0,
      meanTurns: 1.5,
    });
  });

  test("fail at a turn that is not complete, which leaves 3 of 5 turns unsent, or none of 4", () => {
    expect(
      tally([
        ["7", "1", "5", "complete"],
        ["7", "2", "5", "cut"],
        ["8", "1", "4", "complete"],
        ["8", "2", "4", "complete"],
        ["8", "3", "4", "complete"],
        ["8", "4", "4", "timeout"],
      ]),
    ).toMatchObject({ started: 2, completed: 0, failed: 2, turnsSent: 6, turnsUnsent: 3, meanTurns: 3 });
  });

  test("are interrupted by the end of the run, in a turn or between two, without counting unsent turns", () => {
    expect(
      tally([
        ["1", "1", "3", "interrupted"],
        ["2", "1", "3", "complete"],
      ]),
    ).toMatchObject({ started: 2, failed: 0, interrupted: 2, turnsSent: 2, turnsUnsent: 0 });
  });

  test("are counted apart if their client hung up on purpose", () => {
    expect(tally([["1", "1", "3", "aborted"]])).toMatchObject({ failed: 0, interrupted: 0, aborted: 1 });
    expect(tally([["1", "1", "1", "complete"]])).not.toHaveProperty("aborted");
  });

  test("count with all their turns if one was measured, and not at all otherwise", () => {
    expect(
      tally([
        ["1", "1", "2", "complete", false],
        ["1", "2", "2", "complete", true],
        ["2", "1", "2", "cut", false],
      ]),
    ).toMatchObject({ started: 1, completed: 1, failed: 0, turnsSent: 2, turnsUnsent: 0 });
  });

  test.each([
    ["without the labels", {}],
    ["without the number of turns", { conversation: "1", turn: "1" }],
    ["without a conversation", { turn: "1", turns: "2" }],
    ["with turns that are no numbers", { conversation: "1", turn: "one", turns: "2" }],
    ["with a turn 0", { conversation: "1", turn: "0", turns: "2" }],
  ])("ignore a line %s", (_, labels) => {
    const conversations = new ConversationTally();
    conversations.add(request(1, 0, { labels: labels as Record<string, string> }), "complete", true);
    expect(conversations.toConversations()).toBeUndefined();
  });
});
