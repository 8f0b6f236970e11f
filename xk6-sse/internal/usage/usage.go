//go:build unix

// Package usage reads what a process has used: CPU time and memory.
package usage

import (
	"runtime"
	"syscall"
	"time"
)

// Usage is what a process used since its start.
type Usage struct {
	CPUSeconds    float64 `json:"cpuSeconds"`
	UserSeconds   float64 `json:"userSeconds"`
	SystemSeconds float64 `json:"systemSeconds"`
	MaxRSSBytes   int64   `json:"maxRssBytes"`
}

// Self is this process's usage so far.
func Self() Usage {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return Usage{}
	}
	return Of(&r)
}

// Of converts the kernel's values.
func Of(r *syscall.Rusage) Usage {
	user, system := seconds(r.Utime), seconds(r.Stime)
	unit := int64(1024)
	if runtime.GOOS == "darwin" {
		unit = 1 // macOS counts in bytes
	}
	return Usage{CPUSeconds: user + system, UserSeconds: user, SystemSeconds: system, MaxRSSBytes: int64(r.Maxrss) * unit}
}

func seconds(t syscall.Timeval) float64 { return time.Duration(t.Nano()).Seconds() }
