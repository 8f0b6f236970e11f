package sse

import (
	"context"
	"net"
	"sync/atomic"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
)

// pooled is a connection of the process: VUs use it one after the other, over HTTP/2 at the same time.
type pooled struct {
	net.Conn
	user  chan struct{}                        // full while an exchange of HTTP/1 has the connection
	bytes struct{ read, written atomic.Int64 } // not counted for any VU yet
}

func newPooled(conn net.Conn) *pooled { return &pooled{Conn: conn, user: make(chan struct{}, 1)} }

func (c *pooled) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.read.Add(int64(n))
	return n, err
}

func (c *pooled) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.bytes.written.Add(int64(n))
	return n, err
}

// take waits until the exchange before has read its stamps: the transport hands a connection on at the end of a body,
// which is a moment before. It is false if ctx ends first.
func (c *pooled) take(ctx context.Context) bool {
	select {
	case c.user <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *pooled) leave() { <-c.user }

// count moves what was sent and received to the VU whose exchange it was, for k6's data_sent and data_received.
func (c *pooled) count(dialer lib.DialContexter) {
	if d, ok := dialer.(*netext.Dialer); ok {
		atomic.AddInt64(&d.BytesRead, c.bytes.read.Swap(0))
		atomic.AddInt64(&d.BytesWritten, c.bytes.written.Swap(0))
	}
}

// pooledOf finds the connection of the process under one as the transport provides it; nil where it is a VU's own.
func pooledOf(conn net.Conn) *pooled {
	if outer, ok := conn.(interface{ NetConn() net.Conn }); ok { // *tls.Conn
		conn = outer.NetConn()
	}
	c, _ := conn.(*pooled)
	return c
}

// takeConn gives the exchange its hop's connection.
func (e *exchange) takeConn(conn net.Conn, multiplexed bool) {
	e.leaveConn()
	if e.pooled = pooledOf(conn); e.pooled != nil {
		e.holds = !multiplexed && e.pooled.take(e.ctx)
	}
}

// leaveConn hands the connection on, when nothing of its stamps is needed any more.
func (e *exchange) leaveConn() {
	if e.pooled == nil {
		return
	}
	e.pooled.count(e.state.Dialer)
	if e.holds {
		e.pooled.leave()
	}
	e.pooled, e.holds = nil, false
}
