package sse

import (
	"context"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"
)

// turns bounds how many VUs are at work between two streams at a time: in JavaScript, or on what precedes and follows
// it. Go runs what is ready in the order in which it became so, and asks the kernel for more only when nothing is:
// where 1,000 streams end at once, 1,000 VUs at half a millisecond each would keep the readers of the others waiting
// for longer than the gap between two tokens, and tokens that wait together for a read have the last one's stamp.
//
// A turn that another VU waits for is therefore passed on through a pipe, by the same poller that wakes the readers: before
// the next VU goes on, all have run whose bytes were there.
type turns struct {
	mu      sync.Mutex
	size    int // of all turns; 0: not counted yet
	taken   int
	waiting []chan struct{} // first come, first served; closed when the turn is given
	next    *os.File        // one byte for each turn that becomes free while a VU waits
	given   *os.File        // its other end
}

// turnTime is when a turn passes on whose VU has gone to wait for something else, or has failed. Long, because a VU may be
// kept from its core for a while by the collector: turns passed on then would pile up.
const turnTime = 250 * time.Millisecond

// turn is one VU's.
type turn struct {
	wanted bool // by this VU's script, since it called `enter`; only its own goroutine touches it
	mu     sync.Mutex
	held   bool
	timer  *time.Timer
}

// Enter waits for a turn to run JavaScript, and asks `record` to take one before it returns. Scripts call it first in
// an iteration, and Leave before they sleep.
func (i *Instance) Enter() {
	i.turn.wanted = true
	i.takeTurn()
}

// Leave gives the turn up, until the next Enter.
func (i *Instance) Leave() {
	i.passTurn()
	i.turn.wanted = false
}

func (i *Instance) takeTurn() {
	if !i.turn.wanted || i.turn.isHeld() || !i.root.turns.take(i.vu.Context()) {
		return
	}
	i.turn.hold(&i.root.turns)
}

func (i *Instance) passTurn() { i.turn.pass(&i.root.turns) }

func (t *turn) isHeld() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held
}

func (t *turn) hold(of *turns) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held = true
	if t.timer == nil {
		t.timer = time.AfterFunc(turnTime, func() { t.pass(of) })
	} else {
		t.timer.Reset(turnTime)
	}
}

func (t *turn) pass(of *turns) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held {
		t.held = false
		t.timer.Stop()
		of.free()
	}
}

// take waits for a turn; false when the VU's time ended before.
func (t *turns) take(ctx context.Context) bool {
	t.mu.Lock()
	if t.size == 0 {
		t.size = runtime.GOMAXPROCS(0)
	}
	if t.taken < t.size && len(t.waiting) == 0 || !t.open() {
		t.taken++
		t.mu.Unlock()
		return true
	}
	mine := make(chan struct{})
	t.waiting = append(t.waiting, mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return true
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if at := slices.Index(t.waiting, mine); at >= 0 {
		t.waiting = slices.Delete(t.waiting, at, at+1)
		return false
	}
	return true // it was given meanwhile
}

// free gives a turn back.
func (t *turns) free() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.taken--
	if len(t.waiting) > 0 {
		_, _ = t.next.Write([]byte{0}) // never more bytes than turns: it does not block
	}
}

// open creates the pipe when a VU has to wait for the first time; without a pipe no VU waits. Called with the lock held.
func (t *turns) open() bool {
	if t.next != nil {
		return true
	}
	given, next, err := os.Pipe()
	if err != nil {
		return false
	}
	t.given, t.next = given, next
	go t.give()
	return true
}

// close ends what waits for turns that become free.
func (t *turns) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next != nil {
		_ = t.next.Close()
	}
}

// give passes on each turn that becomes free, until close.
func (t *turns) give() {
	defer func() { _ = t.given.Close() }()
	one := make([]byte, 1)
	for {
		if _, err := t.given.Read(one); err != nil {
			return
		}
		t.mu.Lock()
		if len(t.waiting) > 0 && t.taken < t.size {
			t.taken++
			close(t.waiting[0])
			t.waiting = slices.Delete(t.waiting, 0, 1)
		}
		t.mu.Unlock()
	}
}
