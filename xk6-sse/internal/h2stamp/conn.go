// Package h2stamp dates what HTTP/2 connections bring: which byte of which answer arrived when.
//
// net/http reads a connection of HTTP/2 ahead of those who read the answers, in a goroutine of its own, so the
// connection's last stamp says nothing about the byte that a reader has just got. Here the connection follows the
// frames that pass through it and remembers, for each stream, which bytes of the body came at which moment, until they
// are read. The library above still does all that HTTP/2 asks for.
package h2stamp

import (
	"crypto/tls"
	"sync"
	"time"

	"golang.org/x/net/http2"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Stamps are those of the connection under TLS: a *stamp.Conn.
type Stamps interface {
	// Last is how the bytes of the last read arrived.
	Last() stamp.Arrival
	// OneSegment reports whether they are known to have come in one TCP segment.
	OneSegment() bool
	// Arm makes Written the time of the next write.
	Arm()
	Written() int64
}

// Conn is a TLS connection that speaks HTTP/2.
type Conn struct {
	*tls.Conn
	tracker
}

// Wrap follows the frames of conn, of which none has passed yet.
func Wrap(conn *tls.Conn, stamps Stamps) *Conn {
	return &Conn{Conn: conn, tracker: newTracker(stamps)}
}

// Read reads as tls.Conn does.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.receive(p[:n], c.stamps.Last())
	}
	return n, err
}

// Write writes as tls.Conn does. http2 calls it with the connection's write lock held.
func (c *Conn) Write(p []byte) (int, error) {
	opened := c.send(p)
	if opened == nil {
		return c.Conn.Write(p)
	}
	c.stamps.Arm()
	n, err := c.Conn.Write(p)
	opened.written = c.stamps.Written()
	return n, err
}

// closeTime is how long TLS may take for its farewell to a peer that does not read: as long as http2 gives a *tls.Conn.
const closeTime = 250 * time.Millisecond

// Close closes as tls.Conn does; streams that are open are forgotten.
func (c *Conn) Close() error {
	c.close()
	timer := time.AfterFunc(closeTime, func() { _ = c.NetConn().Close() })
	defer timer.Stop()
	return c.Conn.Close()
}

// tracker knows the streams of a connection.
type tracker struct {
	stamps  Stamps
	in      frame   // the reading goroutine's
	reading *Stream // that of the frame that is being read; nil: one that nobody asks about
	dated   *Stream // that of the last byte of a body; nil: something else followed it
	out     frame   // the writers', under http2's write lock, as is …
	opened  *Stream // … the last stream that was opened

	mu      sync.Mutex
	streams map[uint32]*Stream // those that are open; nil once the connection is closed
}

func newTracker(stamps Stamps) tracker {
	return tracker{stamps: stamps, out: frame{skip: len(http2.ClientPreface)}, streams: make(map[uint32]*Stream)}
}

// Opened is the stream of the request whose headers were written last. It belongs in the hook WroteHeaders of
// net/http/httptrace, which http2 calls before it gives up the write lock.
func (t *tracker) Opened() *Stream { return t.opened }

// open reports how many streams are open.
func (t *tracker) open() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.streams)
}

func (t *tracker) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams = nil
}

func (t *tracker) find(id uint32) *Stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.streams[id]
}

func (t *tracker) forget(id uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.streams, id)
}

// send follows bytes that are about to be written. It returns the stream that they open, the last one of several.
func (t *tracker) send(p []byte) (opened *Stream) {
	for len(p) > 0 {
		n, _ := t.out.step(p)
		p = p[n:]
		switch {
		case t.out.began && t.out.kind == http2.FrameHeaders:
			if stream := t.begin(t.out.stream); stream != nil {
				opened = stream
			}
		case t.out.began && t.out.kind == http2.FrameRSTStream:
			t.forget(t.out.stream) // the request was given up: nobody reads on
		}
	}
	return opened
}

// begin opens a stream; nil where it is open already: trailers.
func (t *tracker) begin(id uint32) *Stream {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.streams == nil || t.streams[id] != nil {
		return nil
	}
	t.opened = &Stream{stamps: t.stamps}
	t.streams[id] = t.opened
	return t.opened
}

// receive follows bytes that were read.
func (t *tracker) receive(p []byte, at stamp.Arrival) {
	for len(p) > 0 {
		n, body := t.in.step(p)
		p = p[n:]
		f := &t.in
		if f.began {
			t.reading = nil
			switch f.kind {
			case http2.FrameHeaders, http2.FrameData, http2.FrameContinuation, http2.FrameRSTStream:
				t.reading = t.find(f.stream)
			}
			t.overtake(at)
			if t.reading != nil && f.kind == http2.FrameHeaders {
				t.reading.lastHead = f.flags.Has(http2.FlagHeadersEndStream)
			}
		}
		if t.reading == nil {
			continue
		}
		if body > 0 {
			t.reading.data(body, at)
			t.dated = t.reading
		}
		if f.ended {
			t.end(at)
		}
	}
}

// overtake is called at the beginning of a frame: the body before it, where it came with the same stamp, is no longer the
// last thing that has it.
func (t *tracker) overtake(at stamp.Arrival) {
	before := t.dated
	if before == nil || t.in.kind == http2.FrameData && t.reading == before {
		return // more of a body says so itself
	}
	t.dated = nil
	if at.Source != stamp.Packet && !t.stamps.OneSegment() {
		before.overtake(at.At)
	}
}

// end takes what follows from a frame of the stream that is being read.
func (t *tracker) end(at stamp.Arrival) {
	f, stream := &t.in, t.reading
	over := f.kind == http2.FrameRSTStream
	switch f.kind {
	case http2.FrameHeaders, http2.FrameContinuation:
		if f.flags.Has(http2.FlagHeadersEndHeaders) { // the same bit in both
			stream.head(at)
			over = stream.lastHead
		}
	case http2.FrameData:
		over = f.flags.Has(http2.FlagDataEndStream)
	}
	if over {
		stream.finish(at)
		t.forget(f.stream)
	}
}
