package pacer

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// plan serves the arrivals of a plan with enough callers, which come in the reverse order; each runs for a time.
func plan(t *testing.T, p *Pacer, start int64, at, lasts []time.Duration) []time.Duration {
	t.Helper()
	due := make([]time.Duration, len(at))
	var wait sync.WaitGroup
	for i := len(at) - 1; i >= 0; i-- {
		wait.Go(func() {
			moment, ok := p.Wait(context.Background(), start+int64(at[i]), uint64(i))
			if !ok {
				t.Error("the context has not ended")
			}
			if now := p.clock.Now(); now < moment {
				t.Errorf("arrival %d came %v early", i, time.Duration(moment-now))
			}
			due[i] = time.Duration(moment - start)
			time.Sleep(lasts[i])
			p.End()
		})
		time.Sleep(time.Millisecond)
	}
	wait.Wait()
	return due
}

func TestAPauseIsShortenedOnlyWhileNothingRuns(t *testing.T) {
	const ms = time.Millisecond
	for name, make := range alarms() {
		t.Run(name, func(t *testing.T) {
			p := New(stamp.NewClock())
			p.alarm = make()
			p.KeepIdle(40 * ms)
			// The second runs for 100 ms, so the pause before the third begins then; the fourth comes soon after the third.
			at := []time.Duration{30 * ms, 35 * ms, time.Hour, time.Hour + 20*ms, 3 * time.Hour}
			began := p.clock.Now()
			due := plan(t, p, began, at, []time.Duration{0, 100 * ms, 0, 0, 0})
			if due[0] != 30*ms || due[1] != 35*ms {
				t.Errorf("pauses of 40 ms or less, or with others on their way, are kept: %v", due[:2])
			}
			if after := due[2] - due[1]; after < 140*ms || after > 900*ms {
				t.Errorf("the third is due 40 ms after the end of the second, which ran for 100 ms, not %v after its start", after)
			}
			if gap := due[3] - due[2]; gap != 20*ms {
				t.Errorf("the fourth is due 20 ms after the third, as planned, not %v", gap)
			}
			if gap := due[4] - due[3]; gap < 40*ms || gap > 800*ms {
				t.Errorf("the last is due 40 ms after the end of the fourth, not %v after its start", gap)
			}
			if late := p.Late(began + int64(at[4])); late < 0 || late > 5*time.Second {
				t.Errorf("what was skipped is taken off, the last is %v late", late)
			}
		})
	}
}

func TestADroppedArrivalKeepsNothingFromBeingSkipped(t *testing.T) {
	p := New(stamp.NewClock())
	p.KeepIdle(10 * time.Millisecond)
	p.Drop()
	start := p.clock.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if due, ok := p.Wait(ctx, start+int64(time.Hour), 1); !ok || due-start > int64(10*time.Second) {
		t.Errorf("an hour is skipped, not %v kept", time.Duration(due-start))
	}
}

func TestWithoutALimitNothingIsSkipped(t *testing.T) {
	p := New(stamp.NewClock())
	start := p.clock.Now()
	at := start + int64(60*time.Millisecond)
	if due, ok := p.Wait(context.Background(), at, 0); !ok || due != at || p.clock.Now() < at {
		t.Errorf("due %v after the start, not 60 ms", time.Duration(due-start))
	}
}
