package facts_test

import (
	"os"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Events that repeat the previous one except for one string are not scanned again; the facts must be those of a full scan.
func TestEventsThatRepeat(t *testing.T) {
	dialect, err := os.ReadFile("../../../test/golden/dialects/chat-completions.json")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := facts.Compile(dialect)
	if err != nil {
		t.Fatal(err)
	}
	chunk := func(content, finish string) string {
		return `{"choices":[{"delta":{"content":` + content + `},"finish_reason":` + finish + `}]}`
	}
	rows := []struct {
		name   string
		events []string
		tokens int64
		text   string
		finish any
	}{
		{"only the token differs", []string{chunk(`"a"`, "null"), chunk(`"bc"`, "null"), chunk(`"d"`, "null")}, 3, "abcd", nil},
		{"the same token again", []string{chunk(`"a"`, "null"), chunk(`"a"`, "null")}, 2, "aa", nil},
		{"an empty token between", []string{chunk(`"a"`, "null"), chunk(`""`, "null"), chunk(`"b"`, "null")}, 2, "ab", nil},
		{"only the finish reason differs", []string{chunk(`"a"`, `"length"`), chunk(`"a"`, `"stop"`)}, 2, "aa", "stop"},
		{"token and finish reason differ", []string{chunk(`"a"`, `"length"`), chunk(`"b"`, `"stop"`)}, 2, "ab", "stop"},
		{"the finish reason, then the token", []string{chunk(`"a"`, `"length"`), chunk(`"a"`, `"stop"`), chunk(`"b"`, `"stop"`)}, 3, "aab", "stop"},
		{"malformed between", []string{chunk(`"a"`, "null"), `{"choices":`, chunk(`"b"`, "null")}, 2, "ab", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := facts.NewCollector()
			c.Begin(plan, true)
			for n, event := range row.events {
				space, err := c.Space()
				if err != nil {
					t.Fatal(err)
				}
				c.Read(copy(space, "data: "+event+"\n\n"), stamp.Arrival{At: int64(n+1) * 1e6})
			}
			c.Finish(nil)
			var finish any
			for _, field := range c.Request.Fields {
				if field.Name == "finishReason" {
					finish = field.Value
				}
			}
			if c.TokenEvents != row.tokens || string(c.Text) != row.text || finish != row.finish {
				t.Errorf("got %d tokens, text %q, finish reason %v; want %d, %q, %v",
					c.TokenEvents, c.Text, finish, row.tokens, row.text, row.finish)
			}
		})
	}
	t.Run("an error whose text differs is no token, and the first one stays", func(t *testing.T) {
		c := facts.NewCollector()
		c.Begin(plan, false)
		space, _ := c.Space()
		c.Read(copy(space, `data: {"error":"one"}`+"\n\n"+`data: {"error":"two"}`+"\n\n"), stamp.Arrival{At: 1e6})
		c.Finish(nil)
		if c.TokenEvents != 0 || c.InBandError == nil || !strings.Contains(*c.InBandError, "one") {
			t.Errorf("got %d tokens, error %v", c.TokenEvents, c.InBandError)
		}
	})
}
