package scan

// A Scanner finds the values at a plan's paths in one text after another. It is not safe for concurrent use.
type Scanner struct {
	plan   *Plan
	event  []byte
	cells  []cell // what each distinct path has found in the event
	fault  int
	serial uint64 // number of the latest object that paths lead into, over the life of the scanner

	// active is a stack: for each open value that paths lead into, the nodes at which it is, outermost first.
	active  []int
	seen    []uint64 // node → serial of the object in which its key was last seen
	shadows []cell
	key     []byte // scratch for a key that has escapes
	skipped nest
	memory  memory
}

// A cell is what one path has found: b[lo:hi] of the event. It holds no pointer, so writing one costs no write barrier.
type cell struct {
	lo, hi         int
	kind           Kind
	escaped        bool
	nonEmptyString bool
}

// NewScanner returns a scanner for one stream.
func (p *Plan) NewScanner() *Scanner {
	return &Scanner{
		plan:    p,
		cells:   make([]cell, p.cells),
		active:  make([]int, 0, len(p.nodes)),
		seen:    make([]uint64, len(p.nodes)),
		shadows: make([]cell, p.shadows),
	}
}

// Scan reads one JSON text; Slot then returns its values, as long as the caller does not change the bytes. An error means
// that it is not valid JSON: all slots are absent then, and Fault is the place.
func (s *Scanner) Scan(event []byte) error {
	s.event = event
	if s.memory.repeated = s.repeats(event); s.memory.repeated {
		return nil
	}
	clear(s.cells)
	s.active = append(s.active[:0], 0)
	i, err := s.value(space(event, 0), 0, 0)
	if err == nil {
		if i = space(event, i); i == len(event) {
			s.remember(event)
			return nil
		}
		err = errTail
	}
	clear(s.cells)
	s.fault = i
	s.skipped.reset()
	return err
}

// Fault returns the index of the byte at which the last Scan that failed did so.
func (s *Scanner) Fault() int { return s.fault }

// Slot returns the last value at paths[i] in the event.
func (s *Scanner) Slot(i int) Value {
	if s.memory.repeated {
		c := s.memory.cell(s.plan.cellOf[i])
		return c.value(s.event)
	}
	c := &s.cells[s.plan.cellOf[i]]
	return c.value(s.event)
}

// Kind returns the kind of Slot(i), for less.
func (s *Scanner) Kind(i int) Kind {
	cells := s.cells
	if s.memory.repeated {
		cells = s.memory.cells
	}
	return cells[s.plan.cellOf[i]].kind
}

// value is the cell's value in its event.
func (c *cell) value(event []byte) Value {
	if c.kind == Absent {
		return Value{}
	}
	return Value{Kind: c.kind, Escaped: c.escaped, NonEmptyString: c.nonEmptyString, Raw: event[c.lo:c.hi:c.hi]}
}

// value reads the value at i, which is at the nodes active[from:], inside this many open objects and arrays.
func (s *Scanner) value(i, from, depth int) (int, error) {
	b := s.event
	found := cell{lo: i}
	var err error
	switch peek(b, i) {
	case '"':
		found.lo, found.kind = i+1, String
		if found.hi, found.escaped, err = text(b, i+1); err != nil {
			return found.hi, err
		}
		i = found.hi + 1
	case '{':
		found.kind = Object
		i, err = s.object(i, from, depth)
		found.hi = i
	case '[':
		found.kind = Array
		i, err = s.array(i, from, depth)
		found.hi = i
	default:
		i, found.kind, err = scalar(b, i)
		found.hi = i
	}
	if err != nil {
		return i, err
	}
	nonEmptyString := found.kind == String && found.hi > found.lo
	for _, at := range s.active[from:] {
		if c := s.plan.nodes[at].cell; c != noCell {
			found.nonEmptyString = nonEmptyString || s.cells[c].nonEmptyString
			s.cells[c] = found
		}
	}
	return i, nil
}

// object reads the object at i.
func (s *Scanner) object(i, from, depth int) (int, error) {
	b := s.event
	to := len(s.active)
	if s.leaves(from) {
		return s.skipped.skip(b, i, depth)
	}
	if depth++; depth > maxDepth {
		return i, errDepth
	}
	s.serial++
	serial := s.serial
	if i = space(b, i+1); peek(b, i) == '}' {
		return i + 1, nil
	}
	for {
		next, lo, hi, escaped, err := member(b, i)
		if err != nil {
			return next, err
		}
		key := b[lo:hi]
		if escaped {
			s.key = Value{Kind: String, Escaped: true, Raw: key}.AppendText(s.key[:0])
			key = s.key
		}
		s.enterMember(key, from, to, serial)
		if i, err = s.below(next, to, depth); err != nil {
			return i, err
		}
		i = space(b, i)
		switch peek(b, i) {
		case ',':
			i = space(b, i+1)
		case '}':
			return i + 1, nil
		default:
			return i, fault(b, i, errObject)
		}
	}
}

// array reads the array at i.
func (s *Scanner) array(i, from, depth int) (int, error) {
	b := s.event
	to := len(s.active)
	if s.leaves(from) {
		return s.skipped.skip(b, i, depth)
	}
	if depth++; depth > maxDepth {
		return i, errDepth
	}
	if i = space(b, i+1); peek(b, i) == ']' {
		return i + 1, nil
	}
	for index := 0; ; index++ {
		s.enterElement(index, from, to)
		var err error
		if i, err = s.below(i, to, depth); err != nil {
			return i, err
		}
		i = space(b, i)
		switch peek(b, i) {
		case ',':
			i = space(b, i+1)
		case ']':
			return i + 1, nil
		default:
			return i, fault(b, i, errArray)
		}
	}
}

// leaves reports whether no path continues below the nodes active[from:].
func (s *Scanner) leaves(from int) bool {
	for _, at := range s.active[from:] {
		if n := &s.plan.nodes[at]; n.named != nil || n.star != 0 {
			return false
		}
	}
	return true
}

// below reads the value at i, which is at the nodes active[to:], and leaves those.
func (s *Scanner) below(i, to, depth int) (int, error) {
	if len(s.active) == to {
		return s.skipped.skip(s.event, i, depth)
	}
	i, err := s.value(i, to, depth)
	s.active = s.active[:to]
	return i, err
}

// enterMember pushes the nodes at which the value of a key is, if the object is at the nodes active[from:to].
func (s *Scanner) enterMember(key []byte, from, to int, serial uint64) {
	for _, at := range s.active[from:to] {
		n := &s.plan.nodes[at]
		for j := range n.named {
			if e := &n.named[j]; string(key) == e.key {
				s.active = append(s.active, e.node)
				s.forgetDuplicate(e.node, serial)
				break
			}
		}
		if n.star != 0 {
			s.active = append(s.active, n.star)
		}
	}
}

// enterElement pushes the nodes at which an element is, if the array is at the nodes active[from:to].
func (s *Scanner) enterElement(index, from, to int) {
	for _, at := range s.active[from:to] {
		n := &s.plan.nodes[at]
		for j := range n.named {
			if e := &n.named[j]; e.index == index {
				s.active = append(s.active, e.node)
				break
			}
		}
		if n.star != 0 {
			s.active = append(s.active, n.star)
		}
	}
}

// forgetDuplicate puts the cells of a node back to what they were before its key was first seen in this object. No other
// member of the object can have changed them: each cell belongs to one node, and the node to one key.
func (s *Scanner) forgetDuplicate(at int, serial uint64) {
	n := &s.plan.nodes[at]
	cells := s.cells[n.lo:n.hi]
	again := s.seen[at] == serial
	s.seen[at] = serial
	switch {
	case again && n.shadow == noShadow:
		clear(cells)
	case again:
		copy(cells, s.shadows[n.shadow:])
	case n.shadow != noShadow:
		copy(s.shadows[n.shadow:], cells)
	}
}
