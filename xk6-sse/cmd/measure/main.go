//go:build unix

// Command measure runs a program and writes what it used, as the kernel counted it, to a file as JSON.
//
//	measure FILE PROGRAM ARGUMENTS…
//
// It exits with the program's own code and passes interrupts on.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/server-bench/xk6-sse/internal/usage"
)

type report struct {
	usage.Usage
	Seconds  float64 `json:"seconds"`
	ExitCode int     `json:"exitCode"`
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "measure: expected a file for the result and a program to run")
		os.Exit(2)
	}
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(file string, command []string) (int, error) {
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	start := time.Now()
	if err := child.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			_ = child.Process.Signal(s)
		}
	}()
	_ = child.Wait() // its outcome is in ProcessState
	state := child.ProcessState
	result := report{Seconds: time.Since(start).Seconds(), ExitCode: state.ExitCode()}
	if r, ok := state.SysUsage().(*syscall.Rusage); ok {
		result.Usage = usage.Of(r)
	}
	text, err := json.Marshal(result)
	if err != nil {
		return 0, err
	}
	if result.ExitCode < 0 {
		result.ExitCode = 1 // ended by a signal
	}
	return result.ExitCode, os.WriteFile(file, append(text, '\n'), 0o644)
}
