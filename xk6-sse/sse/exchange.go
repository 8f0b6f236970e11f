package sse

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/h2stamp"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// call is what a script asks for.
type call struct {
	method  string
	url     string
	header  http.Header
	body    []byte
	limits  limits
	tags    metrics.TagsAndMeta
	labels  map[string]string
	request *facts.Request // gets the times
}

// exchange is one request and its answer, over as many hops (redirects, one fresh connection for a stale one) as it
// takes.
type exchange struct {
	call
	clock  stamp.Clock
	state  *lib.State
	client *client
	ctx    context.Context // of the request; cancelled with a hangup as cause
	vuCtx  context.Context
	watch  *watchdog
	cancel context.CancelCauseFunc
	hold   hold
	unhook func() bool // ends the wait for the end of ctx, at which the connection is cut
	isRead bool        // the whole answer of this hop, and its connection with it

	tracer *httpext.Tracer
	sentBy interface{ Written() int64 } // what the first hop was sent on
	conn   atomic.Pointer[stamp.Conn]
	opened atomic.Pointer[opening] // how this hop learns its stream; nil unless its connection speaks HTTP/2
	stream *h2stamp.Stream         // the stream of this hop; nil unless it has one
	// The misses of the hop's connection before it.
	missesBefore int64
	gotConn      bool    // in this hop
	pooled       *pooled // its connection, where that is the process's …
	holds        bool    // … and nobody else's for the time being
	reused       bool    // its connection was a kept one
	replaced     bool    // the next connection replaces a dead one
	http         *http.Request
	response     *http.Response
	debug        *debugLog
	secrets      *secrets
}

// opening brings a request's stream from the goroutine that sends the request, once its headers are written.
type opening struct {
	conn   *h2stamp.Conn
	stream chan *h2stamp.Stream
}

func (i *Instance) newExchange(c call) *exchange {
	state := i.vu.State()
	if i.client == nil {
		i.client = i.root.clientOf(state)
	}
	i.client.begin(state)
	ctx, cancel := context.WithCancelCause(i.vu.Context())
	e := &exchange{
		call: c, clock: i.root.clock, state: state, client: i.client, ctx: ctx, vuCtx: i.vu.Context(), cancel: cancel,
		debug: newDebugLog(state, i.root.secrets), secrets: i.root.secrets,
	}
	e.unhook = context.AfterFunc(ctx, e.hold.cut)
	e.watch = newWatchdog(e.clock, c.limits, c.request.Start, cancel)
	return e
}

// errWentAway ends contexts of exchanges that are over.
var errWentAway = hangup("over")

func (e *exchange) close() {
	e.watch.stop()
	e.closeBody()
	e.unhook()
	e.hold.letGo()
	e.leaveConn()
	e.cancel(errWentAway)
}

// closeBody gives up what of the hop's answer has not been read.
func (e *exchange) closeBody() {
	if e.response == nil {
		return
	}
	if !e.isRead {
		defer e.hold.within().Stop()
	}
	_ = e.response.Body.Close()
}

// wasRead notes the end of the answer's body: from here on a connection of HTTP/1 may be the next request's. A stream of
// HTTP/2 can have ended before its request has been written.
func (e *exchange) wasRead() {
	if e.stream == nil {
		e.isRead = true
		e.hold.letGo()
	}
}

// defaultRedirects is k6's.
const defaultRedirects = 10

// send gets the answer's headers. Redirects that keep the method are followed; others are answers.
func (e *exchange) send() error {
	target := e.url
	most := int64(defaultRedirects)
	if e.state.Options.MaxRedirects.Valid {
		most = e.state.Options.MaxRedirects.Int64
	}
	for hop := int64(0); ; hop++ {
		err := e.hop(target)
		if err != nil && e.stale(err) {
			// The server had closed the kept connection, or restarted: once more, on a fresh one.
			e.replace()
			e.client.closeIdle()
			err = e.hop(target)
		}
		if err != nil {
			return err
		}
		location, ok := e.redirected()
		if !ok || most == 0 {
			return nil
		}
		from := e.http.URL
		if hop >= most {
			return errRedirects
		}
		if from.Scheme == "https" && location.Scheme != "https" {
			return errDowngrade // the prompt, too, was meant for nobody on the way
		}
		if _, err := io.CopyN(io.Discard, e.response.Body, 4096); errors.Is(err, io.EOF) {
			e.wasRead()
		}
		e.closeBody()
		elsewhere := location.Host != from.Host || location.Scheme != from.Scheme
		e.finishHop(nil)
		if elsewhere {
			e.header = e.secrets.without(e.header)
		}
		target = location.String()
	}
}

func (e *exchange) redirected() (*url.URL, bool) {
	status := e.response.StatusCode
	keepsMethod := status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect ||
		status >= 301 && status <= 303 && (e.method == http.MethodGet || e.method == http.MethodHead)
	if !keepsMethod {
		return nil, false
	}
	location, err := e.response.Location()
	return location, err == nil
}

// staleTime is how long the news that a kept connection is dead can take. A server that hangs up later had the request:
// it must not get it twice, and its failure must not be hidden.
const staleTime = time.Second

// stale reports whether err came from a kept connection that was dead before the request reached anybody.
func (e *exchange) stale(err error) bool {
	return e.reused && e.ctx.Err() == nil && isClosed(err) && !e.request.Retried &&
		e.clock.Now()-e.request.Sent < int64(staleTime)
}

// replace records that the connection was dead and that the next one replaces it.
func (e *exchange) replace() {
	e.request.Retried, e.replaced, e.sentBy = true, true, nil
}

func (e *exchange) hop(target string) error {
	e.gotConn, e.isRead = false, false
	e.response, e.stream = nil, nil
	e.opened.Store(nil)
	e.watch.enter(connecting, e.clock.Now())
	e.tracer = &httpext.Tracer{}
	ctx := httptrace.WithClientTrace(e.ctx, e.trace())
	request, err := http.NewRequestWithContext(ctx, e.method, target, bytes.NewReader(e.body))
	if err != nil {
		return err
	}
	request.Header = e.header.Clone() // cookies are this hop's own
	if user := request.URL.User; user != nil && request.Header.Get("Authorization") == "" {
		password, _ := user.Password()
		request.SetBasicAuth(user.Username(), password)
	}
	if host := e.header.Get("Host"); host != "" {
		request.Host = host
	}
	for _, cookie := range e.state.CookieJar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	e.http = request
	e.debug.request(request)
	//nolint:bodyclose // close, or the next hop, closes it
	response, err := e.client.transport.RoundTrip(request)
	e.takeStream(err == nil)
	e.takeSent()
	if err != nil {
		return err
	}
	if e.stream != nil {
		response.Body = e.stream.Body(response.Body)
	}
	if response.StatusCode == http.StatusSwitchingProtocols {
		// The body is the connection itself, which no context ends; nothing of this protocol follows on it.
		e.hold.cut()
		_ = response.Body.Close()
		response.Body = http.NoBody
	}
	e.response = response
	e.request.Headers = e.arrival()
	if conn := e.conn.Load(); conn != nil && e.stream == nil && (conn.EndsHead() || conn.HeadAlone(leastHead(response))) {
		conn.Taken() // nothing of the body is among what was read
	}
	e.debug.response(response)
	if cookies := response.Cookies(); len(cookies) > 0 {
		e.state.CookieJar.SetCookies(request.URL, cookies)
	}
	return nil
}

// leastHead is how long an answer's head is at least, in bytes: blanks beside values are no part of them.
func leastHead(response *http.Response) int {
	n := len(response.Proto) + 1 + len(response.Status) + 2 + 2
	for name, values := range response.Header {
		for _, value := range values {
			n += len(name) + 1 + len(value) + 2
		}
	}
	for _, encoding := range response.TransferEncoding { // net/http takes it out
		n += len("Transfer-Encoding:") + len(encoding) + 2
	}
	return n
}

// trace is k6's tracer together with our own times.
func (e *exchange) trace() *httptrace.ClientTrace {
	trace := e.tracer.Trace()
	gotConn := trace.GotConn
	trace.GotConn = func(info httptrace.GotConnInfo) {
		now := e.clock.Now()
		e.opened.Store(nil)
		if conn, ok := info.Conn.(*h2stamp.Conn); ok {
			e.opened.Store(&opening{conn, make(chan *h2stamp.Stream, 1)})
			info.Conn = conn.Conn // k6 asks whether it is TLS
		}
		e.takeConn(info.Conn, e.opened.Load() != nil)
		gotConn(info)
		if e.gotConn {
			// The transport found by itself that the first connection was dead, and took another.
			e.replace()
		}
		e.gotConn, e.reused = true, info.Reused
		// Later connections are redirects': the request was sent on the first.
		first := e.request.Sent == facts.Unset || e.replaced
		e.replaced = false
		if first {
			e.request.Reused = info.Reused
			if !info.Reused {
				e.request.Connected = now
			}
		}
		conn := stampsOf(info.Conn)
		e.conn.Store(conn)
		e.hold.take(conn, e.opened.Load() != nil)
		if conn != nil {
			e.missesBefore = conn.Misses()
		}
		if conn != nil && e.sentBy == nil {
			conn.Settle()
			if e.opened.Load() == nil { // a stream knows when it was written
				if _, isSecure := info.Conn.(*tls.Conn); !isSecure {
					conn.Plain()
				}
				conn.Taken()
				conn.Arm()
				e.sentBy = conn
			}
		}
		if first {
			e.request.Sent = now // until the first write gives the exact time
		}
		e.watch.enter(awaitingHeaders, now)
	}
	trace.WroteHeaders = func() {
		if opened := e.opened.Load(); opened != nil {
			select {
			case opened.stream <- opened.conn.Opened():
			default:
			}
		}
	}
	return trace
}

// takeStream finds the stream of this hop, which an answer always has; the answer can be here before WroteHeaders is.
func (e *exchange) takeStream(answered bool) {
	opened := e.opened.Load()
	if opened == nil {
		return
	}
	if answered {
		select {
		case e.stream = <-opened.stream:
		case <-e.ctx.Done():
		}
	} else {
		select {
		case e.stream = <-opened.stream:
		default:
		}
	}
	if e.sentBy == nil && e.stream != nil {
		e.sentBy = e.stream
	}
}

// takeSent replaces the moment of the connection by that of the first byte.
func (e *exchange) takeSent() {
	if e.sentBy == nil {
		return
	}
	if written := e.sentBy.Written(); written != 0 {
		e.request.Sent = written
	}
}

// arrival is when the bytes of the last read arrived.
func (e *exchange) arrival() int64 {
	return e.last().At
}

// last is how the bytes of the answer's last read arrived.
func (e *exchange) last() stamp.Arrival {
	if e.stream != nil {
		return e.stream.Last()
	}
	if conn := e.conn.Load(); conn != nil {
		return conn.Last()
	}
	now := e.clock.Now()
	return stamp.Arrival{At: now, Earliest: now, Lag: stamp.NoLag, Source: stamp.User}
}

// misses is how many of the answer's reads the packet capture had no segment for.
func (e *exchange) misses() int64 {
	if conn := e.conn.Load(); conn != nil {
		return conn.Misses() - e.missesBefore
	}
	return 0
}

// finishHop emits the http_req_* samples of a hop; failure is what ended it, or nil.
func (e *exchange) finishHop(failure *facts.Error) {
	if e.http == nil {
		return
	}
	emitHTTP(e, failure)
	e.http = nil
}

var errNoState = errors.New("sse: requests can only be made in VU code, not in the init context")
