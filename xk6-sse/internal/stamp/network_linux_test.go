package stamp

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/server-bench/xk6-sse/internal/packets"
)

// A network that loses, delays and repeats: an interface whose packets this process passes on by itself, in a network
// namespace of its own. What the client sends to the server's address comes back to this machine as if from a client
// elsewhere, and the other way round.

const inNamespace = "STAMP_TEST_IN_NAMESPACE"

const (
	here     = "10.99.0.1" // of the interface
	asServer = "10.99.0.2" // the server, as the client sees it
	asClient = "10.99.0.3" // the client, as the server sees it
)

func TestSegmentsThatAreLostAndComeOutOfOrder(t *testing.T) {
	if os.Getenv(inNamespace) != "" {
		testUnreliable(t)
		return
	}
	capture(t)
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("there is no `ip` to make an interface with")
	}
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	child.Env = append(os.Environ(), inNamespace+"=1")
	child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	output, err := child.CombinedOutput()
	if err != nil && strings.Contains(err.Error(), "operation not permitted") {
		t.Skipf("no network namespace: %v", err)
	}
	if strings.Contains(string(output), "SKIP") {
		t.Skipf("no interface: %s", output)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Log(string(output))
}

func testUnreliable(t *testing.T) {
	tun, err := openTUN("stamp0")
	if err != nil {
		t.Skip(err)
	}
	defer tun.Close()
	for _, arguments := range []string{"link set lo up", "addr add " + here + "/24 dev stamp0", "link set stamp0 up"} {
		if output, err := exec.Command("ip", strings.Fields(arguments)...).CombinedOutput(); err != nil {
			t.Skipf("ip %s: %s", arguments, output)
		}
	}
	ring, err := packets.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer ring.Close()
	clock := NewClock()
	listener, err := net.Listen("tcp", here+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	network := &unreliable{tun: tun, clock: clock, port: uint16(port), random: rand.New(rand.NewPCG(3, 4))}
	go network.run()

	address := net.JoinHostPort(asServer, strconv.Itoa(port))
	ring.Expect(address)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	client := Wrap(conn, clock, Sources{Ring: ring, Kernel: true})
	defer client.Close()
	const count = 400
	go func() {
		for i := range count {
			fmt.Fprintf(server, "token %03d\n", i)
			time.Sleep(2 * time.Millisecond)
		}
		server.Close()
	}()
	p := make([]byte, 4096)
	position, late := 0, rand.New(rand.NewPCG(5, 6))
	for {
		if late.IntN(10) == 0 {
			time.Sleep(time.Duration(late.IntN(30)) * time.Millisecond)
		}
		n, err := client.Read(p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		position += n
		last := client.Last()
		truth := network.complete(position)
		// The kernel may give a read the stamp of a repeated segment: then it is a miss, and the time a range.
		if last.Earliest > truth.after+within || last.At < truth.before-within || last.Source == Packet && last.At > truth.after+within {
			t.Errorf("byte %d: %+v, all before it was passed on between %d and %d", position, last, truth.before, truth.after)
		}
	}
	if want := count * len("token 000\n"); position != want {
		t.Errorf("%d bytes of %d", position, want)
	}
	network.mu.Lock()
	defer network.mu.Unlock()
	if network.lost == 0 || network.swapped == 0 || network.repeated == 0 {
		t.Error("the network was reliable")
	}
	if misses := client.Misses(); misses > count/20 {
		t.Errorf("%d misses", misses)
	}
	t.Logf("%d segments lost, %d out of order, %d repeated; %d misses", network.lost, network.swapped, network.repeated, client.Misses())
}

func openTUN(name string) (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	var request struct {
		name  [unix.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], name)
	request.flags = unix.IFF_TUN | unix.IFF_NO_PI
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TUNSETIFF, uintptr(unsafe.Pointer(&request))); errno != 0 {
		unix.Close(fd)
		return nil, errno
	}
	return os.NewFile(uintptr(fd), name), nil
}

// unreliable passes packets on, those of the server not all and not in order.
type unreliable struct {
	tun    *os.File
	clock  Clock
	port   uint16
	random *rand.Rand

	mu                      sync.Mutex
	first                   uint32 // sequence number of byte 0
	passed                  []passed
	lost, swapped, repeated int
}

// passed is a server's segment that was given to the client's side.
type passed struct {
	from, to int
	at       bracket
}

func (u *unreliable) run() {
	buffer := make([]byte, 2000)
	for {
		n, err := u.tun.Read(buffer)
		if err != nil {
			return
		}
		b := slices.Clone(buffer[:n])
		if b[0]>>4 != 4 || b[9] != 6 {
			continue
		}
		switch net.IP(b[16:20]).String() {
		case asServer:
			readdress(b, asClient, here)
			_, _ = u.tun.Write(b)
		case asClient:
			readdress(b, asServer, here)
			u.fromServer(b)
		}
	}
}

func (u *unreliable) fromServer(b []byte) {
	data := len(b) - 20 - int(b[32]>>4)*4
	chance := u.random.IntN(100)
	switch {
	case data == 0 || chance >= 35:
		u.pass(b)
	case chance < 5:
		u.count(&u.lost)
	case chance < 10:
		u.count(&u.repeated)
		u.pass(b)
		u.pass(b)
	default:
		u.count(&u.swapped)
		time.AfterFunc(time.Duration(1+u.random.IntN(8))*time.Millisecond, func() { u.pass(b) })
	}
}

func (u *unreliable) count(what *int) {
	u.mu.Lock()
	defer u.mu.Unlock()
	*what++
}

// pass gives a packet to the client's side, and notes when.
func (u *unreliable) pass(b []byte) {
	u.mu.Lock()
	defer u.mu.Unlock()
	tcp := b[20:]
	sequence := binary.BigEndian.Uint32(tcp[4:])
	if tcp[13]&2 != 0 {
		u.first = sequence + 1
	}
	from := int(int32(sequence - u.first))
	before := u.clock.Now()
	_, _ = u.tun.Write(b)
	if data := len(tcp) - int(tcp[12]>>4)*4; data > 0 {
		u.passed = append(u.passed, passed{from, from + data, bracket{before, u.clock.Now()}})
	}
}

// complete is when everything before a position had been passed on.
func (u *unreliable) complete(position int) bracket {
	u.mu.Lock()
	defer u.mu.Unlock()
	var here []passed
	for _, p := range u.passed {
		here = append(here, p)
		end := 0
		for again := true; again; {
			again = false
			for _, q := range here {
				if q.from <= end && q.to > end {
					end, again = q.to, true
				}
			}
		}
		if end >= position {
			return p.at
		}
	}
	return bracket{}
}

// readdress replaces both addresses, and corrects the checksums by the difference.
func readdress(b []byte, source, destination string) {
	changed := append(net.ParseIP(source).To4(), net.ParseIP(destination).To4()...)
	for i := 0; i < 8; i += 2 {
		was, is := binary.BigEndian.Uint16(b[12+i:]), binary.BigEndian.Uint16(changed[i:])
		for _, at := range []int{10, 36} {
			sum := uint32(^binary.BigEndian.Uint16(b[at:])) + uint32(^was) + uint32(is)
			for sum > 0xffff {
				sum = sum&0xffff + sum>>16
			}
			binary.BigEndian.PutUint16(b[at:], ^uint16(sum))
		}
	}
	copy(b[12:20], changed)
}
