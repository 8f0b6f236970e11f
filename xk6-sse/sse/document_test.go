package sse

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
)

const (
	document     = `{"choices":[{"message":{"content":"Zoë","reasoning_content":"Hm"},"finish_reason":"stop"}],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}`
	documentHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
)

// sized is the answer's head with the length of the body.
func sized(body string) string {
	return fmt.Sprintf("%sContent-Length: %d\r\n\r\n", documentHead, len(body))
}

// recordDocument records a request whose answer is one document; params are JavaScript.
func (u *user) recordDocument(url, params string) map[string]any {
	u.t.Helper()
	dialect, err := os.ReadFile("../../test/golden/dialects/chat-completions-sync.json")
	if err != nil {
		u.t.Fatal(err)
	}
	result := u.run(fmt.Sprintf("sse.record(%q, %s, %s)", url, params, dialect)).(map[string]any)
	u.plausible(result)
	return result
}

// Whatever a server does, record of a document returns and reports what happened.
func TestDocuments(t *testing.T) {
	half := document[:len(document)/2]
	whole := fact{"ended": "marker", "document": true, "events": 1., "tokenEvents": 0., "text": "Zoë", "bytes": float64(len(document)),
		"fields": map[string]any{"finishReason": "stop", "promptTokens": 8., "completionTokens": 2., "totalTokens": 10.}}
	const limits = `{text: true, timeouts: {connect: 5, headers: 5, firstToken: 0.05, idle: 0.3, total: 9}}`
	tests := []struct {
		name   string
		handle func(p *peer)
		params string // limits unless given
		kind   string
		facts  map[string]any
	}{
		{name: "in one piece", handle: func(p *peer) { p.send(sized(document) + document) }, facts: whole},
		{name: "in pieces, slower than a first token may come", handle: func(p *peer) {
			p.send(sized(document))
			for _, piece := range []string{document[:10], document[10:50], document[50:]} {
				time.Sleep(80 * time.Millisecond)
				p.send(piece)
			}
		}, facts: whole},
		{name: "chunked", handle: func(p *peer) {
			p.send(documentHead + "Transfer-Encoding: chunked\r\n\r\n")
			p.chunk(half)
			p.chunk(document[len(half):])
			p.send(lastChunk)
		}, facts: whole},
		{name: "compressed", handle: func(p *peer) {
			var body bytes.Buffer
			w := gzip.NewWriter(&body)
			_, _ = w.Write([]byte(document))
			_ = w.Close()
			p.send(fmt.Sprintf("%sContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", documentHead, body.Len(), body.String()))
		}, facts: whole},
		{name: "ended by the end of its connection", handle: func(p *peer) { p.send(documentHead + "Connection: close\r\n\r\n" + document); p.Close() }, facts: whole},
		{name: "an error object in a 200", handle: func(p *peer) { p.send(sized(`{"error":"no"}`) + `{"error":"no"}`) },
			facts: fact{"ended": "marker", "inBandError": "no", "text": ""}},
		{name: "no JSON", handle: func(p *peer) { p.send(sized("oops") + "oops") }, facts: fact{"ended": "eof", "body": "oops", "events": 0., "status": 200.}},
		{name: "an empty body", handle: func(p *peer) { p.send(sized("")) }, facts: fact{"ended": "eof", "body": nil, "bytes": 0.}},
		{name: "a stream in place of a document", handle: func(p *peer) { p.send(streamHead); p.chunk(answer); p.send(lastChunk) },
			facts: fact{"ended": "no_stream", "contentType": "text/event-stream", "document": true}},
		{name: "a status that is no success", handle: func(p *peer) {
			p.send("HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n" + `{"error":"no"}`)
		}, facts: fact{"ended": "no_stream", "status": 503., "body": `{"error":"no"}`, "inBandError": nil}},

		{name: "cut short of its length", handle: func(p *peer) { p.send(sized(document) + half); p.Close() }, kind: "eof",
			facts: fact{"ended": "error", "events": 0., "fields": map[string]any{}, "bytes": float64(len(half))}},
		{name: "cut short of its length, the JSON all there", handle: func(p *peer) { p.send(sized(document+" ") + document); p.Close() }, kind: "eof",
			facts: fact{"ended": "error", "events": 0., "fields": map[string]any{}}},
		{name: "reset in its middle", handle: func(p *peer) { p.send(sized(document) + half); p.reset() }, kind: "reset",
			facts: fact{"ended": "error", "events": 0., "text": ""}},
		{name: "cut in the middle of a chunk", handle: func(p *peer) {
			p.send(documentHead + "Transfer-Encoding: chunked\r\n\r\nff\r\n" + half)
			p.Close()
		}, kind: "eof", facts: fact{"ended": "error"}},
		{name: "reset before the headers", handle: (*peer).reset, kind: "reset", facts: fact{"ended": "no_stream", "document": true}},
		{name: "silence in its middle", handle: func(p *peer) { p.send(sized(document) + half); p.hold() }, kind: "idle_timeout", facts: fact{"ended": "error"}},
		{name: "silence behind the headers", handle: func(p *peer) { p.send(sized(document)); p.hold() }, kind: "idle_timeout", facts: fact{"ended": "error"}},
		{name: "no headers in time", handle: (*peer).hold, params: `{timeouts: {headers: 0.1}}`, kind: "headers_timeout"},
		{name: "a document that never ends", handle: func(p *peer) {
			p.send(sized(strings.Repeat(document, 100)))
			for range 1000 {
				p.send("  ")
				time.Sleep(10 * time.Millisecond)
			}
		}, params: `{timeouts: {idle: 5, total: 0.2}}`, kind: "total_timeout", facts: fact{"ended": "error"}},
		{name: "hung up on purpose while it is made", handle: (*peer).hold, params: `{abortAfterMs: 100}`, kind: "aborted", facts: fact{"ended": "no_stream"}},
		{name: "hung up on purpose in its middle", handle: func(p *peer) { p.send(sized(document) + half); p.hold() }, params: `{abortAfterMs: 100}`, kind: "aborted",
			facts: fact{"ended": "error"}},
		{name: "never hung up on after a number of tokens", handle: func(p *peer) { p.send(sized(document) + document) }, params: `{text: true, abortAfterTokens: 1}`, facts: whole},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url := serve(t, func(p *peer) {
				for p.request() != nil {
					test.handle(p)
				}
			})
			u := newUser(t, newRoot(t), lib.Options{})
			defer u.within(8 * time.Second)()
			if test.params == "" {
				test.params = limits
			}
			got := u.recordDocument(url, test.params)
			if kindOfError(got) != test.kind {
				t.Errorf("got error %v, want %q", got["error"], test.kind)
			}
			for key, want := range test.facts {
				if !reflect.DeepEqual(got[key], want) {
					t.Errorf("%s: got %v, want %v", key, got[key], want)
				}
			}
			for _, key := range []string{"firstTokenMs", "firstContentMs", "lastTokenMs"} {
				if value, ok := got[key]; ok {
					t.Errorf("a document has a %s: %v", key, value)
				}
			}
		})
	}
}

func TestADocumentEndsWithItsLastByte(t *testing.T) {
	url := serve(t, func(p *peer) {
		for p.request() != nil {
			p.send(documentHead + "Transfer-Encoding: chunked\r\n\r\n")
			p.chunk(document)
			time.Sleep(300 * time.Millisecond)
			p.send(lastChunk)
		}
	})
	u := newUser(t, newRoot(t), lib.Options{})
	for range 2 { // on a kept connection, too
		got := u.recordDocument(url, "undefined")
		if ago := u.run("sse.now()").(float64) - got["endMs"].(float64); ago < 250 || got["ended"] != "marker" {
			t.Errorf("ended %v, %v ms ago", got["ended"], ago)
		}
		if _, ok := got["text"]; ok {
			t.Error("the text was not asked for")
		}
	}
}

func TestADocumentIsAskedForAsSuch(t *testing.T) {
	accepts := make(chan string, 2)
	url := serve(t, func(p *peer) {
		for request := p.request(); request != nil; request = p.request() {
			accepts <- request.Header.Get("Accept")
			p.send(sized(document) + document)
		}
	})
	u := newUser(t, newRoot(t), lib.Options{})
	u.recordDocument(url, "undefined")
	u.recordDocument(url, `{headers: {Accept: "*/*"}}`)
	if first, second := <-accepts, <-accepts; first != "application/json" || second != "*/*" {
		t.Errorf("asked for %q and %q", first, second)
	}
}
