package h2stamp

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/net/http2"
)

// Pool holds the HTTP/2 connections of a transport of net/http, which dials them. It is an http2.ClientConnPool.
type Pool struct {
	transport *http2.Transport
	stampsOf  func(net.Conn) Stamps
	once      bool // each connection serves one request

	mu    sync.Mutex
	conns map[string][]pooled // by host:port
}

type pooled struct {
	client *http2.ClientConn
	conn   *Conn // nil: it has no stamps
}

// Install gives a transport HTTP/2 over TLS with stamped streams, in place of net/http's own HTTP/2, which it would be
// asked for; nil where it is not, or has HTTP/2 from elsewhere. It must not have been used yet. stampsOf finds the
// stamps under a connection; nil: it has none, and its streams go undated.
func Install(t *http.Transport, stampsOf func(net.Conn) Stamps) *Pool {
	if !t.ForceAttemptHTTP2 || t.TLSNextProto != nil {
		return nil
	}
	p := &Pool{stampsOf: stampsOf, once: t.DisableKeepAlives, conns: make(map[string][]pooled)}
	p.transport = &http2.Transport{
		ConnPool: p, DisableCompression: t.DisableCompression, IdleConnTimeout: t.IdleConnTimeout,
		MaxHeaderListSize: uint32(t.MaxResponseHeaderBytes),
	}
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{http2.NextProtoTLS: p.adopt}
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = new(tls.Config)
	}
	protocols := t.TLSClientConfig.NextProtos
	for _, name := range []string{http2.NextProtoTLS, "http/1.1"} {
		if !slices.Contains(protocols, name) {
			protocols = append(protocols[:len(protocols):len(protocols)], name)
		}
	}
	t.TLSClientConfig.NextProtos = protocols
	return p
}

// adopt takes over a connection that net/http has dialled. Two requests at once dial two; the second is not needed.
func (p *Pool) adopt(address string, conn *tls.Conn) http.RoundTripper {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.conns[address] {
		if known.client.CanTakeNewRequest() {
			go conn.Close()
			return p
		}
	}
	var dated *Conn
	var under net.Conn = conn
	if stamps := p.stampsOf(conn); stamps != nil {
		dated = Wrap(conn, stamps)
		under = dated
	}
	client, err := p.transport.NewClientConn(under)
	if err != nil {
		go conn.Close()
		return failed{err}
	}
	p.conns[address] = append(p.conns[address], pooled{client, dated})
	return p
}

// failed tells net/http that a connection is of no use.
type failed struct{ err error }

// RoundTripErr is what net/http looks for.
func (f failed) RoundTripErr() error { return f.err }

func (f failed) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// RoundTrip sends a request on one of the connections. With none that can take it the error is http2.ErrNoCachedConn,
// at which net/http dials.
func (p *Pool) RoundTrip(request *http.Request) (*http.Response, error) {
	if p.once {
		last := *request
		last.Close = true
		request = &last
	}
	return p.transport.RoundTrip(request)
}

// GetClientConn finds a connection that can take a request.
func (p *Pool) GetClientConn(_ *http.Request, address string) (*http2.ClientConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, known := range p.conns[address] {
		if known.client.ReserveNewRequest() {
			return known.client, nil
		}
	}
	return nil, http2.ErrNoCachedConn
}

// MarkDead drops a connection that takes no more requests.
func (p *Pool) MarkDead(client *http2.ClientConn) {
	p.keep(func(known pooled) bool { return known.client != client })
}

// CloseIdleConnections closes connections without a request.
func (p *Pool) CloseIdleConnections() {
	p.keep(func(known pooled) bool {
		if known.conn != nil && known.conn.open() > 0 {
			return true
		}
		state := known.client.State()
		switch {
		case state.StreamsReserved > 0:
			return true
		case state.StreamsActive == 0:
			_ = known.client.Close()
		default:
			// Streams that were given up, and that the server has not confirmed yet.
			go func() {
				if known.client.Shutdown(context.Background()) != nil {
					_ = known.client.Close()
				}
			}()
		}
		return false
	})
}

// keep drops the connections that wanted refuses.
func (p *Pool) keep(wanted func(pooled) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for address, list := range p.conns {
		list = slices.DeleteFunc(list, func(known pooled) bool { return !wanted(known) })
		if len(list) == 0 {
			delete(p.conns, address)
		} else {
			p.conns[address] = list
		}
	}
}
