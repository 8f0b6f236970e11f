package facts

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// ofDocument reads a document in pieces, all within one second, and returns its line.
func ofDocument(t *testing.T, c *Collector, dialect string, pieces ...string) map[string]any {
	t.Helper()
	c.Begin(dialectFile(t, dialect), true)
	for i, piece := range pieces {
		if tokens := give(t, c, float64(i+1), piece); tokens != 0 {
			t.Errorf("a document gave %d tokens", tokens)
		}
	}
	c.Finish(nil)
	return decodeFacts(t, c)
}

func TestDocumentSplitAtEveryByte(t *testing.T) {
	body := "\uFEFF\n{\"choices\":[{\"message\":{\"content\":\"Zoë 你好 🙂 \\u00e9\\ud83d\\ude42\",\"reasoning_content\":\"Hm\"}," +
		"\r\n\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":9}}\n"
	c := NewCollector()
	for at := range body {
		line := ofDocument(t, c, "chat-completions-sync", body[:at], body[at:])
		want := map[string]any{
			"ended": "marker", "document": true, "events": 1., "reads": 2., "bytes": float64(len(body)), "tokenEvents": 0., "text": "Zoë 你好 🙂 é🙂",
			"fields": map[string]any{"finishReason": "stop", "completionTokens": 9.}, "gapsUs": []any{}, "firstTokenMs": nil, "lastTokenMs": nil,
			"body": nil, "malformedEvents": 0.,
		}
		for key, value := range want {
			if !reflect.DeepEqual(line[key], value) {
				t.Errorf("split at %d: %s: got %v, want %v", at, key, line[key], value)
			}
		}
	}
}

func TestDocuments(t *testing.T) {
	tests := []struct {
		name, dialect, body string
		ended, text, kept   string
		events              float64
		proper              bool
	}{
		{"of a chat", "chat-completions-sync", `{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]}`, "marker", "a", "", 1, true},
		{"of a completion", "completions-sync", `{"choices":[{"text":"a"}],"usage":{"prompt_tokens":1}}`, "marker", "a", "", 1, true},
		{"of thoughts alone: they are no content", "chat-completions-sync", `{"choices":[{"message":{"content":null,"reasoning_content":"a"},"finish_reason":"length"}]}`, "marker", "", "", 1, true},
		{"an error", "chat-completions-sync", `{"error":"no"}`, "marker", "", "", 1, false},
		{"an error that is null", "chat-completions-sync", `{"error":null}`, "eof", "", `{"error":null}`, 1, false},
		{"a text without a field", "chat-completions-sync", `{"choices":[{"message":{"content":"a"}}]}`, "marker", "a", "", 1, true},
		{"neither a field nor a text nor an error", "chat-completions-sync", `{"choices":[{"message":{"content":""}}]}`, "eof", "", `{"choices":[{"message":{"content":""}}]}`, 1, false},
		{"a stream in place of a document", "chat-completions-sync", "data: {}\n\n", "eof", "", "data: {}\n\n", 0, false},
		{"two documents", "completions-sync", `{"usage":{"prompt_tokens":1}}{}`, "eof", "", `{"usage":{"prompt_tokens":1}}{}`, 0, false},
		{"cut-off JSON", "completions-sync", `{"usage":{"prompt_tokens":1}`, "eof", "", `{"usage":{"prompt_tokens":1}`, 0, false},
		{"nothing", "completions-sync", "", "eof", "", "", 0, false},
		{"white space", "completions-sync", " \n", "eof", "", "", 0, false},
	}
	c := NewCollector()
	for _, test := range append(tests, tests...) {
		t.Run(test.name, func(t *testing.T) {
			line := ofDocument(t, c, test.dialect, test.body)
			kept, _ := line["body"].(string)
			if line["ended"] != test.ended || line["text"] != test.text || kept != test.kept || line["events"] != test.events || c.Proper() != test.proper {
				t.Errorf("proper %v, %v", c.Proper(), line)
			}
		})
	}
}

func TestDocumentThatIsCutGivesNothing(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "completions-sync"), true)
	give(t, c, 1, `{"choices":[{"text":"a","finish_reason":"stop"}]}`)
	c.Finish(&Error{Kind: "eof", Message: "short"})
	line := decodeFacts(t, c)
	if c.Proper() || line["ended"] != "error" || line["text"] != "" || line["events"] != 0. || !reflect.DeepEqual(line["fields"], map[string]any{}) {
		t.Errorf("%v", line)
	}
}

func TestHugeDocument(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "completions-sync"), true)
	body := fmt.Sprintf(`{"choices":[{"text":"x%s","finish_reason":"stop"}]}`, strings.Repeat("é", 8<<20))
	for rest := body; rest != ""; {
		space, err := c.Space()
		if err != nil {
			t.Fatal(err)
		}
		n := copy(space, rest)
		rest = rest[n:]
		c.Read(n, arrival(1))
	}
	c.Finish(nil)
	if c.Ended != EndedMarker || c.Bytes != int64(len(body)) {
		t.Errorf("ended %s, %d bytes", c.Ended, c.Bytes)
	}
	if got, want := string(c.Text), "x"+strings.Repeat("é", (maxText-2)/2); got != want { // whole characters
		t.Errorf("kept %d bytes of the text, want %d", len(got), len(want))
	}
}

func TestDocumentOverTheLimit(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "completions-sync"), false)
	for read := 0; read <= maxEvent+1<<20; {
		space, err := c.Space()
		if err != nil {
			return
		}
		read += len(space)
		c.Read(len(space), arrival(1))
	}
	t.Error("no end")
}

func TestTextOfStreamsIsBounded(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "completions"), true)
	event := `data: {"choices":[{"text":"` + strings.Repeat("é", 2000) + `"}]}` + "\n\n"
	for range maxText/4000 + 2 {
		give(t, c, 1, event)
	}
	if len(c.Text) != maxText || !strings.HasPrefix(event[27:], string(c.Text[:4000])) {
		t.Errorf("kept %d bytes", len(c.Text))
	}
}
