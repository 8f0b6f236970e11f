// Package facts turns the bytes of an answer, and the moments at which they arrived, into the facts of a request:
// what happened and when, nothing derived. lib/core/request/facts.ts documents each field.
package facts

import (
	"slices"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Unset is the time, count or status that is not known; it never leaves the process.
const Unset int64 = -1

// Ways in which a stream ends.
const (
	EndedMarker   = "marker"
	EndedEOF      = "eof"
	EndedError    = "error"
	EndedNoStream = "no_stream"
)

// Error is what went wrong below the level of the dialect.
type Error struct{ Kind, Message string }

// Request holds the facts of one request. Times are nanoseconds since the process's epoch.
type Request struct {
	Scheduled, Start, Connected, Sent, Headers int64
	FirstToken, FirstContent, LastToken, End   int64
	// Unset where that token's time is known exactly; the last token's also where it is the first.
	FirstTokenEarliest, FirstContentEarliest, LastTokenEarliest int64

	Status      int64
	ContentType string
	Error       *Error
	InBandError *string
	Ended       string
	Document    bool

	Stamps                      stamp.Source // the worst of the headers' and the tokens'
	PacketMisses                int64
	LagReads, LagSum, LagMax    int64
	Merged, TokenEvents         int64
	Contents, Reasonings, Tools int64
	Reads, Events, Malformed    int64
	Bytes, RequestBytes         int64
	TokenBytes, FirstTokenBytes int64 // as sent: with the escapes of JSON
	OpenChoices                 int64
	NoFinishReason              bool
	BadUsage                    string
	Unread                      []string
	Body, Text                  []byte
	Reused, Retried             bool
	Fields                      []Field
	Gaps                        Gaps
	TokensBySecond              [][2]int64
	wantText                    bool
	lastTokenMicros             int64
}

// Field is the last value that the stream had at one of the dialect's paths.
type Field struct {
	Name string
	// String, float64 or bool.
	Value any
}

func (r *Request) reset(wantText bool) {
	gaps, seconds := r.Gaps, r.TokensBySecond
	gaps.reset()
	*r = Request{
		Scheduled: Unset, Start: Unset, Connected: Unset, Sent: Unset, Headers: Unset,
		FirstToken: Unset, FirstTokenEarliest: Unset, FirstContent: Unset, FirstContentEarliest: Unset,
		LastToken: Unset, LastTokenEarliest: Unset, End: Unset, Status: Unset,
		Stamps: stamp.User, Ended: EndedNoStream, Gaps: gaps, TokensBySecond: seconds[:0], wantText: wantText,
	}
}

// proper reports whether the stream ended by its end marker or with a finish reason, that of each choice: only then its
// token gaps are samples. A connection that breaks behind the finish reason takes nothing from the answer.
func (r *Request) proper(finish string) bool {
	if r.InBandError != nil || r.OpenChoices > 0 {
		return false
	}
	if r.Error != nil {
		switch r.Error.Kind {
		case "reset", "eof", "protocol":
		default:
			return false
		}
	}
	if r.Ended == EndedMarker {
		return true
	}
	return slices.ContainsFunc(r.Fields, func(f Field) bool { return f.Name == finish })
}

// Visitor takes the facts by name, absent ones left out. Times come in nanoseconds since the epoch and go out as
// milliseconds with microsecond digits.
type Visitor interface {
	Time(name string, nanos int64)
	Duration(name string, nanos float64)
	Int(name string, value int64)
	Text(name, value string)
	Texts(name string, values []string)
	Bool(name string, value bool)
	Error(name string, value Error)
	Fields(name string, fields []Field)
}

// Visit gives every scalar fact to v, in the order of lib/core/request/facts.ts.
func (r *Request) Visit(v Visitor) {
	time := func(name string, at int64) {
		if at != Unset {
			v.Time(name, at)
		}
	}
	time("scheduledMs", r.Scheduled)
	time("startMs", r.Start)
	time("connectedMs", r.Connected)
	time("sentMs", r.Sent)
	time("headersMs", r.Headers)
	time("firstTokenMs", r.FirstToken)
	time("firstTokenEarliestMs", r.FirstTokenEarliest)
	time("firstContentMs", r.FirstContent)
	time("firstContentEarliestMs", r.FirstContentEarliest)
	time("lastTokenMs", r.LastToken)
	time("lastTokenEarliestMs", r.LastTokenEarliest)
	time("endMs", r.End)
	if r.Status != Unset {
		v.Int("status", r.Status)
	}
	if r.ContentType != "" {
		v.Text("contentType", r.ContentType)
	}
	if r.Error != nil {
		v.Error("error", *r.Error)
	}
	if r.InBandError != nil {
		v.Text("inBandError", *r.InBandError)
	}
	v.Text("ended", r.Ended)
	if r.Document {
		v.Bool("document", true)
	}
	v.Text("stamps", r.Stamps.String())
	if r.Stamps != stamp.User && r.LagReads > 0 {
		v.Duration("stampLagMeanMs", float64(r.LagSum)/float64(r.LagReads))
		v.Duration("stampLagMaxMs", float64(r.LagMax))
	}
	v.Int("mergedTokens", r.Merged)
	v.Int("tokenEvents", r.TokenEvents)
	v.Int("contentEvents", r.Contents)
	v.Int("reasoningEvents", r.Reasonings)
	v.Int("toolCallEvents", r.Tools)
	v.Int("reads", r.Reads)
	v.Int("events", r.Events)
	v.Int("malformedEvents", r.Malformed)
	v.Int("bytes", r.Bytes)
	if r.TokenBytes > 0 || r.Document {
		v.Int("tokenBytes", r.TokenBytes)
	}
	if r.FirstTokenBytes > 0 {
		v.Int("firstTokenBytes", r.FirstTokenBytes)
	}
	if r.OpenChoices > 0 {
		v.Int("openChoices", r.OpenChoices)
	}
	if r.NoFinishReason {
		v.Bool("noFinishReason", true)
	}
	if r.BadUsage != "" {
		v.Text("badUsage", r.BadUsage)
	}
	if len(r.Unread) > 0 {
		v.Texts("unread", r.Unread)
	}
	v.Fields("fields", r.Fields)
	if len(r.Body) > 0 {
		v.Text("body", string(r.Body))
	}
	v.Bool("reused", r.Reused)
	v.Bool("retried", r.Retried)
	v.Int("requestBytes", r.RequestBytes)
}

// VisitText visits the answer's text, where the script wants it: for the script alone, no journal is to hold what
// people and models say.
func (r *Request) VisitText(v Visitor) {
	if r.wantText {
		v.Text("text", string(r.Text))
	}
}
