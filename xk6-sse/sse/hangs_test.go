package sse

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"gopkg.in/guregu/null.v3"
)

// forever sends a text again and again until the client is gone.
func forever(p *peer, text string) {
	for {
		p.send(text)
		time.Sleep(5 * time.Millisecond)
	}
}

// deaf reads no more, so that it does not see the client leave either.
func deaf(p *peer) { <-p.over }

// head reads a request's head and leaves its body alone.
func (p *peer) head() { _, _ = http.ReadRequest(p.r) }

const (
	// shortTimeouts end every phase of a request within two seconds.
	shortTimeouts = `timeouts: {connect: 0.5, headers: 0.5, firstToken: 0.7, idle: 0.5, total: 1.2}`
	// largeBody does not fit into the buffers of two sockets.
	largeBody = `body: "x".repeat(16777216)`
)

// Whatever a server does with a connection, its request ends by its own limits, and its connection with it.
func TestNothingHangsAClient(t *testing.T) {
	upgrade := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
	tests := []struct {
		name   string
		answer func(p *peer)
		params string
		kinds  []string
	}{
		{"another protocol, with bytes for ever", func(p *peer) { p.request(); p.send(upgrade); forever(p, "\x81\x01x") }, "", []string{""}},
		{"another protocol, which is not read", func(p *peer) { p.head(); p.send(upgrade); deaf(p) }, largeBody, []string{""}},
		{"another protocol without its name", func(p *peer) { p.request(); p.send("HTTP/1.1 101 Hm\r\n\r\n"); forever(p, "x") }, "", []string{""}},
		{"a tunnel", func(p *peer) { p.request(); p.send("HTTP/1.1 200 Connection established\r\n\r\n"); forever(p, "x") },
			"", []string{"total_timeout"}},
		{"HTTP/1.0 without a length", func(p *peer) {
			p.request()
			p.send("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + token)
			forever(p, ":\n\n")
		}, "", []string{"total_timeout"}},
		{"comments for ever", func(p *peer) { p.request(); p.send(streamHead); p.chunk(token); forever(p, "3\r\n:\n\n\r\n") }, "", []string{"total_timeout"}},
		{"trailers for ever", func(p *peer) {
			p.request()
			p.send(streamHead)
			p.chunk(token)
			p.send("0\r\n")
			forever(p, "X-More: yes\r\n")
		}, "", []string{"idle_timeout", "total_timeout", "protocol"}},
		{"trailers for ever behind the end marker", func(p *peer) {
			p.request()
			p.send(streamHead)
			p.chunk(answer)
			p.send("0\r\n")
			forever(p, "X-More: yes\r\n")
		}, "", []string{""}},
		{"informational answers for ever", func(p *peer) { p.request(); forever(p, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") },
			"", []string{"headers_timeout", "protocol"}},
		{"headers for ever", func(p *peer) { p.request(); p.send("HTTP/1.1 200 OK\r\n"); forever(p, "X-More: yes\r\n") },
			"", []string{"headers_timeout"}},
		{"a status line for ever", func(p *peer) { p.request(); p.send("HTTP/1.1 200 "); forever(p, "O") }, "", []string{"headers_timeout"}},
		{"a body by single bytes", func(p *peer) {
			p.request()
			p.send("HTTP/1.1 500 Oops\r\nContent-Length: 99999\r\n\r\n")
			forever(p, "x")
		},
			"", []string{"total_timeout"}},
		{"a redirect with a body for ever", func(p *peer) {
			p.request()
			p.send("HTTP/1.1 307 Elsewhere\r\nLocation: /\r\nContent-Length: 99999\r\n\r\n")
			forever(p, "x")
		}, "", []string{"headers_timeout"}},
		{"the end of what it sends, without an answer", func(p *peer) { p.request(); _ = p.CloseWrite(); p.hold() }, "", []string{"eof"}},
		{"the end of what it sends, within an answer", func(p *peer) {
			p.request()
			p.send(streamHead)
			p.chunk(token)
			_ = p.CloseWrite()
			p.hold()
		}, "", []string{"eof"}},
		{"nothing read", deaf, largeBody, []string{"headers_timeout"}},
		{"a request that is not read, and an answer for ever", func(p *peer) {
			p.head()
			p.send(streamHead)
			p.chunk(token)
			forever(p, "3\r\n:\n\n\r\n")
		}, largeBody, []string{"total_timeout"}},
		{"a request that is not read, and a whole answer", func(p *peer) { p.head(); p.send(streamHead); p.chunk(answer); p.send(lastChunk); deaf(p) },
			largeBody, []string{""}},
	}
	root := newRoot(t)
	newUser(t, root, lib.Options{}) // the first one starts the packet capture
	before := runtime.NumGoroutine()
	t.Run("side by side", func(t *testing.T) {
		for _, test := range tests {
			for _, scheme := range []string{"http", "https"} {
				t.Run(scheme+": "+test.name, func(t *testing.T) {
					t.Parallel()
					u := newUser(t, root, lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
					defer u.within(20 * time.Second)()
					url := serve(t, test.answer)
					if scheme == "https" {
						url = serveTLS(t, "http/1.1", func(p *peer, _ *tls.Conn) { test.answer(p) })
					}
					got := u.record(url, "{"+test.params+strings.Repeat(", ", min(1, len(test.params)))+shortTimeouts+"}")
					if kind := kindOfError(got); !slices.Contains(test.kinds, kind) {
						t.Errorf("error kind: got %q, want one of %q: %v", kind, test.kinds, got["error"])
					}
				})
			}
		}
	})
	if count := root.count.Started.Load() - root.count.Done.Load(); count != 0 {
		t.Errorf("%d requests in flight", count)
	}
	// The servers have ended with their tests; what the clients had for them ends with the connections.
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, stacks[:runtime.Stack(stacks, true)])
		}
	}
}

// serveTLS starts a server on loopback that speaks TLS and no protocol above it by itself; it returns the URL.
func serveTLS(t testing.TB, protocol string, handle func(p *peer, conn *tls.Conn)) string {
	t.Helper()
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	certificates := certified.TLS.Certificates
	certified.Close()
	config := &tls.Config{Certificates: certificates, NextProtos: []string{protocol}} //nolint:gosec // a test
	return "https" + strings.TrimPrefix(serve(t, func(p *peer) {
		conn := tls.Server(p.TCPConn, config)
		if conn.Handshake() == nil {
			p.r, p.w = bufio.NewReader(conn), conn
			handle(p, conn)
		}
	}), "http")
}

// A server of HTTP/2 that takes no more of a request leaves everyone behind the connection's write lock, readers included.
func TestHTTP2ServerThatStopsReadingHangsNoClient(t *testing.T) {
	for name, ending := range map[string]http2.Flags{"an answer for ever": 0, "a whole answer": http2.FlagDataEndStream} {
		t.Run(name, func(t *testing.T) {
			url := serveTLS(t, "h2", func(p *peer, conn *tls.Conn) { answerUnread(p, conn, ending != 0) })
			root := newRoot(t)
			u := newUser(t, root, lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
			defer u.within(20 * time.Second)()
			for range 2 {
				got := u.record(url, "{"+largeBody+", "+shortTimeouts+"}")
				if kind := kindOfError(got); kind == "interrupted" || kind == "" && ending == 0 {
					t.Errorf("error kind %q: %v", kind, got)
				}
				u.instance.client.closeIdle()
			}
		})
	}
}

// answerUnread answers the first request of a connection of HTTP/2 and reads nothing behind its head.
func answerUnread(p *peer, conn *tls.Conn, whole bool) {
	preface := make([]byte, len(http2.ClientPreface))
	if _, err := io.ReadFull(p.r, preface); err != nil {
		return
	}
	framer := http2.NewFramer(conn, p.r)
	// All of the request may be sent at once.
	_ = framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 30})
	_ = framer.WriteWindowUpdate(0, 1<<30)
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		if settings, ok := frame.(*http2.SettingsFrame); ok && !settings.IsAck() {
			_ = framer.WriteSettingsAck()
		}
		if _, ok := frame.(*http2.HeadersFrame); ok {
			break
		}
	}
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	_ = encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	_ = encoder.WriteField(hpack.HeaderField{Name: "content-type", Value: "text/event-stream"})
	_ = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: head.Bytes(), EndHeaders: true})
	if whole {
		_ = framer.WriteData(1, true, []byte(answer))
		deaf(p)
		return
	}
	// Enough that the client wants to answer with more room for it.
	comments := []byte(strings.Repeat(":\n\n", 2000))
	for framer.WriteData(1, false, comments) == nil {
		time.Sleep(5 * time.Millisecond)
	}
}
