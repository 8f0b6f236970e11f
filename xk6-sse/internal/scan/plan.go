// Package scan finds the values at a fixed set of paths in a JSON text, in one pass over its bytes.
//
// It is the hot path of the extension: one Scan for each event of each stream. A Plan is compiled once for a dialect and
// shared; a Scanner belongs to one stream and is reused for all its events. Once warm, a scan allocates nothing, and it
// accepts exactly the texts that json.Valid accepts.
//
//	plan, err := scan.Compile([]string{"choices.0.delta.content", "usage.completion_tokens"})
//	s := plan.NewScanner()
//	for each event {
//		if err := s.Scan(event); err != nil { … }
//		if s.Slot(0).NonEmptyString { … a token … }
//	}
//
// # Paths
//
// A path is a list of segments joined by dots. A segment is an object key; a segment that is a whole number is an array
// index as well; "*" is any element of an array or any member of an object.
//
// # Duplicate keys
//
// A segment that names a key means the last member of that name, as in a map decoded by encoding/json: what the paths had
// found in an earlier member of the same object is forgotten when the name comes again. "*" means every member in the order
// of the text, one of a repeated name included.
package scan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Plan is a compiled set of paths. It is read-only and may be shared by any number of scanners.
type Plan struct {
	nodes   []node // nodes[0] is the root: the whole text
	cellOf  []int  // path → cell; two equal paths share one
	cells   int    // number of distinct paths
	shadows int    // total length of the nodes' shadows
}

// A node is a prefix of one or more paths. At depth d of the text at most one value at a time is at a given node.
type node struct {
	named []edge
	star  int // the child for "*", 0 for none: the root is never a child
	cell  int // where the value at this node is reported, noCell for nowhere
	lo    int // cells[lo:hi] belong to this node and the nodes below it
	hi    int
	// shadow is the place, among the scanner's shadows, for a copy of cells[lo:hi]: what they were before a key was seen
	// for the first time in its object. A node that is not below a "*" needs none (noShadow): they were empty.
	shadow int
}

type edge struct {
	key   string
	index int // the key as an array index, noIndex if it is not one
	node  int
}

const (
	noCell   = -1
	noIndex  = -1
	noShadow = -1
)

// Compile makes a plan of the paths; the value at paths[i] is found in Scanner.Slot(i). A path may be a prefix of another,
// and may come more than once.
func Compile(paths []string) (*Plan, error) {
	p := &Plan{nodes: []node{{cell: noCell}}, cellOf: make([]int, len(paths))}
	ends := make([]int, len(paths))
	for i, path := range paths {
		if err := check(path); err != nil {
			return nil, fmt.Errorf("path %q: %w", path, err)
		}
		at := 0
		for segment := range strings.SplitSeq(path, ".") {
			at = p.child(at, segment)
		}
		p.nodes[at].cell = 0 // numbered below
		ends[i] = at
	}
	p.number(0, false)
	for i, at := range ends {
		p.cellOf[i] = p.nodes[at].cell
	}
	return p, nil
}

func check(path string) error {
	if path == "" {
		return errors.New("expected a dotted path such as \"choices.0.delta.content\", got an empty one")
	}
	if path[0] == '.' || path[len(path)-1] == '.' || strings.Contains(path, "..") {
		return errors.New("has an empty segment: write one dot between two segments, none at the ends")
	}
	// A key with broken UTF-8 reads as one with U+FFFD. Keeping both out of paths lets the scanner compare bytes.
	if strings.ContainsRune(path, utf8.RuneError) {
		return errors.New("is not valid UTF-8, or holds the replacement character U+FFFD")
	}
	return nil
}

// child returns the node below at for one segment, a new one if need be.
func (p *Plan) child(at int, segment string) int {
	if segment == "*" {
		if p.nodes[at].star == 0 {
			p.nodes[at].star = p.add()
		}
		return p.nodes[at].star
	}
	for _, e := range p.nodes[at].named {
		if e.key == segment {
			return e.node
		}
	}
	below := p.add()
	p.nodes[at].named = append(p.nodes[at].named, edge{key: segment, index: arrayIndex(segment), node: below})
	return below
}

func (p *Plan) add() int {
	p.nodes = append(p.nodes, node{cell: noCell})
	return len(p.nodes) - 1
}

// arrayIndex returns the index that a segment spells the way a number is printed: "0", "12", not "01" or "+1".
func arrayIndex(segment string) int {
	n, err := strconv.Atoi(segment)
	if err != nil || n < 0 || strconv.Itoa(n) != segment {
		return noIndex
	}
	return n
}

// number gives out the cells in preorder, so that those of a subtree lie side by side, and the shadows.
func (p *Plan) number(at int, belowStar bool) {
	n := &p.nodes[at] // no node is added any more
	n.lo = p.cells
	if n.cell != noCell {
		n.cell = p.cells
		p.cells++
	}
	for _, e := range n.named {
		p.number(e.node, belowStar)
	}
	if n.star != 0 {
		p.number(n.star, true)
	}
	n.hi = p.cells
	n.shadow = noShadow
	if belowStar {
		n.shadow = p.shadows
		p.shadows += n.hi - n.lo
	}
}
