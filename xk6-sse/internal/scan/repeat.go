package scan

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// maxRemembered is the longest event that is remembered; token events are far below it.
const maxRemembered = 4096

// A memory is the last event that was read in full, and what it held. The events of a stream are mostly the same except for
// the text of one string. Such an event needs no second reading: where it equals the remembered one before that string
// and behind it, and the string itself is valid, it is valid JSON and has the same values at the same paths. Nor are its
// cells written: most of the time of a token that comes alone is waiting for memory that the streams between have pushed
// out of the cache.
type memory struct {
	event []byte
	cells []cell

	// How the current event differs, while repeated is true: memory.cells[varied] (none: noCell) ends at end.
	repeated bool
	varied   int
	end      int
	escaped  bool
	last     int // the cell that varied last: the first place to look
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

// repeats reports whether the event is the remembered one except for one string at a path; Slot then finds its values.
func (s *Scanner) repeats(event []byte) bool {
	m := &s.memory
	if len(m.event) == 0 {
		return false
	}
	at := mismatch(event, m.event)
	if at == len(m.event) && at == len(event) {
		m.varied = noCell
		return true
	}
	if m.last >= len(m.cells) || !m.cells[m.last].isTextAt(at) {
		for m.last = 0; m.last < len(m.cells) && !m.cells[m.last].isTextAt(at); m.last++ {
		}
		if m.last == len(m.cells) {
			m.last = 0
			return false
		}
	}
	found := &m.cells[m.last]
	end, escaped, err := text(event, found.lo)
	if err != nil || end == found.lo || !bytes.Equal(event[end:], m.event[found.hi:]) {
		return false
	}
	m.varied, m.end, m.escaped = m.last, end, escaped
	return true
}

// isTextAt reports whether the cell is a string that reaches to this place. One that was empty does not count: with it more
// than its bounds would change.
func (c *cell) isTextAt(at int) bool {
	return c.kind == String && c.lo <= at && at <= c.hi && c.lo < c.hi
}

// cell is what a path has found in the current event.
func (m *memory) cell(i int) cell {
	c := m.cells[i]
	if m.varied == noCell {
		return c
	}
	found := &m.cells[m.varied]
	shift := m.end - found.hi
	switch {
	case c.lo > found.hi: // behind the string
		c.lo += shift
		c.hi += shift
	case c.lo == found.lo && c.kind == String: // the string
		c.hi = m.end
		c.escaped = m.escaped
	case c.hi > found.hi: // an object or array around it
		c.hi += shift
	}
	return c
}

// Repeats reports whether the last event equals the one before, entirely or except for the non-empty string at paths[i].
func (s *Scanner) Repeats(i int) bool {
	m := &s.memory
	return m.repeated && (m.varied == noCell || m.varied == s.plan.cellOf[i])
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
