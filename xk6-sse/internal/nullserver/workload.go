// Package nullserver answers chat completions with streams of prepared bytes, as cheaply and as punctually as it can,
// and knows exactly when it sent each event: the truth that a client's measurement is held against.
package nullserver

import (
	"flag"
	"fmt"
	"net/url"
	"time"
)

// Workload is how a request is answered.
type Workload struct {
	Tokens         int
	TokensPerEvent int
	EventsPerWrite int

	FirstToken time.Duration // from the request to its first token
	Spread     time.Duration // so much more, at most: different for each request, so that streams are not in step
	Pace       time.Duration // between two tokens; 0: as fast as they go

	RefuseShare float64 // answered 503
	CutShare    float64 // the connection ends in the middle of the stream
	StallShare  float64 // nothing more comes from the middle of the stream on
	Reset       bool    // a cut is a reset, not an orderly end
}

// Default is a short answer at full speed.
func Default() Workload { return Workload{Tokens: 256, TokensPerEvent: 1, EventsPerWrite: 1} }

// Register makes flags of the fields.
func (w *Workload) Register(flags *flag.FlagSet) {
	flags.IntVar(&w.Tokens, "tokens", w.Tokens, "tokens an answer")
	flags.IntVar(&w.TokensPerEvent, "tokens-per-event", w.TokensPerEvent, "tokens an event")
	flags.IntVar(&w.EventsPerWrite, "events-per-write", w.EventsPerWrite, "events a write")
	flags.DurationVar(&w.FirstToken, "first-token", w.FirstToken, "time from a request to its first token")
	flags.DurationVar(&w.Spread, "spread", w.Spread, "additional time to the first token, 0 to this, by request")
	flags.DurationVar(&w.Pace, "pace", w.Pace, "time between two tokens, on an absolute schedule; 0: full speed")
	flags.Float64Var(&w.RefuseShare, "refuse", w.RefuseShare, "share of requests answered 503")
	flags.Float64Var(&w.CutShare, "cut", w.CutShare, "share of streams whose connection ends in their middle")
	flags.Float64Var(&w.StallShare, "stall", w.StallShare, "share of streams that fall silent in their middle")
	flags.BoolVar(&w.Reset, "reset", w.Reset, "a cut is a reset, not an orderly end")
}

// With is the workload with the changes that a request's query asks for, by the names of the flags.
func (w Workload) With(query url.Values) (Workload, error) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	w.Register(flags)
	for name := range query {
		if flags.Lookup(name) == nil {
			return w, fmt.Errorf("there is no parameter `%s`", name)
		}
		if err := flags.Set(name, query.Get(name)); err != nil {
			return w, fmt.Errorf("`%s=%s`: %w", name, query.Get(name), err)
		}
	}
	return w, w.Check()
}

// Check reports a value that makes no sense.
func (w Workload) Check() error {
	if w.Tokens < 1 || w.TokensPerEvent < 1 || w.EventsPerWrite < 1 {
		return fmt.Errorf("tokens, tokens-per-event and events-per-write must be 1 or more")
	}
	if w.FirstToken < 0 || w.Spread < 0 || w.Pace < 0 {
		return fmt.Errorf("times must not be negative")
	}
	if w.RefuseShare < 0 || w.CutShare < 0 || w.StallShare < 0 || w.RefuseShare+w.CutShare+w.StallShare > 1 {
		return fmt.Errorf("the shares of faults must not be negative, nor more than 1 together")
	}
	return nil
}

// events is how many token events an answer has.
func (w Workload) events() int { return (w.Tokens + w.TokensPerEvent - 1) / w.TokensPerEvent }

// delay is when the first token of the request with this number is due, from its start.
func (w Workload) delay(number uint64) time.Duration {
	return w.FirstToken + time.Duration(float64(w.Spread)*share(number, 1))
}

// fault is what the request with this number meets; the shares are met exactly over many, and always alike.
func (w Workload) fault(number uint64) fault {
	switch at := share(number, 2); {
	case at < w.RefuseShare:
		return refuse
	case at < w.RefuseShare+w.CutShare:
		return cut
	case at < w.RefuseShare+w.CutShare+w.StallShare:
		return stall
	}
	return none
}

type fault int

const (
	none fault = iota
	refuse
	cut
	stall
)

// share spreads the numbers 1, 2, 3… evenly and without pattern over 0 to 1; each stream of it is another one.
func share(number, stream uint64) float64 {
	x := number*0x9e3779b97f4a7c15 + stream*0xd1b54a32d192ed03
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	x ^= x >> 31
	return float64(x>>11) / (1 << 53)
}
