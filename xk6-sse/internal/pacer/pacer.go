// Package pacer wakes many goroutines, each at its moment, to a fraction of a millisecond.
//
// Go's own timers are late by up to a millisecond on an idle machine: it waits for them in epoll, whose timeout it gives
// in whole milliseconds. On Linux the pacer waits for a timerfd instead, one for all who wait.
package pacer

import (
	"container/heap"
	"context"
	"sync"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Pacer is safe for use by many goroutines. It has its own goroutine while any caller waits.
type Pacer struct {
	mu      sync.Mutex
	clock   stamp.Clock
	alarm   alarm
	waiting queue
	running bool
	idle    idle
}

// alarm goes off once after each set; set while it is awaited counts from then on.
type alarm interface {
	set(in time.Duration)
	await() error
}

// waiter is a waiting caller; due is closed at its time.
type waiter struct {
	at    int64 // in the plan: skipped pauses not taken off
	index uint64
	due   chan struct{}
	place int // in the queue; −1 when it is out
}

// New makes a pacer on a clock.
func New(clock stamp.Clock) *Pacer { return &Pacer{clock: clock} }

// Wait waits for the planned moment of the arrival with that index, counted from 0 in the order of the plan. It returns
// the moment at which the arrival was due: the planned one, less the pauses that were skipped; false when the context
// ended before.
func (p *Pacer) Wait(ctx context.Context, at int64, index uint64) (int64, bool) {
	w := &waiter{at: at, index: index}
	if due, isDue := p.add(ctx, w); isDue {
		return due, ctx.Err() == nil
	}
	select {
	case <-w.due:
		return w.at, true // set by run before it closes due
	case <-ctx.Done():
		p.remove(w)
		return at, false
	}
}

// add lets a caller wait; true, and the moment at which it was due, for one that has nothing to wait for.
func (p *Pacer) add(ctx context.Context, w *waiter) (int64, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at := p.idle.moment(w.at); at <= p.clock.Now() || ctx.Err() != nil {
		p.idle.begin()
		return at, true
	}
	w.due = make(chan struct{})
	heap.Push(&p.waiting, w)
	if p.alarm == nil {
		p.alarm = newAlarm()
	}
	if p.skip() || w.place == 0 {
		p.alarm.set(p.until(p.idle.moment(p.waiting[0].at)))
	}
	if !p.running {
		p.running = true
		go p.run()
	}
	return 0, false
}

func (p *Pacer) remove(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.place < 0 {
		return
	}
	heap.Remove(&p.waiting, w.place)
	if len(p.waiting) == 0 {
		p.alarm.set(0) // the goroutine has nothing more to wait for
	}
}

// until is the time left, never 0: that would disarm a timerfd.
func (p *Pacer) until(at int64) time.Duration { return max(time.Duration(at-p.clock.Now()), 1) }

// run wakes the callers that are due, until none waits.
func (p *Pacer) run() {
	for {
		err := p.alarm.await()
		p.mu.Lock()
		now := p.clock.Now()
		for len(p.waiting) > 0 && (err != nil || p.idle.moment(p.waiting[0].at) <= now) {
			w := heap.Pop(&p.waiting).(*waiter) //nolint:forcetypeassert // a queue holds nothing else
			w.at = p.idle.moment(w.at)
			p.idle.begin()
			close(w.due)
		}
		if len(p.waiting) == 0 {
			p.running = false
			p.mu.Unlock()
			return
		}
		p.alarm.set(p.until(p.idle.moment(p.waiting[0].at)))
		p.mu.Unlock()
	}
}

// queue is a heap.Interface, the earliest first.
type queue []*waiter

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].index < q[j].index
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

func (q *queue) Push(x any) {
	w := x.(*waiter) //nolint:forcetypeassert // only add pushes
	w.place = len(*q)
	*q = append(*q, w)
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	w := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	w.place = -1
	return w
}
