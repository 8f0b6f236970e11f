//go:build !linux

// Package launch lets this program start others: in a process group of their own that stays in the caller's session. It
// does nothing here: only Linux shares cores among sessions.
package launch
