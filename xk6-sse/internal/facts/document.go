package facts

import (
	"bytes"

	"github.com/server-bench/xk6-sse/internal/scan"
)

// BodyKept is how much is kept of an answer that is not the dialect's.
const BodyKept = 1 << 10

// document reads the body, which has ended in order, as one document. It is the dialect's where it is JSON with one of
// the dialect's fields or an error; that counts as its end marker. It has no tokens: the time of each is unknown.
func (c *Collector) document() {
	event, ok := c.framer.Next()
	if !ok {
		return
	}
	if c.scanner.Scan(bytes.TrimSpace(event.Data)) == nil {
		c.Events++
		c.values(nil)
		c.marker = c.InBandError != nil
		for i := range c.kept {
			c.marker = c.marker || c.kept[i].kind != scan.Absent
		}
	}
	switch {
	case !c.marker:
		c.Body = append(c.Body, event.Data[:min(len(event.Data), BodyKept)]...)
	case c.wantText:
		c.documentText()
	}
}

// documentText takes the text of the first place where there is content.
func (c *Collector) documentText() {
	for i := range c.plan.tokens {
		rule := &c.plan.tokens[i]
		if rule.kind == content && c.scanner.Slot(rule.slot).NonEmptyString && (rule.when == nil || c.holds(rule.when, nil)) {
			c.addText(rule.slot)
			return
		}
	}
}
