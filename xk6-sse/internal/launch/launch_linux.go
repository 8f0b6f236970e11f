// Package launch lets this program start others: in a process group of their own that stays in the caller's session.
//
// Linux shares a core among sessions first (autogroups), then among the processes of each. A client in a session of its
// own waits hundreds of milliseconds for a core that a server in another one keeps busy; in the same session it gets its
// turn in a few. The runner cannot set a process group without a session: Node has no setpgid.
//
// It happens while Go initializes packages, which it does by import path as far as dependencies allow: most of k6, whose
// initialization takes longer than all that this program then does, comes later.
package launch

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/priority"
)

// variable asks for it: "exec" runs the arguments as a command, "try" prints what this program is and what it may do.
const variable = "SERVER_BENCH_LAUNCH"

// init does what the variable asks for and does not return then; without it, it does nothing.
func init() {
	switch os.Getenv(variable) {
	case "try":
		answer := struct {
			priority.Options
			Packets priority.Possible `json:"packets"`
			versions
		}{priority.Try(), tryPackets(), readVersions()}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	case "exec":
		fmt.Fprintln(os.Stderr, run(os.Args[1:]))
		os.Exit(127)
	}
}

// versions are those that `k6 version` prints; empty where the build has none.
type versions struct {
	K6        string `json:"k6,omitempty"`
	Extension string `json:"extension,omitempty"`
}

func readVersions() versions {
	var found versions
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return found
	}
	for _, module := range info.Deps {
		version := module.Version
		if module.Replace != nil {
			version = module.Replace.Version
		}
		switch {
		case strings.HasPrefix(module.Path, "go.k6.io/k6"):
			found.K6 = version
		case module.Path == "github.com/server-bench/xk6-sse":
			found.Extension = version
		}
	}
	return found
}

// tryPackets opens a capture, for a moment.
func tryPackets() priority.Possible {
	ring, err := packets.Open()
	if err != nil {
		return priority.Possible{Reason: err.Error()}
	}
	ring.Close()
	return priority.Possible{Possible: true}
}

// run replaces this process by the command; it returns only an error.
func run(command []string) error {
	if len(command) == 0 {
		return fmt.Errorf("%s: expected a command", variable)
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	if err := unix.Setpgid(0, 0); err != nil {
		return fmt.Errorf("setpgid: %w", err)
	}
	dropTerminal()
	_ = os.Unsetenv(variable)
	return fmt.Errorf("%s: %w", path, syscall.Exec(path, command, os.Environ()))
}

// dropTerminal leaves the terminal, if there is one: a process in the background that asks it for a password would be
// stopped, not refused.
func dropTerminal() {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return
	}
	_ = unix.IoctlSetInt(int(terminal.Fd()), unix.TIOCNOTTY, 0)
	_ = terminal.Close()
}
