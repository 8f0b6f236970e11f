package facts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sort"
	"strings"

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
	Errors       []valuePlace         `json:"errors"`
	ContentTypes []string             `json:"contentTypes"`
	Counts       []string             `json:"counts"`
	Failures     []string             `json:"failures"`
	Labels       []string             `json:"labels"`
	Choices      *Choices             `json:"choices"`
	Echoes       bool                 `json:"echoes"`
}

// Choices is where an answer of several choices has their list, and each its number and finish reason.
type Choices struct {
	List   string `json:"list"`
	Index  string `json:"index"`
	Finish string `json:"finish"`
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

// errorName is the name of an event that is an error, in any dialect.
const errorName = "error"

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
	errors       []errorRule
	counts       map[string]bool // names of fields
	failures     []string        // in lower case
	choices      choicePaths
	finishValue  int // index into values of a choice's finish reason
	echoes       bool
	known        map[string]bool // paths
	labels       map[string]bool // keys
	contentTypes map[string]bool
	accept       string
}

type tokenRule struct {
	slot int
	path string
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
	kind valueKind
	path string
	when *predicate
}

type valueKind uint8

const (
	anyValue valueKind = iota
	countValue
	finishValue
	choiceFinish // kept choice by choice
)

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
	p := &Plan{framing: framing, cumulative: d.Cumulative, finish: -1, counts: make(map[string]bool), endData: []byte(d.End.Data), endBody: d.End.Body}
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
	if err := c.errors(); err != nil {
		return nil, err
	}
	if err := c.choices(); err != nil {
		return nil, err
	}
	for _, word := range d.Failures {
		p.failures = append(p.failures, strings.ToLower(word))
	}
	c.contentTypes()
	p.repeatable = !p.cumulative && p.tokensStandAlone(c.paths, tokenPaths)
	p.echoes = d.Echoes
	p.labels = make(map[string]bool, len(d.Labels))
	for _, key := range d.Labels {
		p.labels[key] = true
	}
	p.known = make(map[string]bool, len(c.paths))
	for _, path := range c.paths {
		p.known[path] = true
	}
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
		rule := tokenRule{slot: c.slot(t.Path), path: t.Path, kind: kind}
		var err error
		if rule.when, err = c.when(t.When); err != nil {
			return err
		}
		c.plan.tokens = append(c.plan.tokens, rule)
	}
	return nil
}

func (c *compiler) fields() error {
	for _, name := range c.Counts {
		c.plan.counts[name] = true
	}
	names := make([]string, 0, len(c.Fields))
	for name := range c.Fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		rule := fieldRule{name: name}
		for _, group := range c.Fields[name] {
			kept, err := c.group(group, c.kindOf(name))
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
func (c *compiler) group(places []valuePlace, kind valueKind) ([]int, error) {
	var kept []int
	for _, place := range places {
		value := valueSlot{slot: c.slot(place.Path), kind: kind, path: place.Path}
		var err error
		if value.when, err = c.when(place.When); err != nil {
			return nil, err
		}
		kept = append(kept, len(c.plan.values))
		c.plan.values = append(c.plan.values, value)
	}
	return kept, nil
}

func (c *compiler) kindOf(field string) valueKind {
	switch {
	case field == c.FinishField:
		return finishValue
	case c.plan.counts[field]:
		return countValue
	}
	return anyValue
}

func (c *compiler) errors() error {
	for i := range c.Errors {
		place := &c.Errors[i]
		rule := errorRule{slot: -1}
		var err error
		if rule.when, err = c.when(place.When); err != nil {
			return err
		}
		if place.Path != "" || rule.when == nil {
			rule.slot = c.slot(place.Path)
		}
		c.plan.errors = append(c.plan.errors, rule)
	}
	return nil
}

// choices compiles the places of choices; the finish reason of one is a place of the finish field, too.
func (c *compiler) choices() error {
	c.plan.finishValue = -1
	if c.Choices == nil {
		return nil
	}
	finish := c.Choices.List + ".*." + c.Choices.Finish
	for i := range c.plan.values {
		if value := &c.plan.values[i]; value.kind == finishValue && value.path == finish {
			value.kind, c.plan.finishValue = choiceFinish, i
		}
	}
	if c.plan.finishValue < 0 {
		return fmt.Errorf("expected %q among the places of the finish field, where choices have it", finish)
	}
	element, err := scan.Compile([]string{c.Choices.Index, c.Choices.Finish})
	if err != nil {
		return err
	}
	c.plan.choices = choicePaths{
		list: c.slot(c.Choices.List), second: c.slot(c.Choices.List + ".1"), index: c.slot(c.Choices.List + ".*." + c.Choices.Index),
		element: element,
	}
	return nil
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
