// Package frame cuts a response body into events, as its bytes come in.
//
// The caller reads straight into the framer's buffer and then pulls the events out; what an event holds is, except for data of
// several lines, a part of that buffer. No byte is looked at twice because an event needed many reads.
//
//	for {
//		space, err := f.Space()
//		if err != nil { … }
//		n, err := body.Read(space)
//		f.Advance(n)
//		if err != nil { f.Finish() }
//		for event, ok := f.Next(); ok; event, ok = f.Next() { … }
//		if err != nil { break }
//	}
package frame

import (
	"bytes"
	"errors"
	"fmt"
)

// Kind is a way to delimit events.
type Kind uint8

const (
	// SSE is the event stream of https://html.spec.whatwg.org/multipage/server-sent-events.html.
	SSE Kind = iota
	// NDJSON is one event a line. Lines of nothing but white space are none; a CR before the LF is not part of the event.
	NDJSON
	// NUL ends each event with a zero byte, as the first servers of vLLM did, or with an LF, as later ones do: of a JSON
	// text on one line neither is a part. Nothing but white space is no event.
	NUL
	// JSON is one event: the whole body, once it has ended. Nothing but white space is none.
	JSON
)

func (k Kind) String() string {
	return [...]string{"sse", "ndjson", "nul", "json"}[k]
}

// An Event is valid until the next call of Space, Next or Reset.
type Event struct {
	Name  []byte // SSE: the value of its event field; empty if there was none, which the standard reads as "message"
	Data  []byte
	Error []byte // SSE: the value of a field `error`, which no standard has and llama.cpp once sent; empty if there was none
	ID    []byte // SSE: the stream's last event id, set by this event or by one before it
	HasID bool   // SSE: this event has an id field, be it an empty one
	Retry int    // SSE: the reconnection time that the stream has last set, in milliseconds; -1 for none
}

const (
	// DefaultLimit is the largest event, in bytes, for a framer that is given no limit.
	DefaultLimit = 64 << 20

	initialSize = 8 << 10
	minSpace    = 2 << 10
	keptSize    = 1 << 20 // larger buffers are not kept for the next stream
)

// ErrTooLarge means that an event is larger than the framer's limit.
var ErrTooLarge = errors.New("an event of the stream is larger than the limit")

// A Framer cuts one stream at a time into events. It is not safe for concurrent use.
type Framer struct {
	kind  Kind
	limit int

	buf      []byte
	pos      int // where the line, or the event, that is being read begins
	end      int // buf[:end] is what has been read
	finished bool
	started  bool // behind the place of a byte-order mark
	lf, cr   seek // of NUL framing, cr looks for the zero byte

	sse block
}

// New returns a framer for events of at most limit bytes, 0 for DefaultLimit. It allocates its buffer when first used.
func New(kind Kind, limit int) *Framer {
	if limit <= 0 {
		limit = DefaultLimit
	}
	f := &Framer{limit: limit}
	f.Reset(kind)
	return f
}

// Reset makes the framer ready for another stream.
func (f *Framer) Reset(kind Kind) {
	f.kind = kind
	if cap(f.buf) > keptSize {
		f.buf = nil
	}
	f.pos, f.end = 0, 0
	f.finished, f.started = false, false
	f.lf, f.cr = seek{}, seek{}
	f.sse.reset()
}

// Space returns free space of at least 2 KiB to read into; call Advance with the number of bytes read. It is an ErrTooLarge when
// more than the limit has been read of an event that is not complete.
func (f *Framer) Space() ([]byte, error) {
	keep := f.pos
	if f.sse.lines == 1 {
		keep = f.sse.lo
	}
	held := f.end - keep
	if held+len(f.sse.joined) > f.limit {
		return nil, fmt.Errorf("%w of %d bytes", ErrTooLarge, f.limit)
	}
	switch {
	case held == 0:
		f.shift(f.buf, keep)
	case len(f.buf)-f.end >= minSpace:
	case len(f.buf)-held >= minSpace && held <= len(f.buf)/2:
		f.shift(f.buf, keep)
	case len(f.buf) >= f.limit+minSpace:
		f.shift(f.buf, keep)
	default:
		// Twice the size, so that all the copying adds up to no more than the event itself.
		f.shift(make([]byte, min(2*len(f.buf), f.limit+minSpace)), keep)
	}
	if f.buf == nil {
		f.buf = make([]byte, initialSize)
	}
	return f.buf[f.end:], nil
}

// shift moves buf[keep:end] to the start of to, which becomes the buffer.
func (f *Framer) shift(to []byte, keep int) {
	copy(to, f.buf[keep:f.end])
	f.buf = to
	f.pos -= keep
	f.end -= keep
	f.lf.at -= keep
	f.cr.at -= keep
	f.sse.lo -= keep
	f.sse.hi -= keep
}

// Advance takes over the first n bytes of what Space returned.
func (f *Framer) Advance(n int) {
	if n < 0 || n > len(f.buf)-f.end {
		panic("frame: Advance past the space given")
	}
	f.end += n
}

// Finish ends the body; Next then returns the last event, if an end without a delimiter makes one.
func (f *Framer) Finish() { f.finished = true }

// Next returns the next event that is complete, false when there is none in what has been read.
func (f *Framer) Next() (Event, bool) {
	if !f.started && !f.start() {
		return Event{}, false
	}
	switch f.kind {
	case SSE:
		return f.nextBlock()
	case JSON:
		return f.document()
	default:
		return f.nextLine()
	}
}

// Pending reports whether Next has left part of an event; after the end of the body, an event that was cut off.
func (f *Framer) Pending() bool {
	left := f.buf[f.pos:f.end]
	if f.kind == SSE {
		if f.sse.afterCR && len(left) > 0 && left[0] == '\n' {
			left = left[1:]
		}
		return f.sse.open || len(left) > 0 && left[0] != ':'
	}
	return !blank(left)
}

// Trails reports whether anything but the rest of a line end was read behind the event that Next returned last.
func (f *Framer) Trails() bool { return !blank(f.buf[f.pos:f.end]) }

// Comments returns the number of comments in the stream so far. They are never events.
func (f *Framer) Comments() int { return f.sse.comments }

const byteOrderMark = "\uFEFF"

// start skips a byte-order mark; false while there are too few bytes to recognize one.
func (f *Framer) start() bool {
	head := f.buf[:min(f.end, len(byteOrderMark))]
	if string(head) == byteOrderMark {
		f.pos = len(byteOrderMark)
	} else if !f.finished && string(head) == byteOrderMark[:len(head)] {
		return false
	}
	f.started = true
	return true
}

// nextLine returns the next event in front of a line's end, of NUL framing also in front of a zero byte.
func (f *Framer) nextLine() (Event, bool) {
	read := f.buf[:f.end]
	for {
		at, found := f.lf.find(read, f.pos, '\n')
		if f.kind == NUL {
			zero, foundZero := f.cr.find(read, f.pos, 0)
			at, found = min(at, zero), found || foundZero
		}
		if !found && (!f.finished || f.pos == f.end) {
			return Event{}, false
		}
		data := read[f.pos:at]
		f.pos = min(at+1, f.end)
		if n := len(data); n > 0 && data[n-1] == '\r' {
			data = data[:n-1]
		}
		if !blank(data) {
			return Event{Data: data, Retry: -1}, true
		}
	}
}

// document returns the whole body, when it has ended.
func (f *Framer) document() (Event, bool) {
	if !f.finished {
		return Event{}, false
	}
	data := f.buf[f.pos:f.end]
	f.pos = f.end
	return Event{Data: data, Retry: -1}, !blank(data)
}

func blank(data []byte) bool {
	for _, c := range data {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// A seek finds a byte without looking at any place twice.
type seek struct {
	at    int // where the byte is, or up to where there is none
	found bool
}

// find returns the index of the first c in b[from:], or len(b). From one call to the next, from and len(b) only grow.
func (s *seek) find(b []byte, from int, c byte) (int, bool) {
	if s.at < from {
		s.at, s.found = from, false
	}
	if !s.found && s.at < len(b) {
		if i := bytes.IndexByte(b[s.at:], c); i >= 0 {
			s.at, s.found = s.at+i, true
		} else {
			s.at = len(b)
		}
	}
	return s.at, s.found
}
