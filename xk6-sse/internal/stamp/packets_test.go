package stamp

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/packets"
)

// capture is a ring; it skips the test where there can be none.
func capture(t testing.TB) *packets.Ring {
	t.Helper()
	Enable()
	ring, err := packets.Open()
	if err != nil {
		t.Skipf("no packets: %v", err)
	}
	t.Cleanup(ring.Close)
	return ring
}

// captured is a connection whose segments are captured, and its other end, over the network that the address is of.
func captured(t testing.TB, ring *packets.Ring, address string) (*Conn, *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	if err != nil {
		t.Skipf("no %s: %v", address, err)
	}
	defer listener.Close()
	ring.Expect(listener.Addr().String())
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	other, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	stamped := Wrap(conn, NewClock(), Sources{Ring: ring, Kernel: true})
	t.Cleanup(func() {
		stamped.Close()
		other.Close()
	})
	return stamped, other.(*net.TCPConn)
}

// bracket is when a text was being sent.
type bracket struct{ before, after int64 }

// sendSlowly sends numbered texts, so far apart.
func sendSlowly(t testing.TB, conn io.Writer, clock Clock, count int, pace time.Duration) []bracket {
	t.Helper()
	sent := make([]bracket, count)
	for i := range sent {
		sent[i].before = clock.Now()
		if _, err := fmt.Fprintf(conn, "token %02d\n", i); err != nil {
			t.Fatal(err)
		}
		sent[i].after = clock.Now()
		time.Sleep(pace)
	}
	return sent
}

// within is how far a stamp may be outside the bracket of its sending: the two clocks are moved onto each other, and the
// segment leaves at some moment of the call.
const within = int64(100 * time.Microsecond)

func TestLateReaderGetsEverySegmentsOwnTime(t *testing.T) {
	ring := capture(t)
	for _, address := range []string{"127.0.0.1", "::1"} {
		t.Run(address, func(t *testing.T) {
			conn, other := captured(t, ring, address)
			sent := sendSlowly(t, other, conn.clock, 20, 5*time.Millisecond)
			time.Sleep(100 * time.Millisecond)
			p := make([]byte, 4096)
			for i, want := range sent {
				n, err := conn.Read(p)
				if got := string(p[:n]); err != nil || got != fmt.Sprintf("token %02d\n", i) {
					t.Fatalf("read %d: %q, %v", i, got, err)
				}
				last := conn.Last()
				if last.At < want.before-within || last.At > want.after+within || last.Source != Packet || last.Earliest != last.At {
					t.Errorf("read %d: %+v, sent between %d and %d", i, last, want.before, want.after)
				}
				if read := conn.clock.Now(); last.At+last.Lag > read || last.At+last.Lag < read-int64(50*time.Millisecond) {
					t.Errorf("read %d: %+v is not how late it was at %d", i, last, read)
				}
				if !conn.OneSegment() {
					t.Errorf("read %d: several segments", i)
				}
			}
			if misses := conn.Misses(); misses != 0 {
				t.Errorf("%d misses", misses)
			}
		})
	}
}
