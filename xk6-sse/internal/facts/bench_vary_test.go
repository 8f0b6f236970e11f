package facts_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/facts"
)

// BenchmarkCollectorVaried: token events that differ in more than their token, as where each event has a time of its
// own, or several choices take turns: each is scanned in full.
func BenchmarkCollectorVaried(b *testing.B) {
	dialect, err := os.ReadFile("../../../test/golden/dialects/chat-completions.json")
	if err != nil {
		b.Fatal(err)
	}
	plan, err := facts.Compile(dialect)
	if err != nil {
		b.Fatal(err)
	}
	var events strings.Builder
	for n := range 8 {
		fmt.Fprintf(&events, `data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" token"}}],"created":179537566%d,`+
			`"id":"chatcmpl-jfhJ6gRfqx6lFRLe0oxpxdrSr74I4yaD","model":"my-model","system_fingerprint":"b11669",`+
			`"object":"chat.completion.chunk"}`+"\n\n", n)
	}
	read := events.String()
	c := facts.NewCollector()
	c.Begin(plan, false)
	b.SetBytes(int64(len(read) / 8))
	b.ReportAllocs()
	at := int64(0)
	for n := 0; n < b.N; n += 8 {
		if n%8192 == 0 {
			c.Begin(plan, false)
		}
		space, err := c.Space()
		if err != nil {
			b.Fatal(err)
		}
		at += 20e6
		c.Read(copy(space, read), at)
	}
}
