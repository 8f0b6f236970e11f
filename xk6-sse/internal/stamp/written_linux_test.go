package stamp

import (
	"io"
	"net"
	"testing"
	"time"
)

// stopped is a connection whose process loses its core before the kernel gets what it writes.
type stopped struct {
	net.Conn
	wait time.Duration
}

func (s stopped) Write(p []byte) (int, error) {
	time.Sleep(s.wait)
	return s.Conn.Write(p)
}

func TestSentOfAProcessThatIsStoppedBeforeTheKernelHasIt(t *testing.T) {
	ring := capture(t)
	for _, address := range []string{"127.0.0.1", "::1"} {
		t.Run(address, func(t *testing.T) {
			conn, other := captured(t, ring, address)
			go func() { _, _ = io.Copy(io.Discard, other) }()
			inner := conn.Conn
			for i, text := range []string{"head", string(make([]byte, 200_000)), "x"} {
				send(t, conn, text) // not the request's
				conn.Arm()
				conn.Conn = inner
				before := conn.clock.Now()
				send(t, conn, text)
				if got, after := conn.Written(), conn.clock.Now(); got < before || got > after {
					t.Errorf("%d: written at %d, between %d and %d", i, got, before, after)
				}
				conn.Arm()
				conn.Conn = stopped{inner, 20 * time.Millisecond}
				before = conn.clock.Now()
				send(t, conn, text)
				after := conn.clock.Now()
				if got := conn.Written(); got < before+int64(19*time.Millisecond) || got > after {
					t.Errorf("%d: written at %d, stopped from %d on, given to the kernel before %d", i, got, before, after)
				}
				conn.Conn = inner
			}
		})
	}
}
