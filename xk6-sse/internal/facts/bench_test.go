package facts_test

import (
	"os"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// BenchmarkCollector: a token event of llama-server's size, eight to a read, with the chat dialect.
func BenchmarkCollector(b *testing.B) {
	dialect, err := os.ReadFile("../../../test/golden/dialects/chat-completions.json")
	if err != nil {
		b.Fatal(err)
	}
	plan, err := facts.Compile(dialect)
	if err != nil {
		b.Fatal(err)
	}
	event := `data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" token"}}],"created":1795375665,` +
		`"id":"chatcmpl-jfhJ6gRfqx6lFRLe0oxpxdrSr74I4yaD","model":"my-model","system_fingerprint":"b11669",` +
		`"object":"chat.completion.chunk"}` + "\n\n"
	read := strings.Repeat(event, 8)
	c := facts.NewCollector()
	c.Begin(plan, false)
	b.SetBytes(int64(len(event)))
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
