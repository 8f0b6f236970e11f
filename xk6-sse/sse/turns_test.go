package sse

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
)

func TestTurnsAreNeverMoreThanCores(t *testing.T) {
	var all turns
	var busy, most, done atomic.Int64
	var wait sync.WaitGroup
	for range 200 {
		wait.Go(func() {
			for range 20 {
				if !all.take(context.Background()) {
					t.Error("no turn")
					return
				}
				now := busy.Add(1)
				for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
				}
				runtime.Gosched()
				busy.Add(-1)
				done.Add(1)
				all.free()
			}
		})
	}
	wait.Wait()
	if limit := int64(runtime.GOMAXPROCS(0)); most.Load() > limit {
		t.Errorf("%d at a time, want at most %d", most.Load(), limit)
	}
	if done.Load() != 4000 || all.taken != 0 || len(all.waiting) != 0 {
		t.Errorf("%d turns done, %d still taken, %d waiting", done.Load(), all.taken, len(all.waiting))
	}
	all.close()
}

func TestTurnThatIsNeverGivenBackPassesOn(t *testing.T) {
	all := turns{size: 1}
	defer all.close()
	var first, second turn
	if !all.take(context.Background()) {
		t.Fatal("no turn")
	}
	first.hold(&all)
	ctx, cancel := context.WithTimeout(context.Background(), 20*turnTime)
	defer cancel()
	started := time.Now()
	if !all.take(ctx) {
		t.Fatal("the turn did not pass on")
	}
	second.hold(&all)
	if waited := time.Since(started); waited < turnTime/2 {
		t.Errorf("it passed on after %v already", waited)
	}
	if first.isHeld() || !second.isHeld() {
		t.Errorf("held by the first %v, the second %v", first.isHeld(), second.isHeld())
	}
	second.pass(&all)
}

func TestWhoseTimeEndsWaitsNoLonger(t *testing.T) {
	all := turns{size: 1}
	defer all.close()
	if !all.take(context.Background()) {
		t.Fatal("no turn")
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { ended <- all.take(ctx) }()
	time.Sleep(10 * time.Millisecond)
	cancel()
	if <-ended {
		t.Error("it got a turn that was taken")
	}
	all.free()
	if !all.take(context.Background()) {
		t.Error("the turn is lost")
	}
}

func TestRecordGivesItsTurnBackWhileItWaits(t *testing.T) {
	answer := make(chan struct{})
	url := serve(t, func(p *peer) {
		p.request()
		<-answer
		p.send(streamHead)
		wholeAnswer(p)
		p.send(lastChunk)
	})
	root := newRoot(t)
	root.turns.size = 1
	defer root.turns.close()
	one, other := newUser(t, root, lib.Options{}), newUser(t, root, lib.Options{})
	one.run("sse.enter()")
	recorded := make(chan struct{})
	go func() {
		defer close(recorded)
		one.record(url, "{}")
	}()
	other.run("sse.enter()") // the one's, while it waits for its answer
	close(answer)
	select {
	case <-recorded:
		t.Error("record returned without a turn")
	case <-time.After(turnTime / 5):
	}
	other.run("sse.leave()")
	<-recorded
	if !one.instance.turn.isHeld() || other.instance.turn.isHeld() {
		t.Error("the turn is with the wrong one")
	}
	one.run("sse.leave()")
}
