package facts

import (
	"reflect"
	"testing"
)

// A dialect for the rows below: the fields and the end of `with`, and a token at "t".
func ruled(t testing.TB, fields, end string) *Plan {
	t.Helper()
	return compiled(t, `{"name":"ruled","framing":"ndjson","tokens":[{"path":"t","kind":"content"}],
		"fields":`+fields+`,"finishField":"","end":`+end+`,"errors":["error"],"contentTypes":[]}`)
}

func TestFieldsOfSeveralPlaces(t *testing.T) {
	sums := `{"n":{"either":[["a","b"],["x.a","x.b"],"c"]}}`
	status := `{"why":{"either":["reason",{"path":"status","when":{"path":"type","equals":"end"}}]}}`
	rows := []struct {
		name, fields string
		events       string
		want         map[string]any
	}{
		{"the first group that has anything is summed", sums, `{"x":{"a":1,"b":2},"c":9}`, map[string]any{"n": 3.}},
		{"a group of which one place is there counts", sums, `{"b":5,"x":{"a":1,"b":2}}`, map[string]any{"n": 5.}},
		{"an earlier group that comes later still comes first", sums, "{\"x\":{\"a\":1}}\n{\"c\":7}\n{\"a\":4}", map[string]any{"n": 4.}},
		{"the last group counts alone if the others have only null", sums, `{"a":null,"x":{"a":null},"c":7}`, map[string]any{"n": 7.}},
		{"none of them", sums, `{"d":1}`, map[string]any{}},
		{"a place with a predicate counts in events that fit", status, "{\"type\":\"start\",\"status\":\"running\"}\n{\"type\":\"end\",\"status\":\"done\"}", map[string]any{"why": "done"}},
		{"and in no others", status, "{\"type\":\"start\",\"status\":\"running\"}", map[string]any{}},
		{"a text of an earlier group comes before it", status, "{\"type\":\"end\",\"status\":\"done\",\"reason\":\"full\"}", map[string]any{"why": "full"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := NewCollector()
			c.Begin(ruled(t, row.fields, `{}`), false)
			give(t, c, 1, row.events+"\n")
			c.Finish(nil)
			if got := decodeFacts(t, c)["fields"]; !reflect.DeepEqual(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestEnds(t *testing.T) {
	rows := []struct {
		name, end, body, want string
		failure               *Error
	}{
		{"true", `{"when":{"path":"done","equals":true}}`, `{"done":true}`, EndedMarker, nil},
		{"false is not true", `{"when":{"path":"done","equals":true}}`, `{"done":false}`, EndedEOF, nil},
		{"nor is a text", `{"when":{"path":"done","equals":true}}`, `{"done":"true"}`, EndedEOF, nil},
		{"false", `{"when":{"path":"open","equals":false}}`, `{"open":false}`, EndedMarker, nil},
		{"anything at a path", `{"when":{"path":"sum"}}`, `{"sum":{}}`, EndedMarker, nil},
		{"but null", `{"when":{"path":"sum"}}`, `{"sum":null}`, EndedEOF, nil},
		{"one of several", `{"when":[{"path":"a","equals":"x"},{"path":"b","equals":true}]}`, `{"b":true}`, EndedMarker, nil},
		{"none of several", `{"when":[{"path":"a","equals":"x"},{"path":"b","equals":true}]}`, `{"a":"y","b":false}`, EndedEOF, nil},
		{"the end of the body, behind an event", `{"body":true}`, `{"t":"a"}`, EndedMarker, nil},
		{"the end of an empty body", `{"body":true}`, "", EndedEOF, nil},
		{"a body that breaks", `{"body":true}`, `{"t":"a"}`, EndedError, &Error{Kind: "reset", Message: "reset"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := NewCollector()
			c.Begin(ruled(t, `{}`, row.end), false)
			give(t, c, 1, row.body+"\n")
			c.Finish(row.failure)
			if c.Ended != row.want {
				t.Errorf("got %s, want %s", c.Ended, row.want)
			}
		})
	}
}

// Token paths that differ only in their predicates leave the short reading of repeated events as it is.
func TestTokensOfOnePathStandAlone(t *testing.T) {
	dialect := func(errors string) *Plan {
		return compiled(t, `{"name":"typed","framing":"ndjson","tokens":[
			{"path":"delta","kind":"content","when":{"path":"type","equals":"text"}},
			{"path":"delta","kind":"reasoning","when":{"path":"type","equals":"thought"}}],
			"fields":{},"finishField":"","end":{},"errors":[`+errors+`],"contentTypes":[]}`)
	}
	if !dialect(`"error"`).repeatable {
		t.Error("two kinds of token at one path are read in full each time")
	}
	if dialect(`"delta"`).repeatable {
		t.Error("a path of a token that is an error as well is read in short")
	}
	c := NewCollector()
	c.Begin(dialect(`"error"`), true)
	give(t, c, 1, `{"type":"thought","delta":"a"}`+"\n"+`{"type":"thought","delta":"b"}`+"\n"+
		`{"type":"text","delta":"c"}`+"\n"+`{"type":"text","delta":"d"}`+"\n"+`{"type":"other","delta":"e"}`+"\n")
	c.Finish(nil)
	if c.Reasonings != 2 || c.Contents != 2 || string(c.Text) != "cd" {
		t.Errorf("got %d and %d tokens, text %q", c.Reasonings, c.Contents, c.Text)
	}
}
