//go:build unix

// Package cores lets Go use as many cores as there is work for.
//
// With more of them than it needs Go wakes a thread for each read that finds nothing to do: of the CPU time of 200 streams
// of 50 tokens a second that is a quarter, and the cores it is spent on may be the server's.
package cores

import (
	"math"
	"os"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/server-bench/xk6-sse/internal/usage"
)

const (
	tick = 100 * time.Millisecond
	// calmTicks is the number of ticks with too many cores before there are fewer: taking them back costs nothing, needing
	// them costs up to a tick of waiting.
	calmTicks = 20
	// room is how much more than what is used there has to be.
	room = 1.5
	// Goroutines that wait longer than lateSeconds for a core are late; this many, and this share of all, require all cores.
	lateSeconds = 0.001
	lateLeast   = 10
	lateShare   = 0.02
)

// governor decides, tick by tick.
type governor struct {
	most int // cores there are
	now  int // cores in use
	calm int // ticks in which fewer would have done
}

// next is how many cores the next tick gets: used is how many were busy in this one, woken how many goroutines got a
// core, late how many of those had to wait.
func (g *governor) next(used float64, woken, late uint64) int {
	want := min(max(int(math.Ceil(used*room)), 1), g.most)
	if late >= lateLeast && float64(late) >= lateShare*float64(woken) {
		want = g.most
	}
	switch {
	case want > g.now:
		g.now, g.calm = want, 0
	case want == g.now:
		g.calm = 0
	default:
		if g.calm++; g.calm >= calmTicks {
			g.now, g.calm = g.now-1, 0
		}
	}
	return g.now
}

// Adapt sets GOMAXPROCS tick by tick until stop is closed; it does nothing where the user has set it, or where what is
// used is unknown.
func Adapt(stop <-chan struct{}) {
	if os.Getenv("GOMAXPROCS") != "" || usage.Self().CPUSeconds == 0 {
		return
	}
	most := runtime.GOMAXPROCS(0)
	if most == 1 {
		return
	}
	defer runtime.SetDefaultGOMAXPROCS()
	g := governor{most: most, now: most}
	latencies := newLatencies()
	cpu, at := usage.Self().CPUSeconds, time.Now()
	woken, late := waits(latencies)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		cpuNow, now := usage.Self().CPUSeconds, time.Now()
		wokenNow, lateNow := waits(latencies)
		before := g.now
		used := (cpuNow - cpu) / now.Sub(at).Seconds()
		if next := g.next(used, wokenNow-woken, lateNow-late); next != before {
			runtime.GOMAXPROCS(next)
		}
		cpu, at, woken, late = cpuNow, now, wokenNow, lateNow
	}
}

func newLatencies() []metrics.Sample { return []metrics.Sample{{Name: "/sched/latencies:seconds"}} }

// waits counts the goroutines that ever got a core, and those that had to wait for it.
func waits(latencies []metrics.Sample) (woken, late uint64) {
	metrics.Read(latencies)
	if latencies[0].Value.Kind() != metrics.KindFloat64Histogram {
		return 0, 0
	}
	histogram := latencies[0].Value.Float64Histogram()
	for i, count := range histogram.Counts {
		woken += count
		if histogram.Buckets[i] >= lateSeconds {
			late += count
		}
	}
	return woken, late
}
