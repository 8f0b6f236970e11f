package h2stamp

import (
	"errors"
	"io"
	"sync"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// mostRuns bounds what a stream remembers of a body that nobody reads; beyond it runs grow together, with the later
// one's moment, as segments do that queue up in the kernel.
const mostRuns = 1 << 16

// run is bytes of a body that arrived at one moment.
type run struct {
	end int64 // the body's length up to their last
	arrival
	overtaken bool // another segment, with bytes of others, came behind them with the same stamp
}

// arrival is how bytes arrived, and in how many segments.
type arrival struct {
	stamp.Arrival
	segments segments
}

// segments is what is known of the TCP segments that a read of the connection brought.
type segments uint8

const (
	notAsked segments = iota
	one
	several // or nobody knows
)

// Stream is a request and its answer on a connection: when the request was sent, and when each byte of the answer
// arrived. The connection's goroutines add to it while one goroutine reads the answer.
type Stream struct {
	stamps  Stamps
	written int64 // set before the connection's write lock is given up

	mu       sync.Mutex
	runs     []run // runs[first:] are those of bytes that are still to be read
	first    int
	arrived  int64 // length of the body so far
	headers  stamp.Arrival
	end      stamp.Arrival // that of the frame that ended the stream, or of the last byte
	headed   bool
	lastHead bool // the block of header fields that is arriving ends the stream

	last arrival // of the last byte that was read; only the reader changes it, with the lock held
	// The moments of the last reads that were overtaken; 0: none.
	overtaken [2]int64
}

// Written is when the first byte of the request was given to the kernel, in nanoseconds since the epoch; 0: never.
func (s *Stream) Written() int64 { return s.written }

// Headers is how the answer's headers arrived.
func (s *Stream) Headers() stamp.Arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.headers
}

// Last is how the last byte that Body's reader returned arrived; before the first one the headers, and after the last
// one the end.
func (s *Stream) Last() stamp.Arrival { return s.last.Arrival }

// OneSegment reports whether what Body's last read brought is known to have come in one TCP segment.
func (s *Stream) OneSegment() bool {
	if s.last.Source == stamp.Packet || s.last.segments == one {
		return true
	}
	if s.last.segments == several || s.stamps.Last().At != s.last.At {
		return false // the connection has read on
	}
	// It may read on while it is asked.
	return s.stamps.OneSegment() && s.stamps.Last().At == s.last.At
}

// head notes a complete block of header fields. Blocks before the answer's own are informational (1xx), and one that
// ends the stream holds trailers, unless it is the only one.
func (s *Stream) head(at stamp.Arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.headed || !s.lastHead && s.arrived == 0 {
		s.headers = at
	}
	s.headed, s.end = true, at
}

// data notes n bytes of the body.
func (s *Stream) data(n int, at stamp.Arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := run{end: s.arrived + int64(n), arrival: arrival{Arrival: at}}
	isSame := s.arrived > 0 && at.At == s.end.At
	if isSame && at.Source != stamp.Packet {
		// More of the read that brought the bytes before: only now can the connection tell in how many segments it came.
		if next.segments = several; s.stamps.OneSegment() {
			next.segments = one
		}
	}
	s.arrived, s.end = next.end, at
	if last := len(s.runs) - 1; last >= s.first && (isSame || last-s.first >= mostRuns-1) {
		s.runs[last] = next
		return
	}
	if len(s.runs) == cap(s.runs) && s.first > len(s.runs)/2 {
		s.runs = s.runs[:copy(s.runs, s.runs[s.first:])]
		s.first = 0
	}
	s.runs = append(s.runs, next)
}

// overtake notes that another segment came behind the bytes that arrived at this moment, if they are the last ones.
func (s *Stream) overtake(at int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch last := len(s.runs) - 1; {
	case last >= s.first:
		if s.runs[last].At == at {
			s.runs[last].overtaken = true
		}
	case s.last.At == at:
		s.noteOvertaken(at) // they have been read already
	}
}

// noteOvertaken is called with the lock held.
func (s *Stream) noteOvertaken(at int64) {
	if s.overtaken[0] != at {
		s.overtaken = [2]int64{at, s.overtaken[0]}
	}
}

// Overtaken reports whether, behind the read that arrived at a moment, another segment with something else came with the
// same stamp: of the last read, and of the one before.
func (s *Stream) Overtaken(at int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return at == s.overtaken[0] || at == s.overtaken[1]
}

// finish notes the frame that ended the stream.
func (s *Stream) finish(at stamp.Arrival) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end = at
}

// together is how many of the bytes behind offset arrived at one moment; 0: none has arrived.
func (s *Stream) together(offset int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == len(s.runs) {
		return 0
	}
	return s.runs[s.first].end - offset
}

// take makes the moment of up to n bytes behind offset the last one and forgets them. It returns how many of the n
// arrived at that moment.
func (s *Stream) take(offset int64, n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == len(s.runs) {
		return n
	}
	current := s.runs[s.first]
	s.last = current.arrival
	if current.overtaken {
		s.noteOvertaken(current.At)
	}
	taken := min(int64(n), current.end-offset)
	if offset+taken == current.end {
		s.first++
		if s.first == len(s.runs) {
			s.runs, s.first = s.runs[:0], 0
		}
	}
	return int(taken)
}

// Body reads the answer's body so that no read brings bytes of two moments; Last is then the moment of those that it
// brought. The answer's headers must have arrived.
func (s *Stream) Body(inner io.ReadCloser) io.ReadCloser {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = arrival{Arrival: s.headers}
	return &body{ReadCloser: inner, stream: s}
}

type body struct {
	io.ReadCloser
	stream *Stream
	offset int64  // bytes returned
	rest   []byte // bytes that were read, of later moments than those returned
	buffer []byte // what rest is a part of
	err    error  // what was read with them
}

func (b *body) Read(p []byte) (int, error) {
	if len(b.rest) > 0 {
		n := b.took(copy(p, b.rest))
		b.rest = b.rest[n:]
		return n, nil
	}
	if err := b.err; err != nil {
		return 0, b.failed(err)
	}
	// As a rule the reader waits for bytes. Where they wait for the reader, it asks for those of one moment only.
	if together := b.stream.together(b.offset); together > 0 && together < int64(len(p)) {
		p = p[:together]
	}
	n, err := b.ReadCloser.Read(p)
	if n == 0 {
		return 0, b.failed(err)
	}
	taken := b.took(n)
	if taken < n {
		b.buffer = append(b.buffer[:0], p[taken:n]...)
		b.rest, b.err = b.buffer, err
		return taken, nil
	}
	if err != nil {
		b.err = err
	}
	return taken, nil
}

// took counts up to n bytes as returned and returns how many.
func (b *body) took(n int) int {
	taken := b.stream.take(b.offset, n)
	b.offset += int64(taken)
	return taken
}

// failed keeps the error for later reads; at the end of the body the last moment is that of the end.
func (b *body) failed(err error) error {
	b.err = err
	if errors.Is(err, io.EOF) {
		b.stream.mu.Lock()
		b.stream.last = arrival{Arrival: b.stream.end}
		b.stream.mu.Unlock()
	}
	return err
}
