package facts

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
	"testing"
)

// perRead are the facts that do depend on how the bytes came.
var perRead = []string{"reads", "mergedTokens"}

// FuzzSplits reads the same bytes at once and in pieces of any size, all at one moment: the facts are the same.
func FuzzSplits(f *testing.F) {
	plans := []*Plan{dialectFile(f, "chat-completions"), compiled(f, cumulativeLines), compiled(f, nulTexts), compiled(f, namedEvents), dialectFile(f, "chat-completions-sync")}
	for kind, body := range []string{
		"\uFEFFdata: {\"choices\":[{\"delta\":{\"content\":\"é…\"}}]}\r\n\r\n: ping\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\n" +
			"data: \"usage\":{\"completion_tokens\":1,\"prompt_tokens\":2}}\n\ndata: {\"error\":{\"message\":\"no\"}}\n\ndata: [DONE]\n\ndata: {}\n\n",
		"{\"text\":\"a\"}\n{\"text\":\"a\"}\r\n{\"text\":\"aé\",\"state\":\"done\",\"done_reason\":\"stop\"}\n{\"error\":\"x\"}",
		"{\"text\":[\"a\"]}\x00{\"text\":[\"ab\"]}\x00{\"text\":",
		"event: content_block_delta\ndata: {\"delta\":{\"thinking\":\"a\"}}\n\nevent: message_stop\ndata: {\"stop\":\"end\"}\n\n",
		"\uFEFF{\"choices\":[{\"message\":{\"content\":\"é\\n\"},\n\"finish_reason\":\"stop\"}],\"usage\":{\"completion_tokens\":1}}\r\n",
	} {
		f.Add([]byte(body), []byte{1, 0, 7, 2}, byte(kind))
		f.Add([]byte(strings.Repeat(body, 3)), []byte{0}, byte(kind))
	}
	whole, pieces := NewCollector(), NewCollector()
	f.Fuzz(func(t *testing.T, body, sizes []byte, which byte) {
		plan := plans[int(which)%len(plans)]
		want := factsOf(t, whole, plan, body, nil)
		got := factsOf(t, pieces, plan, body, sizes)
		for _, key := range perRead {
			delete(want, key)
			delete(got, key)
		}
		if !maps.EqualFunc(got, want, reflect.DeepEqual) {
			t.Errorf("pieces %v\nbody %q\ngot  %v\nwant %v", sizes, body, got, want)
		}
	})
}

// factsOf reads a body up to its end or its end marker, in pieces of the given sizes over and over.
func factsOf(t *testing.T, c *Collector, plan *Plan, body, sizes []byte) (line map[string]any) {
	t.Helper()
	c.Begin(plan, true)
	// Bytes are counted by the read, and the marker's read may bring more behind it.
	for turn := 0; len(body) > 0 && !c.Marker(); turn++ {
		space, err := c.Space()
		if err != nil {
			t.Fatal(err)
		}
		if len(sizes) > 0 {
			space = space[:min(1+int(sizes[turn%len(sizes)]), len(space))]
		}
		n := copy(space, body)
		body = body[n:]
		c.Read(n, arrival(1e6))
	}
	c.Finish(nil)
	c.Bytes = 0
	if err := json.Unmarshal(c.AppendLine(nil, Identity{}), &line); err != nil {
		t.Fatal(err)
	}
	return line
}
