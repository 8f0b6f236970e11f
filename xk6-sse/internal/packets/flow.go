package packets

import (
	"sync"
	"sync/atomic"
)

// Flow is the server's side of one connection: which of its bytes came when. Positions count the connection's bytes from
// 0, as its reader does.
type Flow struct {
	key     key
	ring    *Ring
	claimed bool  // with the ring's lock
	born    int64 // likewise

	sends sends

	mu    sync.Mutex
	known bool   // its beginning was seen
	base  uint32 // the sequence number of byte 0
	marks marks
	early []span // came before what precedes it

	// All before this has come. It moves with the lock held, and may be loaded without.
	end atomic.Uint64
}

// Piece is bytes that became readable at one moment: those up to End.
type Piece struct {
	End      uint64
	UnixNano int64 // 0: not known
	// Missed says that the capture does not have their segment: the moment is that of the read, or not known.
	Missed bool
}

// span is a segment that came too early.
type span struct {
	start, end uint64
	unixNano   int64
}

const (
	// mostMarks bounds what a connection that is not read may pile up, and one that is not claimed.
	mostMarks          = 1 << 16
	mostUnclaimedMarks = 1 << 10
	// mostEarly bounds the segments behind a gap.
	mostEarly = 1 << 12
	// tolerance is how much later than its segment's stamp the stamp of a read may be. On loopback TCP stamps a segment a
	// second time, a microsecond after the capture as a rule, and later where the core is lost in between. A read's is later
	// by more where TCP threw the segment away, and took another that brought the same bytes.
	tolerance = 1_000_000
)

func newFlow(ring *Ring, s segment, unixNano int64) *Flow {
	return &Flow{key: s.key, ring: ring, born: unixNano, known: true, base: s.sequence, sends: sends{base: s.ack}}
}

// Release forgets the flow; its connection is closed.
func (f *Flow) Release() {
	if f != nil {
		f.ring.release(f)
	}
}

// Read is called after each read of the socket, which brought the bytes from one position up to another one: it makes
// sure that all of them are in pieces and returns the first one. readNano is the kernel's stamp of that read (0: there is
// none), the moment of what the capture does not have.
func (f *Flow) Read(from, to uint64, readNano int64) Piece {
	if f.known && f.end.Load() < to {
		f.ring.catchUp(f, to)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cover(to, readNano)
	return f.next(from)
}

// Next is the piece of the byte at position from, which was read before; pieces before it are forgotten.
func (f *Flow) Next(from uint64) Piece {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next(from)
}

func (f *Flow) cover(to uint64, readNano int64) {
	end := f.end.Load()
	if end < to {
		f.miss(to, readNano)
		return
	}
	if last := f.marks.last(); end == to && last != nil && !last.Missed && readNano > last.UnixNano+tolerance {
		last.UnixNano, last.Missed = readNano, true
	}
}

func (f *Flow) next(from uint64) Piece {
	for {
		first := f.marks.first()
		if first == nil {
			return Piece{End: 1<<64 - 1, Missed: true} // nothing was read there
		}
		if first.End > from {
			return *first
		}
		f.marks.drop()
	}
}

// beginsAt reports whether byte 0 has this sequence number: whether an acceptance is this flow's own, sent again.
func (f *Flow) beginsAt(sequence uint32) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.base == sequence
}

// arrive takes a segment of the flow.
func (f *Flow) arrive(sequence, length uint32, unixNano int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	// The numbers wrap around; a segment is never half of their range away from what is expected next.
	expected := f.end.Load()
	ahead := int64(int32(sequence - (f.base + uint32(expected))))
	start := int64(expected) + ahead
	end := start + int64(length)
	switch {
	case end <= int64(expected): // sent again
	case ahead <= 0:
		f.extend(uint64(end), unixNano)
	case len(f.early) < mostEarly:
		f.early = append(f.early, span{uint64(start), uint64(end), unixNano})
	}
}

// extend moves the end to where a segment brought it, and over what came too early.
func (f *Flow) extend(end uint64, unixNano int64) {
	f.advance(Piece{End: end, UnixNano: unixNano})
}

// miss makes up for segments that the capture does not have: a read has brought all bytes before position to.
func (f *Flow) miss(to uint64, readNano int64) {
	f.advance(Piece{End: to, UnixNano: readNano, Missed: true})
}

// advance takes a piece at the end, and what came too early and follows it now: it became readable with the piece, or
// when it came, where another CPU's segment was filed before an older one.
func (f *Flow) advance(p Piece) {
	for again := true; again; {
		f.end.Store(p.End)
		f.push(p)
		again = false
		var next Piece
		left := f.early[:0]
		for _, s := range f.early {
			switch {
			case s.end <= p.End: // all of it is there
			case !again && s.start <= p.End:
				next = Piece{End: s.end, UnixNano: max(s.unixNano, p.UnixNano), Missed: p.UnixNano == 0}
				again = true
			default:
				left = append(left, s)
			}
		}
		f.early = left
		p = next
	}
}

func (f *Flow) push(p Piece) {
	most := mostMarks
	if !f.claimed {
		most = mostUnclaimedMarks
	}
	last := f.marks.last()
	if last != nil && last.Missed == p.Missed && last.UnixNano == p.UnixNano {
		last.End = p.End
		return
	}
	if f.marks.count >= most {
		// Nobody reads: the moments of what comes now are given up.
		if !last.Missed || last.UnixNano != 0 {
			f.marks.push(Piece{End: p.End, Missed: true})
		} else {
			last.End = p.End
		}
		return
	}
	f.marks.push(p)
}

// marks are pieces in order, in a circle that grows.
type marks struct {
	circle []Piece // its length is a power of two
	at     int     // of the first
	count  int
}

func (m *marks) first() *Piece {
	if m.count == 0 {
		return nil
	}
	return &m.circle[m.at]
}

func (m *marks) last() *Piece {
	if m.count == 0 {
		return nil
	}
	return &m.circle[(m.at+m.count-1)&(len(m.circle)-1)]
}

func (m *marks) drop() {
	m.at = (m.at + 1) & (len(m.circle) - 1)
	m.count--
}

func (m *marks) push(p Piece) {
	if m.count == len(m.circle) {
		grown := make([]Piece, max(2*len(m.circle), 4))
		for i := range m.count {
			grown[i] = m.circle[(m.at+i)&(len(m.circle)-1)]
		}
		m.circle, m.at = grown, 0
	}
	m.circle[(m.at+m.count)&(len(m.circle)-1)] = p
	m.count++
}
