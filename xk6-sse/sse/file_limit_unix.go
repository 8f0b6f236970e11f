//go:build unix

package sse

import (
	"os/signal"
	"syscall"
)

// A write beyond the limit of file sizes (`ulimit -f`) then fails with EFBIG, and the journal says so; by itself the signal
// ends the process.
func init() { signal.Ignore(syscall.SIGXFSZ) }
