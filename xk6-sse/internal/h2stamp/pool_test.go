package h2stamp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/server-bench/xk6-sse/internal/nullserver"
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// client sends requests and finds their streams.
type client struct {
	*http.Transport
	pool  *Pool
	clock stamp.Clock
	dials atomic.Int64
}

func newClient(t *testing.T, sources stamp.Sources) *client {
	t.Helper()
	c := &client{clock: stamp.NewClock()}
	c.Transport = &http.Transport{
		ForceAttemptHTTP2: true, DisableCompression: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // the test's own server
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c.dials.Add(1)
			sources.Ring.Expect(address)
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return stamp.Wrap(conn, c.clock, sources), nil
		},
	}
	c.pool = Install(c.Transport, func(conn net.Conn) Stamps { return conn.(*tls.Conn).NetConn().(*stamp.Conn) })
	t.Cleanup(c.close)
	return c
}

func (c *client) close() {
	c.CloseIdleConnections()
	c.pool.CloseIdleConnections()
}

// answer is a response with its stream; reused is whether its connection was a kept one.
type answer struct {
	*http.Response
	stream *Stream
	reused bool
}

func (c *client) ask(t *testing.T, url string) (answer, error) {
	t.Helper()
	var a answer
	var conn atomic.Pointer[Conn]
	opened := make(chan *Stream, 10)
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			a.reused = info.Reused
			conn.Store(info.Conn.(*Conn))
		},
		WroteHeaders: func() { opened <- conn.Load().Opened() },
	})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Response, err = c.RoundTrip(request); err != nil {
		return a, err
	}
	a.stream = <-opened
	for len(opened) > 0 {
		a.stream = <-opened
	}
	a.Body = a.stream.Body(a.Body)
	return a, nil
}

// read reads a body to its end; it returns what came at each moment.
func (a answer) read(t *testing.T) (parts []string, moments []stamp.Arrival, err error) {
	t.Helper()
	defer func() { _ = a.Body.Close() }()
	p := make([]byte, 4096)
	for {
		n, err := a.Body.Read(p)
		if n > 0 {
			parts, moments = append(parts, string(p[:n])), append(moments, a.stream.Last())
		}
		if errors.Is(err, io.EOF) {
			return parts, moments, nil
		}
		if err != nil {
			return parts, moments, err
		}
	}
}

// secure serves HTTP/2 by net/http.
func secure(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// await waits until the connections of a client have brought n bytes of bodies, for as long as a test may take.
func (c *client) await(t *testing.T, n int64) {
	t.Helper()
	for t.Context().Err() == nil {
		arrived := int64(0)
		c.pool.mu.Lock()
		for _, list := range c.pool.conns {
			for _, known := range list {
				known.conn.mu.Lock()
				for _, stream := range known.conn.streams {
					stream.mu.Lock()
					arrived += stream.arrived
					stream.mu.Unlock()
				}
				known.conn.mu.Unlock()
			}
		}
		c.pool.mu.Unlock()
		if arrived >= n {
			return
		}
		time.Sleep(100 * time.Microsecond)
	}
}

// Two answers arrive on one connection, a token at a time in turn, before anybody reads them: every token must have
// the moment between its own sending and that of the next.
func TestALateReaderGetsEachTokensOwnMoment(t *testing.T) {
	const tokens = 20
	for _, source := range []stamp.Source{stamp.User, stamp.Kernel, stamp.Packet} {
		t.Run(source.String(), func(t *testing.T) {
			sources := stamp.Sources{Kernel: source != stamp.User && stamp.Enable()}
			if source == stamp.Packet {
				ring, err := packets.Open()
				if err != nil {
					t.Skip(err)
				}
				defer ring.Close()
				sources.Ring = ring
			}
			next := [2]chan bool{make(chan bool), make(chan bool)}
			url := secure(t, func(w http.ResponseWriter, r *http.Request) {
				which := int(r.URL.Path[1] - '0')
				_ = http.NewResponseController(w).Flush()
				for range tokens {
					<-next[which]
					_, _ = io.WriteString(w, "token")
					_ = http.NewResponseController(w).Flush()
				}
			})
			c := newClient(t, sources)
			var answers [2]answer
			for i := range answers {
				got, err := c.ask(t, fmt.Sprintf("%s/%d", url, i))
				if err != nil {
					t.Fatal(err)
				}
				answers[i] = got
			}
			if !answers[1].reused || c.dials.Load() != 1 {
				t.Fatalf("%d connections for two requests", c.dials.Load())
			}
			var sent [2][]int64
			for token := range tokens {
				for i := range next {
					sent[i] = append(sent[i], c.clock.Now())
					next[i] <- true
					// The last one ends its stream, which the connection then forgets.
					if token < tokens-1 {
						c.await(t, int64(5*(2*token+i+1)))
					} else {
						time.Sleep(20 * time.Millisecond)
					}
				}
			}
			after := c.clock.Now()
			noise := int64(0)
			if sources.Kernel {
				noise = int64(time.Millisecond) // between the two clocks of a stamp
			}
			for i := range answers {
				parts, moments, err := answers[i].read(t)
				if err != nil || len(parts) != tokens {
					t.Fatalf("answer %d: %d reads, %v", i, len(parts), err)
				}
				for token, moment := range moments {
					if sources.Ring != nil && moment.Source != stamp.Packet {
						t.Errorf("answer %d, token %d: %v stamp", i, token, moment.Source)
					}
					end := after
					if i == 0 {
						end = sent[1][token]
					} else if token+1 < tokens {
						end = sent[0][token+1]
					}
					if moment.At < sent[i][token]-noise || moment.At > end+noise {
						t.Errorf("answer %d, token %d: sent at %d, dated %d, the next sent at %d", i, token, sent[i][token], moment.At, end)
					}
				}
				if head := answers[i].stream.Headers().At; head > sent[0][0]+noise || head < answers[i].stream.Written()-noise {
					t.Errorf("answer %d: headers at %d, sent at %d, first token at %d", i, head, answers[i].stream.Written(), sent[0][0])
				}
			}
		})
	}
}

func TestTheNullServersStreamsAreDated(t *testing.T) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	security, err := nullserver.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, stamp.Sources{})
	server := nullserver.New(nullserver.Default(), c.clock, nil)
	go func() { _ = server.ServeHTTP2(listener, security) }()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			got, err := c.ask(t, "https://"+listener.Addr().String()+"/v1/chat/completions?tokens=50&pace=1ms")
			if err != nil {
				t.Error(err)
				return
			}
			parts, moments, err := got.read(t)
			if err != nil || strings.Count(strings.Join(parts, ""), "word") != 50 {
				t.Errorf("%v: %q", err, parts)
			}
			last := got.stream.Headers().At
			for i, moment := range moments {
				if moment.At < last {
					t.Errorf("read %d dated %d, the one before %d", i, moment.At, last)
				}
				last = moment.At
			}
		})
	}
	wait.Wait()
}

func TestTrailersAndTheEndHaveTheirMoments(t *testing.T) {
	url := secure(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "Usage")
		_, _ = io.WriteString(w, "token")
		_ = http.NewResponseController(w).Flush()
		w.Header().Set("Usage", "1")
	})
	got, err := newClient(t, stamp.Sources{}).ask(t, url)
	if err != nil {
		t.Fatal(err)
	}
	parts, moments, err := got.read(t)
	if err != nil || len(parts) != 1 || got.Trailer.Get("Usage") != "1" {
		t.Errorf("%q, trailers %v, %v", parts, got.Trailer, err)
	}
	if head, end := got.stream.Headers(), got.stream.Last(); head.At > moments[0].At || end.At < moments[0].At {
		t.Errorf("headers at %v, token at %v, end at %v", head, moments, end)
	}
}

// peer is the server's end of a connection that a test writes frame by frame.
type peer struct {
	*tls.Conn
	*http2.Framer
	t     *testing.T
	index int // of the connection, from 0
}

// raw serves HTTP/2 frame by frame.
func raw(t *testing.T, handle func(p *peer)) string {
	t.Helper()
	security, err := nullserver.SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	security.NextProtos = []string{"h2"}
	listener, err := tls.Listen("tcp4", "127.0.0.1:0", security)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for index := 0; ; index++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			wait.Go(func() {
				defer func() { _ = conn.Close() }()
				preface := make([]byte, len(http2.ClientPreface))
				if _, err := io.ReadFull(conn, preface); err != nil {
					return
				}
				p := &peer{Conn: conn.(*tls.Conn), Framer: http2.NewFramer(conn, conn), t: t, index: index}
				p.AllowIllegalWrites = true
				_ = p.WriteSettings()
				handle(p)
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		wait.Wait()
	})
	return "https://" + listener.Addr().String()
}

// request reads up to a request's end; it returns its stream, 0: the client is gone.
func (p *peer) request() uint32 {
	for {
		frame, err := p.ReadFrame()
		if err != nil {
			return 0
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				_ = p.WriteSettingsAck()
			}
		case *http2.DataFrame:
			if f.StreamEnded() {
				return f.StreamID
			}
		}
	}
}

// pong waits until the client has answered a ping.
func (p *peer) pong() {
	for {
		frame, err := p.ReadFrame()
		if ping, ok := frame.(*http2.PingFrame); err != nil || ok && ping.IsAck() {
			return
		}
	}
}

func (p *peer) head(stream uint32) {
	var block strings.Builder
	_ = hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	_ = p.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte(block.String()), EndHeaders: true})
}

func TestPaddedFrames(t *testing.T) {
	url := raw(t, func(p *peer) {
		stream := p.request()
		p.head(stream)
		for i := range 3 {
			_ = p.WriteDataPadded(stream, i == 2, []byte("token"), make([]byte, 100*i))
		}
		p.request()
	})
	c := newClient(t, stamp.Sources{})
	got, err := c.ask(t, url)
	if err != nil {
		t.Fatal(err)
	}
	parts, _, err := got.read(t)
	if err != nil || strings.Join(parts, "") != "tokentokentoken" {
		t.Errorf("%q, %v", parts, err)
	}
	c.close()
}

func TestAStreamThatIsReset(t *testing.T) {
	url := raw(t, func(p *peer) {
		for stream := p.request(); stream != 0; stream = p.request() {
			p.head(stream)
			_ = p.WriteData(stream, false, []byte("token"))
			_ = p.WriteRSTStream(stream, http2.ErrCodeInternal)
		}
	})
	c := newClient(t, stamp.Sources{})
	for i := range 2 {
		got, err := c.ask(t, url)
		if err != nil {
			t.Fatal(err)
		}
		var reset http2.StreamError
		if _, _, err := got.read(t); !errors.As(err, &reset) || got.reused != (i == 1) {
			t.Errorf("request %d: %v, reused %v", i, err, got.reused)
		}
	}
	if c.dials.Load() != 1 {
		t.Errorf("%d connections", c.dials.Load())
	}
	c.close()
}

// A connection that the server has given up is replaced before a request is sent on it, and one that refuses a request
// by GOAWAY gives it to a fresh one.
func TestConnectionsThatTheServerGivesUp(t *testing.T) {
	for name, giveUp := range map[string]func(p *peer){
		"closed between two requests": func(p *peer) { _ = p.CloseWrite() },
		"GOAWAY between two requests": func(p *peer) { _ = p.WriteGoAway(1, http2.ErrCodeNo, nil) },
		"GOAWAY instead of an answer": func(p *peer) {
			p.request()
			_ = p.WriteGoAway(1, http2.ErrCodeNo, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			gone := make(chan bool)
			url := raw(t, func(p *peer) {
				stream := p.request()
				p.head(stream)
				_ = p.WriteData(stream, true, []byte("token"))
				if p.index == 0 {
					giveUp(p)
					_ = p.WritePing(false, [8]byte{}) // its answer, or the end, says that the client knows
					p.pong()
					close(gone)
					return // the client does not always close a connection that was given up
				}
				p.request()
			})
			c := newClient(t, stamp.Sources{})
			for i := range 2 {
				got, err := c.ask(t, url)
				if err != nil {
					t.Fatalf("request %d: %v", i, err)
				}
				if parts, _, err := got.read(t); err != nil || strings.Join(parts, "") != "token" || got.reused {
					t.Errorf("request %d: %q, %v, reused %v", i, parts, err, got.reused)
				}
				if i == 0 && !strings.HasSuffix(name, "an answer") {
					<-gone
				}
			}
			// net/http may dial once more while the connection is on its way back.
			if dials := c.dials.Load(); dials < 2 || dials > 3 {
				t.Errorf("%d connections", c.dials.Load())
			}
			c.close()
		})
	}
}

func TestIdleConnectionsAreClosedAndBusyOnesAreNot(t *testing.T) {
	hold := make(chan bool)
	url := secure(t, func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		if r.URL.Path == "/hold" {
			<-hold
		}
	})
	c := newClient(t, stamp.Sources{})
	busy, err := c.ask(t, url+"/hold")
	if err != nil {
		t.Fatal(err)
	}
	c.pool.CloseIdleConnections()
	close(hold)
	if _, _, err := busy.read(t); err != nil {
		t.Errorf("a busy connection was closed: %v", err)
	}
	for i, close := range []bool{false, true, false} {
		got, err := c.ask(t, url)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := got.read(t); err != nil || got.reused != (i < 2) {
			t.Errorf("request %d: %v, reused %v", i, err, got.reused)
		}
		if close {
			c.close()
		}
	}
}

func TestEachRequestItsConnection(t *testing.T) {
	url := secure(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "token") })
	c := newClient(t, stamp.Sources{})
	c.DisableKeepAlives, c.pool.once = true, true
	for range 3 {
		got, err := c.ask(t, url)
		if err != nil || got.reused {
			t.Fatalf("%v, reused %v", err, got.reused)
		}
		_, _, _ = got.read(t)
	}
	if c.dials.Load() != 3 {
		t.Errorf("%d connections", c.dials.Load())
	}
}

func TestHTTP2IsInstalledWhereItIsAskedFor(t *testing.T) {
	none := map[string]func(string, *tls.Conn) http.RoundTripper{}
	for _, transport := range []*http.Transport{{}, {ForceAttemptHTTP2: true, TLSNextProto: none}} {
		if Install(transport, nil) != nil {
			t.Errorf("installed in %v", transport)
		}
	}
}
