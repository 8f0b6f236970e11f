package facts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"

	"github.com/server-bench/xk6-sse/internal/frame"
	"github.com/server-bench/xk6-sse/internal/scan"
)

// Dialect is the plain data of lib/core/dialect.ts, which documents it.
type Dialect struct {
	Name         string           `json:"name"`
	Framing      string           `json:"framing"`
	Tokens       []TokenPath      `json:"tokens"`
	Cumulative   bool             `json:"cumulative"`
	Fields       map[string]paths `json:"fields"`
	FinishField  string           `json:"finishField"`
	End          EndRule          `json:"end"`
	Errors       []string         `json:"errors"`
	ContentTypes []string         `json:"contentTypes"`
}

// TokenPath is a place where a non-empty string makes an event a token event.
type TokenPath struct {
	Path string `json:"path"`
	Kind string `json:"kind"`
	When *When  `json:"when"`
}

// When is a predicate on the same event.
type When struct {
	Path   string `json:"path"`
	Equals string `json:"equals"`
}

// EndRule tells which event is the stream's end marker.
type EndRule struct {
	Data string `json:"data"`
	When *When  `json:"when"`
}

// paths is one path or a list of paths whose values are summed.
type paths []string

func (p *paths) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(p))
	}
	*p = make(paths, 1)
	return json.Unmarshal(b, &(*p)[0])
}

// eventName is the path of an SSE event's own name.
const eventName = "@event"

// unnamed is the name of an event that has none of its own.
const unnamed = "message"

type tokenKind uint8

const (
	content tokenKind = iota
	reasoning
	toolCall
)

// Plan is a compiled dialect; it is safe for use by many collectors at once.
type Plan struct {
	framing      frame.Kind
	scan         *scan.Plan
	tokens       []tokenRule
	cumulative   bool
	repeatable   bool // the text of a token decides nothing but the token
	fields       []fieldRule
	finish       int // index into fields, or −1
	endData      []byte
	endWhen      *predicate
	errors       []int // slots
	contentTypes map[string]bool
	accept       string
}

type tokenRule struct {
	slot int
	kind tokenKind
	when *predicate
}

type predicate struct {
	slot   int // −1: the event's name
	equals string
}

type fieldRule struct {
	name  string
	slots []int // of the scan plan
	first int   // index of the first slot's kept value; the others follow
}

var framings = map[string]frame.Kind{"sse": frame.SSE, "ndjson": frame.NDJSON, "nul": frame.NUL, "json": frame.JSON}

var tokenKinds = map[string]tokenKind{"content": content, "reasoning": reasoning, "tool_call": toolCall}

// Compile checks a dialect given as JSON and prepares it for collectors.
func Compile(dialect []byte) (*Plan, error) {
	decoder := json.NewDecoder(bytes.NewReader(dialect))
	decoder.DisallowUnknownFields()
	var d Dialect
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("dialect: %w", err)
	}
	plan, err := d.compile()
	if err != nil {
		return nil, fmt.Errorf("dialect %q: %w", d.Name, err)
	}
	return plan, nil
}

func (d *Dialect) compile() (*Plan, error) {
	framing, ok := framings[d.Framing]
	if !ok {
		return nil, fmt.Errorf("expected framing sse, ndjson, nul or json, got %q", d.Framing)
	}
	p := &Plan{framing: framing, cumulative: d.Cumulative, finish: -1, endData: []byte(d.End.Data)}
	var all []string
	slot := func(path string) int {
		all = append(all, path)
		return len(all) - 1
	}
	when := func(w *When) *predicate {
		switch {
		case w == nil:
			return nil
		case w.Path == eventName:
			return &predicate{slot: -1, equals: w.Equals}
		}
		return &predicate{slot: slot(w.Path), equals: w.Equals}
	}
	for _, t := range d.Tokens {
		kind, ok := tokenKinds[t.Kind]
		if !ok {
			return nil, fmt.Errorf("expected token kind content, reasoning or tool_call, got %q", t.Kind)
		}
		p.tokens = append(p.tokens, tokenRule{slot: slot(t.Path), kind: kind, when: when(t.When)})
	}
	names := make([]string, 0, len(d.Fields))
	for name := range d.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	kept := 0
	for _, name := range names {
		rule := fieldRule{name: name, first: kept}
		for _, path := range d.Fields[name] {
			rule.slots = append(rule.slots, slot(path))
		}
		if name == d.FinishField {
			p.finish = len(p.fields)
		}
		kept += len(rule.slots)
		p.fields = append(p.fields, rule)
	}
	if d.FinishField != "" && p.finish < 0 {
		return nil, fmt.Errorf("finishField %q is not among the fields", d.FinishField)
	}
	p.endWhen = when(d.End.When)
	for _, path := range d.Errors {
		p.errors = append(p.errors, slot(path))
	}
	p.accept = "text/event-stream"
	if len(d.ContentTypes) > 0 {
		p.accept = d.ContentTypes[0]
		p.contentTypes = make(map[string]bool, len(d.ContentTypes))
		for _, t := range d.ContentTypes {
			p.contentTypes[t] = true
		}
	}
	p.repeatable = !p.cumulative && p.tokensStandAlone(all)
	var err error
	p.scan, err = scan.Compile(all)
	return p, err
}

// Accepts reports whether an answer of this media type is a stream of the dialect.
func (p *Plan) Accepts(mediaType string) bool {
	return p.contentTypes == nil || p.contentTypes[mediaType]
}

// Accept is the media type to ask for.
func (p *Plan) Accept() string { return p.accept }

// Document reports whether an answer of the dialect is one document, not a stream.
func (p *Plan) Document() bool { return p.framing == frame.JSON }

// tokensStandAlone reports whether no path of a token serves anything else, and no token depends on an event's name.
func (p *Plan) tokensStandAlone(paths []string) bool {
	count := make(map[string]int)
	for _, path := range paths {
		count[path]++
	}
	for _, rule := range p.tokens {
		if count[paths[rule.slot]] > 1 || rule.when != nil && rule.when.slot < 0 {
			return false
		}
	}
	return true
}
