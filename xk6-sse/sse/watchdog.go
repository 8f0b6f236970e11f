package sse

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// limits are the longest waits of a request; 0: none.
type limits struct {
	connect, headers, firstToken, idle, total, abort time.Duration
}

// drainTime is how long the end of the body may take after the end marker; then the connection is given up.
const drainTime = time.Second

type phase int32

const (
	connecting phase = iota
	awaitingHeaders
	awaitingToken
	streaming
	draining
)

// hangup is the cause with which a request's context is cancelled: an ErrorKind of lib/core/request/facts.ts.
type hangup string

func (h hangup) Error() string { return string(h) }

const (
	hangupDrained hangup = "drained"
	hangupAborted hangup = "aborted"
)

var phaseTimeout = [...]hangup{
	connecting:      "connect_timeout",
	awaitingHeaders: "headers_timeout",
	awaitingToken:   "first_token_timeout",
	streaming:       "idle_timeout",
	draining:        hangupDrained,
}

// watchdog hangs up on a request that takes too long. It costs one timer a request: a read only notes its time, and
// the timer, when it fires, looks at what is due and sleeps on where that lies ahead.
type watchdog struct {
	clock  stamp.Clock
	cancel context.CancelCauseFunc
	limits limits
	start  int64

	sent  atomic.Int64
	since atomic.Int64 // from when the phase's limit counts
	phase atomic.Int32

	mu    sync.Mutex
	timer *time.Timer
	done  bool
}

func newWatchdog(clock stamp.Clock, limits limits, start int64, cancel context.CancelCauseFunc) *watchdog {
	w := &watchdog{clock: clock, cancel: cancel, limits: limits, start: start}
	w.enter(connecting, start)
	return w
}

// enter begins a phase, whose limit counts from the given moment.
func (w *watchdog) enter(p phase, since int64) {
	w.since.Store(since)
	w.phase.Store(int32(p))
	if p == awaitingHeaders {
		w.sent.Store(since)
	}
	w.check()
}

// read notes that bytes arrived: the idle limit counts from here. Before the first token they are only pings and the
// like, which must not put off its limit.
func (w *watchdog) read(at int64) {
	if phase(w.phase.Load()) == streaming {
		w.since.Store(at)
	}
}

func (w *watchdog) limit(p phase) time.Duration {
	switch p {
	case connecting:
		return w.limits.connect
	case awaitingHeaders:
		return w.limits.headers
	case awaitingToken:
		return w.limits.firstToken
	case streaming:
		return w.limits.idle
	}
	return drainTime
}

// check hangs up where a limit has passed, else sets the timer to the next one.
func (w *watchdog) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done {
		return
	}
	now := w.clock.Now()
	next := int64(-1)
	due := func(from int64, limit time.Duration, cause hangup) bool {
		if limit <= 0 {
			return false
		}
		at := from + int64(limit)
		if now >= at {
			w.done = true
			w.cancel(cause)
			return true
		}
		if next < 0 || at < next {
			next = at
		}
		return false
	}
	p := phase(w.phase.Load())
	if due(w.since.Load(), w.limit(p), phaseTimeout[p]) || due(w.start, w.limits.total, "total_timeout") {
		return
	}
	if sent := w.sent.Load(); sent != 0 && due(sent, w.limits.abort, hangupAborted) {
		return
	}
	switch {
	case next < 0:
	case w.timer == nil:
		w.timer = time.AfterFunc(time.Duration(next-now), w.check)
	default:
		w.timer.Reset(time.Duration(next - now))
	}
}

func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done = true
	if w.timer != nil {
		w.timer.Stop()
	}
}
