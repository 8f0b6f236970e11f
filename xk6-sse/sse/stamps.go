package sse

import (
	"fmt"

	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// stampsVariable names the source of time stamps: auto (the best there is), packet, kernel or user.
const stampsVariable = "SERVER_BENCH_STAMPS"

// chooseStamps opens what the stamps are to come from; it fails where packet stamps are asked for and cannot be had.
func (r *Root) chooseStamps(wanted string) error {
	switch wanted {
	case "", "auto", "packet":
		ring, err := packets.Open()
		if err == nil {
			r.sources.Ring = ring
			break
		}
		if wanted == "packet" {
			return fmt.Errorf("%s=packet: %w; run `sudo setcap cap_net_raw+ep bin/k6`, give a container the capability "+
				"NET_RAW, or set the variable to auto", stampsVariable, err)
		}
		r.stampsReason = err.Error()
	case "kernel":
	case "user":
		return nil
	default:
		return fmt.Errorf("expected %s to be auto, packet, kernel or user, got %q", stampsVariable, wanted)
	}
	r.sources.Kernel = stamp.Enable()
	return nil
}

// stamps is the best source of time stamps that the process has.
func (r *Root) stamps() stamp.Source {
	switch {
	case r.sources.Ring != nil:
		return stamp.Packet
	case r.sources.Kernel:
		return stamp.Kernel
	}
	return stamp.User
}

// captured is what the end of the journal says of the packets; nil where none are captured.
func (r *Root) captured() *packets.Counts {
	if r.sources.Ring == nil {
		return nil
	}
	counts := r.sources.Ring.Counts()
	return &counts
}
