package sse

import (
	"encoding/json"
	"strings"
	"testing"

	"go.k6.io/k6/v2/lib"
)

// However long the texts of a server are, a record has their beginning only.
func TestTextsOfServersAreCut(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	tests := []struct{ name, answer, kind string }{
		{"status line and content type", "HTTP/1.1 500 " + long + "\r\nContent-Type: text/" + long + "\r\nContent-Length: 0\r\n\r\n", ""},
		{"content encoding", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: " + long + "\r\n\r\n", "unreadable"},
		{"no HTTP", "HTTP/9 " + long + "\r\n\r\n", "protocol"},
		{"a header of 2 MiB", "HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("y", 2<<20) + "\r\n\r\n", "protocol"},
		{"a redirect", "HTTP/1.1 302 Found\r\nLocation: http://" + long + "/\r\nContent-Length: 0\r\n\r\n", "dns"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := newUser(t, newRoot(t), lib.Options{})
			url := serve(t, func(p *peer) { p.request(); p.send(test.answer); p.hold() })
			f := u.record(url, "{}")
			if kind := kindOfError(f); kind != test.kind {
				t.Errorf("failed by %q, want %q", kind, test.kind)
			}
			if text, _ := json.Marshal(f); len(text) > 4<<10 {
				t.Errorf("the record has %d bytes: %.300s", len(text), text)
			}
		})
	}
}
