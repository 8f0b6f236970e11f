//go:build !linux

package packets

import "errors"

// openFrames: only Linux's packet sockets are known so far.
func openFrames(int) (frames, error) { return nil, errors.New("packets are captured on Linux only") }
