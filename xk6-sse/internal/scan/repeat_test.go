package scan

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// A scanner that remembers must find what a fresh one finds, whatever came before.
func checkAgainstFresh(t *testing.T, plan *Plan, paths []string, events ...string) {
	t.Helper()
	remembering := plan.NewScanner()
	for n, event := range events {
		fresh := plan.NewScanner()
		got, want := remembering.Scan([]byte(event)), fresh.Scan([]byte(event))
		if (got == nil) != (want == nil) {
			t.Fatalf("event %d %q: remembering says %v, fresh says %v", n, event, got, want)
		}
		for i, path := range paths {
			g, w := remembering.Slot(i), fresh.Slot(i)
			if g.Kind != w.Kind || g.Escaped != w.Escaped || g.NonEmptyString != w.NonEmptyString ||
				!bytes.Equal(g.Raw, w.Raw) {
				t.Fatalf("event %d %q at %s: remembering %+v %q, fresh %+v %q", n, event, path, g, g.Raw, w, w.Raw)
			}
		}
	}
}

var repeatPaths = []string{
	"choices.*.delta.content", "choices.0.delta.content", "choices.*.finish_reason", "choices", "usage.total",
	"id", "error", "choices.*.delta",
}

func TestRemembering(t *testing.T) {
	plan, err := Compile(repeatPaths)
	if err != nil {
		t.Fatal(err)
	}
	chunk := func(content string) string {
		return `{"id":"a","choices":[{"finish_reason":null,"delta":{"content":` + content + `}}],"usage":{"total":3}}`
	}
	two := func(first, second string) string {
		return `{"choices":[{"delta":{"content":` + first + `}},{"delta":{"content":` + second + `}}]}`
	}
	rows := []struct {
		name   string
		events []string
	}{
		{"a longer, a shorter, an equal text", []string{chunk(`"one"`), chunk(`"three"`), chunk(`"x"`), chunk(`"x"`)}},
		{"an empty text after a full one, and back", []string{chunk(`"one"`), chunk(`""`), chunk(`"two"`)}},
		{"an empty text first", []string{chunk(`""`), chunk(`"two"`), chunk(`""`)}},
		{"a text with an escape, and back", []string{chunk(`"a"`), chunk(`"\n"`), chunk(`"b"`), chunk(`"\u00e9\\"`)}},
		{"an escape that differs behind its backslash", []string{chunk(`"\n"`), chunk(`"\t"`), chunk(`"\""`)}},
		{"a text that is a prefix of the one before", []string{chunk(`"abc"`), chunk(`"ab"`), chunk(`"abcd"`)}},
		{"null in place of a text", []string{chunk(`"abc"`), chunk(`null`), chunk(`"abc"`)}},
		{"a text that ends the JSON early", []string{chunk(`"abc"`), chunk(`"abc"}`), chunk(`"abc"`)}},
		{"a control character in the text", []string{chunk(`"abc"`), chunk("\"a\nc\""), chunk(`"abd"`)}},
		{"an event that is cut off in the text", []string{chunk(`"abc"`), chunk(`"abc"`)[:60], chunk(`"abd"`)}},
		{"an event that is cut off behind the text", []string{chunk(`"abc"`), chunk(`"abd"`)[:75], chunk(`"abe"`)}},
		{"an event that goes on behind its end", []string{chunk(`"abc"`), chunk(`"abd"`) + "x", chunk(`"abe"`)}},
		{"another id, then another text", []string{chunk(`"abc"`), strings.Replace(chunk(`"abc"`), `"a"`, `"bb"`, 1), chunk(`"q"`)}},
		{"the number behind the text differs", []string{chunk(`"abc"`), strings.Replace(chunk(`"abc"`), "3", "44", 1), chunk(`"q"`)}},
		{"the first of two choices differs", []string{two(`"a"`, `"b"`), two(`"cc"`, `"b"`), two(`""`, `"b"`)}},
		{"the last of two choices differs", []string{two(`"a"`, `"b"`), two(`"a"`, `"cc"`), two(`"a"`, `""`), two(`""`, `""`)}},
		{"a text that looks like the rest of the event", []string{chunk(`"}}],"`), chunk(`"}}],\"usage\""`), chunk(`"}}"`)}},
		{"duplicate keys", []string{`{"id":"a","id":"b"}`, `{"id":"c","id":"b"}`, `{"id":"a","id":"ccc"}`}},
		{"an event too long to remember", []string{chunk(`"a"`), chunk(`"` + strings.Repeat("x", 5000) + `"`), chunk(`"b"`)}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { checkAgainstFresh(t, plan, repeatPaths, row.events...) })
	}
}

// FuzzRemembering: two texts in turn, and the second one with a piece of the first put into it.
func FuzzRemembering(f *testing.F) {
	f.Add([]byte(`{"id":"abc","error":{"x":1}}`), []byte(`{"id":"abd","error":{"x":1}}`), 7, 9)
	f.Add([]byte(`{"choices":[{"delta":{"content":"a\n"}}]}`), []byte(`{"choices":[{"delta":{"content":""}}]}`), 3, 30)
	plan, err := Compile(repeatPaths)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, a, b []byte, from, to int) {
		mixed := append([]byte{}, b...)
		if from >= 0 && to >= from && to <= len(a) && from <= len(b) {
			mixed = append(append(append([]byte{}, b[:from]...), a[from:to]...), b[from:]...)
		}
		checkAgainstFresh(t, plan, repeatPaths, string(a), string(b), string(a), string(mixed), string(b), string(mixed))
		if json.Valid(mixed) != (plan.NewScanner().Scan(mixed) == nil) {
			t.Fatalf("%q: json.Valid disagrees", mixed)
		}
	})
}
