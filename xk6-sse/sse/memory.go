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

// countVU makes garbage collection rare while there are few VUs and thrifty when there are many, unless the user has
// set GOGC.
func (r *Root) countVU() {
	count := r.vus.Add(1)
	if count != 1 && count != manyVUs || os.Getenv("GOGC") != "" {
		return
	}
	percent := fewPercent
	if count >= manyVUs {
		percent = thriftPercent
	}
	debug.SetGCPercent(percent)
}
