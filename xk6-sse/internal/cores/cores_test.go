//go:build unix

package cores

import (
	"runtime"
	"testing"
	"time"
)

// second is what a second of ticks measures.
type second struct {
	used        float64
	woken, late uint64
}

func TestGovernor(t *testing.T) {
	tests := []struct {
		name    string
		most    int
		seconds []second
		want    int
	}{
		{"all cores at first", 8, nil, 8},
		{"a first quiet second takes none back", 8, []second{{0.2, 900, 0}}, 8},
		{"every two quiet seconds take one back", 8, []second{{0.2, 900, 0}, {0.2, 900, 0}, {0.2, 900, 0}, {0.2, 900, 0}}, 6},
		{"never fewer than one", 2, []second{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}}, 1},
		{"one that works keeps room for half as much again", 2, []second{{1.2, 900, 0}, {1.2, 900, 0}, {1.2, 900, 0}}, 2},
		{"work brings cores back at once", 4, []second{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {2, 900, 0}}, 3},
		{"who waits for a core brings all of them back", 4, []second{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0.3, 900, 90}}, 4},
		{"a few that wait are noise", 4, []second{{0, 0, 0}, {0, 0, 0}, {0.3, 90, 9}}, 3},
		{"a small share that waits is noise", 4, []second{{0, 0, 0}, {0, 0, 0}, {0.3, 9000, 90}}, 3},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			g := governor{most: test.most, now: test.most}
			for _, s := range test.seconds {
				for range time.Second / tick {
					g.next(s.used, s.woken, s.late)
				}
			}
			if g.now != test.want {
				t.Errorf("%d cores, want %d", g.now, test.want)
			}
		})
	}
}

func TestAdaptGivesTheCoresBack(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		Adapt(stop)
		close(ended)
	}()
	time.Sleep(3 * tick)
	close(stop)
	<-ended
	if after := runtime.GOMAXPROCS(0); after != before {
		t.Errorf("%d cores, %d before", after, before)
	}
}

func TestWaitsCountsGoroutines(t *testing.T) {
	latencies := newLatencies()
	before, _ := waits(latencies)
	done := make(chan struct{})
	for range 1000 {
		go func() { done <- struct{}{} }()
	}
	for range 1000 {
		<-done
	}
	if after, _ := waits(latencies); after-before < 100 { // the runtime counts about one in eight
		t.Errorf("%d goroutines counted", after-before)
	}
}
