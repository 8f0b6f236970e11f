package facts

import (
	"bytes"

	"github.com/server-bench/xk6-sse/internal/scan"
)

const (
	// maxUnread is how many paths of unread texts are kept of a stream.
	maxUnread = 8
	// maxLooks is in how many events of a stream unread texts are looked for.
	maxLooks = 64
)

// look keeps the paths of texts that the dialect does not read, in an event that is no token.
func (c *Collector) look(event []byte) {
	if c.looks++; c.looks > maxLooks || len(c.unread) == maxUnread {
		return
	}
	if c.plan.echoes {
		c.lookAtTokens()
		return
	}
	var room [2 * maxUnread * 32]byte
	scan.EachText(event, room[:0], func(path, _ []byte) {
		if !c.plan.labels[string(path[bytes.LastIndexByte(path, '.')+1:])] && !c.plan.known[string(path)] {
			c.noteUnread(path)
		}
	})
}

// lookAtTokens keeps the kinds of events that have a text where a token would be.
func (c *Collector) lookAtTokens() {
	for i := range c.plan.tokens {
		rule := &c.plan.tokens[i]
		if rule.when == nil || rule.when.slot < 0 || !c.scanner.Slot(rule.slot).NonEmptyString {
			continue
		}
		path := append([]byte(rule.path), " of "...)
		c.noteUnread(c.scanner.Slot(rule.when.slot).AppendText(path))
		return
	}
}

func (c *Collector) noteUnread(path []byte) {
	for _, known := range c.unread {
		if known == string(path) {
			return
		}
	}
	if len(c.unread) < maxUnread {
		c.unread = append(c.unread, string(path))
	}
}

// settleUnread makes the unread texts a fact where tokens are missing: where usage counts half as many again as came, or
// where nothing came at all.
func (c *Collector) settleUnread() {
	if c.InBandError != nil {
		return
	}
	completion, ok := c.count(completionTokens)
	hidden, _ := c.count(reasoningTokens)
	if c.Reasonings > 0 {
		hidden = 0
	}
	came := float64(c.TokenEvents)
	if c.Document {
		came = float64(c.TokenBytes)
	}
	if came == 0 || ok && completion-hidden > 1.5*came+2 {
		c.Unread = append(c.Unread, c.unread...)
	}
}
