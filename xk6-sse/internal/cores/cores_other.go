//go:build !unix

// Package cores lets Go use as many cores as there is work for.
package cores

// Adapt does nothing: the usage of a process is unknown on this system.
func Adapt(<-chan struct{}) {}
