// Package priority gives this process the processor when it needs it: a client that waits for a core reads late.
package priority

import "fmt"

// Mode is how.
type Mode string

const (
	// None leaves the process as it was started.
	None Mode = "none"
	// Auto is Autogroup where that is possible, else None. Never Realtime: beside a busy client that leaves a server on the
	// same cores little more than half of its speed (docs/engine.md), and the server would be measured as that slow.
	Auto Mode = "auto"
	// Realtime is round robin at the lowest real-time priority: before every ordinary process, after every other real-time one.
	Realtime Mode = "realtime"
	// Autogroup gives the process's session most of a core that it shares with other sessions.
	Autogroup Mode = "autogroup"
)

// Possible is whether a mode can be had, found out by trying.
type Possible struct {
	Possible bool   `json:"possible"`
	Reason   string `json:"reason,omitempty"` // why not
}

// Options are what this process may do.
type Options struct {
	Realtime  Possible `json:"realtime"`
	Autogroup Possible `json:"autogroup"`
}

// Raise does what the mode says, now and for threads that start later; none of them is ever less than it was. It
// returns what it did.
func Raise(mode Mode) (Mode, error) {
	switch mode {
	case "", None:
		return None, nil
	case Realtime:
		return Realtime, realtime()
	case Autogroup:
		return Autogroup, autogroup()
	case Auto:
		if autogroup() == nil {
			return Autogroup, nil
		}
		return None, nil
	default:
		return None, fmt.Errorf("expected `auto`, `realtime`, `autogroup` or `none`, got `%s`", mode)
	}
}

func possible(err error) Possible {
	if err != nil {
		return Possible{Reason: err.Error()}
	}
	return Possible{Possible: true}
}
