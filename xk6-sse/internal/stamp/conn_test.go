package stamp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// pair is a stamped connection and the other end of it, over loopback.
func pair(t testing.TB, kernel bool) (*Conn, *net.TCPConn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	other, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	stamped := Wrap(conn, NewClock(), Sources{Kernel: kernel})
	t.Cleanup(func() {
		stamped.Close()
		other.Close()
	})
	return stamped, other.(*net.TCPConn)
}

// needKernel skips a test where there are no kernel stamps, which is never on Linux.
func needKernel(t *testing.T) {
	t.Helper()
	if !Enable() {
		if runtime.GOOS == "linux" {
			t.Fatal("Linux gives no receive stamps")
		}
		t.Skip("kernel receive stamps are read on Linux only")
	}
	// Stamping begins a moment after the first socket that asks for it.
	conn, other := pair(t, true)
	for range 200 {
		send(t, other, "x")
		if _, err := conn.Read(make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
		if lag := conn.Last().Lag; lag != NoLag {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("Linux gives no receive stamps")
}

// slack is what the two clocks may differ by: they are read one after the other.
const slack = int64(2 * time.Millisecond)

func TestStampLiesBetweenSendAndRead(t *testing.T) {
	needKernel(t)
	conn, other := pair(t, true)
	p := make([]byte, 64)
	for range 20 {
		before := conn.clock.Now()
		send(t, other, "token")
		n, err := conn.Read(p)
		after := conn.clock.Now()
		if err != nil || string(p[:n]) != "token" {
			t.Fatalf("read %q, %v", p[:n], err)
		}
		last := conn.Last()
		at, lag := last.At, last.Lag
		if lag == NoLag {
			t.Fatal("no kernel stamp")
		}
		if at < before-slack || at > after {
			t.Errorf("stamp %d is not between send %d and read %d", at, before, after)
		}
		if lag < 0 || lag > after-before+slack {
			t.Errorf("a lag of %d ns in a round trip of %d ns", lag, after-before)
		}
	}
}

func TestLateReaderGetsTheStampOfTheArrival(t *testing.T) {
	needKernel(t)
	conn, other := pair(t, true)
	const late = 50 * time.Millisecond
	before := conn.clock.Now()
	send(t, other, "token")
	sent := conn.clock.Now()
	time.Sleep(late)
	if _, err := conn.Read(make([]byte, 64)); err != nil {
		t.Fatal(err)
	}
	read := conn.clock.Now()
	last := conn.Last()
	at, lag := last.At, last.Lag
	if at < before-slack || at >= read-int64(late)/2 {
		t.Errorf("sent at %d to %d, read at %d: stamp %d", before, sent, read, at)
	}
	if lag < int64(late)/2 || lag > read-before+slack {
		t.Errorf("lag %v of a reader that came %v late", time.Duration(lag), late)
	}
	if at+lag > read || at+lag < read-int64(time.Second) {
		t.Errorf("stamp %d and lag %d do not add up to the read at %d", at, lag, read)
	}
}

func TestWithoutKernelStampsReadsHaveGosTime(t *testing.T) {
	conn, other := pair(t, false)
	send(t, other, "token")
	time.Sleep(10 * time.Millisecond)
	before := conn.clock.Now()
	if _, err := conn.Read(make([]byte, 64)); err != nil {
		t.Fatal(err)
	}
	if last := conn.Last(); last.Source != User || last.Lag != NoLag || last.At < before || last.At > conn.clock.Now() {
		t.Errorf("%+v of a read that began at %d", last, before)
	}
}

func TestConnectionsThatAreNoSocketsWorkWithoutStamps(t *testing.T) {
	a, b := net.Pipe()
	conn := Wrap(a, NewClock(), Sources{Kernel: true})
	go func() { _, _ = b.Write([]byte("x")) }()
	if n, err := conn.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	if lag := conn.Last().Lag; lag != NoLag {
		t.Errorf("lag %d", lag)
	}
}

// Whatever a plain connection gives, a stamped one gives too.
func TestErrorsAreThoseOfANetConn(t *testing.T) {
	for _, kernel := range []bool{true, false} {
		name := map[bool]string{true: "kernel", false: "user"}[kernel]
		t.Run(name+": end of the stream", func(t *testing.T) {
			conn, other := pair(t, kernel)
			send(t, other, "last")
			other.Close()
			if got, err := io.ReadAll(conn); string(got) != "last" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
			if n, err := conn.Read(make([]byte, 8)); n != 0 || err != io.EOF {
				t.Errorf("behind the end: %d, %v", n, err)
			}
			if n, err := conn.Read(nil); n != 0 || err != nil {
				t.Errorf("a read into nothing: %d, %v", n, err)
			}
		})
		t.Run(name+": deadline that passes while reading, and one that has passed", func(t *testing.T) {
			conn, other := pair(t, kernel)
			_ = conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
			for range 2 {
				n, err := conn.Read(make([]byte, 8))
				var timeout net.Error
				if n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
					t.Errorf("got %d, %v", n, err)
				}
			}
			_ = conn.SetReadDeadline(time.Time{})
			send(t, other, "again")
			if n, err := conn.Read(make([]byte, 8)); n != 5 || err != nil {
				t.Errorf("without deadline again: %d, %v", n, err)
			}
		})
		t.Run(name+": closed while reading, and before", func(t *testing.T) {
			conn, _ := pair(t, kernel)
			timer := time.AfterFunc(20*time.Millisecond, func() { conn.Close() })
			defer timer.Stop()
			for range 2 {
				if n, err := conn.Read(make([]byte, 8)); n != 0 || !errors.Is(err, net.ErrClosed) {
					t.Errorf("got %d, %v", n, err)
				}
			}
		})
		t.Run(name+": reset by the other side", func(t *testing.T) {
			conn, other := pair(t, kernel)
			_ = other.SetLinger(0)
			other.Close()
			n, err := conn.Read(make([]byte, 8))
			var op *net.OpError
			if n != 0 || !errors.Is(err, syscall.ECONNRESET) || !errors.As(err, &op) || op.Op != "read" {
				t.Errorf("got %d, %v", n, err)
			}
		})
	}
}

func TestEveryByteComesInOrder(t *testing.T) {
	conn, other := pair(t, true)
	want := make([]byte, 8<<20)
	for i := range want {
		want[i] = byte(i * 7 >> 3)
	}
	failed := make(chan error, 1)
	go func() {
		_, err := other.Write(want)
		failed <- errors.Join(err, other.CloseWrite())
	}()
	got, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("got %d bytes of %d, %v", len(got), len(want), err)
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
}

func TestReadsAndWritesFromSeveralGoroutines(t *testing.T) {
	conn, other := pair(t, true)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(other, other) // an echo
	}()
	go func() {
		for range 200 {
			_, _ = conn.Write([]byte("0123456789"))
			conn.Last()
			conn.Written()
		}
	}()
	if _, err := io.ReadFull(conn, make([]byte, 2000)); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	<-done
}

func TestFirstWriteAfterArmIsStamped(t *testing.T) {
	conn, _ := pair(t, true)
	write := func() {
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	write()
	if at := conn.Written(); at != 0 {
		t.Errorf("it was not armed, and returns %d", at)
	}
	conn.Arm()
	if at := conn.Written(); at != 0 {
		t.Errorf("nothing written yet, and it returns %d", at)
	}
	before := conn.clock.Now()
	write()
	after := conn.clock.Now()
	first := conn.Written()
	if first < before || first > after {
		t.Errorf("written at %d, between %d and %d", first, before, after)
	}
	write()
	if at := conn.Written(); at != first {
		t.Errorf("a second write moved it from %d to %d", first, at)
	}
	conn.Arm()
	write()
	if at := conn.Written(); at < after {
		t.Errorf("armed again, it still returns %d", at)
	}
}

func TestReadsAndWritesAllocateNothing(t *testing.T) {
	for _, kernel := range []bool{true, false} {
		conn, other := pair(t, kernel)
		p, token := make([]byte, 64), []byte("token")
		one := func() {
			_, _ = other.Write(token)
			_, _ = conn.Read(p)
			conn.Arm()
			_, _ = conn.Write(token)
			_, _ = other.Read(p)
		}
		one()
		if allocations := testing.AllocsPerRun(500, one); allocations != 0 {
			t.Errorf("kernel %v: %v allocations", kernel, allocations)
		}
		// A read that has to wait for its bytes costs no more.
		waiting := func() {
			timer.Reset(time.Millisecond)
			_ = conn.SetReadDeadline(time.Time{})
			_, _ = conn.Read(p)
		}
		timer = time.AfterFunc(time.Hour, func() { _, _ = other.Write(token) })
		if allocations := testing.AllocsPerRun(20, waiting); allocations > 1 {
			t.Errorf("kernel %v: %v allocations of a read that waits", kernel, allocations)
		}
		timer.Stop()
	}
}

var timer *time.Timer

func TestClock(t *testing.T) {
	clock := NewClock()
	if off := time.Since(clock.Epoch()); off < 0 || off > time.Minute {
		t.Errorf("the epoch is %v ago", off)
	}
	moment := clock.Epoch().Add(1234567 * time.Nanosecond)
	if got := clock.At(moment); got != 1234567 {
		t.Errorf("got %d", got)
	}
	first := clock.Now()
	if second := clock.Now(); second < first {
		t.Errorf("%d, then %d", first, second)
	}
}

func send(t testing.TB, conn net.Conn, text string) {
	t.Helper()
	if _, err := conn.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

// Segments that queue up share one stamp. What a full read leaves of them had come by its stamp, not after it.
func TestTheRestOfAQueueIsNotLaterThanItsStamp(t *testing.T) {
	needKernel(t)
	conn, other := pair(t, true)
	began := conn.clock.Now()
	for range 10 {
		send(t, other, "0123456789")
		time.Sleep(5 * time.Millisecond)
	}
	first := make([]byte, 15)
	if n, err := conn.Read(first); n != len(first) || err != nil {
		t.Fatalf("read %d bytes, %v", n, err)
	}
	send(t, other, "more")
	time.Sleep(5 * time.Millisecond)
	if _, err := conn.Read(make([]byte, 1024)); err != nil {
		t.Fatal(err)
	}
	// The byte after the first read came 45 ms before the stamp of that read.
	if last := conn.Last(); last.Earliest > began+slack {
		t.Fatalf("the rest arrived %d ns after the connection was empty, at the earliest", last.Earliest-began)
	}
}
