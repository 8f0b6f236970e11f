package sse

import (
	"io"
	"os"
)

// Print writes a text to the standard output when the process is about to end: below k6's own summary, which handleSummary
// leaves to k6 by returning nothing.
func (i *Instance) Print(text string) {
	write := func() { _, _ = io.WriteString(os.Stdout, text) } // nobody is left to tell
	if !atExit(i.vu, write) {
		write()
	}
}
