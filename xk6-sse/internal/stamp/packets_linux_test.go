package stamp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/usage"
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

// What a server sends in one segment came at one moment; what it sends in several, each at its own.
func TestTokensOfOneSegmentShareTheirTime(t *testing.T) {
	conn, other := captured(t, capture(t), "127.0.0.1")
	send(t, other, "one, two, ")
	time.Sleep(5 * time.Millisecond)
	send(t, other, "three")
	time.Sleep(20 * time.Millisecond)
	first, second, third := make([]byte, 5), make([]byte, 64), make([]byte, 64)
	var at []Arrival
	for i, p := range [][]byte{first, second, third} {
		n, err := conn.Read(p)
		if want := []string{"one, ", "two, ", "three"}[i]; err != nil || string(p[:n]) != want {
			t.Fatalf("read %q, %v, want %q", p[:n], err, want)
		}
		at = append(at, conn.Last())
	}
	if at[0].At != at[1].At || at[2].At-at[1].At < int64(4*time.Millisecond) {
		t.Errorf("times %+v", at)
	}
}

func TestStampsUnderTLS(t *testing.T) {
	ring := capture(t)
	certificate := selfSigned(t)
	conn, other := captured(t, ring, "127.0.0.1")
	server := tls.Server(other, &tls.Config{Certificates: []tls.Certificate{certificate}})
	client := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // of our own making
	failed := make(chan error, 1)
	go func() { failed <- server.Handshake() }()
	if err := errors.Join(client.Handshake(), <-failed); err != nil {
		t.Fatal(err)
	}
	sent := sendSlowly(t, server, conn.clock, 20, 5*time.Millisecond)
	time.Sleep(100 * time.Millisecond)
	p := make([]byte, 4096)
	for i, want := range sent {
		n, err := client.Read(p)
		if got := string(p[:n]); err != nil || got != fmt.Sprintf("token %02d\n", i) {
			t.Fatalf("read %d: %q, %v", i, got, err)
		}
		if last := conn.Last(); last.At < want.before-within || last.At > want.after+within || last.Source != Packet {
			t.Errorf("read %d: %+v, sent between %d and %d", i, last, want.before, want.after)
		}
	}
}

// Whatever is kept of a late read is given out as the socket would: before its end, not past a deadline, not once closed.
func TestKeptBytesAreLikeThoseOfTheSocket(t *testing.T) {
	ring := capture(t)
	late := func(t *testing.T) (*Conn, *net.TCPConn) {
		t.Helper()
		conn, other := captured(t, ring, "127.0.0.1")
		sendSlowly(t, other, conn.clock, 3, time.Millisecond)
		time.Sleep(5 * time.Millisecond)
		if n, err := conn.Read(make([]byte, 64)); n != 9 || err != nil {
			t.Fatalf("read %d, %v", n, err)
		}
		if len(conn.kept) != 18 {
			t.Fatalf("%d bytes are kept", len(conn.kept))
		}
		return conn, other
	}
	t.Run("the end", func(t *testing.T) {
		conn, other := late(t)
		other.Close()
		if got, err := io.ReadAll(conn); string(got) != "token 01\ntoken 02\n" || err != nil {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("a reset", func(t *testing.T) {
		conn, other := late(t)
		_ = other.SetLinger(0)
		other.Close()
		if got, err := io.ReadAll(conn); string(got) != "token 01\ntoken 02\n" || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("a deadline", func(t *testing.T) {
		conn, _ := late(t)
		_ = conn.SetReadDeadline(time.Now().Add(-time.Second))
		if n, err := conn.Read(make([]byte, 64)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("past it: %d, %v", n, err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
		if n, err := conn.Read(make([]byte, 64)); n != 9 || err != nil {
			t.Errorf("before it: %d, %v", n, err)
		}
	})
	t.Run("closed", func(t *testing.T) {
		conn, _ := late(t)
		conn.Close()
		if n, err := conn.Read(make([]byte, 64)); n != 0 || !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %d, %v", n, err)
		}
	})
	t.Run("read in small parts", func(t *testing.T) {
		conn, _ := late(t)
		p, got := make([]byte, 2), ""
		for range 9 + 1 {
			n, err := conn.Read(p)
			if err != nil {
				t.Fatal(err)
			}
			got += string(p[:n])
		}
		if got != "token 01\ntoken 02\n" {
			t.Errorf("got %q", got)
		}
	})
}

// One connection for many requests, as keep-alive has it, and a lot of bytes both ways.
func TestConnectionThatIsUsedAgainAndAgain(t *testing.T) {
	conn, other := captured(t, capture(t), "127.0.0.1")
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(other, other) // an echo
	}()
	want, got := make([]byte, 100_000), make([]byte, 100_000)
	for i := range 300 {
		size := 1 + i*i*100_000/90_000
		for n := range size {
			want[n] = byte(n * (i + 3))
		}
		before := conn.clock.Now()
		if _, err := conn.Write(want[:size]); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, got[:size]); err != nil || !bytes.Equal(got[:size], want[:size]) {
			t.Fatalf("request %d: other bytes, %v", i, err)
		}
		if last := conn.Last(); last.At < before-within || last.At > conn.clock.Now() || last.Source != Packet {
			t.Fatalf("request %d: %+v, after %d", i, last, before)
		}
	}
	if misses := conn.Misses(); misses != 0 {
		t.Errorf("%d misses", misses)
	}
	conn.Close()
	<-done
}

func TestManyConnectionsThatAreReadLate(t *testing.T) {
	ring := capture(t)
	var wait sync.WaitGroup
	for range 50 {
		conn, other := captured(t, ring, "127.0.0.1")
		wait.Go(func() {
			sent := sendSlowly(t, other, conn.clock, 10, 2*time.Millisecond)
			p := make([]byte, 4096)
			for i, want := range sent {
				n, err := conn.Read(p)
				if got := string(p[:n]); err != nil || got != fmt.Sprintf("token %02d\n", i) {
					t.Errorf("read %d: %q, %v", i, got, err)
				}
				if last := conn.Last(); last.At < want.before-within || last.At > want.after+within || last.Source != Packet {
					t.Errorf("read %d: %+v, sent between %d and %d", i, last, want.before, want.after)
				}
			}
		})
	}
	wait.Wait()
}

// Without a capture the kernel's own count of segments tells what came together from what was read late.
func TestSegmentsOfAReadWithoutCapture(t *testing.T) {
	needKernel(t)
	conn, other := pair(t, true)
	p := make([]byte, 64)
	read := func(p []byte) Arrival {
		t.Helper()
		if _, err := conn.Read(p); err != nil {
			t.Fatal(err)
		}
		return conn.Last()
	}
	expect := func(what string, want bool) {
		t.Helper()
		for range 2 {
			if got := conn.OneSegment(); got != want {
				t.Errorf("%s: one segment is %v", what, got)
			}
		}
	}
	two := func() {
		send(t, other, "a")
		time.Sleep(2 * time.Millisecond)
		send(t, other, "b")
		time.Sleep(2 * time.Millisecond)
	}
	send(t, other, "one")
	read(p)
	expect("the first", true)
	two()
	read(p)
	expect("two", false)
	send(t, other, "one")
	read(p)
	expect("one after two", true)
	for range 5 { // nobody asks
		send(t, other, "one")
		read(p)
	}
	send(t, other, "one, two")
	time.Sleep(2 * time.Millisecond)
	read(p[:3])
	expect("a part of one", true)
	read(p)
	expect("the rest of it", true)
	send(t, other, "one, two")
	time.Sleep(2 * time.Millisecond)
	read(p[:3])
	two()
	read(p)
	expect("the rest of it and more", false)
	two()
	read(p)
	conn.Settle()
	send(t, other, "one")
	read(p)
	expect("one after two that nobody asked for", true)
}

// A read that is late knows since when its bytes may have been there.
func TestEarliestMomentOfAReadWithoutCapture(t *testing.T) {
	needKernel(t)
	conn, other := pair(t, true)
	p := make([]byte, 64)
	send(t, other, "before")
	if _, err := conn.Read(p); err != nil {
		t.Fatal(err)
	}
	before := conn.Last()
	// The next read finds nothing, waits, and gets two segments that came meanwhile.
	first := make(chan int64, 1)
	time.AfterFunc(20*time.Millisecond, func() {
		first <- conn.clock.Now()
		_, _ = other.Write([]byte("one"))
	})
	began := conn.clock.Now()
	if _, err := conn.Read(p); err != nil {
		t.Fatal(err)
	}
	if last := conn.Last(); last.Earliest < began || last.Earliest > <-first || last.At < last.Earliest {
		t.Errorf("%+v of a read that began at %d", last, began)
	}
	// The next one finds them at once: they may have come since the stamp before.
	stamp := conn.Last().At
	send(t, other, "two")
	time.Sleep(10 * time.Millisecond)
	send(t, other, "three")
	time.Sleep(2 * time.Millisecond)
	if _, err := conn.Read(p); err != nil {
		t.Fatal(err)
	}
	if last := conn.Last(); last.Earliest != stamp || last.At < stamp+int64(9*time.Millisecond) || before.At > stamp {
		t.Errorf("%+v of a late read, the stamp before it was %d", last, stamp)
	}
}

func TestCapturedReadsAllocateNothing(t *testing.T) {
	conn, other := captured(t, capture(t), "127.0.0.1")
	p, text := make([]byte, 4096), []byte("token")
	one := func() {
		_, _ = other.Write(text)
		_, _ = conn.Read(p)
	}
	late := func() {
		for range 4 {
			_, _ = other.Write(text)
		}
		for read := 0; read < 4*len(text); {
			n, err := conn.Read(p)
			if err != nil {
				t.Fatal(err)
			}
			read += n
		}
	}
	for name, do := range map[string]func(){"in time": one, "late": late} {
		do()
		if allocations := testing.AllocsPerRun(500, do); allocations > 0.5 { // a pool may be emptied at any time
			t.Errorf("%s: %v allocations", name, allocations)
		}
	}
}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// BenchmarkRead: an event of a token's size, sent and read. The difference between the sources is what packet stamps
// cost, in this process and in the kernel, for the event and for what acknowledges it; the processor's time counts,
// because a busy machine distorts that of the clock.
func BenchmarkRead(b *testing.B) {
	// As in any client, a thread waits for what comes next; without a timer the first benchmark would have none.
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	go func() {
		for range ticker.C {
		}
	}()
	for _, source := range []Source{Kernel, Packet} {
		b.Run(source.String(), func(b *testing.B) {
			var conn *Conn
			var other *net.TCPConn
			if source == Packet {
				conn, other = captured(b, capture(b), "127.0.0.1")
			} else {
				Enable()
				conn, other = pair(b, true)
			}
			p, event := make([]byte, 4096), make([]byte, 250)
			b.ReportAllocs()
			before := usage.Self()
			for b.Loop() {
				if _, err := other.Write(event); err != nil {
					b.Fatal(err)
				}
				if _, err := conn.Read(p); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((usage.Self().CPUSeconds-before.CPUSeconds)*1e9/float64(b.N), "cpu-ns/op")
		})
	}
}
