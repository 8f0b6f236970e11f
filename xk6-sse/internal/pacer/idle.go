package pacer

import "time"

// idle shortens the pauses of a plan: what it has skipped is taken off every later moment. Without a limit it skips
// nothing. The pacer's lock guards it.
type idle struct {
	limited bool
	keep    int64  // the least that is kept of a pause, in nanoseconds
	skipped int64  // so far
	begun   uint64 // arrivals that are no longer awaited: begun, or given up
	ended   uint64 // those of them that are over
}

// moment is a planned moment, less what has been skipped so far.
func (d *idle) moment(at int64) int64 { return at - d.skipped }

func (d *idle) begin() { d.begun++ }

// KeepIdle shortens each pause of the plan, from the end of what ran before it to the next arrival, to this long. It
// belongs before the first Wait; every arrival whose Wait returned must then be ended, or dropped.
func (p *Pacer) KeepIdle(keep time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle.limited, p.idle.keep = true, int64(keep)
}

// End says that an arrival is over: its request, or the whole of its conversation.
func (p *Pacer) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle.ended++
	if p.skip() {
		p.alarm.set(p.until(p.idle.moment(p.waiting[0].at)))
	}
}

// Drop says that an arrival is not sent.
func (p *Pacer) Drop() {
	p.mu.Lock()
	p.idle.begin()
	p.mu.Unlock()
	p.End()
}

// Late is how long ago a planned moment was, less what has been skipped; below 0 for one to come.
func (p *Pacer) Late(at int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Duration(p.clock.Now() - p.idle.moment(at))
}

// skip shortens the present pause, where nothing runs and the next arrival waits; true if there was more than is kept.
// The first that waits is the next arrival if as many have begun as come before it: others may be on their way here.
// Called with the lock held.
func (p *Pacer) skip() bool {
	d := &p.idle
	if !d.limited || d.begun != d.ended || len(p.waiting) == 0 || p.waiting[0].index != d.begun {
		return false
	}
	surplus := d.moment(p.waiting[0].at) - p.clock.Now() - d.keep
	if surplus <= 0 {
		return false
	}
	d.skipped += surplus
	return true
}
