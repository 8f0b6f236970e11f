package facts_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// BenchmarkCollector: token events of llama-server's size, eight to a read, with the chat dialect. Where they differ in
// more than their token, as where each has a time of its own, or several choices take turns, each is scanned in full.
func BenchmarkCollector(b *testing.B) {
	event := `data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" token"}}],"created":179537566N,` +
		`"id":"chatcmpl-jfhJ6gRfqx6lFRLe0oxpxdrSr74I4yaD","model":"my-model","system_fingerprint":"b11669",` +
		`"object":"chat.completion.chunk"}` + "\n\n"
	b.Run("alike", func(b *testing.B) { benchmarkReads(b, strings.Repeat(strings.Replace(event, "N", "5", 1), 8)) })
	b.Run("each of its own", func(b *testing.B) {
		var events strings.Builder
		for n := range 8 {
			events.WriteString(strings.Replace(event, "N", strconv.Itoa(n), 1))
		}
		benchmarkReads(b, events.String())
	})
}

func benchmarkReads(b *testing.B, read string) {
	dialect, err := os.ReadFile("../../../test/golden/dialects/chat-completions.json")
	if err != nil {
		b.Fatal(err)
	}
	plan, err := facts.Compile(dialect)
	if err != nil {
		b.Fatal(err)
	}
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
		c.Read(copy(space, read), stamp.Arrival{At: at, Source: stamp.Packet})
	}
}
