package sse

import (
	"context"
	"math"
	"net"
	"net/http"
	"strconv"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"

	"github.com/server-bench/xk6-sse/internal/h2stamp"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// client sends one VU's requests: a clone of the VU's own transport, whose connections are stamped. The clone keeps
// k6's dialer (DNS, hosts, blocked addresses, byte counters), TLS settings and proxy; HTTP/2 is where k6 has it, with
// stamps for each stream. Where connections are the process's, all VUs have the clone of the first of them; cookies stay
// each VU's own.
type client struct {
	transport http.RoundTripper
	http2     *h2stamp.Pool // the transport's connections of HTTP/2; nil: it has no HTTP/2
	isShared  bool
	iteration int64
}

// clientOf is the VU's client; with `noVUConnectionReuse` its connections are always its own.
func (r *Root) clientOf(state *lib.State) *client {
	if !r.shares || state.Options.NoVUConnectionReuse.Bool {
		return newClient(state, r.clock, r.sources, false)
	}
	r.sharing.Do(func() { r.shared = newClient(state, r.clock, r.sources, true) })
	own := *r.shared
	own.iteration = state.Iteration
	return &own
}

// maxHead is the longest head of an answer, in bytes; a longer one is a failure.
const maxHead = 1 << 20

func newClient(state *lib.State, clock stamp.Clock, sources stamp.Sources, isShared bool) *client {
	c := &client{transport: state.Transport, isShared: isShared, iteration: state.Iteration}
	base, ok := state.Transport.(*http.Transport)
	if !ok {
		return c // it was replaced; go without stamps
	}
	clone := base.Clone()
	clone.MaxResponseHeaderBytes = maxHead
	if isShared {
		// k6's limits are meant for one VU.
		clone.MaxIdleConns, clone.MaxIdleConnsPerHost = 0, math.MaxInt32
	}
	dial := clone.DialContext
	clone.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		sources.Ring.Expect(elsewhere(state, address))
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		counted, isCounted := conn.(*netext.Conn)
		switch {
		case isCounted && isShared:
			return newPooled(stamp.Wrap(counted.Conn, clock, sources)), nil
		case isCounted:
			counted.Conn = stamp.Wrap(counted.Conn, clock, sources)
			return counted, nil
		}
		return stamp.Wrap(conn, clock, sources), nil
	}
	c.transport = clone
	c.http2 = h2stamp.Install(clone, func(conn net.Conn) h2stamp.Stamps {
		if stamps := stampsOf(conn); stamps != nil {
			return stamps
		}
		return nil
	})
	return c
}

// elsewhere is the address that is dialled in place of another one, as the option `hosts` has it.
func elsewhere(state *lib.State, address string) string {
	dialer, ok := state.Dialer.(*netext.Dialer)
	if !ok || dialer.Hosts == nil {
		return address
	}
	ip, port, err := dialer.ResolveAddr(address)
	if err != nil {
		return address // dialling says what is wrong
	}
	return net.JoinHostPort(ip.String(), strconv.Itoa(port))
}

// closeIdle drops kept connections.
func (c *client) closeIdle() {
	if c.http2 != nil {
		c.http2.CloseIdleConnections()
	}
	if t, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// begin obeys `noVUConnectionReuse`: k6 closes its own transport's idle connections between iterations, not a clone's.
func (c *client) begin(state *lib.State) {
	if state.Options.NoVUConnectionReuse.Bool && c.iteration != state.Iteration {
		c.closeIdle()
	}
	c.iteration = state.Iteration
}

// stampsOf finds the stamps under a connection as the transport provides it: perhaps TLS, over counters, over
// ours. It is nil where there are none.
func stampsOf(conn net.Conn) *stamp.Conn {
	for range 4 {
		switch c := conn.(type) {
		case *stamp.Conn:
			return c
		case *netext.Conn:
			conn = c.Conn
		case *pooled:
			conn = c.Conn
		case interface{ NetConn() net.Conn }: // *tls.Conn
			conn = c.NetConn()
		default:
			return nil
		}
	}
	return nil
}
