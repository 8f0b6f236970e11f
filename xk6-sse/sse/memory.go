package sse

import (
	"os"
	"runtime/debug"
)

// Up to manyVUs clients the collector's time counts more than memory. Beyond, nearly all of the heap is clients that
// live to the end of the run: Go's default of letting it double with garbage would cost a machine half of its streams.
const (
	manyVUs       = 256
	fewPercent    = 200
	thriftPercent = 40
)

// countVU makes garbage collection thrifty when there are many VUs, unless the user has set GOGC.
func (r *Root) countVU() {
	if r.vus.Add(1) == manyVUs {
		collectAt(thriftPercent)
	}
}

// collectRarely is for the few VUs of a run of our own scenarios, which is configured before there are many.
func (r *Root) collectRarely() {
	if r.vus.Load() < manyVUs {
		collectAt(fewPercent)
	}
}

func collectAt(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
