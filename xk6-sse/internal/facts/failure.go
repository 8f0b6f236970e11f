package facts

import (
	"strings"

	"github.com/server-bench/xk6-sse/internal/scan"
)

// errorRule is where a server reports an error inside its answer.
type errorRule struct {
	slot int // −1: the whole event
	when *predicate
}

// noteError keeps the text of the first error.
func (c *Collector) noteError(text string) {
	if c.InBandError == nil {
		text = Clip(text)
		c.InBandError = &text
	}
}

// errors notes the error of the scanned event; an empty one is none.
func (c *Collector) errors(name, data []byte) {
	if c.InBandError != nil {
		return
	}
	for i := range c.plan.errors {
		rule := &c.plan.errors[i]
		if rule.slot >= 0 && c.scanner.Kind(rule.slot) <= scan.Null {
			continue
		}
		if rule.when != nil && !c.holds(rule.when, name) {
			continue
		}
		if rule.slot < 0 {
			c.noteError(string(data))
			return
		}
		if v := c.scanner.Slot(rule.slot); !v.Empty() {
			c.noteError(v.Text())
			return
		}
	}
}

// errorEvent notes an event that is an error by its name or by a field `error`, whatever its data. A field that says
// nothing is none.
func (c *Collector) errorEvent(failure, data []byte, isNamed bool) {
	if len(failure) > 0 && !scan.Nothing(failure) {
		c.noteError(string(failure))
		return
	}
	if isNamed {
		if len(data) == 0 {
			data = []byte("error")
		}
		c.noteError(string(data))
	}
}

// isFailure reports whether a finish reason means that the server failed: it contains one of the dialect's words.
func (p *Plan) isFailure(reason []byte) bool {
	for _, word := range p.failures {
		if containsFold(reason, word) {
			return true
		}
	}
	return false
}

// containsFold reports whether text contains the word, which is in lower case, in letters of any case.
func containsFold(text []byte, word string) bool {
	for from := 0; from+len(word) <= len(text); from++ {
		if strings.EqualFold(string(text[from:from+len(word)]), word) {
			return true
		}
	}
	return false
}
