package facts

import (
	"bytes"
	"math"
	"unicode/utf8"

	"github.com/server-bench/xk6-sse/internal/frame"
	"github.com/server-bench/xk6-sse/internal/scan"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// maxEvent is the longest event that is read; a document is one event.
const maxEvent = 64 << 20

// maxText is how much of the answer's text is kept for a script that wants it: more than any model writes.
const maxText = 1 << 20

// Collector gathers the facts of one stream after another. The caller reads into Space, then calls Read with the
// count and the moment of arrival. It allocates nothing per event once its buffers have grown to their size.
type Collector struct {
	Request

	framer  *frame.Framer
	plan    *Plan
	scanner *scan.Scanner

	kept    []kept // last value of each field slot
	lengths []int  // length of the text so far, by token rule, for cumulative dialects
	marker  bool   // the end marker was seen
	failed  bool   // a finish reason means failure
	chosen  choices
	unread  []string // paths of texts that are not read
	looks   int      // how often they were looked for
	// The rule by which the last event was a token event, or −1: an event that differs from it in that token's text
	// alone is one, too, and has no other news.
	repeated int
	now      int64         // arrival of the current read
	arrival  stamp.Arrival // likewise
	segments Segments
	// The last token's time is that of its read, and nothing so far says that it is not its own.
	isOpen   bool
	isMerged bool // the last token's time is a later segment's
	// The last token is the first with content.
	isFirstContent bool
	since          int64 // since when the last token may have been there
}

// Segments knows of the connection what the bytes of an answer do not tell.
type Segments interface {
	// OneSegment reports whether what the last read brought came in one TCP segment.
	OneSegment() bool
	// Overtaken reports whether, behind the read that arrived at a moment, another segment with bytes of other answers
	// came with the same stamp. The read is the last one or the one before.
	Overtaken(at int64) bool
}

// kept is the last scalar that was seen at a path.
type kept struct {
	kind    scan.Kind
	escaped bool
	raw     []byte
}

// NewCollector makes a collector; Begin readies it for a request.
func NewCollector() *Collector { return &Collector{framer: frame.New(frame.SSE, maxEvent)} }

// Begin forgets the request before and readies the collector for one in this dialect.
func (c *Collector) Begin(plan *Plan, wantText bool) {
	c.reset(wantText)
	c.framer.Reset(plan.framing)
	c.Document = plan.Document()
	if c.plan != plan {
		c.plan = plan
		c.scanner = plan.scan.NewScanner()
		c.kept = make([]kept, len(plan.values))
		c.lengths = make([]int, len(plan.tokens))
		c.chosen.scanner = nil
	}
	for i := range c.kept {
		c.kept[i].kind = scan.Absent
	}
	clear(c.lengths)
	c.marker, c.failed = false, false
	c.chosen.begin()
	c.unread, c.looks = c.unread[:0], 0
	c.repeated = -1
	c.segments, c.isOpen, c.isMerged = nil, false, false
}

// AskSegments names what knows whether a read brought one TCP segment; without it, tokens that share a stamp count as
// merged. Call it after Begin.
func (c *Collector) AskSegments(of Segments) { c.segments = of }

// Space is where to read the next bytes into. It fails with frame.ErrTooLarge where an event outgrows maxEvent.
func (c *Collector) Space() ([]byte, error) { return c.framer.Space() }

// Read takes the n bytes that were read into Space and how they arrived; it returns how many token events they completed.
func (c *Collector) Read(n int, arrival stamp.Arrival) (tokens int64) {
	if c.isOpen && arrival.At != c.LastToken {
		c.close()
	}
	c.arrival, c.now = arrival, arrival.At
	c.Reads++
	c.Bytes += int64(n)
	c.framer.Advance(n)
	return c.drain()
}

func (c *Collector) drain() int64 {
	before := c.TokenEvents
	trails := false // something was read behind the last event
	for {
		event, ok := c.framer.Next()
		if !ok {
			break
		}
		if !c.marker {
			c.event(event)
		}
		trails = c.isOpen && c.framer.Trails()
	}
	if trails && c.segments != nil {
		c.follow() // part of an event, or a comment, follows a token just as an event does
	}
	return c.TokenEvents - before
}

// Marker reports whether the end marker was seen.
func (c *Collector) Marker() bool { return c.marker }

// Finish ends the stream: the body ended, or failed with err.
func (c *Collector) Finish(err *Error) {
	if err == nil {
		c.framer.Finish()
		if c.Document {
			c.document()
		} else {
			c.drain()
			if c.isOpen {
				c.close()
			}
			c.marker = c.marker || c.plan.endBody && c.Events > 0
		}
	}
	switch {
	case c.marker:
		c.Ended = EndedMarker
	case err != nil:
		c.Ended = EndedError
		c.Error = err
	default:
		c.Ended = EndedEOF
	}
	c.settleFields()
	c.checkUsage()
	c.settleEnd()
	c.settleUnread()
}

// settleEnd notes what the end of the answer lacks, or says of itself.
func (c *Collector) settleEnd() {
	c.OpenChoices = c.chosen.open()
	if c.plan.finish < 0 {
		return
	}
	reason, ok := c.finishReason()
	if c.failed && ok {
		c.noteError("finish reason " + reason)
	}
	c.NoFinishReason = !ok && c.marker && (c.TokenEvents > 0 || c.TokenBytes > 0) && c.InBandError == nil
}

func (c *Collector) finishReason() (string, bool) {
	for _, field := range c.Request.Fields {
		if field.Name == c.plan.fields[c.plan.finish].name {
			text, ok := field.Value.(string)
			return text, ok
		}
	}
	return "", false
}

// Proper reports whether the stream ended by its end marker or with a finish reason, without an error and without a choice
// that has no finish reason although another one has.
func (c *Collector) Proper() bool {
	finish := ""
	if c.plan.finish >= 0 {
		finish = c.plan.fields[c.plan.finish].name
	}
	return c.proper(finish)
}

func (c *Collector) event(event frame.Event) {
	c.Events++
	if c.isOpen {
		c.follow()
	}
	data := bytes.TrimSpace(event.Data)
	if isNamed := string(event.Name) == errorName; isNamed || len(event.Error) > 0 {
		c.repeated = -1
		if c.scanner.Scan(data) == nil {
			c.values(event.Name, data)
		}
		c.errorEvent(event.Error, data, isNamed)
		return
	}
	if len(c.plan.endData) > 0 && bytes.Equal(data, c.plan.endData) {
		c.marker = true
		return
	}
	for _, end := range c.plan.endWhen {
		if end.slot < 0 && c.holds(end, event.Name) {
			c.marker = true // known by its name: it need not carry JSON
		}
	}
	if c.scanner.Scan(data) != nil {
		if !c.marker {
			c.Malformed++
		}
		return
	}
	if c.repeated >= 0 && c.scanner.Repeats(c.plan.tokens[c.repeated].slot) {
		c.acceptToken(&c.plan.tokens[c.repeated]) // nothing else in it has changed
		return
	}
	isToken := c.token(event.Name)
	c.values(event.Name, data)
	for _, end := range c.plan.endWhen {
		c.marker = c.marker || c.holds(end, event.Name)
	}
	if !isToken && !c.marker {
		c.look(data)
	}
}

// values keeps the fields and errors of the scanned text.
func (c *Collector) values(name, data []byte) {
	for i := range c.plan.values {
		value := &c.plan.values[i]
		if c.scanner.Kind(value.slot) <= scan.Null || value.when != nil && !c.holds(value.when, name) {
			continue
		}
		v := c.scanner.Slot(value.slot)
		switch value.kind {
		case anyValue:
			c.keep(&c.kept[i], v)
		case countValue:
			c.keepCount(&c.kept[i], value.path, v)
		case finishValue:
			if v = c.finishOf(v); v.Kind == scan.String {
				c.keepFinish(&c.kept[i], v)
			}
		}
	}
	if c.plan.choices.element != nil {
		c.choose()
	}
	c.errors(name, data)
}

func (c *Collector) holds(p *predicate, name []byte) bool {
	if p.slot < 0 {
		return string(name) == p.text || len(name) == 0 && p.text == unnamed
	}
	found := c.scanner.Slot(p.slot)
	switch p.kind {
	case scan.String:
		return found.Equals(p.text)
	case scan.Absent:
		return found.Kind > scan.Null
	}
	return found.Kind == p.kind
}

// token makes the event a token event of the first kind that it matches; false where it matches none.
func (c *Collector) token(name []byte) bool {
	c.repeated = -1
	for i := range c.plan.tokens {
		rule := &c.plan.tokens[i]
		if c.scanner.Kind(rule.slot) == scan.Absent {
			continue
		}
		v := c.scanner.Slot(rule.slot)
		if !v.NonEmptyString || rule.when != nil && !c.holds(rule.when, name) {
			continue
		}
		if c.plan.cumulative {
			if len(v.Raw) <= c.lengths[i] {
				continue
			}
			c.lengths[i] = len(v.Raw)
		}
		c.acceptToken(rule)
		if c.plan.repeatable && v.Kind == scan.String && len(v.Raw) > 0 {
			c.repeated = i
		}
		return true
	}
	return false
}

// acceptToken counts the current event as a token event.
func (c *Collector) acceptToken(rule *tokenRule) {
	if !c.plan.cumulative {
		size := int64(len(c.scanner.Slot(rule.slot).Raw))
		if c.TokenEvents == 0 {
			c.FirstTokenBytes = size
		}
		c.TokenBytes += size
	}
	c.stampToken(rule.kind)
	if c.wantText && rule.kind == content {
		if c.plan.cumulative {
			c.Text = c.Text[:0]
		}
		c.addText(rule.slot)
	}
}

// addText appends the text at a slot, as far as there is room.
func (c *Collector) addText(slot int) {
	if len(c.Text) >= maxText {
		return
	}
	c.Text = c.scanner.Slot(slot).AppendText(c.Text)
	if len(c.Text) > maxText {
		c.Text = c.Text[:wholeCharacters(c.Text, maxText)]
	}
}

func (c *Collector) stampToken(kind tokenKind) {
	us := micros(c.now)
	if c.TokenEvents == 0 {
		c.FirstToken = c.now
	} else {
		if c.isOpen && c.now == c.LastToken {
			c.merge() // how many segments there were is not known
		}
		// A stamp can step back by the noise of the two clocks it is made of; a gap cannot.
		c.Gaps.add(uint32(min(max(us-c.lastTokenMicros, 0), 1<<32-1)))
		if c.isMerged {
			c.Gaps.doubt()
			c.isMerged = false
		}
	}
	c.lastTokenMicros = us
	c.LastToken = c.now
	c.TokenEvents++
	c.isOpen = c.arrival.Source != stamp.Packet || c.arrival.Earliest < c.arrival.At
	c.since, c.LastTokenEarliest = c.arrival.Earliest, Unset
	c.isFirstContent = kind == content && c.Contents == 0
	switch kind {
	case content:
		if c.Contents == 0 {
			c.FirstContent = c.now
		}
		c.Contents++
	case reasoning:
		c.Reasonings++
	case toolCall:
		c.Tools++
	}
	second := c.now / 1e9
	if last := len(c.TokensBySecond) - 1; last >= 0 && c.TokensBySecond[last][0] == second {
		c.TokensBySecond[last][1]++
	} else {
		c.TokensBySecond = append(c.TokensBySecond, [2]int64{second, 1})
	}
}

// follow is called before an event that follows a token whose time is its read's. Where that read brought the event, too,
// and more than one segment, the token's own segment came earlier.
func (c *Collector) follow() {
	switch {
	case c.now != c.LastToken:
		// Not by read: what one read of the socket brought can come in several reads of the body (TLS records).
		c.close()
	case c.segments == nil:
		// Known only where the event is a token, whose time would be the same.
	case c.segments.OneSegment():
		c.isOpen = false
	default:
		c.merge()
	}
}

// close ends what can follow the last token: a later read has come.
func (c *Collector) close() {
	if c.segments != nil && c.segments.Overtaken(c.LastToken) {
		c.merge()
	}
	c.isOpen = false
}

// merge records that the last token's time is not known exactly.
func (c *Collector) merge() {
	c.isOpen, c.isMerged = false, true
	c.Merged++
	earliest := min(c.since, c.LastToken)
	if c.TokenEvents == 1 {
		c.FirstTokenEarliest = earliest
		return
	}
	c.LastTokenEarliest = earliest
	if c.isFirstContent {
		c.FirstContentEarliest = earliest
	}
	c.Gaps.doubt()
}

func (c *Collector) keep(k *kept, v scan.Value) {
	switch v.Kind {
	case scan.False, scan.True, scan.Number, scan.String:
		k.kind, k.escaped = v.Kind, v.Escaped
		k.raw = append(k.raw[:0], v.Raw...)
	}
}

// settleFields makes the fields' values of what was kept: of each the first group that has one.
func (c *Collector) settleFields() {
	for _, rule := range c.plan.fields {
		for _, group := range rule.groups {
			if value := c.settle(group); value != nil {
				c.Request.Fields = append(c.Request.Fields, Field{Name: rule.name, Value: value})
				break
			}
		}
	}
}

// settle is the sum of the numbers of a group, or its last other value; nil where it has none.
func (c *Collector) settle(group []int) (value any) {
	for _, i := range group {
		k := &c.kept[i]
		v := scan.Value{Kind: k.kind, Escaped: k.escaped, Raw: k.raw}
		switch k.kind {
		case scan.Number:
			number, ok := v.Float()
			if !ok {
				continue
			}
			sum, _ := value.(float64)
			if sum += number; !math.IsInf(sum, 0) { // JSON has no infinity
				value = sum
			}
		case scan.String:
			value = Clip(v.Text())
		case scan.True, scan.False:
			value = k.kind == scan.True
		}
	}
	return value
}

// mostText is how much of a text of a server is kept, in bytes.
const mostText = 1024

// Clip keeps the first KiB of a text of a server.
func Clip(text string) string { return clip(text, mostText) }

// clip keeps the first bytes of a text, whole characters only.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return text[:wholeCharacters(text, most)]
}

// wholeCharacters is the place, at or before most, at which a character begins.
func wholeCharacters[T string | []byte](text T, most int) int {
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return most
}

// NoteLag adds the lag of a read, in nanoseconds: how much later than the kernel we had the bytes.
func (c *Collector) NoteLag(lag int64) {
	c.LagReads++
	c.LagSum += lag
	c.LagMax = max(c.LagMax, lag)
}
