package facts

import (
	"reflect"
	"strings"
	"testing"
)

// Counts of usage that cannot be true are no values, and are noted; those that can be stay.
func TestHostileCounts(t *testing.T) {
	tests := []struct {
		completion string
		want       any // nil: not used
		bad        bool
	}{
		{"3", 3., false}, {"12.0", 12., false}, {"1e2", 100., false}, {"999999999", 999999999., false}, {"null", nil, false},
		{"-1", nil, true}, {"2.5", nil, true}, {"1e308", nil, true}, {"1e999", nil, true}, {"9007199254740993", nil, true},
		{`"3"`, nil, true}, {`"NaN"`, nil, true}, {`""`, nil, true}, {"true", nil, true}, {"false", nil, true}, {"{}", nil, true}, {"[3]", nil, true},
		{"0", nil, true}, // although a token came
	}
	chat := dialectFile(t, "chat-completions")
	c := NewCollector()
	for _, test := range tests {
		t.Run(test.completion, func(t *testing.T) {
			c.Begin(chat, false)
			give(t, c, 1, `data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}`+"\n\n")
			give(t, c, 2, `data: {"choices":[],"usage":{"completion_tokens":`+test.completion+`}}`+"\n\ndata: [DONE]\n\n")
			c.Finish(nil)
			line := decodeFacts(t, c)
			fields, _ := line["fields"].(map[string]any)
			if !reflect.DeepEqual(fields["completionTokens"], test.want) {
				t.Errorf("got %v, want %v", fields["completionTokens"], test.want)
			}
			if _, bad := line["badUsage"]; bad != test.bad {
				t.Errorf("bad usage: %v", line["badUsage"])
			}
		})
	}
}

func TestUsageThatContradictsItself(t *testing.T) {
	chat := dialectFile(t, "chat-completions")
	tests := []struct{ name, usage, says, without string }{
		{"more from the cache than there was", `"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":4}`, "cached", "cachedTokens"},
		{"a total below its parts", `"prompt_tokens":3,"completion_tokens":2,"total_tokens":4`, "total", "totalTokens"},
	}
	c := NewCollector()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c.Begin(chat, false)
			give(t, c, 1, `data: {"choices":[],"usage":{`+test.usage+`}}`+"\n\n")
			c.Finish(nil)
			line := decodeFacts(t, c)
			fields := line["fields"].(map[string]any)
			bad, _ := line["badUsage"].(string)
			if _, ok := fields[test.without]; ok || fields["promptTokens"] != 3. || !strings.Contains(bad, test.says) {
				t.Errorf("got %v, %q", fields, bad)
			}
		})
	}
}

// What an error is, and what is none, in every form.
func TestErrorsInTheStream(t *testing.T) {
	tests := []struct {
		name, events string
		want         any // nil: none
	}{
		{"a key", `data: {"error":"no"}`, "no"},
		{"an object", `data: {"error":{"code":1}}`, `{"code":1}`},
		{"true", `data: {"error":true}`, "true"},
		{"an empty text", `data: {"error":""}`, nil},
		{"false", `data: {"error":false}`, nil},
		{"zero", `data: {"error":0}`, nil},
		{"an empty object", `data: {"error":{ }}`, nil},
		{"an empty list", `data: {"error":[]}`, nil},
		{"an object of nothing", `data: {"error":{"code":0,"message":"","type":null,"more":[{}]}}`, nil},
		{"a text of null", `data: {"error":"null"}`, nil},
		{"a field of the stream", `error: {"code":1}`, `{"code":1}`},
		{"an empty field of the stream", "error: null", nil},
		{"an event by its name", "event: error\ndata: gone", "gone"},
		{"an event by its name alone", "event: error", "error"},
		{"an event by its name with an error inside", "event: error\ndata: {\"error\":\"gone\"}", "gone"},
		{"an object of that kind", `data: {"object":"error","message":"no"}`, "no"},
		{"an object of that kind without a message", `data: {"object":"error","code":7}`, `{"object":"error","code":7}`},
		{"in a choice", `data: {"choices":[{"error":{"code":1}}]}`, `{"code":1}`},
		{"FastAPI's", `data: {"detail":"Not found"}`, "Not found"},
		{"FastChat's", `data: {"text":"x","error_code":50001}`, "50001"},
		{"FastChat's zero", `data: {"text":"x","error_code":0}`, nil},
		{"abort", `data: {"choices":[{"index":0,"delta":{},"finish_reason":"abort"}]}`, "finish reason abort"},
		{"Abort", `data: {"choices":[{"index":0,"delta":{},"finish_reason":"Aborted"}]}`, "finish reason Aborted"},
		{"stop", `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`, nil},
	}
	chat := dialectFile(t, "chat-completions")
	c := NewCollector()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c.Begin(chat, false)
			give(t, c, 1, test.events+"\n\ndata: [DONE]\n\n")
			c.Finish(nil)
			if got := decodeFacts(t, c)["inBandError"]; got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if proper := c.Proper(); proper != (test.want == nil) {
				t.Errorf("proper: %v", proper)
			}
		})
	}
}

// A field `error` counts even where the body ends within its line.
func TestAnErrorIsTheLastWord(t *testing.T) {
	for _, text := range []string{"error: gone", "error: gone\n", "data: {}\nerror: gone\n"} {
		c := NewCollector()
		c.Begin(dialectFile(t, "chat-completions"), false)
		give(t, c, 1, text)
		c.Finish(nil)
		if got := decodeFacts(t, c)["inBandError"]; got != "gone" {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// A failure of one choice is the answer's, whatever the reasons of the others.
func TestAFailureStays(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "chat-completions"), false)
	for _, choice := range []string{`{"index":0,"delta":{"content":"a"},"finish_reason":"abort"}`, `{"index":1,"delta":{"content":"b"},"finish_reason":"stop"}`} {
		give(t, c, 1, `data: {"choices":[`+choice+`]}`+"\n\n")
	}
	c.Finish(nil)
	line := decodeFacts(t, c)
	if line["inBandError"] != "finish reason abort" || line["fields"].(map[string]any)["finishReason"] != "abort" {
		t.Errorf("got %v", line)
	}
}

// An answer is whole only with a reason for each choice, or for none of them: its gaps are no samples otherwise.
func TestAnOpenChoiceIsNotProper(t *testing.T) {
	const first = `{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}`
	for _, test := range []struct {
		name, choices string
		proper        bool
	}{
		{"a reason for each", first + `,{"index":1,"delta":{"content":"b"},"finish_reason":"length"}`, true},
		{"a reason for one of them", first + `,{"index":1,"delta":{"content":"b"},"finish_reason":null}`, false},
		{"a reason for none", `{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := NewCollector()
			c.Begin(dialectFile(t, "chat-completions"), false)
			give(t, c, 1, `data: {"choices":[`+test.choices+"]}\n\ndata: [DONE]\n\n")
			c.Finish(nil)
			if proper := c.Proper(); proper != test.proper {
				t.Errorf("proper: %v", proper)
			}
		})
	}
}
