// Package stamp wraps connections so that every read brings the moment at which the kernel received the bytes.
//
// On Linux sockets carry SO_TIMESTAMPNS and reads go through recvmsg; the stamp, which is on the wall clock, is moved
// onto the process's monotonic clock by the lag (now − stamp) measured at that very read. Elsewhere, and where the
// option cannot be set, a read is stamped with Go's clock after it returned.
package stamp

import (
	"net"
	"sync/atomic"
	"time"
)

// Clock gives nanoseconds since one moment, the epoch that all times of a process share.
type Clock struct{ epoch time.Time }

// NewClock starts a clock; its epoch is now.
func NewClock() Clock { return Clock{epoch: time.Now()} }

// Now is the time since the epoch, in nanoseconds, on the monotonic clock.
func (c Clock) Now() int64 { return int64(time.Since(c.epoch)) }

// At is the given moment, in nanoseconds since the epoch.
func (c Clock) At(t time.Time) int64 { return int64(t.Sub(c.epoch)) }

// Epoch is the epoch on the wall clock.
func (c Clock) Epoch() time.Time { return c.epoch }

// Conn is a connection whose reads and first write are stamped. As any net.Conn it may be read and written from
// different goroutines; its stamps may be loaded from any.
type Conn struct {
	net.Conn
	clock    Clock
	receiver receiver // the kernel's stamps; nil where there are none

	stamp   atomic.Int64 // when the bytes of the last read arrived
	lag     atomic.Int64 // how much later that read returned
	unix    int64        // the kernel's own stamp of it; only the reader touches it
	armed   atomic.Bool
	written atomic.Int64 // when the first byte after Arm was given to the kernel
}

// receiver reads from a socket and returns when the kernel received the bytes, on the wall clock, in Unix nanoseconds
// (0: the kernel gave no stamp).
type receiver interface {
	receive(p []byte) (n int, unixNano int64, err error)
}

// Wrap stamps the reads of conn; kernel false asks for Go's clock.
func Wrap(conn net.Conn, clock Clock, kernel bool) *Conn {
	c := &Conn{Conn: conn, clock: clock}
	if kernel {
		c.receiver = newReceiver(conn)
	}
	return c
}

// Read reads as net.Conn does and takes the stamp. A read that brings nothing leaves the stamp alone: after an answer
// the transport reads on in a goroutine of its own, and sees the connection's end while the answer's last bytes are
// still to be dated.
func (c *Conn) Read(p []byte) (n int, err error) {
	unixNano := int64(0)
	if c.receiver == nil || len(p) == 0 {
		n, err = c.Conn.Read(p)
	} else {
		n, unixNano, err = c.receiver.receive(p)
	}
	if n <= 0 {
		return n, err
	}
	now := time.Now()
	at, lag := c.clock.At(now), int64(NoLag)
	if unixNano != 0 {
		// A wall clock set back between stamp and read would give a negative lag.
		lag = max(now.UnixNano()-unixNano, 0)
		at -= lag
		if unixNano == c.unix {
			at = c.stamp.Load() // the rest of one segment: the same moment, to the nanosecond
		}
		c.unix = unixNano
	}
	c.stamp.Store(at)
	c.lag.Store(lag)
	return n, err
}

// Write writes as net.Conn does; the first write after Arm is stamped before the kernel gets it.
func (c *Conn) Write(p []byte) (int, error) {
	if c.armed.CompareAndSwap(true, false) {
		c.written.Store(c.clock.Now())
	}
	return c.Conn.Write(p)
}

// Arm makes Written return the time of the next write.
func (c *Conn) Arm() {
	c.written.Store(0)
	c.armed.Store(true)
}

// Written is when the first byte after Arm was given to the kernel, in nanoseconds since the epoch; 0: not yet.
func (c *Conn) Written() int64 { return c.written.Load() }

// NoLag is the lag of a read that the kernel did not stamp.
const NoLag = -1

// Last is the stamp of the last read, in nanoseconds since the epoch, and its lag: how late the read was. Loaded
// while another goroutine reads (HTTP/2), the two may belong to neighbouring reads.
func (c *Conn) Last() (stamp, lag int64) { return c.stamp.Load(), c.lag.Load() }
