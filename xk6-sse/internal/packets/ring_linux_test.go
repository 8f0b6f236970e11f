package packets

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// small is a ring of few frames.
func small(t *testing.T, bytes int) *Ring {
	t.Helper()
	r, err := open(bytes)
	if err != nil {
		t.Skipf("no packets: %v", err)
	}
	t.Cleanup(r.Close)
	return r
}

// connect makes a connection that the ring knows, and its other end.
func connect(t testing.TB, r *Ring) (flow *Flow, client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	r.Expect(listener.Addr().String())
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	return r.Claim(client), client, server
}

func send(t testing.TB, conn net.Conn, count int) {
	t.Helper()
	if _, err := conn.Write(make([]byte, count)); err != nil {
		t.Fatal(err)
	}
}

// read reads exactly that many bytes.
func read(t testing.TB, conn net.Conn, count int) {
	t.Helper()
	for left := count; left > 0; {
		n, err := conn.Read(make([]byte, left))
		if err != nil {
			t.Fatal(err)
		}
		left -= n
	}
}

func TestRingFindsWhatWasRead(t *testing.T) {
	r := small(t, 1<<20)
	flow, client, server := connect(t, r)
	to := uint64(0)
	for i := range 50 {
		before := time.Now().UnixNano()
		send(t, server, 10+i)
		read(t, client, 10+i)
		after := time.Now().UnixNano()
		from := to
		to += uint64(10 + i)
		flow.Read(0, to, 0)
		const noise = int64(time.Millisecond)
		if got := flow.Next(from); got.End != to || got.Missed || got.UnixNano < before-noise || got.UnixNano > after+noise {
			t.Errorf("read %d: %v of bytes %d to %d, between %d and %d", i, got, from, to, before, after)
		}
	}
	if counts := r.Counts(); counts.Dropped != 0 || counts.Seen < 51 {
		t.Errorf("counts %+v", counts)
	}
	flow.Release()
	if r.flows[flow.key] != nil {
		t.Error("the flow is left")
	}
}

// A ring that is full drops frames and counts them; the reads that lack theirs have the stamp of the read, all others
// their own, also afterwards.
func TestRingThatIsTooSmall(t *testing.T) {
	r := small(t, 1)
	flow, client, server := connect(t, r)
	const sends = 3 * framesOfBlock
	r.mu.Lock() // nobody drains
	for range sends {
		send(t, server, 10)
		read(t, client, 10) // else TCP gathers what it sends
	}
	r.mu.Unlock()
	const stamp = 77
	flow.Read(0, sends*10, stamp)
	own, missed := 0, 0
	for from := uint64(0); from < sends*10; {
		piece := flow.Next(from)
		if piece.Missed {
			missed += int(piece.End - from)
			if piece.UnixNano != stamp {
				t.Errorf("a missed piece has the stamp %d", piece.UnixNano)
			}
		} else {
			own += int(piece.End - from)
		}
		from = piece.End
	}
	counts := r.Counts()
	if own == 0 || missed == 0 || own+missed != sends*10 || counts.Dropped == 0 || counts.Seen+counts.Dropped < sends {
		t.Errorf("%d bytes have their own stamp, %d missed it; %+v", own, missed, counts)
	}
	if again := r.Counts(); again.Dropped < counts.Dropped {
		t.Errorf("reading the drops forgets them: %+v, then %+v", counts, again)
	}
	send(t, server, 7)
	read(t, client, 7)
	flow.Read(0, sends*10+7, 0)
	if piece := flow.Next(sends * 10); piece.Missed || piece.End != sends*10+7 {
		t.Errorf("after the gap: %v", piece)
	}
}

func TestRingIsDrainedWhileNobodyReads(t *testing.T) {
	r := small(t, 1<<20)
	_, client, server := connect(t, r)
	for range 100 {
		send(t, server, 10)
		read(t, client, 10)
	}
	seen := func() int64 {
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.count.Seen
	}
	for deadline := time.Now().Add(10 * time.Second); seen() < 101; time.Sleep(drainTime) {
		if time.Now().After(deadline) {
			t.Fatalf("%d frames were taken", seen())
		}
	}
}

func TestManyConnectionsAtOnce(t *testing.T) {
	r := small(t, 8<<20)
	var wait sync.WaitGroup
	for range 100 {
		flow, client, server := connect(t, r)
		wait.Go(func() {
			for i := range uint64(50) {
				if _, err := server.Write([]byte("0123456789")); err != nil {
					t.Error(err)
					return
				}
				if _, err := client.Read(make([]byte, 10)); err != nil {
					t.Error(err)
					return
				}
				flow.Read(0, i*10+10, 0)
				if piece := flow.Next(i * 10); piece.Missed || piece.End != i*10+10 {
					t.Errorf("event %d: %v", i, piece)
				}
			}
			flow.Release()
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.flows[flow.key] == flow { // others may be those of other processes
				t.Error("a flow is left")
			}
		})
	}
	wait.Wait()
}

// A connection to a server that nobody expected begins unseen; all of it is missed, and nothing is wrong.
func TestConnectionThatWasNotExpected(t *testing.T) {
	r := small(t, 1<<20)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	flow := r.Claim(client)
	send(t, server, 10)
	read(t, client, 10)
	flow.Read(0, 10, 77)
	if piece := flow.Next(0); piece != (Piece{10, 77, true}) {
		t.Errorf("got %v", piece)
	}
	flow.Release()
}

func TestClosedRing(t *testing.T) {
	r := small(t, 1<<20)
	flow, client, server := connect(t, r)
	r.Close()
	r.Close()
	send(t, server, 10)
	read(t, client, 10)
	flow.Read(0, 10, 77)
	if piece := flow.Next(0); piece != (Piece{10, 77, true}) {
		t.Errorf("got %v", piece)
	}
	flow.Release()
	r.Expect("127.0.0.1:80")
	var none *Ring
	none.Close()
	none.Expect("127.0.0.1:80")
	if none.Claim(client) != nil || none.Counts() != (Counts{}) {
		t.Error("no ring captures something")
	}
	(*Flow)(nil).Release()
}

// frames that are filled out of order: a CPU that was given one may still be at work on it.
func TestFramesBehindOneThatIsNotFilled(t *testing.T) {
	const frames = framesOfBlock
	r := &mapped{memory: make([]byte, blockBytes+frameBytes), frames: frames, next: frames - 2}
	fill := func(i int) {
		h := r.frame(i)
		h.Status, h.Net, h.Snaplen, h.Sec = unix.TP_STATUS_USER, 80, 1, uint32(i)
	}
	var got []int64
	take := func(_ []byte, _ uint32, unixNano int64) { got = append(got, unixNano/1e9) }
	expect := func(what string, want ...int64) {
		t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
		got = nil
	}
	fill(frames - 1)
	r.drain(take)
	expect("in order only")
	r.ahead(take)
	expect("ahead", frames-1)
	r.ahead(take)
	expect("ahead once more")
	fill(0)
	r.ahead(take)
	expect("over the end", 0)
	fill(frames - 2)
	fill(1)
	r.drain(take)
	expect("in order", frames-2, 1)
	if r.next != 2 || len(r.taken) != 0 {
		t.Errorf("next is %d, taken %v", r.next, r.taken)
	}
	for i := range frames {
		if isFilled(r.frame(i)) {
			t.Errorf("frame %d was not given back", i)
		}
	}
}

const asUnprivileged = "PACKETS_TEST_UNPRIVILEGED"

func TestMain(m *testing.M) {
	if os.Getenv(asUnprivileged) != "" {
		_, err := Open()
		fmt.Println(errors.Is(err, ErrNotPermitted), err)
		return
	}
	os.Exit(m.Run())
}

func TestWithoutPermission(t *testing.T) {
	if os.Getuid() != 0 {
		_, err := Open()
		if err != nil && !errors.Is(err, ErrNotPermitted) {
			t.Errorf("got %v", err)
		}
		t.Skip("only root can drop capabilities")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(self) // its folder is root's alone
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	child := exec.Command("/proc/self/fd/3")
	child.ExtraFiles = []*os.File{open}
	child.Env = append(os.Environ(), asUnprivileged+"=1")
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	child.Dir = "/"
	output, err := child.CombinedOutput()
	if want := "true packet capture is not permitted (CAP_NET_RAW)\n"; err != nil || string(output) != want {
		t.Errorf("got %q, %v", output, err)
	}
}
