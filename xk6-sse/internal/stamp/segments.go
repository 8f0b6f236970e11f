package stamp

import "sync"

// segments knows how many TCP segments a read brought at most, from the kernel's own count of what has arrived: where
// no capture says it, the only way to tell tokens that the server sent together from those that came one by one and were
// read late.
type segments struct {
	mu sync.Mutex
	// consumed is how many segments were read at least: exact where the socket was known to be empty, and one more for
	// each read with a new stamp since.
	consumed uint32
	before   uint32 // the same, before the last read
	bytes    uint64 // read so far
	isFull   bool   // the last read filled its buffer: it may have left the rest of a segment
	isAsked  bool
	isOne    bool
}

// read notes a read of the socket; isNew: its stamp is another one than that of the read before.
func (s *segments) read(n int, isFull, isNew bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isAsked = false
	s.bytes += uint64(n)
	s.before = s.consumed
	if s.isFull && isNew {
		s.before-- // that rest was counted with the read before
	}
	s.isFull = isFull
	if isNew {
		s.consumed++
	}
}

// Settle restarts the count where the socket is empty; call it before a request.
func (c *Conn) Settle() {
	if c.receiver == nil || c.flow != nil {
		return
	}
	c.segments.mu.Lock()
	defer c.segments.mu.Unlock()
	c.settle()
}

// settle is called with the lock held; it returns how many segments have arrived.
func (c *Conn) settle() (arrived uint32, ok bool) {
	arrived, bytes, ok := c.receiver.arrived()
	if ok && bytes == c.segments.bytes {
		c.segments.consumed, c.segments.isFull = arrived, false
	}
	return arrived, ok
}

// OneSegment reports whether what the last read brought is known to have come in one TCP segment: then its time is exact,
// also for tokens that share it.
func (c *Conn) OneSegment() bool {
	if Source(c.source.Load()) == Packet {
		return c.earliest.Load() == c.stamp.Load()
	}
	if c.receiver == nil || c.flow != nil || c.mixed.Load() {
		return false
	}
	s := &c.segments
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.isAsked {
		before := s.before
		arrived, ok := c.settle()
		s.isAsked = true
		s.isOne = ok && int32(arrived-before) <= 1
	}
	return s.isOne
}
