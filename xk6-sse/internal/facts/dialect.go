package facts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"

	"github.com/server-bench/xk6-sse/internal/frame"
	"github.com/server-bench/xk6-sse/internal/scan"
)

// Dialect is the plain data of lib/core/request/dialect.ts, which documents it.
type Dialect struct {
	Name         string               `json:"name"`
	Framing      string               `json:"framing"`
	Tokens       []TokenPath          `json:"tokens"`
	Cumulative   bool                 `json:"cumulative"`
	Fields       map[string]valueRule `json:"fields"`
	FinishField  string               `json:"finishField"`
	End          EndRule              `json:"end"`
	Errors       []string             `json:"errors"`
	ContentTypes []string             `json:"contentTypes"`
}

// TokenPath is a place where a non-empty string makes an event a token event.
type TokenPath struct {
	Path string `json:"path"`
	Kind string `json:"kind"`
	When *When  `json:"when"`
}

// When is a predicate on the same event. Equals is a text, true or false; nil takes any value but null.
type When struct {
	Path   string `json:"path"`
	Equals any    `json:"equals"`
}

// EndRule is which event is the stream's end marker, or whether the end of the body is.
type EndRule struct {
	Data string `json:"data"`
	When anyOf  `json:"when"`
	Body bool   `json:"body"`
}

// anyOf is one predicate or a list of which one has to hold.
type anyOf []When

func (a *anyOf) UnmarshalJSON(b []byte) error {
	if startsWith(b, '[') {
		return strictly(b, (*[]When)(a))
	}
	*a = make(anyOf, 1)
	return strictly(b, &(*a)[0])
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
	values       []valueSlot
	fields       []fieldRule
	finish       int // index into fields, or −1
	endData      []byte
	endWhen      []*predicate
	endBody      bool
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
	slot int       // −1: the event's name
	kind scan.Kind // String, True or False; Absent: any but null
	text string    // of a String
}

// valueSlot is a place whose last value is kept.
type valueSlot struct {
	slot int // of the scan plan
	when *predicate
}

// fieldRule makes a field of what is kept: of the first group that has anything.
type fieldRule struct {
	name   string
	groups [][]int // indices into the plan's values
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

// compiler collects the paths of a dialect while it compiles the rules that use them.
type compiler struct {
	*Dialect
	plan  *Plan
	paths []string
}

func (d *Dialect) compile() (*Plan, error) {
	framing, ok := framings[d.Framing]
	if !ok {
		return nil, fmt.Errorf("expected framing sse, ndjson, nul or json, got %q", d.Framing)
	}
	p := &Plan{framing: framing, cumulative: d.Cumulative, finish: -1, endData: []byte(d.End.Data), endBody: d.End.Body}
	c := &compiler{Dialect: d, plan: p}
	if err := c.tokens(); err != nil {
		return nil, err
	}
	tokenPaths := len(c.paths)
	if err := c.fields(); err != nil {
		return nil, err
	}
	if err := c.end(); err != nil {
		return nil, err
	}
	for _, path := range d.Errors {
		p.errors = append(p.errors, c.slot(path))
	}
	c.contentTypes()
	p.repeatable = !p.cumulative && p.tokensStandAlone(c.paths, tokenPaths)
	var err error
	p.scan, err = scan.Compile(c.paths)
	return p, err
}

// slot is the number of a path in the scan plan.
func (c *compiler) slot(path string) int {
	c.paths = append(c.paths, path)
	return len(c.paths) - 1
}

// when compiles a predicate; nil stays nil.
func (c *compiler) when(w *When) (*predicate, error) {
	if w == nil {
		return nil, nil
	}
	made := &predicate{slot: -1}
	switch equals := w.Equals.(type) {
	case nil:
	case string:
		made.kind, made.text = scan.String, equals
	case bool:
		made.kind = scan.False
		if equals {
			made.kind = scan.True
		}
	default:
		return nil, fmt.Errorf("expected a text, true or false at %q, got %v", w.Path, equals)
	}
	if w.Path != eventName {
		made.slot = c.slot(w.Path)
	} else if made.kind != scan.String {
		return nil, fmt.Errorf("expected a text for %s, got %v", eventName, w.Equals)
	}
	return made, nil
}

func (c *compiler) tokens() error {
	for _, t := range c.Tokens {
		kind, ok := tokenKinds[t.Kind]
		if !ok {
			return fmt.Errorf("expected token kind content, reasoning or tool_call, got %q", t.Kind)
		}
		rule := tokenRule{slot: c.slot(t.Path), kind: kind}
		var err error
		if rule.when, err = c.when(t.When); err != nil {
			return err
		}
		c.plan.tokens = append(c.plan.tokens, rule)
	}
	return nil
}

func (c *compiler) fields() error {
	names := make([]string, 0, len(c.Fields))
	for name := range c.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		rule := fieldRule{name: name}
		for _, group := range c.Fields[name] {
			kept, err := c.group(group)
			if err != nil {
				return err
			}
			rule.groups = append(rule.groups, kept)
		}
		if name == c.FinishField {
			c.plan.finish = len(c.plan.fields)
		}
		c.plan.fields = append(c.plan.fields, rule)
	}
	if c.FinishField != "" && c.plan.finish < 0 {
		return fmt.Errorf("finishField %q is not among the fields", c.FinishField)
	}
	return nil
}

// group adds the places of a group to the plan's values and returns their indices there.
func (c *compiler) group(places []valuePlace) ([]int, error) {
	var kept []int
	for _, place := range places {
		value := valueSlot{slot: c.slot(place.Path)}
		var err error
		if value.when, err = c.when(place.When); err != nil {
			return nil, err
		}
		kept = append(kept, len(c.plan.values))
		c.plan.values = append(c.plan.values, value)
	}
	return kept, nil
}

func (c *compiler) end() error {
	for i := range c.End.When {
		end, err := c.when(&c.End.When[i])
		if err != nil {
			return err
		}
		c.plan.endWhen = append(c.plan.endWhen, end)
	}
	return nil
}

func (c *compiler) contentTypes() {
	c.plan.accept = "text/event-stream"
	if len(c.ContentTypes) == 0 {
		return
	}
	c.plan.accept = c.ContentTypes[0]
	c.plan.contentTypes = make(map[string]bool, len(c.ContentTypes))
	for _, t := range c.ContentTypes {
		c.plan.contentTypes[t] = true
	}
}

// Accepts reports whether an answer of this media type is a stream of the dialect.
func (p *Plan) Accepts(mediaType string) bool {
	return p.contentTypes == nil || p.contentTypes[mediaType]
}

// Accept is the media type to ask for.
func (p *Plan) Accept() string { return p.accept }

// Document reports whether an answer of the dialect is one document, not a stream.
func (p *Plan) Document() bool { return p.framing == frame.JSON }

// tokensStandAlone reports whether no path of a token serves anything but tokens, and no token depends on an event's name.
func (p *Plan) tokensStandAlone(paths []string, tokenPaths int) bool {
	isToken := make(map[string]bool)
	others := make(map[string]bool)
	isRule := make(map[int]bool)
	for _, rule := range p.tokens {
		if rule.when != nil && rule.when.slot < 0 {
			return false
		}
		isToken[paths[rule.slot]], isRule[rule.slot] = true, true
	}
	for slot, path := range paths {
		others[path] = others[path] || slot >= tokenPaths || !isRule[slot]
	}
	for path := range isToken {
		if others[path] {
			return false
		}
	}
	return true
}
