package sse

import (
	"go.k6.io/k6/v2/js/modules"

	"github.com/server-bench/xk6-sse/internal/priority"
)

// priorityVariable is a priority.Mode; without it, as in a `k6 run` that nobody asked more of, nothing is done.
const priorityVariable = "SERVER_BENCH_CLIENT_PRIORITY"

// k6's event types are internal to it: the second is sent when all VUs are there and the load is about to begin, the third
// when the load has ended, before its summary is made.
const (
	testStartEvent = 2
	testEndEvent   = 3
)

// raisePriority lets the load come first, but not the start of many VUs nor the summary, which are work for all cores.
func (r *Root) raisePriority(vu modules.VU) {
	mode, _ := lookup(vu, priorityVariable)
	if mode == "" || priority.Mode(mode) == priority.None {
		return
	}
	logger := vu.InitEnv().Logger // gone when the init context is
	_, starts := vu.Events().Global.Subscribe(testStartEvent)
	_, ends := vu.Events().Global.Subscribe(testEndEvent)
	go func() {
		start, ok := <-starts
		if !ok {
			return
		}
		done, err := priority.Raise(priority.Mode(mode))
		if err != nil {
			logger.Warnf("%s=%s: %s", priorityVariable, mode, err)
		}
		start.Done()
		if end, ok := <-ends; ok {
			if done == priority.Realtime {
				priority.Lower()
			}
			end.Done()
		}
	}()
}
