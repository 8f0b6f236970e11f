package frame

// The grammar of event streams: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation.

import (
	"bytes"
	"math"
)

// A block is what the lines since the last blank one add up to, and what the stream keeps from block to block.
type block struct {
	open bool // there was a line, other than a comment

	// The data: nothing for no lines, buf[lo:hi] for one, joined for more.
	lines  int
	lo, hi int
	joined []byte

	name    []byte
	failure []byte // the value of a field "error"
	hasID   bool

	id       []byte // the last event id buffer of the standard: no block resets it
	retry    int
	comments int
	afterCR  bool // an LF that comes next belongs to the line end before it
}

func (b *block) reset() {
	*b = block{joined: kept(b.joined), name: kept(b.name), failure: kept(b.failure), id: kept(b.id), retry: -1}
}

// kept returns an empty slice, with the capacity of the old one unless that is large.
func kept(scratch []byte) []byte {
	if cap(scratch) > keptSize {
		return nil
	}
	return scratch[:0]
}

// nextBlock reads lines up to the one that makes an event.
func (f *Framer) nextBlock() (Event, bool) {
	b := &f.sse
	for {
		lo, hi, ok := f.line()
		switch {
		case !ok && f.finished && f.lastWords(): // even without their blank line
			b.lines = 0
		case !ok:
			return Event{}, false
		case lo < hi:
			f.field(lo, hi)
			continue
		}
		switch {
		case b.lines > 0 || len(b.failure) > 0 || string(b.name) == "error":
			event := Event{Name: b.name, Data: b.joined, Error: b.failure, ID: b.id, HasID: b.hasID, Retry: b.retry}
			if b.lines == 1 {
				event.Data = f.buf[b.lo:b.hi]
			}
			b.close()
			return event, true
		default:
			b.close()
		}
	}
}

// lastWords reports whether the body ended within a block that has a field "error".
func (f *Framer) lastWords() bool {
	if bytes.HasPrefix(f.buf[f.pos:f.end], []byte("error:")) {
		f.field(f.pos, f.end)
		f.pos = f.end
	}
	return len(f.sse.failure) > 0
}

// close ends the block. What a returned event points at stays as it is until the next line is read.
func (b *block) close() {
	b.open, b.lines, b.hasID = false, 0, false
	b.joined, b.name, b.failure = b.joined[:0], b.name[:0], b.failure[:0]
}

// line returns the place of the next line, without its end: an LF, a CR, or both. A CR ends the line at once; whether an LF
// follows that belongs to it is seen when more is read.
func (f *Framer) line() (lo, hi int, ok bool) {
	if f.sse.afterCR && f.pos < f.end {
		f.sse.afterCR = false
		if f.buf[f.pos] == '\n' {
			f.pos++
		}
	}
	read := f.buf[:f.end]
	lf, foundLF := f.lf.find(read, f.pos, '\n')
	cr, foundCR := f.cr.find(read, f.pos, '\r')
	if !foundLF && !foundCR {
		return 0, 0, false
	}
	lo, hi = f.pos, min(lf, cr)
	f.sse.afterCR = hi == cr
	f.pos = hi + 1
	return lo, hi, true
}

// field takes in the line at buf[lo:hi], which is not blank.
func (f *Framer) field(lo, hi int) {
	b := &f.sse
	line := f.buf[lo:hi]
	colon := bytes.IndexByte(line, ':')
	if colon == 0 {
		b.comments++
		return
	}
	b.open = true
	name, at := line, hi
	if colon > 0 {
		name, at = line[:colon], lo+colon+1
		if at < hi && f.buf[at] == ' ' {
			at++
		}
	}
	value := f.buf[at:hi]
	switch string(name) {
	case "data":
		b.lines++
		if b.lines == 1 {
			b.lo, b.hi = at, hi
			return
		}
		if b.lines == 2 {
			b.joined = append(b.joined, f.buf[b.lo:b.hi]...)
		}
		b.joined = append(b.joined, '\n')
		b.joined = append(b.joined, value...)
	case "error":
		b.failure = append(b.failure[:0], value...)
	case "event":
		b.name = append(b.name[:0], value...)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			b.id, b.hasID = append(b.id[:0], value...), true
		}
	case "retry":
		if ms, ok := milliseconds(value); ok {
			b.retry = ms
		}
	}
}

// milliseconds reads only ASCII digits; a value too large for an int becomes the largest int.
func milliseconds(digits []byte) (int, bool) {
	n := 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		if digit := int(c - '0'); n <= (math.MaxInt-digit)/10 {
			n = n*10 + digit
		} else {
			n = math.MaxInt
		}
	}
	return n, len(digits) > 0
}
