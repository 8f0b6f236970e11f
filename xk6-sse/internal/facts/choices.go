package facts

import (
	"math/bits"

	"github.com/server-bench/xk6-sse/internal/scan"
)

// choicePaths are where an answer of several choices has the number and the finish reason of each.
type choicePaths struct {
	list, second, index int // slots; −1 for a dialect without choices
	element             *scan.Plan
}

// choices are the answers that one request asked for (`n`): which have begun, and which have a finish reason.
type choices struct {
	seen, done uint64
	last       int
	// The numbers are those of choices: one came again, or two came at once. Text Generation Inference once numbered its
	// tokens there.
	real    bool
	scanner *scan.Scanner
}

// lastChoice stands for all numbers from 63 on.
const lastChoice = 63

func (s *choices) begin() { s.seen, s.done, s.last, s.real = 0, 0, -1, false }

func (s *choices) note(index int, finished bool) {
	s.real = s.real || index <= s.last
	s.last = index
	bit := uint64(1) << min(index, lastChoice)
	s.seen |= bit
	if finished {
		s.done |= bit
	}
}

// open is how many choices have no finish reason, where another one has.
func (s *choices) open() int64 {
	if !s.real || s.done == 0 {
		return 0
	}
	return int64(bits.OnesCount64(s.seen &^ s.done))
}

// several reports whether more than one choice has begun.
func (s *choices) several() bool { return s.real && bits.OnesCount64(s.seen) > 1 }

// choose notes the choices of the scanned event.
func (c *Collector) choose() {
	p := &c.plan.choices
	if c.scanner.Kind(p.second) != scan.Absent {
		c.chooseSeveral(c.scanner.Slot(p.list).Raw)
		return
	}
	finish := c.finishOf(c.scanner.Slot(c.plan.values[c.plan.finishValue].slot))
	if finish.Kind == scan.String {
		c.keepFinish(&c.kept[c.plan.finishValue], finish)
	}
	if number := c.scanner.Slot(p.index); number.Kind == scan.Number || finish.Kind == scan.String {
		c.chosen.note(indexOf(number, 0), finish.Kind == scan.String)
	}
}

// chooseSeveral notes the choices of an event that has more than one.
func (c *Collector) chooseSeveral(list []byte) {
	if c.chosen.scanner == nil {
		c.chosen.scanner = c.plan.choices.element.NewScanner()
	}
	c.chosen.real = true
	position := 0
	scan.EachElement(list, func(element []byte) {
		if c.chosen.scanner.Scan(element) == nil {
			finish := c.finishOf(c.chosen.scanner.Slot(1))
			if finish.Kind == scan.String {
				c.keepFinish(&c.kept[c.plan.finishValue], finish)
			}
			c.chosen.note(indexOf(c.chosen.scanner.Slot(0), position), finish.Kind == scan.String)
		}
		position++
	})
}

// indexOf is the number of a choice; its position where it has none.
func indexOf(number scan.Value, position int) int {
	if number.Kind != scan.Number {
		return position
	}
	index := 0
	for _, c := range number.Raw {
		if c < '0' || c > '9' || index > lastChoice {
			return min(index, lastChoice)
		}
		index = index*10 + int(c-'0')
	}
	return index
}

// finishOf is the value if it is a finish reason: a text that says something.
func (c *Collector) finishOf(v scan.Value) scan.Value {
	if v.Kind != scan.String || v.Empty() {
		return scan.Value{}
	}
	return v
}

// keepFinish keeps the last finish reason; one that means failure stays.
func (c *Collector) keepFinish(k *kept, v scan.Value) {
	if c.failed && k.kind == scan.String {
		return
	}
	c.keep(k, v)
	c.failed = c.plan.isFailure(v.Raw)
}
