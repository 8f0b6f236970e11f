package facts

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

func TestLineHasEveryDocumentedFactAndNoOther(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "chat-completions"), true)
	c.Scheduled, c.Start, c.Connected, c.Sent, c.Headers = 1_000_499, 1_000_500, 2_000_000, 3_123_456, 4e15
	c.Status, c.ContentType = 200, "text/event-stream"
	c.Stamps, c.Reused, c.Retried, c.RequestBytes = stamp.Kernel, true, true, 17
	c.PacketMisses = 2
	c.Body = []byte("a body\xff\n\"")
	c.NoteLag(1000)
	c.NoteLag(4000)
	give(t, c, 5, `data: {"choices":[{"delta":{"content":"a"}}],"error":"in \"band\""}`+"\n\n")
	give(t, c, 6, `data: {"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":12}}`+"\n\n")
	c.FirstTokenEarliest, c.FirstContentEarliest, c.LastTokenEarliest, c.End = 4_000_000, 4_500_000, 5_500_000, 7_000_000
	c.Gaps.doubt()
	c.Finish(&Error{Kind: "reset", Message: "tab\there, quote \" and é"})
	c.OpenChoices, c.NoFinishReason, c.BadUsage, c.Unread = 1, true, `a: "-1"`, []string{"a.b", "c\n"}
	c.Request.Fields = append(c.Request.Fields, Field{"odd \"name\"\n", true})
	raw := c.AppendLine([]byte("before"), Identity{
		ID: 3, VU: 4, Iteration: 5, Scenario: `a "b"`, Labels: map[string]string{"task": "chat\n", "a<b": ""},
	})
	text, ok := strings.CutPrefix(string(raw), "before")
	if !ok || strings.ContainsAny(text, "\n\r") {
		t.Fatalf("not appended as one line: %q", raw)
	}
	line := decode(t, []byte(text))
	if _, ok := line["text"]; ok {
		t.Error("what the model said is in the journal")
	}
	want := map[string]any{
		"type": "request", "id": 3., "vu": 4., "iteration": 5., "scenario": `a "b"`,
		"labels":      map[string]any{"task": "chat\n", "a<b": ""},
		"scheduledMs": 1., "startMs": 1.001, "connectedMs": 2., "sentMs": 3.123, "headersMs": 4e9,
		"firstTokenMs": 5., "firstTokenEarliestMs": 4., "firstContentMs": 5., "firstContentEarliestMs": 4.5,
		"lastTokenMs": 6., "lastTokenEarliestMs": 5.5, "endMs": 7.,
		"status": 200., "contentType": "text/event-stream",
		"error":       map[string]any{"kind": "reset", "message": "tab\there, quote \" and é"},
		"inBandError": `in "band"`, "ended": "error", "stamps": "kernel",
		"stampLagMeanMs": 0.0025, "stampLagMaxMs": 0.004,
		"mergedTokens": 0., "tokenEvents": 2., "contentEvents": 2., "reasoningEvents": 0., "toolCallEvents": 0.,
		"reads": 2., "events": 2., "malformedEvents": 0., "bytes": float64(c.Bytes),
		"fields": map[string]any{"finishReason": "stop", "promptTokens": 12., "odd \"name\"\n": true},
		"body":   "a body\ufffd\n\"", "reused": true, "retried": true, "requestBytes": 17.,
		"tokenBytes": 2., "firstTokenBytes": 1., "openChoices": 1., "noFinishReason": true,
		"badUsage": `a: "-1"`, "unread": []any{"a.b", "c\n"},
		"gapsUs": []any{1000.}, "uncertainGaps": []any{[]any{0., 1.}}, "packetMisses": 2., "tokensBySecond": []any{[]any{0., 2.}},
	}
	for key, value := range want {
		if !reflect.DeepEqual(line[key], value) {
			t.Errorf("%s: got %v, want %v", key, line[key], value)
		}
	}
	documented := documentedFacts(t)
	for key := range line {
		if !documented[key] {
			t.Errorf("%s is not documented in lib/core/request/facts.ts", key)
		}
	}
	// The last is for the script alone.
	absent := []string{"gapHistogramUs", "uncertainGapCount", "document", "text"}
	for key := range documented {
		if _, ok := line[key]; !ok && !slices.Contains(absent, key) {
			t.Errorf("%s is documented in lib/core/request/facts.ts, and missing", key)
		}
	}
}

// documentedFacts are the keys of Facts and RequestLine.
func documentedFacts(t *testing.T) map[string]bool {
	t.Helper()
	source, err := os.ReadFile("../../../lib/core/request/facts.ts")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, name := range []string{"Facts", "RequestLine extends Facts"} {
		_, rest, found := strings.Cut(string(source), "export interface "+name+" {\n")
		body, _, _ := strings.Cut(rest, "\n}")
		if !found {
			t.Fatalf("no interface %s", name)
		}
		for _, key := range regexp.MustCompile(`(?m)^  (\w+)\??:`).FindAllStringSubmatch(body, -1) {
			keys[key[1]] = true
		}
	}
	return keys
}

func TestLineLeavesOutWhatIsNotKnown(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "chat-completions"), false)
	c.Start, c.End = 0, 0
	line := decode(t, c.AppendLine(nil, Identity{}))
	for _, key := range []string{
		"scheduledMs", "connectedMs", "sentMs", "headersMs", "firstTokenMs", "firstContentMs", "lastTokenMs", "status",
		"contentType", "error", "inBandError", "stampLagMeanMs", "stampLagMaxMs", "body", "text", "gapHistogramUs", "tokensBySecond",
	} {
		if value, ok := line[key]; ok {
			t.Errorf("%s: %v", key, value)
		}
	}
	want := map[string]any{"startMs": 0., "endMs": 0., "ended": "no_stream", "stamps": "user", "labels": map[string]any{}}
	for key, value := range want {
		if !reflect.DeepEqual(line[key], value) {
			t.Errorf("%s: got %v, want %v", key, line[key], value)
		}
	}
}

func TestLineIsJSONWhateverTheTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := func() string {
		b := make([]byte, random.IntN(12))
		for i := range b {
			b[i] = byte(random.IntN(256))
		}
		return string(b)
	}
	for range 2000 {
		c := NewCollector()
		c.Begin(dialectFile(t, "chat-completions"), true)
		message := noise()
		c.ContentType, c.InBandError, c.Body, c.Text = noise(), &message, []byte(noise()), []byte(noise())
		c.BadUsage, c.Unread = noise(), []string{noise(), noise()}
		c.Error = &Error{noise(), noise()}
		c.Request.Fields = []Field{{noise(), noise()}, {"number" + noise(), math.Ldexp(random.NormFloat64(), random.IntN(600)-300)}}
		decode(t, c.AppendLine(nil, Identity{Scenario: noise(), Labels: map[string]string{noise(): noise()}}))
	}
}

func TestMillis(t *testing.T) {
	tests := []struct {
		nanos int64
		text  string
	}{
		{0, "0"},
		{499, "0"},
		{500, "0.001"},
		{1_000, "0.001"},
		{999_499, "0.999"},
		{999_500, "1"},
		{12_345_678, "12.346"},
		{12_050_000, "12.05"},
		{86_400_000_000_000 * 30, "2592000000"},
		{86_400_000_000_000*30 + 1000, "2592000000.001"},
	}
	for _, test := range tests {
		got := string(appendMillis(nil, test.nanos))
		var number, want float64
		if json.Unmarshal([]byte(got), &number) != nil || json.Unmarshal([]byte(test.text), &want) != nil || number != want {
			t.Errorf("%d ns: got %s, want %s", test.nanos, got, test.text)
		}
		if Millis(test.nanos) != want {
			t.Errorf("%d ns: Millis gives %v, want %v", test.nanos, Millis(test.nanos), want)
		}
	}
}
