package sse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// k6 runs a script in a k6 process with the extension: this test binary.
func k6(t *testing.T, script string, env ...string) (exit int, output string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.js")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], "run", "--address", "", "--no-color", "--quiet", file)
	command.Env = append(os.Environ(), asK6+"=1", "K6_NO_USAGE_REPORT=true", "K6_AUTO_EXTENSION_RESOLUTION=false")
	command.Env = append(command.Env, env...)
	var both bytes.Buffer
	command.Stdout, command.Stderr = &both, &both
	err := command.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Errorf("k6 did not end by itself:\n%s", both.String())
	}
	return command.ProcessState.ExitCode(), both.String()
}

// linesByType reads a journal.
func linesByType(t *testing.T, path string) (order []string, lines map[string][]map[string]any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines = map[string][]map[string]any{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		kind := object["type"].(string)
		order = append(order, kind)
		lines[kind] = append(lines[kind], object)
	}
	return order, lines
}

const recording = `
import sse from "k6/x/sse";
sse.configure({ journal: __ENV.JOURNAL, itlMetric: "token_gap" });
const chat = JSON.parse(open(__ENV.DIALECT));
`

func dialectPath(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../test/golden/dialects/chat-completions.json")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestK6RunWithAJournal(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "records.jsonl")
	script := recording + `
export const options = { vus: 2, iterations: 6, thresholds: { token_gap: ["min>=0"], checks: ["rate==1"] } };
import { check } from "k6";
export default function () {
  const facts = sse.record(__ENV.URL, { body: "{}", labels: { task: "chat" } }, chat);
  check(facts, { "a proper end": (f) => f.ended === "marker" && f.tokenEvents === 2 });
  sse.journal({ type: "own", vu: __VU });
}`
	env := []string{"JOURNAL=" + journal, "DIALECT=" + dialectPath(t), "URL=" + serve(t, streams(wholeAnswer))}
	exit, output := k6(t, script, env...)
	if exit != 0 || !strings.Contains(output, "token_gap") {
		t.Errorf("exit %d:\n%s", exit, output)
	}
	order, lines := linesByType(t, journal)
	if order[0] != "header" || order[len(order)-1] != "end" || len(lines["header"]) != 1 || len(lines["end"]) != 1 {
		t.Errorf("order of lines: %v", order)
	}
	if len(lines["request"]) != 6 || len(lines["own"]) != 6 || lines["end"][0]["requests"] != 6. {
		t.Errorf("lines: %v", lines)
	}
	for _, line := range lines["request"] {
		if line["scenario"] != "default" || line["labels"].(map[string]any)["task"] != "chat" || line["ended"] != "marker" {
			t.Errorf("got %v", line)
		}
	}

	// Once more with the same journal: what was measured stays.
	before, _ := os.ReadFile(journal)
	exit, output = k6(t, script, env...)
	if after, _ := os.ReadFile(journal); exit == 0 || !strings.Contains(output, "exists already") || !bytes.Equal(before, after) {
		t.Errorf("exit %d with a journal that exists:\n%s", exit, output)
	}
}

func TestK6EndsWithOpenStreams(t *testing.T) {
	journal := filepath.Join(t.TempDir(), "records.jsonl")
	url := serve(t, streams(func(p *peer) { p.chunk(token); p.hold() }))
	exit, output := k6(t, recording+`
export const options = { scenarios: { load: { executor: "constant-vus", vus: 20, duration: "1s", gracefulStop: "0s" } } };
export default function () { sse.record(__ENV.URL, {}, chat); }`,
		"JOURNAL="+journal, "DIALECT="+dialectPath(t), "URL="+url)
	if exit != 0 {
		t.Errorf("exit %d:\n%s", exit, output)
	}
	order, lines := linesByType(t, journal)
	if order[len(order)-1] != "end" || len(lines["request"]) != 20 {
		t.Errorf("%d requests of 20; lines %v", len(lines["request"]), order)
	}
	for _, line := range lines["request"] {
		if kindOfError(line) != "interrupted" || line["tokenEvents"] != 1. || line["ended"] != "error" {
			t.Errorf("got %v", line)
		}
	}
	if last := lines["progress"][len(lines["progress"])-1]; last["inFlight"] != 0. || last["failed"] != 20. {
		t.Errorf("the last progress line: %v", last)
	}
}

func TestK6WithAJournalThatCannotBe(t *testing.T) {
	exit, output := k6(t, recording+`export default function () {}`,
		"JOURNAL="+filepath.Join(t.TempDir(), "none", "records.jsonl"), "DIALECT="+dialectPath(t))
	if exit == 0 || !strings.Contains(output, "cannot create the journal") {
		t.Errorf("exit %d:\n%s", exit, output)
	}
}

// A script as it is written for the community extension: a default import, open, handlers, custom metrics.
func TestK6RunsAScriptForTheCommunityExtension(t *testing.T) {
	exit, output := k6(t, `
import sse from 'k6/x/sse'
import { check } from 'k6'
import { Counter, Rate, Trend } from 'k6/metrics'

const tokens = new Counter('completion_tokens')
const truncated = new Rate('truncated')
const firstToken = new Trend('first_token')
export const options = {
  vus: 2, iterations: 4,
  thresholds: { truncated: ['rate<0.8'], checks: ['rate==1'], completion_tokens: ['count==8'], first_token: ['min>=0'] },
}
export default function () {
  const params = { method: 'POST', body: JSON.stringify({ stream: true }), headers: { 'Content-Type': 'application/json' } }
  const start = new Date()
  let first = null, finish = ''
  const response = sse.open(__ENV.URL, params, function (client) {
    client.on('event', function (event) {
      if (event.data === '[DONE]' || event.data === '') return
      const chunk = JSON.parse(event.data)
      if (chunk.choices && chunk.choices[0]) {
        if (first === null) { first = new Date(); firstToken.add(first - start) }
        if (chunk.choices[0].finish_reason) finish = chunk.choices[0].finish_reason
      }
      if (chunk.usage) { tokens.add(chunk.usage.completion_tokens); client.close() }
    })
    client.on('error', function (e) { console.log('error: ' + e.error()); throw e })
  })
  truncated.add(finish === 'length')
  check(response, { success: (r) => r.status === 200 })
}`, "URL="+serve(t, streams(wholeAnswer)))
	if exit != 0 {
		t.Errorf("exit %d:\n%s", exit, output)
	}
}

func TestK6PrintsBelowItsOwnSummary(t *testing.T) {
	exit, output := k6(t, `
import sse from "k6/x/sse";
export const options = { iterations: 1 };
export default function () {}
export function handleSummary() { sse.print("the last word\n"); }`)
	own, ours := strings.Index(output, "iteration_duration"), strings.Index(output, "the last word\n")
	if exit != 0 || own < 0 || ours < own {
		t.Errorf("exit %d:\n%s", exit, output)
	}
}
