// Package stamp wraps connections so that every read brings the moment at which its bytes reached the machine.
//
// Where there is a packet capture (package packets), that is the stamp of the TCP segment that completed them: a read
// that brings several segments is handed on one segment at a time, each with its own stamp. Else sockets carry
// SO_TIMESTAMPNS and reads go through recvmsg: the stamp is that of the last segment of the read. Both are on the wall
// clock and are moved onto the process's monotonic one. Elsewhere, and where the option cannot be set, a read is stamped
// with Go's clock after it returned.
package stamp

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/server-bench/xk6-sse/internal/packets"
)

// Source is whose clock a stamp is; the worst is the largest.
type Source int32

// From the best to the worst.
const (
	Packet Source = iota // the segment's own
	Kernel               // that of the read's last segment
	User                 // this process's, after the read
)

// String is the source as records name it.
func (s Source) String() string { return [...]string{"packet", "kernel", "user"}[s] }

// Sources are what a connection's stamps can be taken from, besides Go's clock.
type Sources struct {
	Ring   *packets.Ring // nil: none
	Kernel bool
}

// Arrival is when the bytes of a read reached the machine; times are nanoseconds since the epoch.
type Arrival struct {
	At int64
	// Earliest is At where the time is the segment's own. Else the bytes may have come in several segments, the first of
	// which came after this moment: the last one at which the socket was empty, or the stamp of the read before.
	Earliest int64
	// Lag is how much later the read was; NoLag where the kernel gave no stamp.
	Lag    int64
	Source Source
}

// NoLag is the lag of a read that the kernel did not stamp.
const NoLag = -1

// Conn is a connection whose reads and first write are stamped. As any net.Conn it may be read and written from
// different goroutines; its stamps may be loaded from any.
type Conn struct {
	net.Conn
	clock    Clock
	receiver receiver      // the kernel's stamps; nil where there are none
	flow     *packets.Flow // the segments' own; nil where there are none

	stamp    atomic.Int64 // when the bytes of the last read arrived
	earliest atomic.Int64
	single   atomic.Int64 // the same of the last read alone, whatever it is mixed with
	lag      atomic.Int64 // how much later that read returned
	source   atomic.Int32
	misses   atomic.Int64
	// Whoever reads has taken all that came: what comes next is not mixed with it. Only where somebody says so.
	taken, isTold atomic.Bool
	isPlain       atomic.Bool // what the layers above get is what is read here: no TLS between
	mixed         atomic.Bool
	endsHead      atomic.Bool // what was handed on last ends as the head of an answer does
	armed         atomic.Bool
	written       atomic.Int64 // when the first byte after Arm was given to the kernel
	writing       atomic.Int64 // since when a write has not returned; 0: none
	wrote         atomic.Uint64
	armedAt       atomic.Uint64 // the position of that byte among all that were written
	segments      segments
	records       records // of TLS, where the segments have stamps of their own

	// Only the reader touches these.
	unix     int64  // the kernel's own stamp of the last read of the socket
	noted    int64  // the stamp of what was handed on last
	isFull   bool   // the last read of the socket filled its buffer: it may have left the rest of what was queued together
	hasRest  bool   // the same for the read before it
	position uint64 // of the next byte that is handed on
	received uint64 // how many bytes the socket has given
	kept     []byte // those that are not handed on yet, in a buffer of the pool
	buffer   *[]byte
}

// receiver reads from a socket.
type receiver interface {
	// receive also returns when the kernel received the bytes, on the wall clock, in Unix nanoseconds (0: it gave no stamp).
	receive(p []byte) (n int, unixNano int64, err error)
	// empty is the last moment at which a read is known to have found nothing; 0: none did.
	empty() int64
	// ready is the error that a read would meet before it asks for bytes: the connection is closed, or its deadline over.
	ready() error
	// arrived is how many segments with data the connection has got, and how many bytes in order.
	arrived() (segments uint32, bytes uint64, ok bool)
}

// Wrap stamps the reads of conn, of which nothing has been read yet.
func Wrap(conn net.Conn, clock Clock, sources Sources) *Conn {
	c := &Conn{Conn: conn, clock: clock}
	if sources.Kernel || sources.Ring != nil {
		c.receiver = newReceiver(conn, clock)
	}
	if c.receiver != nil {
		c.flow = sources.Ring.Claim(conn)
	}
	return c
}

// Read reads as net.Conn does and takes the stamp. A read that brings nothing leaves the stamp alone: after an answer
// the transport reads on in a goroutine of its own, and sees the connection's end while the answer's last bytes are
// still to be dated.
func (c *Conn) Read(p []byte) (int, error) {
	if c.receiver == nil || len(p) == 0 {
		return c.readPlain(p)
	}
	if len(c.kept) > 0 {
		if err := c.receiver.ready(); err != nil {
			return 0, err
		}
		n := c.handOn(p[:copy(p, c.kept)], c.flow.Next(c.position))
		c.forget(n)
		return n, nil
	}
	n, unixNano, err := c.receiver.receive(p)
	if n <= 0 {
		return n, err
	}
	isNew := unixNano == 0 || unixNano != c.unix
	c.unix = unixNano
	c.received += uint64(n)
	c.hasRest, c.isFull = c.isFull, n == len(p)
	if c.flow == nil {
		c.segments.read(n, n == len(p), isNew)
		c.endsHead.Store(endsHead(p[:n]))
		c.note(unixNano, false)
		return n, nil
	}
	first := c.handOn(p[:n], c.flow.Read(c.position, c.received, unixNano))
	c.keep(p[first:n])
	return first, nil
}

// handOn dates those of the next bytes that are in the piece, and returns how many these are.
func (c *Conn) handOn(next []byte, piece packets.Piece) int {
	n := int(min(uint64(len(next)), piece.End-c.position))
	c.position += uint64(n)
	c.endsHead.Store(endsHead(next[:n]))
	ended := 0
	if !c.isPlain.Load() {
		ended = c.records.follow(next[:n])
	}
	unixNano := piece.UnixNano
	if piece.Missed {
		c.misses.Add(1)
		if unixNano == 0 {
			unixNano = c.unix
		}
	}
	before := c.noted
	c.note(unixNano, !piece.Missed)
	c.records.note(ended, unixNano != before)
	return n
}

// note takes the stamp of the bytes that are handed on.
func (c *Conn) note(unixNano int64, isOwn bool) {
	now := c.clock.Now()
	at, lag, source := now, int64(NoLag), User
	before, isNew := c.stamp.Load(), unixNano == 0 || unixNano != c.noted
	c.noted = unixNano
	// The layers above may put bytes of the read before in front of these, and give both one time.
	c.mixed.Store(c.isTold.Load() && !c.taken.Swap(false))
	if !c.mixed.Load() {
		c.records.hasEnded = false
	}
	if unixNano != 0 {
		source = Kernel
		// A wall clock that was set meanwhile could give a moment to come.
		at = min(c.clock.moved(unixNano, now), now)
		lag = now - at
		if !isNew {
			at = before // the rest of one segment: the same moment, to the nanosecond
		}
	}
	single := at
	switch {
	case isOwn:
		source = Packet
	case isNew:
		if c.hasRest {
			// What the read before left in the queue had come by its stamp, which is that of the last segment queued with it.
			before = c.earliest.Load()
		}
		single = min(max(c.receiver.empty(), before), at)
	default:
		single = c.single.Load()
	}
	earliest := single
	// Bytes of one record under TLS have one time, that of its last segment, however many it came in.
	if c.mixed.Load() && (!isOwn || c.isPlain.Load() || c.records.hasEnded) {
		earliest = min(c.earliest.Load(), single)
	}
	c.stamp.Store(at)
	c.single.Store(single)
	c.earliest.Store(earliest)
	c.lag.Store(lag)
	c.source.Store(int32(source))
}

// readPlain reads where there are no stamps but Go's.
func (c *Conn) readPlain(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		now := c.clock.Now()
		c.earliest.Store(c.stamp.Load())
		c.stamp.Store(now)
		c.lag.Store(NoLag)
		c.source.Store(int32(User))
	}
	return n, err
}

// buffers hold what late reads bring beyond one segment; most connections never need one.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func (c *Conn) keep(rest []byte) {
	if len(rest) == 0 {
		return
	}
	c.buffer = buffers.Get().(*[]byte)
	*c.buffer = append((*c.buffer)[:0], rest...)
	c.kept = *c.buffer
}

// forget drops the first n bytes that are kept.
func (c *Conn) forget(n int) {
	if c.kept = c.kept[n:]; len(c.kept) == 0 {
		buffers.Put(c.buffer)
		c.buffer, c.kept = nil, nil
	}
}

// Taken says that all bytes handed on so far have been taken by whom they are for. A read that follows another one without
// it may share its stamp with bytes of that one: its Earliest is that of both, and it is not OneSegment.
func (c *Conn) Taken() {
	c.isTold.Store(true)
	c.taken.Store(true)
}

// Filled says that whoever reads had no room for more: what is left of the bytes handed on so far is of the last read.
func (c *Conn) Filled() { c.earliest.Store(c.single.Load()) }

// Plain says that the layers above get what is read here as it is, not through TLS: also of segments with stamps of their
// own, two reads without Taken between them can be given one time. Under TLS that is so where a record ends in each of them.
func (c *Conn) Plain() { c.isPlain.Store(true) }

// EndsHead reports whether the last read ended as the head of an answer in HTTP/1 does. Where it was the head, none of
// the body has come yet.
func (c *Conn) EndsHead() bool { return c.isPlain.Load() && c.endsHead.Load() }

func endsHead(p []byte) bool { return bytes.HasSuffix(p, []byte("\r\n\r\n")) }

// Overtaken reports whether bytes of others came behind those of a read: never, the connection serves one answer at a time.
func (c *Conn) Overtaken(int64) bool { return false }

// Close closes the connection; what is kept of it is gone, as what the socket still holds.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	c.flow.Release()
	return err
}

// Write writes as net.Conn does; the first write after Arm is stamped before the kernel gets it.
func (c *Conn) Write(p []byte) (int, error) {
	now := c.clock.Now()
	if c.armed.CompareAndSwap(true, false) {
		c.armedAt.Store(c.wrote.Load())
		c.written.Store(now)
	}
	c.writing.Store(now)
	n, err := c.Conn.Write(p)
	c.writing.Store(0)
	c.wrote.Add(uint64(max(n, 0)))
	return n, err
}

// Stuck is how long a write has been waiting for the other side to read; 0: none is.
func (c *Conn) Stuck() time.Duration {
	since := c.writing.Load()
	if since == 0 {
		return 0
	}
	return time.Duration(c.clock.Now() - since)
}

// Arm makes Written return the time of the next write.
func (c *Conn) Arm() {
	c.written.Store(0)
	c.armed.Store(true)
}

// lateSend is how much later than our stamp of it a byte may leave in the same call. One that leaves later was given to
// the kernel later: the process lost its core in between.
const lateSend = int64(100 * time.Microsecond)

// Written is when the first byte after Arm was given to the kernel, in nanoseconds since the epoch; 0: not yet. Where the
// capture has its segment (on loopback), that is no earlier than the call, whenever the process was stopped.
func (c *Conn) Written() int64 {
	written := c.written.Load()
	if written == 0 || c.flow == nil {
		return written
	}
	unixNano := c.flow.Left(c.armedAt.Load())
	if unixNano == 0 {
		return written
	}
	now := c.clock.Now()
	if left := min(c.clock.moved(unixNano, now), now); left-written > lateSend {
		return left
	}
	return written
}

// Last is the arrival of the last read. Loaded while another goroutine reads, its parts may belong to neighbouring
// reads.
func (c *Conn) Last() Arrival {
	return Arrival{At: c.stamp.Load(), Earliest: c.earliest.Load(), Lag: c.lag.Load(), Source: Source(c.source.Load())}
}

// Misses is how many reads the capture had no segment for, since the connection began.
func (c *Conn) Misses() int64 { return c.misses.Load() }
