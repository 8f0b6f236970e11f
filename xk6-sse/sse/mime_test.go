package sse

import (
	"testing"

	"go.k6.io/k6/v2/lib"
)

// The media types of web-platform-tests' eventsource/format-mime-*, and what is near to them.
func TestMediaTypes(t *testing.T) {
	u := newUser(t, newRoot(t), lib.Options{})
	for _, test := range []struct {
		name, header, seen string
		stream             bool
	}{
		{name: "format-mime-valid-bogus: what a parameter is does not matter", header: "text/event-stream;x bogus", seen: "text/event-stream", stream: true},
		{name: "format-mime-trailing-semicolon", header: "text/event-stream;", seen: "text/event-stream", stream: true},
		{name: "format-mime-bogus", header: "x bogus"},
		{name: "a character set", header: "text/event-stream; charset=windows-1251", seen: "text/event-stream", stream: true},
		{name: "in capitals", header: "Text/Event-Stream", seen: "text/event-stream", stream: true},
		{name: "with a suffix", header: "text/event-stream-x", seen: "text/event-stream-x"},
		{name: "JSON", header: "application/json; charset=utf-8", seen: "application/json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			u.t = t
			url := serve(t, func(p *peer) {
				p.request()
				p.send("HTTP/1.1 200 OK\r\nContent-Type: " + test.header + "\r\nTransfer-Encoding: chunked\r\n\r\n")
				wholeAnswer(p)
				p.chunk("")
			})
			got := u.record(url, "{}")
			if isStream := got["ended"] == "marker" && got["tokenEvents"] == 2.; isStream != test.stream {
				t.Errorf("a stream: %v, want %v: %v", isStream, test.stream, got)
			}
			if seen, _ := got["contentType"].(string); seen != test.seen {
				t.Errorf("got the media type %q, want %q", seen, test.seen)
			}
		})
	}
}
