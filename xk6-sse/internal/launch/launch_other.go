//go:build !linux

// Package launch lets this program start others: in a process group of their own that stays in the caller's session.
package launch

// Intercept does nothing: only Linux shares cores among sessions.
func Intercept() {}
