package sse

import (
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"gopkg.in/guregu/null.v3"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// answering counts a server's connections and answers each request with a whole stream.
func answering(t *testing.T) (url string, connections *atomic.Int64) {
	connections = new(atomic.Int64)
	return serve(t, func(p *peer) {
		connections.Add(1)
		streams(wholeAnswer)(p)
	}), connections
}

func TestConnectionsAreKept(t *testing.T) {
	tests := []struct {
		name        string
		options     lib.Options
		iterations  bool // each request in an iteration of its own
		connections int64
	}{
		{name: "over requests", connections: 1},
		{name: "over iterations", iterations: true, connections: 1},
		{name: "not with noConnectionReuse", options: lib.Options{NoConnectionReuse: null.BoolFrom(true)}, connections: 4},
		{name: "within an iteration with noVUConnectionReuse", options: lib.Options{NoVUConnectionReuse: null.BoolFrom(true)}, connections: 1},
		{name: "not over iterations with noVUConnectionReuse", options: lib.Options{NoVUConnectionReuse: null.BoolFrom(true)}, iterations: true, connections: 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url, connections := answering(t)
			u := newUser(t, newRoot(t), test.options)
			for i := range 4 {
				if test.iterations {
					u.state.Iteration = int64(i)
				}
				got := u.record(url, "{}")
				reused := i > 0 && test.connections == 1
				if _, connected := got["connectedMs"]; got["reused"] != reused || connected == reused || got["retried"] != false {
					t.Errorf("request %d: %v", i, got)
				}
			}
			if got := connections.Load(); got != test.connections {
				t.Errorf("%d connections, want %d", got, test.connections)
			}
		})
	}
	t.Run("behind an error page, not behind a cut", func(t *testing.T) {
		var connections atomic.Int64
		url := serve(t, func(p *peer) {
			connections.Add(1)
			for request := p.request(); request != nil; request = p.request() {
				if request.URL.Path == "/cut" {
					p.send(streamHead)
					p.chunk(token)
					return
				}
				p.send("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy")
			}
		})
		u := newUser(t, newRoot(t), lib.Options{})
		for i, path := range []string{"/", "/", "/cut", "/"} {
			if got := u.record(url+path, "{}"); got["reused"] != (i == 1 || i == 2) {
				t.Errorf("request %d: %v", i, got)
			}
		}
	})
	t.Run("by each VU for itself", func(t *testing.T) {
		url, connections := answering(t)
		root := newRoot(t)
		for range 3 {
			newUser(t, root, lib.Options{}).record(url, "{}")
		}
		if got := connections.Load(); got != 3 {
			t.Errorf("%d connections", got)
		}
	})
}

func TestStaleConnectionIsReplacedOnce(t *testing.T) {
	// The server closes every connection when its second request comes in: the client took it for alive.
	for name, end := range map[string]func(p *peer){"closed": func(*peer) {}, "reset": (*peer).reset} {
		for _, method := range []string{"GET", "POST"} {
			t.Run(name+" at the moment of reuse, "+method, func(t *testing.T) {
				var requests atomic.Int64
				url := serve(t, func(p *peer) {
					p.request()
					requests.Add(1)
					p.send(streamHead)
					wholeAnswer(p)
					p.send(lastChunk)
					if p.request() != nil {
						end(p)
					}
				})
				u := newUser(t, newRoot(t), lib.Options{})
				params := fmt.Sprintf(`{method: %q, body: "hello"}`, method)
				u.record(url, params)
				before := u.instance.Now()
				got := u.record(url, params)
				if got["ended"] != "marker" || got["retried"] != true || got["reused"] != false || got["error"] != nil {
					t.Errorf("got %v", got)
				}
				if sent := got["sentMs"].(float64); sent < before || sent < got["connectedMs"].(float64) {
					t.Errorf("sent %v is not that of the fresh connection: %v", sent, got)
				}
				if requests.Load() != 2 {
					t.Errorf("%d requests answered", requests.Load())
				}
			})
		}
	}
	t.Run("closed between two requests", func(t *testing.T) {
		url := serve(t, func(p *peer) {
			p.request()
			p.send(streamHead)
			wholeAnswer(p)
			p.send(lastChunk)
		})
		u := newUser(t, newRoot(t), lib.Options{})
		for range 5 {
			if got := u.record(url, `{body: "x"}`); got["ended"] != "marker" || got["error"] != nil || got["reused"] != false {
				t.Errorf("got %v", got)
			}
		}
	})
	t.Run("a fresh connection that dies, too, is an error", func(t *testing.T) {
		url := serve(t, func(p *peer) {
			p.request()
			if p.index > 0 {
				return
			}
			p.send(streamHead)
			wholeAnswer(p)
			p.send(lastChunk)
			p.request()
		})
		u := newUser(t, newRoot(t), lib.Options{})
		u.record(url, `{body: "x"}`)
		if got := u.record(url, `{body: "x"}`); kindOfError(got) != "eof" || got["retried"] != true {
			t.Errorf("got %v", got)
		}
	})
	t.Run("a server that dies while it works on a request does not get it again", func(t *testing.T) {
		var requests atomic.Int64
		url := serve(t, func(p *peer) {
			for i := 0; p.request() != nil; i++ {
				requests.Add(1)
				if i == 1 {
					time.Sleep(staleTime + 200*time.Millisecond)
					return
				}
				p.send(streamHead)
				wholeAnswer(p)
				p.send(lastChunk)
			}
		})
		u := newUser(t, newRoot(t), lib.Options{})
		u.record(url, `{body: "x"}`)
		if got := u.record(url, `{body: "x"}`); kindOfError(got) != "eof" || got["retried"] != false || got["reused"] != true {
			t.Errorf("got %v", got)
		}
		if requests.Load() != 2 {
			t.Errorf("%d requests", requests.Load())
		}
	})
	t.Run("an answer that is no HTTP on a kept connection is no reason to ask again", func(t *testing.T) {
		var requests atomic.Int64
		url := serve(t, func(p *peer) {
			for i := 0; p.request() != nil; i++ {
				requests.Add(1)
				if i == 1 {
					p.send("garbage\r\n\r\n")
					return
				}
				p.send(streamHead)
				wholeAnswer(p)
				p.send(lastChunk)
			}
		})
		u := newUser(t, newRoot(t), lib.Options{})
		u.record(url, `{body: "x"}`)
		if got := u.record(url, `{body: "x"}`); kindOfError(got) != "protocol" || requests.Load() != 2 {
			t.Errorf("%d requests, %v", requests.Load(), got)
		}
	})
}

func TestStampsOfAStream(t *testing.T) {
	ring, err := packets.Open()
	ring.Close()
	want := stamp.Packet
	if err != nil {
		if want = stamp.User; stamp.Enable() {
			want = stamp.Kernel
		}
		t.Logf("without packet stamps: %v", err)
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w, strings.SplitAfter(answer, "\n\n")...)
	})
	plain := httptest.NewServer(handler)
	defer plain.Close()
	secure := httptest.NewTLSServer(handler)
	defer secure.Close()
	second := httptest.NewUnstartedServer(handler)
	second.EnableHTTP2 = true
	second.StartTLS()
	defer second.Close()
	for _, test := range []struct{ name, url, proto string }{
		{"plain", plain.URL, "HTTP/1.1"}, {"TLS", secure.URL, "HTTP/1.1"}, {"HTTP/2", second.URL, "HTTP/2.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
			awaitStamps(u, test.url)
			u.instance.client.closeIdle()
			for i := range 3 {
				got := u.record(test.url, `{body: "x"}`)
				if got["ended"] != "marker" || got["tokenEvents"] != 2. || got["reused"] != (i > 0) {
					t.Errorf("request %d: %v", i, got)
				}
				if got["stamps"] != want.String() {
					t.Errorf("request %d: stamps %v, want %s", i, got["stamps"], want)
				}
				if lag, ok := got["stampLagMaxMs"].(float64); ok != (want != stamp.User) || lag < 0 || lag < got["stampLagMeanMs"].(float64) {
					t.Errorf("request %d: lag %v, mean %v", i, got["stampLagMaxMs"], got["stampLagMeanMs"])
				}
			}
			for _, s := range u.taken() {
				if s.metric == "http_reqs" && s.tags["proto"] != test.proto {
					t.Errorf("protocol %s", s.tags["proto"])
				}
			}
		})
	}
	t.Run("Go's, on request", func(t *testing.T) {
		root := newRoot(t)
		u := newInit(t, root)
		stampsFrom(root, stamp.User)
		u.start(lib.Options{})
		got := u.record(plain.URL, "{}")
		if got["stamps"] != "user" || got["stampLagMaxMs"] != nil || got["ended"] != "marker" {
			t.Errorf("got %v", got)
		}
	})
}

func TestTokensThatOneReadBroughtAreMergedUnderTLSToo(t *testing.T) {
	// Each chunk is a TLS record of its own; they arrive together and are read late.
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		eventStream(w, role)
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_ = buffered.Flush()
		slow := &corked{Conn: conn}
		for range 3 {
			fmt.Fprintf(slow, "%x\r\n%s\r\n", len(token), token)
		}
		fmt.Fprintf(slow, "%x\r\n%s\r\n0\r\n\r\n", len(done), done)
	}))
	defer server.Close()
	u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
	got := u.record(server.URL, "{arrays: true}")
	zero := 0.
	for _, gap := range got["gapsUs"].([]any) {
		if gap == 0. {
			zero++
		}
	}
	if got["tokenEvents"] != 3. || got["mergedTokens"].(float64) < zero {
		t.Errorf("%v gaps of nothing, %v merged", zero, got["mergedTokens"])
	}
}

// corked is only a name for a connection that is written to at once.
type corked struct{ net.Conn }

func TestHTTP2StreamsThatBreak(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/before":
			panic(http.ErrAbortHandler)
		case "/hold":
			eventStream(w, token)
			<-r.Context().Done()
		default:
			eventStream(w, token)
			panic(http.ErrAbortHandler)
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = silent
	server.StartTLS()
	defer server.Close()
	u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
	for _, test := range []struct{ path, params, kind, ended string }{
		{"/before", "{}", "reset", "no_stream"},
		{"/middle", "{}", "reset", "error"},
		{"/hold", "{timeouts: {idle: 0.15}}", "idle_timeout", "error"},
		{"/hold", "{abortAfterTokens: 1}", "aborted", "error"},
	} {
		if got := u.record(server.URL+test.path, test.params); kindOfError(got) != test.kind || got["ended"] != test.ended {
			t.Errorf("%s: %v", test.path, got)
		}
	}
}

// The transport reads on while the reader is away: what arrives then is dated all the same, compressed or not.
func TestHTTP2TokensAreDatedWhenTheyArriveNotWhenTheyAreRead(t *testing.T) {
	const tokens = 20
	for _, encoding := range []string{"identity", "gzip"} {
		t.Run(encoding, func(t *testing.T) {
			next := make(chan bool)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				flush := func() { w.(http.Flusher).Flush() }
				to := io.Writer(w)
				if encoding == "gzip" {
					w.Header().Set("Content-Encoding", encoding)
					zip := gzip.NewWriter(w)
					to, flush = zip, func() {
						_ = zip.Flush()
						w.(http.Flusher).Flush()
					}
				}
				for i := range tokens {
					if i > 0 {
						<-next
					}
					_, _ = io.WriteString(to, token)
					flush()
				}
				<-next
				_, _ = io.WriteString(to, done)
				flush()
			}))
			server.EnableHTTP2 = true
			server.StartTLS()
			defer server.Close()
			u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
			plan, err := u.instance.planOf(u.VU.Runtime().Get("chat"))
			if err != nil {
				t.Fatal(err)
			}
			c := facts.NewCollector()
			c.Begin(plan, false)
			call, err := u.instance.call(server.URL, u.instance.params(u.VU.Runtime().ToValue(map[string]any{})), plan.Accept())
			if err != nil {
				t.Fatal(err)
			}
			call.request = &c.Request
			c.Start = u.instance.root.clock.Now()
			e := u.instance.newExchange(call)
			var arrived []int64
			failure := e.record(c, plan, 0, func(int64) {
				// The reader is away from the first token to the last; the connection gets one after the other.
				for len(arrived) < tokens {
					last := e.conn.Load().Last().At
					if len(arrived) == 0 || last != arrived[len(arrived)-1] {
						arrived = append(arrived, last)
						if len(arrived) < tokens {
							next <- true
						}
						continue
					}
					time.Sleep(50 * time.Microsecond)
				}
				if c.TokenEvents == tokens {
					close(next)
				}
			})
			e.close()
			e.finishHop(nil)
			if failure != nil || c.TokenEvents != tokens || c.Merged != 0 {
				t.Fatalf("%v, %d tokens, %d merged", failure, c.TokenEvents, c.Merged)
			}
			if c.FirstToken != arrived[0] || c.LastToken != arrived[tokens-1] || c.Headers > c.FirstToken || c.End < c.LastToken {
				t.Errorf("headers %d, tokens %d to %d, end %d; they arrived at %v", c.Headers, c.FirstToken, c.LastToken, c.End, arrived)
			}
			at, i := arrived[0], 0
			c.Gaps.Each(func(us uint32) {
				i++
				at += int64(us) * 1000
				if off := at - arrived[i]; off < -2000 || off > 2000 { // each end is rounded to a microsecond
					t.Errorf("token %d dated %d, arrived at %d", i, at, arrived[i])
				}
			})
		})
	}
}

func TestHTTP2ConnectionThatDiesIsReplacedOnce(t *testing.T) {
	// The first connection is cut when its second request comes in: the client took it for alive.
	var requests, connections atomic.Int64
	first := make(chan net.Conn, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 2 {
			_ = (<-first).(*tls.Conn).NetConn().Close()
			<-r.Context().Done()
			return
		}
		eventStream(w, answer)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = silent
	server.Config.ConnState = func(conn net.Conn, state http.ConnState) {
		if state == http.StateNew && connections.Add(1) == 1 {
			first <- conn
		}
	}
	server.StartTLS()
	defer server.Close()
	u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
	for i := range 2 {
		got := u.record(server.URL, `{body: "x"}`)
		if got["ended"] != "marker" || got["error"] != nil || got["retried"] != (i == 1) || got["reused"] != false {
			t.Fatalf("request %d: %v", i, got)
		}
		if got["sentMs"].(float64) < got["connectedMs"].(float64) {
			t.Errorf("request %d was sent before it was connected: %v", i, got)
		}
	}
	if got := connections.Load(); got != 2 || requests.Load() != 3 {
		t.Errorf("%d requests on %d connections", requests.Load(), got)
	}
}

func TestHTTP2ConnectionsObeyNoVUConnectionReuse(t *testing.T) {
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { eventStream(w, answer) }))
	server.EnableHTTP2 = true
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	defer server.Close()
	u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true), NoVUConnectionReuse: null.BoolFrom(true)})
	for i := range 6 {
		u.state.Iteration = int64(i / 2)
		if got := u.record(server.URL, "{}"); got["ended"] != "marker" || got["reused"] != (i%2 == 1) {
			t.Errorf("request %d: %v", i, got)
		}
	}
	if got := connections.Load(); got != 3 {
		t.Errorf("%d connections", got)
	}
}

func TestCompressedStream(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Type", "text/event-stream")
		zip := gzip.NewWriter(w)
		for _, event := range strings.SplitAfter(answer, "\n\n") {
			_, _ = io.WriteString(zip, event)
			_ = zip.Flush()
			w.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond)
		}
		_ = zip.Close()
	}))
	defer server.Close()
	u := newUser(t, newRoot(t), lib.Options{})
	for range 2 {
		got := u.record(server.URL, "{arrays: true}")
		if got["ended"] != "marker" || got["tokenEvents"] != 2. || got["bytes"] != float64(len(answer)) {
			t.Errorf("got %v", got)
		}
		if gaps := got["gapsUs"].([]any); len(gaps) != 1 || gaps[0].(float64) < 1000 {
			t.Errorf("tokens came together: gaps %v", gaps)
		}
	}
}

func TestRedirects(t *testing.T) {
	type seen struct{ method, path, body, authorization, cookie, host string }
	var mu sync.Mutex
	var requests []seen
	note := func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		requests = append(requests, seen{r.Method, r.URL.Path, string(body), r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Host})
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r)
		eventStream(w, answer)
	}))
	defer other.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		switch r.URL.Path {
		case "/301", "/302", "/303", "/307", "/308":
			code := 0
			_, _ = fmt.Sscan(r.URL.Path[1:], &code)
			http.Redirect(w, r, "/hop", code)
		case "/hop":
			http.Redirect(w, r, "/stream", http.StatusTemporaryRedirect)
		case "/away":
			http.Redirect(w, r, other.URL+"/stream", http.StatusTemporaryRedirect)
		default:
			eventStream(w, answer)
		}
	}))
	defer server.Close()
	host, elsewhere := strings.TrimPrefix(server.URL, "http://"), strings.TrimPrefix(other.URL, "http://")
	tests := []struct {
		name, path, params string
		want               []seen
		status             float64
		options            lib.Options
	}{
		{name: "307 sends the body again, with one cookie of each name", path: "/307", params: `{body: "hello", headers: {Authorization: "Bearer x"}}`, status: 200,
			want: []seen{{"POST", "/307", "hello", "Bearer x", "", host}, {"POST", "/hop", "hello", "Bearer x", "a=1", host}, {"POST", "/stream", "hello", "Bearer x", "a=1", host}}},
		{name: "308 too", path: "/308", params: `{body: "hello"}`, status: 200,
			want: []seen{{"POST", "/308", "hello", "", "", host}, {"POST", "/hop", "hello", "", "a=1", host}, {"POST", "/stream", "hello", "", "a=1", host}}},
		{name: "303 on POST is an answer", path: "/303", params: `{body: "hello"}`, status: 303, want: []seen{{"POST", "/303", "hello", "", "", host}}},
		{name: "301 on GET is followed", path: "/301", params: `{}`, status: 200,
			want: []seen{{"GET", "/301", "", "", "", host}, {"GET", "/hop", "", "", "a=1", host}, {"GET", "/stream", "", "", "a=1", host}}},
		{name: "another server gets no secrets, nor the first one's name", path: "/away", params: `{body: "x", headers: {Authorization: "Bearer x", Cookie: "c=2", Host: "virtual.test"}}`, status: 200,
			// cookies know no ports
			want: []seen{{"POST", "/away", "x", "Bearer x", "c=2", "virtual.test"}, {"POST", "/stream", "x", "", "a=1", elsewhere}}},
		{name: "none with maxRedirects 0", path: "/307", params: `{body: "x"}`, status: 307, options: lib.Options{MaxRedirects: null.IntFrom(0)},
			want: []seen{{"POST", "/307", "x", "", "", host}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			mu.Lock()
			requests = nil
			mu.Unlock()
			u := newUser(t, newRoot(t), test.options)
			got := u.record(server.URL+test.path, test.params)
			if _, connected := got["connectedMs"]; !connected || got["reused"] != false {
				t.Errorf("the first connection was a fresh one: %v", got)
			}
			if got["status"] != test.status || got["error"] != nil || got["retried"] != false {
				t.Errorf("got %v", got)
			}
			mu.Lock()
			defer mu.Unlock()
			if fmt.Sprint(requests) != fmt.Sprint(test.want) {
				t.Errorf("requests:\n%v, want\n%v", requests, test.want)
			}
			sums := 0
			for _, s := range u.taken() {
				if s.metric == "http_reqs" {
					sums++
				}
			}
			if sums != len(test.want) {
				t.Errorf("%d http_reqs for %d requests", sums, len(test.want))
			}
		})
	}
	t.Run("more than maxRedirects are an error", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{MaxRedirects: null.IntFrom(1)})
		if got := u.record(server.URL+"/307", `{body: "x"}`); kindOfError(got) != "redirect" || got["status"] != 307. {
			t.Errorf("got %v", got)
		}
	})
}

func TestRedirectsNeverLeaveTLS(t *testing.T) {
	asked := make(chan string, 2)
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Get("Authorization")
		eventStream(w, answer)
	}))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer secure.Close()
	u := newUser(t, newRoot(t), lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
	got := u.record(secure.URL+"/v1", `{body: "hello", headers: {Authorization: "Bearer x"}}`)
	if kindOfError(got) != "redirect" || got["status"] != 307. || len(asked) != 0 {
		t.Errorf("%d requests in clear, %v", len(asked), got)
	}
}

func TestNamesComeFromK6(t *testing.T) {
	url, _ := answering(t)
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	u := newUser(t, newRoot(t), lib.Options{})
	got := u.record("http://server.test:"+port+"/v1", "{}")
	if got["ended"] != "marker" {
		t.Errorf("got %v", got)
	}
}

// stampsFrom makes a process take its stamps from this source, as SERVER_BENCH_STAMPS does.
func stampsFrom(root *Root, source stamp.Source) {
	if source != stamp.Packet {
		root.sources.Ring.Close()
		root.sources.Ring = nil
	}
	root.sources.Kernel = source != stamp.User
}

// awaitStamps waits for the kernel's stamping, which begins a moment after the first socket that asks for it.
func awaitStamps(u *user, url string) {
	for range 100 {
		if u.record(url, "{}")["stamps"] != "user" || u.instance.root.stamps() == stamp.User {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
