package sse

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"
)

// Whatever a server does, record returns, reports what happened, and keeps what it read before.
func TestFaults(t *testing.T) {
	chunked := func(body func(p *peer)) func(t *testing.T) string {
		return func(t *testing.T) string { return serve(t, streams(body)) }
	}
	raw := func(handle func(p *peer)) func(t *testing.T) string {
		return func(t *testing.T) string { return serve(t, handle) }
	}
	fixed := func(url string) func(t *testing.T) string { return func(*testing.T) string { return url } }
	tests := []struct {
		name   string
		url    func(t *testing.T) string
		params string
		kind   string
		ended  string         // "no_stream" unless given
		facts  map[string]any // others
	}{
		{name: "a name that cannot be resolved", url: fixed("http://missing.test/"), kind: "dns"},
		{name: "a name without an address", url: fixed("http://nothing.test/"), kind: "dns"},
		{name: "a host that k6 blocks", url: fixed("http://blocked.test/"), kind: "blocked"},
		{name: "an address that k6 blocks", url: fixed("http://127.9.9.9/"), kind: "blocked"},
		{name: "no listener", url: closedPort, kind: "tcp"},
		{name: "a certificate without a known authority", url: func(t *testing.T) string {
			server := httptest.NewUnstartedServer(http.NotFoundHandler())
			server.Config.ErrorLog = silent
			server.StartTLS()
			t.Cleanup(server.Close)
			return server.URL
		}, kind: "tls"},
		{name: "TLS spoken to a server without", url: func(t *testing.T) string {
			return "https" + strings.TrimPrefix(serve(t, func(p *peer) { p.send("HTTP/1.1 400 Bad Request\r\n\r\n") }), "http")
		}, kind: "tls"},
		{name: "a server that hangs up in the middle of the TLS handshake", url: func(t *testing.T) string {
			return "https" + strings.TrimPrefix(serve(t, func(p *peer) { _, _ = p.r.Peek(1) }), "http")
		}, kind: "tls"},

		{name: "a URL without a host", url: fixed("http://"), kind: "bad_url"},
		{name: "a URL without a scheme", url: fixed("/v1/chat/completions"), kind: "bad_url"},
		{name: "a URL of another scheme", url: fixed("ftp://127.0.0.1/"), kind: "bad_url"},
		{name: "a URL with a space in its host", url: fixed("http://a b/"), kind: "bad_url"},
		{name: "a URL with half an address", url: fixed("http://[::1"), kind: "bad_url"},
		{name: "a URL with a word for a port", url: fixed("http://127.0.0.1:http/"), kind: "bad_url"},
		{name: "a URL with a port that cannot be", url: fixed("http://127.0.0.1:99999/"), kind: "tcp"},
		{name: "an empty URL", url: fixed(""), kind: "bad_url"},

		{name: "a TLS handshake that takes too long", url: func(t *testing.T) string {
			return "https" + strings.TrimPrefix(serve(t, (*peer).hold), "http")
		}, params: `{timeouts: {connect: 0.15}}`, kind: "connect_timeout"},
		{name: "no headers in time", url: raw(func(p *peer) { p.request(); p.hold() }), params: `{timeouts: {headers: 0.15}}`, kind: "headers_timeout"},
		{name: "half the headers in time", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n")
			p.hold()
		}), params: `{timeouts: {headers: 0.15, firstToken: 5}}`, kind: "headers_timeout"},
		{name: "no token in time, pings notwithstanding", url: chunked(func(p *peer) {
			p.chunk(role)
			for range 500 {
				p.chunk(":\n\n")
				time.Sleep(10 * time.Millisecond)
			}
		}), params: `{timeouts: {headers: 5, firstToken: 0.15}}`, kind: "first_token_timeout", ended: "error", facts: fact{"status": 200., "tokenEvents": 0.}},
		{name: "silence behind a token", url: chunked(func(p *peer) { p.chunk(role + token); p.hold() }),
			params: `{timeouts: {headers: 5, firstToken: 5, idle: 0.15, total: 9}}`, kind: "idle_timeout", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "a stream that never ends", url: chunked(func(p *peer) {
			for range 1000 {
				p.chunk(token)
				time.Sleep(10 * time.Millisecond)
			}
		}), params: `{timeouts: {idle: 5, total: 0.2}}`, kind: "total_timeout", ended: "error", facts: fact{"status": 200.}},
		{name: "everything in time: limits end nothing that goes on", url: chunked(func(p *peer) {
			for range 12 {
				p.chunk(token)
				time.Sleep(30 * time.Millisecond)
			}
			p.chunk(done)
		}), params: `{timeouts: {connect: 0.3, headers: 0.3, firstToken: 0.3, idle: 0.3, total: 30}}`, ended: "marker", facts: fact{"tokenEvents": 12.}},
		{name: "an error page that stops in its middle", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 100\r\n\r\noops")
			p.hold()
		}), params: `{timeouts: {headers: 5, firstToken: 5, idle: 0.15}}`, kind: "idle_timeout", facts: fact{"status": 500., "body": "oops"}},
		{name: "a compressed stream that sends nothing in time", url: raw(func(p *peer) {
			p.request()
			p.send(strings.Replace(streamHead, "\r\n", "\r\nContent-Encoding: gzip\r\n", 1))
			p.hold()
		}), params: `{timeouts: {headers: 5, firstToken: 0.15}}`, kind: "first_token_timeout", facts: fact{"status": 200.}},

		{name: "another protocol, without a word of it", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
			p.hold()
		}), params: `{body: "x"}`, ended: "no_stream", facts: fact{"status": 101., "tokenEvents": 0.}},
		{name: "a redirect loop", url: raw(func(p *peer) {
			for p.request() != nil {
				p.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
			}
		}), params: `{body: "x"}`, kind: "redirect"},

		{name: "reset before the headers", url: raw(func(p *peer) { p.request(); p.reset() }), kind: "reset"},
		{name: "closed before the headers", url: raw(func(p *peer) { p.request() }), kind: "eof"},
		{name: "closed in the middle of the headers", url: raw(func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n") }), kind: "eof"},
		{name: "reset in the middle of the stream", url: chunked(func(p *peer) { p.chunk(role + token + token); p.reset() }),
			kind: "reset", ended: "error", facts: fact{"tokenEvents": 2., "status": 200.}},
		{name: "closed in the middle of the stream", url: chunked(func(p *peer) { p.chunk(role + token); p.Close() }),
			kind: "eof", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "closed in the middle of an event", url: chunked(func(p *peer) { p.chunk(token + token[:30]); p.Close() }),
			kind: "eof", ended: "error", facts: fact{"tokenEvents": 1., "events": 1., "malformedEvents": 0.}},
		{name: "closed in the middle of a chunk", url: chunked(func(p *peer) { p.chunk(token); p.send("ff\r\n" + token); p.Close() }),
			kind: "eof", ended: "error", facts: fact{"tokenEvents": 2.}},
		{name: "a body that is shorter than its length", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9999\r\n\r\n" + token)
		}), kind: "eof", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "a stream without marker that ends in order", url: chunked(func(p *peer) { p.chunk(role + token) }),
			ended: "eof", facts: fact{"tokenEvents": 1.}},
		{name: "a stream that the end of the connection ends", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + token + finish)
		}), ended: "eof", facts: fact{"tokenEvents": 1., "fields": map[string]any{"finishReason": "stop"}}},
		{name: "a stream of nothing", url: chunked(func(*peer) {}), ended: "eof", facts: fact{"bytes": 0., "events": 0.}},

		{name: "an answer that is no HTTP", url: raw(func(p *peer) { p.request(); p.send("SSH-2.0-OpenSSH_9.2\r\n\r\n") }), kind: "protocol"},
		{name: "a status that is no number", url: raw(func(p *peer) { p.request(); p.send("HTTP/1.1 abc Hm\r\n\r\n") }), kind: "protocol"},
		{name: "a chunk size that is no number", url: chunked(func(p *peer) { p.chunk(token); p.send("zz\r\nwhat\r\n"); p.hold() }),
			kind: "protocol", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "a compressed stream that is broken", url: raw(func(p *peer) {
			p.request()
			p.send(strings.Replace(streamHead, "\r\n", "\r\nContent-Encoding: gzip\r\n", 1))
			p.chunk("this is no gzip at all")
			p.hold()
		}), kind: "unreadable", facts: fact{"status": 200.}},
		{name: "a compressed stream that breaks", url: raw(func(p *peer) {
			p.request()
			p.send(strings.Replace(streamHead, "\r\n", "\r\nContent-Encoding: gzip\r\n", 1))
			p.chunk(zipped(token) + "\xff\xff\xff")
			p.hold()
		}), kind: "unreadable", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "an unknown content encoding", url: raw(func(p *peer) {
			p.request()
			p.send(strings.Replace(streamHead, "\r\n", "\r\nContent-Encoding: zstd\r\n", 1))
			p.hold()
		}), kind: "unreadable", facts: fact{"status": 200.}},

		{name: "404 with a body", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 404 Not Found\r\nContent-Type: Application/JSON; charset=x\r\nContent-Length: 16\r\n\r\n{\"error\":\"none\"}")
		}), facts: fact{"status": 404., "contentType": "application/json", "body": `{"error":"none"}`, "bytes": 16., "tokenEvents": 0.}},
		{name: "503 without a body", url: raw(func(p *peer) { p.request(); p.send("HTTP/1.1 503 Loading\r\nContent-Length: 0\r\n\r\n") }),
			facts: fact{"status": 503., "body": nil, "contentType": nil}},
		{name: "503 as an event stream is none", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 503 Loading\r\nContent-Type: text/event-stream\r\nContent-Length: 5\r\n\r\nhello")
		}), facts: fact{"status": 503., "body": "hello", "tokenEvents": 0.}},
		{name: "an error page that is huge", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 500 Oops\r\nContent-Length: 9000000\r\n\r\n")
			p.send(strings.Repeat("é", 4_500_000))
		}), facts: fact{"status": 500., "body": strings.Repeat("é", 512)}},
		{name: "an error page of endless length", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n")
			for range 100_000 {
				p.chunk("again!!!")
			}
		}), facts: fact{"status": 500.}},
		{name: "200 with JSON instead of a stream", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"choices\":[]}")
		}), facts: fact{"status": 200., "contentType": "application/json", "body": `{"choices":[]}`}},
		{name: "200 without a content type", url: raw(func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") }),
			facts: fact{"status": 200., "contentType": nil, "body": "hi"}},
		{name: "an error inside the stream", url: chunked(func(p *peer) { p.chunk(token + `data: {"error":{"message":"slot unavailable"}}` + "\n\n") }),
			ended: "eof", facts: fact{"inBandError": `{"message":"slot unavailable"}`, "tokenEvents": 1.}},
		{name: "302 on POST is an answer", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 5\r\n\r\nmoved")
		}), params: `{body: "x"}`, facts: fact{"status": 302., "body": "moved"}},
		{name: "a redirect to nowhere is an answer", url: raw(func(p *peer) {
			p.request()
			p.send("HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\n\r\n")
		}), params: `{body: "x"}`, facts: fact{"status": 307.}},

		{name: "hung up on purpose after a while", url: chunked(func(p *peer) { p.chunk(token); p.hold() }),
			params: `{abortAfterMs: 100}`, kind: "aborted", ended: "error", facts: fact{"tokenEvents": 1.}},
		{name: "hung up on purpose before the headers", url: raw(func(p *peer) { p.request(); p.hold() }), params: `{abortAfterMs: 50}`, kind: "aborted"},
		{name: "hung up on purpose after three tokens", url: chunked(func(p *peer) {
			for range 100 {
				p.chunk(token)
				time.Sleep(5 * time.Millisecond)
			}
		}), params: `{abortAfterTokens: 3}`, kind: "aborted", ended: "error"},
		{name: "an answer that ends before it is hung up on", url: chunked(wholeAnswer), params: `{abortAfterTokens: 3, abortAfterMs: 60000}`, ended: "marker"},
	}
	root := newRoot(t)
	options := lib.Options{BlacklistIPs: blockedNet(t)}
	options.BlockedHostnames = blockedNames(t, "blocked.test")
	u := newUser(t, root, options) // one VU for all: no fault spoils the next request
	healthy := serve(t, streams(wholeAnswer))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u.t = t
			defer u.within(20 * time.Second)()
			params := test.params
			if params == "" {
				params = "{}"
			}
			got := u.record(test.url(t), params)
			if kind := kindOfError(got); kind != test.kind {
				t.Errorf("error kind: got %q, want %q: %v", kind, test.kind, got["error"])
			}
			ended := test.ended
			if ended == "" {
				ended = "no_stream"
			}
			if got["ended"] != ended {
				t.Errorf("ended: got %v, want %s", got["ended"], ended)
			}
			for key, want := range test.facts {
				if fmt.Sprint(got[key]) != fmt.Sprint(want) {
					t.Errorf("%s: got %v, want %v", key, got[key], want)
				}
			}
			if after := u.record(healthy, "{}"); after["ended"] != "marker" || after["tokenEvents"] != 2. {
				t.Errorf("the request behind it: %v", after)
			}
		})
	}
	u.t = t
	if count := root.count.Started.Load() - root.count.Done.Load(); count != 0 {
		t.Errorf("%d requests in flight", count)
	}
	if goroutines := root.count.Failed.Load(); goroutines == 0 {
		t.Error("none of all this counted as failed")
	}
}

type fact = map[string]any

// within ends the run after a time that nothing here should take: what hangs shows as interrupted.
func (u *user) within(limit time.Duration) func() {
	timer := time.AfterFunc(limit, u.cancel)
	return func() { timer.Stop() }
}

// closedPort is an address without a listener.
func closedPort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return "http://" + listener.Addr().String()
}

func blockedNet(t *testing.T) []*lib.IPNet {
	t.Helper()
	network, err := lib.ParseCIDR("127.9.0.0/16")
	if err != nil {
		t.Fatal(err)
	}
	return []*lib.IPNet{network}
}

func blockedNames(t *testing.T, names ...string) types.NullHostnameTrie {
	t.Helper()
	trie, err := types.NewNullHostnameTrie(names)
	if err != nil {
		t.Fatal(err)
	}
	return trie
}

// zipped compresses a text and flushes it, without the end of the file.
func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Flush()
	return b.String()
}

func TestTheEndOfTheRunInterrupts(t *testing.T) {
	for name, handle := range map[string]func(p *peer){
		"in the middle of a stream": streams(func(p *peer) { p.chunk(token); p.hold() }),
		"before the headers":        func(p *peer) { p.request(); p.hold() },
		"while it is drained":       streams(func(p *peer) { p.chunk(token + done); p.hold() }),
	} {
		t.Run(name, func(t *testing.T) {
			u := newUser(t, newRoot(t), lib.Options{})
			url := serve(t, handle)
			timer := time.AfterFunc(150*time.Millisecond, u.cancel)
			defer timer.Stop()
			begin := time.Now()
			got := u.record(url, "{}")
			if took := time.Since(begin); took > 10*time.Second {
				t.Errorf("it took %v", took)
			}
			if name == "while it is drained" {
				if got["ended"] != "marker" {
					t.Errorf("a stream that had ended is %v", got["ended"])
				}
			} else if kindOfError(got) != "interrupted" {
				t.Errorf("got %v", got["error"])
			}
		})
	}
	t.Run("before it began", func(t *testing.T) {
		root := newRoot(t)
		u := newUser(t, root, lib.Options{})
		timer := time.AfterFunc(50*time.Millisecond, u.cancel)
		defer timer.Stop()
		if got := u.run(`sse.record("http://server.test/", {sendAt: sse.now() + 60000}, chat) === null`); got != true {
			t.Errorf("a request that was never due: %v", got)
		}
		if root.count.Started.Load() != 0 {
			t.Error("it counts as started")
		}
	})
}

func TestServerThatGoesOnBehindTheMarker(t *testing.T) {
	u := newUser(t, newRoot(t), lib.Options{})
	t.Run("with a little", func(t *testing.T) {
		url := serve(t, streams(func(p *peer) {
			p.chunk(token + done + token)
			time.Sleep(20 * time.Millisecond)
			p.chunk(": bye\n\n" + token)
		}))
		for i := range 3 {
			got := u.record(url, "{}")
			if got["ended"] != "marker" || got["tokenEvents"] != 1. || got["events"] != 2. || got["error"] != nil {
				t.Errorf("got %v", got)
			}
			if want := float64(len(token + done + token + ": bye\n\n" + token)); got["bytes"] != want {
				t.Errorf("%v bytes, %v were sent", got["bytes"], want)
			}
			if got["reused"] != (i > 0) {
				t.Errorf("request %d: reused %v", i, got["reused"])
			}
		}
	})
	t.Run("without end", func(t *testing.T) {
		gone := make(chan struct{}, 4)
		url := serve(t, streams(func(p *peer) {
			p.chunk(token + done)
			defer func() { gone <- struct{}{} }()
			for range 1500 {
				p.chunk(": ping\n\n")
				time.Sleep(10 * time.Millisecond)
			}
		}))
		got := u.record(url, "{}")
		if got["ended"] != "marker" || got["error"] != nil {
			t.Errorf("got %v", got)
		}
		if took := got["endMs"].(float64) - got["startMs"].(float64); took > 900 {
			t.Errorf("the end of the stream is reported %v ms late", took)
		}
		select {
		case <-gone:
		case <-time.After(10 * time.Second):
			t.Error("the connection was not given up")
		}
	})
	t.Run("with silence", func(t *testing.T) {
		url := serve(t, streams(func(p *peer) { p.chunk(token + done); p.hold() }))
		if got := u.record(url, "{}"); got["ended"] != "marker" || got["error"] != nil {
			t.Errorf("got %v", got)
		}
	})
}
