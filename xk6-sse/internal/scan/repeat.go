package scan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// maxRemembered is the longest event that is remembered; token events are far below it.
const maxRemembered = 4096

// A memory is the last event that was read in full, and what it held. The events of a stream are mostly the same but for
// the text of one string. Such an event needs no second reading: where it equals the remembered one before that string
// and behind it, and the string itself is valid, it is valid JSON and has the same values at the same paths.
type memory struct {
	event []byte
	cells []cell
}

// remember keeps an event that was read in full.
func (s *Scanner) remember(event []byte) {
	if len(event) > maxRemembered {
		s.memory.event = s.memory.event[:0]
		return
	}
	s.memory.event = append(s.memory.event[:0], event...)
	s.memory.cells = append(s.memory.cells[:0], s.cells...)
}

// repeats tells whether the event is the remembered one but for one string at a path, and sets the cells if it is.
func (s *Scanner) repeats(event []byte) bool {
	old := s.memory.event
	if len(old) == 0 {
		return false
	}
	at := mismatch(event, old)
	if at == len(old) && at == len(event) {
		copy(s.cells, s.memory.cells)
		return true
	}
	var found *cell
	for i := range s.memory.cells {
		// Only a string that was not empty: with one that was, more than its bounds would change.
		if c := &s.memory.cells[i]; c.kind == String && c.lo <= at && at <= c.hi && c.lo < c.hi {
			found = c
			break
		}
	}
	if found == nil {
		return false
	}
	end, escaped, err := text(event, found.lo)
	if err != nil || end == found.lo || !bytes.Equal(event[end:], old[found.hi:]) {
		return false
	}
	shift := end - found.hi
	for i := range s.cells {
		c := s.memory.cells[i]
		switch {
		case c.lo > found.hi: // behind the string
			c.lo += shift
			c.hi += shift
		case c.lo == found.lo && c.kind == String: // the string
			c.hi = end
			c.escaped = escaped
		case c.hi > found.hi: // an object or array around it
			c.hi += shift
		}
		s.cells[i] = c
	}
	return true
}

// mismatch returns the length of the longest prefix that a and b share.
func mismatch(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for ; n-i >= 8; i += 8 {
		if differ := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); differ != 0 {
			return i + bits.TrailingZeros64(differ)/8
		}
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}
