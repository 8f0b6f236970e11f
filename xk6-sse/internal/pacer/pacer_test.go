package pacer

import (
	"context"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

func alarms() map[string]func() alarm {
	return map[string]func() alarm{"the system's": newAlarm, "Go's": newGoAlarm}
}

func TestNobodyIsWokenEarlyAndEverybodyInTheEnd(t *testing.T) {
	for name, make := range alarms() {
		t.Run(name, func(t *testing.T) {
			clock := stamp.NewClock()
			p := New(clock)
			p.alarm = make()
			var wait sync.WaitGroup
			for range 300 {
				at := clock.Now() + rand.Int64N(int64(200*time.Millisecond))
				wait.Go(func() {
					if due, ok := p.Wait(context.Background(), at, 0); !ok || due != at {
						t.Errorf("due at %d, not at %d", due, at)
					}
					if now := clock.Now(); now < at {
						t.Errorf("woken %v early", time.Duration(at-now))
					}
				})
			}
			wait.Wait()
			p.mu.Lock()
			defer p.mu.Unlock()
			if len(p.waiting) != 0 {
				t.Errorf("%d still wait", len(p.waiting))
			}
		})
	}
}

func TestAnEarlierMomentComesFirst(t *testing.T) {
	clock := stamp.NewClock()
	p := New(clock)
	start := clock.Now()
	order := make(chan int, 2)
	var wait sync.WaitGroup
	for i, after := range []time.Duration{300 * time.Millisecond, 20 * time.Millisecond} {
		wait.Go(func() {
			p.Wait(context.Background(), start+int64(after), uint64(i))
			order <- i
		})
		time.Sleep(5 * time.Millisecond) // the later one waits first
	}
	wait.Wait()
	if first := <-order; first != 1 {
		t.Error("the later moment came first")
	}
}

func TestWhoGoesAwayIsForgottenAndTheGoroutineEnds(t *testing.T) {
	for name, make := range alarms() {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			clock := stamp.NewClock()
			p := New(clock)
			p.alarm = make()
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			defer cancel()
			if _, ok := p.Wait(ctx, clock.Now()+int64(time.Hour), 0); ok {
				t.Error("an hour has not passed")
			}
			for range 100 {
				if runtime.NumGoroutine() <= before {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		})
	}
}

func TestTheMomentIsPast(t *testing.T) {
	clock := stamp.NewClock()
	p := New(clock)
	if _, ok := p.Wait(context.Background(), clock.Now()-1, 0); !ok {
		t.Error("nothing to wait for")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, ok := p.Wait(ctx, clock.Now()-1, 0); ok {
		t.Error("the context has ended")
	}
}
