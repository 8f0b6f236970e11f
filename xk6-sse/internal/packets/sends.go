package packets

import "sync"

// mostSends is how many of the client's segments are remembered: a request of megabytes has as many on loopback.
const mostSends = 256

// sends are the client's own segments with data. Only loopback shows them, where they come in, too.
type sends struct {
	mu    sync.Mutex
	base  uint32 // the sequence number of the client's byte 0
	end   uint64 // all before this has left
	parts [mostSends]sent
	count int // of all segments so far
}

// sent is a segment: the bytes up to end, from the end of the one before.
type sent struct {
	end      uint64
	unixNano int64
}

// leave takes a segment of the client.
func (f *Flow) leave(sequence, length uint32, unixNano int64) {
	s := &f.sends
	s.mu.Lock()
	defer s.mu.Unlock()
	ahead := int64(int32(sequence - (s.base + uint32(s.end))))
	end := int64(s.end) + ahead + int64(length)
	if ahead > 0 || end <= int64(s.end) {
		return // one before it was not seen, or it was sent again
	}
	s.end = uint64(end)
	s.parts[s.count%mostSends] = sent{s.end, unixNano}
	s.count++
}

// Left is when the segment with the client's byte at a position left, in Unix nanoseconds; 0: that is not known.
func (f *Flow) Left(position uint64) int64 {
	if !f.known {
		return 0
	}
	f.ring.takeAll()
	s := &f.sends
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := max(0, s.count-mostSends); i < s.count; i++ {
		part := s.parts[i%mostSends]
		if part.end <= position {
			continue
		}
		if i > 0 && i == s.count-mostSends {
			return 0 // it may be one that was forgotten
		}
		return part.unixNano
	}
	return 0
}
