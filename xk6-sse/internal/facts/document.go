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
	data := bytes.TrimSpace(event.Data)
	if c.scanner.Scan(data) == nil {
		c.Events++
		c.values(nil, data)
		c.measureText()
		if c.TokenBytes == 0 {
			c.look(data)
		}
		c.marker = c.InBandError != nil || c.TokenBytes > 0
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

// measureText counts the bytes of the document's texts, of any kind: of each place its last one.
func (c *Collector) measureText() {
	for i := range c.plan.tokens {
		rule := &c.plan.tokens[i]
		if v := c.scanner.Slot(rule.slot); v.NonEmptyString && (rule.when == nil || c.holds(rule.when, nil)) {
			c.TokenBytes += int64(max(1, len(v.Raw)))
		}
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
