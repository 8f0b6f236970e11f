package facts

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
)

const (
	cumulativeLines = `{"name":"lines","framing":"ndjson","cumulative":true,
		"tokens":[{"path":"text","kind":"content"}],
		"fields":{"finish":"done_reason"},"finishField":"finish",
		"end":{"when":{"path":"state","equals":"done"}},"errors":["error","detail.message"],"contentTypes":["application/x-ndjson"]}`
	nulTexts = `{"name":"nul","framing":"nul","cumulative":true,
		"tokens":[{"path":"text.0","kind":"content"}],
		"fields":{},"finishField":"","end":{},"errors":[],"contentTypes":[]}`
	namedEvents = `{"name":"named","framing":"sse",
		"tokens":[
			{"path":"delta.thinking","kind":"reasoning","when":{"path":"@event","equals":"content_block_delta"}},
			{"path":"delta","kind":"content","when":{"path":"type","equals":"response.output_text.delta"}},
			{"path":"plain","kind":"content","when":{"path":"@event","equals":"message"}},
			{"path":"call.*.arguments","kind":"tool_call"}],
		"fields":{"tokens":["usage.input","usage.cached"],"stop":"stop","flag":"flag","none":"none"},"finishField":"stop",
		"end":{"when":{"path":"@event","equals":"message_stop"}},"errors":["error"],"contentTypes":["text/event-stream"]}`
)

// read is what one read brings, at a time.
type read struct {
	atMs float64
	text string
}

func TestCollector(t *testing.T) {
	// Facts that are 0 or empty unless a row overrides them.
	nothing := map[string]any{
		"mergedTokens": 0., "tokenEvents": 0., "contentEvents": 0., "reasoningEvents": 0., "toolCallEvents": 0.,
		"malformedEvents": 0., "inBandError": nil, "fields": map[string]any{}, "gapsUs": []any{},
		"firstTokenMs": nil, "firstContentMs": nil, "lastTokenMs": nil,
	}
	tests := []struct {
		name    string
		dialect string
		reads   []read
		failure *Error
		facts   map[string]any // in addition to those of nothing
		text    string
		proper  bool
	}{
		{
			name:    "cumulative lines: an event whose text did not grow is no token; the text is the last one",
			dialect: cumulativeLines,
			reads: []read{
				{1, `{"text":""}` + "\n"},
				{2, `{"text":"a"}` + "\n"},
				{3, `{"text":"a"}` + "\r\n\n"},
				{4.0006, `{"text":"aé`},
				{5, `b"}` + "\n" + `{"text":"aéb","state":"done","done_reason":"stop"}` + "\n"},
			},
			facts: map[string]any{
				"ended": "marker", "tokenEvents": 2., "contentEvents": 2., "events": 5., "reads": 5.,
				"firstTokenMs": 2., "firstContentMs": 2., "lastTokenMs": 5., "gapsUs": []any{3000.},
				"fields": map[string]any{"finish": "stop"},
			},
			text: "aéb", proper: true,
		},
		{
			name:    "a last line without its line end is an event; the stream ends as the body does, properly by its finish reason",
			dialect: cumulativeLines,
			reads:   []read{{1, `{"text":"x"}` + "\n"}, {2, `{"text":"xy","done_reason":"length"}`}},
			facts: map[string]any{
				"ended": "eof", "tokenEvents": 2., "contentEvents": 2., "events": 2., "reads": 2.,
				"firstTokenMs": 1., "firstContentMs": 1., "lastTokenMs": 2., "gapsUs": []any{1000.},
				"fields": map[string]any{"finish": "length"},
			},
			text: "xy", proper: true,
		},
		{
			name:    "NUL-delimited texts that grow, split over reads; without finish reason nor marker there is no proper end",
			dialect: nulTexts,
			reads:   []read{{1, "{\"text\":[\"a\"]}\x00{\"te"}, {2, "xt\":[\"ab\"]}\x00"}, {3, "{\"text\":[\"abc\"]}\x00{\"text\":[\"abcd\"]}\x00"}},
			facts: map[string]any{
				"ended": "eof", "tokenEvents": 4., "contentEvents": 4., "events": 4., "reads": 3., "mergedTokens": 1.,
				"firstTokenMs": 1., "firstContentMs": 1., "lastTokenMs": 3., "gapsUs": []any{1000., 1000., 0.},
			},
			text: "abcd",
		},
		{
			name:    "predicates on a value and on the event's name; the first kind that matches counts; sums, last values, end by name",
			dialect: namedEvents,
			reads: []read{
				{1, "event: content_block_delta\ndata: {\"delta\":{\"thinking\":\"hm\"}}\n\n"},
				{2, "event: other\ndata: {\"delta\":{\"thinking\":\"hm\"},\"flag\":true}\n\n"},
				{3, "data: {\"type\":\"response.output_text.delta\",\"delta\":\"a\"}\n\n"},
				{4, "data: {\"type\":\"response.output_text.done\",\"delta\":\"b\",\"usage\":{\"input\":1,\"cached\":100}}\n\n"},
				{5, "data: {\"plain\":\"unnamed events are called message\"}\n\n"},
				{6, "event: x\ndata: {\"plain\":\"no\"}\n\n"},
				{7, "data: {\"call\":[{\"arguments\":\"{}\"},{\"arguments\":\"\"}],\"usage\":{\"input\":20.5}}\n\n"},
				{8, "event: message_stop\ndata: {\"stop\":\"end\",\"none\":null}\n\ndata: {\"plain\":\"behind the end\"}\n\n"},
			},
			facts: map[string]any{
				"ended": "marker", "tokenEvents": 4., "contentEvents": 2., "reasoningEvents": 1., "toolCallEvents": 1.,
				"events": 8., "reads": 8., "firstTokenMs": 1., "firstContentMs": 3., "lastTokenMs": 7.,
				"gapsUs": []any{2000., 2000., 2000.},
				"fields": map[string]any{"tokens": 120.5, "stop": "end", "flag": true},
			},
			text: "aunnamed events are called message", proper: true,
		},
		{
			name:    "an end that is known by its name need not carry JSON",
			dialect: namedEvents,
			reads:   []read{{1, "event: message_stop\ndata: bye\n\n"}},
			facts:   map[string]any{"ended": "marker", "events": 1., "reads": 1.}, proper: true,
		},
		{
			name:    "an error as a text below its path; null is none",
			dialect: cumulativeLines,
			reads:   []read{{1, `{"error":null,"detail":{"message":"out of \"memory\""}}` + "\n" + `{"error":"later"}` + "\n"}},
			facts:   map[string]any{"ended": "eof", "events": 2., "reads": 1., "inBandError": `out of "memory"`},
		},
		{
			name:    "an error as an object stays the JSON that was sent, and makes an end marker improper",
			dialect: cumulativeLines,
			reads:   []read{{1, `{"error": {"code": 5}}` + "\n" + `{"state":"done"}` + "\n"}},
			facts:   map[string]any{"ended": "marker", "events": 2., "reads": 1., "inBandError": `{"code": 5}`},
		},
		{
			name:    "an error as a number",
			dialect: cumulativeLines,
			reads:   []read{{1, `{"error": 503}` + "\n"}},
			facts:   map[string]any{"ended": "eof", "events": 1., "reads": 1., "inBandError": "503"},
		},
		{
			name:    "events that are no JSON are malformed; what they would have held is not taken",
			dialect: cumulativeLines,
			reads:   []read{{1, "oops\n{\"text\":\"a\",}\n{\"done_reason\":\"x\"]\n{\"text\":\"b\"} {}\n"}},
			facts:   map[string]any{"ended": "eof", "events": 4., "reads": 1., "malformedEvents": 4.},
		},
		{
			name:    "a reset keeps what was there; half an event is none",
			dialect: cumulativeLines,
			reads:   []read{{1, `{"text":"a"}` + "\n" + `{"text":"ab"}`}},
			failure: &Error{Kind: "reset", Message: "gone"},
			facts: map[string]any{
				"ended": "error", "events": 1., "reads": 1., "tokenEvents": 1., "contentEvents": 1.,
				"firstTokenMs": 1., "firstContentMs": 1., "lastTokenMs": 1.,
			},
			text: "a",
		},
		{
			name:    "a stamp that steps back gives no negative gap",
			dialect: namedEvents,
			reads:   []read{{2, "data: {\"plain\":\"a\"}\n\n"}, {1.5, "data: {\"plain\":\"b\"}\n\n"}},
			facts: map[string]any{
				"ended": "eof", "events": 2., "reads": 2., "tokenEvents": 2., "contentEvents": 2.,
				"firstTokenMs": 2., "firstContentMs": 2., "lastTokenMs": 1.5, "gapsUs": []any{0.},
			},
			text: "ab",
		},
		{
			name:    "reads of the body with one stamp are one read of the socket: their tokens are merged",
			dialect: namedEvents,
			reads:   []read{{2, "data: {\"plain\":\"a\"}\n\n"}, {2, "data: {\"plain\":\"b\"}\n\n"}},
			facts: map[string]any{
				"ended": "eof", "events": 2., "reads": 2., "tokenEvents": 2., "contentEvents": 2., "mergedTokens": 1.,
				"firstTokenMs": 2., "firstContentMs": 2., "lastTokenMs": 2., "gapsUs": []any{0.},
			},
			text: "ab",
		},
		{
			name:    "a sum beyond all numbers leaves out what made it so",
			dialect: namedEvents,
			reads:   []read{{1, `data: {"usage":{"input":1.5e308,"cached":1.5e308}}` + "\n\n"}, {2, `data: {"flag":1e999}` + "\n\n"}},
			facts:   map[string]any{"ended": "eof", "events": 2., "reads": 2., "fields": map[string]any{"tokens": 1.5e308}},
		},
	}
	c := NewCollector() // one for all, twice: nothing of a request shows in the next
	for range 2 {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				c.Begin(compiled(t, test.dialect), true)
				want, bytes := maps.Clone(nothing), 0
				maps.Copy(want, test.facts)
				for _, r := range test.reads {
					give(t, c, r.atMs, r.text)
					bytes += len(r.text)
				}
				c.Finish(test.failure)
				want["text"] = test.text
				want["bytes"] = float64(bytes)
				line := decodeFacts(t, c)
				for key, value := range want {
					if !reflect.DeepEqual(line[key], value) {
						t.Errorf("%s: got %v, want %v", key, line[key], value)
					}
				}
				if got := c.Proper(); got != test.proper {
					t.Errorf("proper: got %v, want %v", got, test.proper)
				}
			})
		}
	}
}

func TestCollectorCountsTokensOfEachReadAndSecond(t *testing.T) {
	c := NewCollector()
	c.Begin(compiled(t, namedEvents), false)
	event := "data: {\"plain\":\"a\"}\n\n"
	for i, want := range []int64{1, 0, 3} {
		text := strings.Repeat(event, int(want))
		if want == 0 {
			text = ": ping\n\n"
		}
		if got := give(t, c, float64(900+i*100), text); got != want {
			t.Errorf("read %d: got %d token events, want %d", i, got, want)
		}
	}
	give(t, c, 61_000, event)
	if got, want := c.TokensBySecond, [][2]int64{{0, 1}, {1, 3}, {61, 1}}; !reflect.DeepEqual(got, want) {
		t.Errorf("by second: got %v, want %v", got, want)
	}
	c.Finish(nil)
	line := decodeFacts(t, c)
	if _, ok := line["text"]; ok {
		t.Errorf("text that was not asked for: %v", line["text"])
	}
}

func TestCollectorProperBehindAnError(t *testing.T) {
	for kind, want := range map[string]bool{
		"reset": true, "eof": true, "protocol": true,
		"idle_timeout": false, "total_timeout": false, "interrupted": false, "aborted": false,
	} {
		c := NewCollector()
		c.Begin(compiled(t, namedEvents), false)
		give(t, c, 1, "data: {\"stop\":\"end\"}\n\n")
		c.Finish(&Error{Kind: kind, Message: kind})
		if got := c.Proper(); got != want {
			t.Errorf("%s behind the finish reason: proper is %v, want %v", kind, got, want)
		}
	}
}

func TestCollectorAllocatesNothingPerEvent(t *testing.T) {
	const usage = `,"usage":{"prompt_tokens":8,"completion_tokens":6,"total_tokens":14}}` + "\n\n"
	chat := dialectFile(t, "chat-completions")
	tests := []struct {
		name, event string
		plan        *Plan
	}{
		{"content", `data: {"choices":[{"delta":{"content":"word\n é"},"finish_reason":null}]}` + "\n\n", chat},
		{"reasoning", `data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}` + "\n\n", chat},
		{"tool call", `data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\"a\":"}}]}}]}` + "\n\n", chat},
		{"several lines of data", "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"x\"}}]}\n\n", chat},
		{"usage in every chunk", `data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]` + usage, chat},
		{"an empty error in every chunk", `data: {"choices":[{"delta":{"content":"x"}}],"error":{"code":0,"message":""}}` + "\n\n", chat},
		{"two choices at once", `data: {"choices":[{"index":0,"delta":{"content":"x"}},{"index":1,"delta":{"content":"y"},"finish_reason":"stop"}]}` + "\n\n", chat},
		{"two choices in turns", `data: {"choices":[{"index":0,"delta":{"content":"x"}}]}` + "\n\n" + `data: {"choices":[{"index":1,"delta":{"content":"y"}}]}` + "\n\n", chat},
		{"no token", `data: {"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}` + "\n\n", chat},
		{"ping", ": ping\n\n", chat},
		{"malformed", "data: {oops\n\n", chat},
		{"named", "event: content_block_delta\ndata: {\"delta\":{\"thinking\":\"hm\"}}\n\n", compiled(t, namedEvents)},
		{"cumulative line", `{"text":"the same"}` + "\n", compiled(t, cumulativeLines)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := NewCollector()
			c.Begin(test.plan, false)
			at := 0.
			next := func() {
				at += 0.25
				give(t, c, at, test.event)
			}
			for range exactGaps { // the list of gaps and the buffers grow to their size
				next()
			}
			for range 2 { // as they do for the next request: what has grown is kept
				if allocations := testing.AllocsPerRun(1000, next); allocations != 0 {
					t.Errorf("%v allocations an event", allocations)
				}
				c.Finish(nil)
				c.Begin(test.plan, false)
			}
		})
	}
}

func TestLongTexts(t *testing.T) {
	c := NewCollector()
	c.Begin(compiled(t, cumulativeLines), false)
	long := strings.Repeat("é", 2000)
	give(t, c, 1, fmt.Sprintf(`{"error":"%s","done_reason":"x%s"}`+"\n", long, long))
	c.Finish(nil)
	line := decodeFacts(t, c)
	if got, want := line["inBandError"], strings.Repeat("é", 512); got != want {
		t.Errorf("in-band error: %d bytes", len(got.(string)))
	}
	finish := line["fields"].(map[string]any)["finish"]
	if want := "x" + strings.Repeat("é", 511); finish != want { // whole characters
		t.Errorf("field: %d bytes", len(finish.(string)))
	}
}

func TestCompileRefuses(t *testing.T) {
	with := func(key, value string) string {
		var d map[string]json.RawMessage
		if err := json.Unmarshal([]byte(namedEvents), &d); err != nil {
			t.Fatal(err)
		}
		d[key] = json.RawMessage(value)
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	tests := []struct{ name, dialect, says string }{
		{"an unknown framing", with("framing", `"xml"`), `"xml"`},
		{"an unknown key", with("ending", `1`), `"ending"`},
		{"an unknown kind of token", with("tokens", `[{"path":"a","kind":"word"}]`), `"word"`},
		{"a finish field that is no field", with("finishField", `"finished"`), `"finished"`},
		{"an empty path", with("errors", `[""]`), "empty"},
		{"a path with an empty segment", with("errors", `["a..b"]`), "a..b"},
		{"a field that is no path", with("fields", `{"a":1}`), "dialect"},
		{"a field with an unknown key", with("fields", `{"stop":{"path":"a","if":1}}`), `"if"`},
		{"groups together with another key", with("fields", `{"stop":{"either":["a"],"or":["b"]}}`), "either"},
		{"a predicate that wants a number", with("end", `{"when":{"path":"a","equals":1}}`), `"a"`},
		{"an event's name that is anything", with("end", `{"when":{"path":"@event"}}`), "@event"},
		{"a predicate with an unknown key", with("end", `{"when":[{"path":"a","is":1}]}`), `"is"`},
		{"a text", `"chat"`, "dialect"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Compile([]byte(test.dialect)); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("expected an error that says %s, got %v", test.says, err)
			}
		})
	}
}

func TestAccepts(t *testing.T) {
	some, all := compiled(t, namedEvents), compiled(t, nulTexts)
	if !some.Accepts("text/event-stream") || some.Accepts("application/json") || some.Accepts("") {
		t.Error("a dialect with media types takes these and no others")
	}
	if !all.Accepts("application/json") || !all.Accepts("") {
		t.Error("a dialect without media types takes all")
	}
}
