package facts

import (
	"reflect"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// asked says of the last read what it is set to, and counts the questions.
type asked struct {
	isOne     bool
	count     int
	overtaken map[int64]bool
}

func (a *asked) Overtaken(at int64) bool { return a.overtaken[at] }

func (a *asked) OneSegment() bool {
	a.count++
	return a.isOne
}

func TestTimesThatAreNotKnownExactly(t *testing.T) {
	const (
		token  = "data: {\"plain\":\"a\"}\n\n"
		ping   = "data: {\"flag\":true}\n\n"
		broken = "data: {\n\n"
		stop   = "event: message_stop\ndata: {}\n\n"
	)
	type read struct {
		text   string
		atMs   float64
		since  float64 // ms
		source stamp.Source
		isOne  bool
	}
	tests := []struct {
		name      string
		reads     []read
		unknown   bool // nothing knows the segments
		merged    float64
		earliest  any
		uncertain any
		asks      bool
		overtaken []float64 // ms
		last      any       // since when the last token may have been there
	}{
		{
			name:  "one token a read is exact, and nobody has to ask",
			reads: []read{{token, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}, {stop, 30, 25, stamp.Kernel, false}},
		},
		{
			name: "tokens that came in one segment are exact", asks: true,
			reads: []read{{token + token + token, 10, 5, stamp.Kernel, true}, {token + ping + stop, 20, 15, stamp.Kernel, true}},
		},
		{
			name: "a segment's own time is exact, whatever else came with it",
			reads: []read{
				{token + token, 10, 10, stamp.Packet, false}, {token + ping, 20, 20, stamp.Packet, false}, {token + stop, 30, 30, stamp.Packet, false},
			},
		},
		{
			name: "of several segments only the last token is exact: the first one is a range, and so are the gaps", asks: true,
			reads:  []read{{token + token + token, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}},
			merged: 2, earliest: 5., uncertain: []any{[]any{0., 2.}},
		},
		{
			name: "a token behind which something else came is not exact", asks: true,
			reads: []read{
				{token, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}, {token + ping, 30, 25, stamp.Kernel, false},
				{token, 40, 35, stamp.Kernel, false}, {token, 50, 45, stamp.Kernel, false}, {token + broken, 60, 55, stamp.Kernel, false},
			},
			merged: 2, uncertain: []any{[]any{1., 2.}, []any{4., 1.}}, last: 55.,
		},
		{
			name: "nor one behind which the end came", asks: true,
			reads:  []read{{token, 10, 5, stamp.Kernel, false}, {token + stop, 20, 15, stamp.Kernel, false}},
			merged: 1, uncertain: []any{[]any{0., 1.}}, last: 15.,
		},
		{
			name:  "one before which something came is exact",
			reads: []read{{ping + token, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}},
		},
		{
			name: "the first token alone", asks: true,
			reads:  []read{{token + ping, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}, {token, 30, 25, stamp.Kernel, false}},
			merged: 1, earliest: 5., uncertain: []any{[]any{0., 1.}},
		},
		{
			name: "reads of the body with one stamp are one read of the socket", asks: true,
			reads:  []read{{token, 10, 5, stamp.Kernel, false}, {token, 10, 5, stamp.Kernel, false}, {ping, 10, 5, stamp.Kernel, false}},
			merged: 2, earliest: 5., uncertain: []any{[]any{0., 1.}}, last: 5.,
		},
		{
			name: "a segment that the capture missed, among others", asks: true,
			reads: []read{
				{token, 10, 10, stamp.Packet, false}, {token, 20, 20, stamp.Packet, false}, {token + token, 30, 20, stamp.Kernel, false},
				{token, 40, 40, stamp.Packet, false}, {token, 50, 50, stamp.Packet, false},
			},
			merged: 1, uncertain: []any{[]any{1., 2.}},
		},
		{
			name: "a token behind which part of an event came is not exact, nor one behind which a comment came", asks: true,
			reads: []read{
				{token + token[:9], 10, 5, stamp.Kernel, false}, {token[9:], 20, 15, stamp.Kernel, false},
				{token + ": ping\n\n", 30, 25, stamp.Kernel, false}, {token, 40, 35, stamp.Kernel, false},
			},
			merged: 2, earliest: 5., uncertain: []any{[]any{0., 3.}},
		},
		{
			name: "if it came in another segment", asks: true,
			reads: []read{{token + token[:9], 10, 5, stamp.Kernel, true}, {token[9:], 20, 15, stamp.Kernel, false}},
		},
		{
			name: "the rest of a line end is nothing",
			reads: []read{
				{"data: {\"plain\":\"a\"}\r\n\r\n", 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false},
			},
		},
		{
			name: "segments with times of their own that were read together", asks: true,
			reads:  []read{{token + token, 10, 8, stamp.Packet, false}, {token, 20, 20, stamp.Packet, false}},
			merged: 1, earliest: 8., uncertain: []any{[]any{0., 1.}},
		},
		{
			name: "tokens behind which other answers came with the same stamp",
			reads: []read{
				{token, 10, 5, stamp.Kernel, false}, {token, 20, 15, stamp.Kernel, false}, {token, 30, 25, stamp.Kernel, false},
				{token, 40, 35, stamp.Kernel, false}, {token, 50, 45, stamp.Kernel, false},
			},
			overtaken: []float64{10, 30, 50}, merged: 3, earliest: 5., uncertain: []any{[]any{0., 4.}}, last: 45.,
		},
		{
			name: "where nothing knows the segments, tokens that share a read are merged, except the last", unknown: true,
			reads:  []read{{token + token + ping, 10, 5, stamp.User, false}, {token + stop, 20, 15, stamp.User, false}},
			merged: 1, earliest: 5., uncertain: []any{[]any{0., 1.}},
		},
	}
	c := NewCollector()
	for range 2 {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				c.Begin(compiled(t, namedEvents), false)
				segments := &asked{overtaken: make(map[int64]bool)}
				for _, ms := range test.overtaken {
					segments.overtaken[int64(ms*1e6)] = true
				}
				if !test.unknown {
					c.AskSegments(segments)
				}
				for _, r := range test.reads {
					space, err := c.Space()
					if err != nil {
						t.Fatal(err)
					}
					segments.isOne = r.isOne
					c.Read(copy(space, r.text), stamp.Arrival{At: int64(r.atMs * 1e6), Earliest: int64(r.since * 1e6), Source: r.source})
				}
				c.Finish(nil)
				line := decodeFacts(t, c)
				for key, want := range map[string]any{
					"mergedTokens": test.merged, "firstTokenEarliestMs": test.earliest, "uncertainGaps": test.uncertain, "uncertainGapCount": nil,
					"lastTokenEarliestMs": test.last, "firstContentEarliestMs": nil,
				} {
					if !reflect.DeepEqual(line[key], want) {
						t.Errorf("%s: got %v, want %v", key, line[key], want)
					}
				}
				if gaps := line["gapsUs"].([]any); float64(len(gaps)) != line["tokenEvents"].(float64)-1 {
					t.Errorf("%v gaps of %v tokens", len(gaps), line["tokenEvents"])
				}
				if (segments.count > 0) != test.asks {
					t.Errorf("asked %d times", segments.count)
				}
			})
		}
	}
}

// Beyond the gaps that are kept one by one, those that are not known are left out and counted.
func TestUncertainGapsOfALongStream(t *testing.T) {
	c := NewCollector()
	c.Begin(compiled(t, namedEvents), false)
	c.AskSegments(new(asked))
	const token = "data: {\"plain\":\"a\"}\n\n"
	const pairs = 10_000
	for i := range pairs {
		space, err := c.Space()
		if err != nil {
			t.Fatal(err)
		}
		text := token
		if i%10 == 0 {
			text += token
		}
		c.Read(copy(space, text), stamp.Arrival{At: int64(i+1) * 1e6, Source: stamp.Kernel})
	}
	for i := range exactGaps {
		space, err := c.Space()
		if err != nil {
			t.Fatal(err)
		}
		c.Read(copy(space, token+strings.Repeat(token, i%2)), stamp.Arrival{At: int64(pairs+i+1) * 1e6, Source: stamp.Kernel})
	}
	c.Finish(nil)
	line := decodeFacts(t, c)
	const merged = pairs/10 + exactGaps/2
	// Each merged token makes two gaps uncertain; the first token has only one.
	if line["mergedTokens"] != float64(merged) || line["uncertainGapCount"] != float64(2*merged-1) || line["uncertainGaps"] != nil {
		t.Errorf("%v merged, %v uncertain, runs %v", line["mergedTokens"], line["uncertainGapCount"], line["uncertainGaps"])
	}
	known := 0.
	for _, pair := range line["gapHistogramUs"].([]any) {
		if gap := pair.([]any)[0].(float64); gap < 999 || gap > 1001 {
			t.Errorf("a gap of %v µs", gap)
		}
		known += pair.([]any)[1].(float64)
	}
	if known+2*merged-1 != line["tokenEvents"].(float64)-1 {
		t.Errorf("%v gaps are known, %d are not, of %v tokens", known, 2*merged-1, line["tokenEvents"])
	}
	visited := 0.
	c.Gaps.Known(func(uint32) { visited++ })
	if visited != known {
		t.Errorf("Known visits %v of %v", visited, known)
	}
}

// The first content is a range of its own where thoughts came before it.
func TestFirstContentThatIsNotKnownExactly(t *testing.T) {
	c := NewCollector()
	c.Begin(dialectFile(t, "chat-completions"), false)
	c.AskSegments(new(asked))
	const thought = `data: {"choices":[{"delta":{"reasoning_content":"a"}}]}` + "\n\n"
	const content = `data: {"choices":[{"delta":{"content":"a"}}]}` + "\n\n"
	for i, text := range []string{thought, content + content, content} {
		space, err := c.Space()
		if err != nil {
			t.Fatal(err)
		}
		c.Read(copy(space, text), stamp.Arrival{At: int64(i+1) * 10e6, Earliest: int64(i+1)*10e6 - 4e6, Source: stamp.Kernel})
	}
	c.Finish(nil)
	line := decodeFacts(t, c)
	if line["firstContentMs"] != 20. || line["firstContentEarliestMs"] != 16. || line["firstTokenEarliestMs"] != nil || line["lastTokenEarliestMs"] != nil {
		t.Errorf("got %v", line)
	}
}

func TestKnownGaps(t *testing.T) {
	var g Gaps
	for i := range uint32(10) {
		g.add(i)
		if i == 0 || i == 4 || i == 5 || i == 9 {
			g.doubt()
			g.doubt()
		}
	}
	var got []uint32
	g.Known(func(us uint32) { got = append(got, us) })
	if want := []uint32{1, 2, 3, 6, 7, 8}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if want := [][2]int64{{0, 1}, {4, 2}, {9, 1}}; !reflect.DeepEqual(g.uncertain, want) {
		t.Errorf("uncertain %v", g.uncertain)
	}
	count := 0
	g.Each(func(uint32) { count++ })
	if count != 10 || g.Count() != 10 {
		t.Errorf("Each visits %d, Count says %d", count, g.Count())
	}
}
