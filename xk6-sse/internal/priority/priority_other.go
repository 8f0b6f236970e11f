//go:build !linux

package priority

import "errors"

var errLinux = errors.New("only Linux has it")

// Try finds out what this process may do.
func Try() Options { return Options{Realtime: possible(errLinux), Autogroup: possible(errLinux)} }

// Lower ends what Raise did.
func Lower() {}

func realtime() error { return errLinux }

func autogroup() error { return errLinux }
