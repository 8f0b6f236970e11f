// Package packets says when each TCP segment of the process's connections reached the machine, whenever its bytes are
// read: a packet socket captures the headers of the servers' segments into a ring that the kernel and this process share.
//
// The kernel hands a segment to the ring before TCP gets it, and the ring has frames (TPACKET_V2), each of which is
// visible as soon as it is filled: a reader that has the bytes always finds the segment that brought them. A ring of
// blocks (TPACKET_V3) would hold frames back until their block is full or its timer, of milliseconds, has fired.
//
// Nothing has to run in time for that: whoever has read bytes drains the ring, for all connections. A goroutine
// drains it now and then only so that it does not fill up while nobody reads.
//
// What the ring misses (it was full, an IPv6 extension header, a segment that TCP threw away) falls back to the stamp of
// the read, and is counted: no time is wrong silently.
package packets

import (
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// Counts are the frames of a ring since it was opened.
type Counts struct {
	Seen    int64 `json:"seen"`    // delivered
	Dropped int64 `json:"dropped"` // the kernel's own count of those that found the ring full
}

const (
	// ringBytes is two seconds of 100,000 segments a second.
	ringBytes = 32 << 20
	// drainTime is how often the ring is drained at least.
	drainTime = 50 * time.Millisecond
	// claimTime is how long a connection that was seen to begin may stay unclaimed: it is another process's as a rule.
	claimTime = 10 * time.Second
	// mostPending bounds these connections.
	mostPending = 16384
)

// Ring is the capture of a process. A nil Ring captures nothing.
type Ring struct {
	mu      sync.Mutex
	frames  frames
	filter  filter
	flows   map[key]*Flow
	pending []*Flow // those that began, the oldest first; some are claimed meanwhile
	count   Counts
	last    *Flow                                              // that of the last segment: segments come in runs
	file    func(packet []byte, length uint32, unixNano int64) // take, made once

	closing sync.Once
	stop    chan struct{}
	ended   chan struct{}
}

// frames are the kernel's side of a ring; its methods are called with the ring's lock held.
type frames interface {
	// drain takes every frame that is ready, in order.
	drain(take func(packet []byte, length uint32, unixNano int64))
	// ahead takes frames that are ready behind some that are not: each CPU fills its own at its own pace.
	ahead(take func(packet []byte, length uint32, unixNano int64))
	// attach replaces the filter.
	attach(program []instruction) error
	// dropped is how many frames found no room since the last call.
	dropped() int64
	close()
}

// Open starts the capture; it fails where the process may not capture or the system cannot.
func Open() (*Ring, error) { return open(ringBytes) }

func open(bytes int) (*Ring, error) {
	frames, err := openFrames(bytes)
	if err != nil {
		return nil, err
	}
	r := &Ring{frames: frames, flows: make(map[key]*Flow), stop: make(chan struct{}), ended: make(chan struct{})}
	r.file = r.take
	go r.run()
	return r, nil
}

// Close ends the capture; flows that are still in use miss what comes.
func (r *Ring) Close() {
	if r == nil {
		return
	}
	r.closing.Do(r.end)
}

func (r *Ring) end() {
	close(r.stop)
	<-r.ended
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
	r.count.Dropped += r.frames.dropped()
	r.frames.close()
	r.frames = closedFrames{}
}

// Counts are the frames so far.
func (r *Ring) Counts() Counts {
	if r == nil {
		return Counts{}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count.Dropped += r.frames.dropped()
	return r.count
}

// Expect lets the segments of connections to this address (host and port) through; call it before dialling. The host
// need not be known yet: the answer to a connection's first segment passes from any.
func (r *Ring) Expect(address string) {
	if r == nil {
		return
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		return
	}
	ip, _ := netip.ParseAddr(host) // a name's address comes with the connection
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expect(ip, uint16(number))
}

// expect is called with the lock held.
func (r *Ring) expect(ip netip.Addr, port uint16) {
	if r.filter.add(ip, port) {
		// A filter that cannot be replaced misses the connection, which is counted with its reads.
		_ = r.frames.attach(r.filter.program())
	}
}

// Claim finds the flow of a connection that has just been dialled; call it before anything is sent. Release ends it.
func (r *Ring) Claim(conn net.Conn) *Flow {
	if r == nil {
		return nil
	}
	local, isTCP := conn.LocalAddr().(*net.TCPAddr)
	remote, alsoTCP := conn.RemoteAddr().(*net.TCPAddr)
	if !isTCP || !alsoTCP {
		return nil
	}
	server, client := remote.AddrPort(), local.AddrPort()
	k := key{server: server.Addr().As16(), client: client.Addr().As16(), serverPort: server.Port(), clientPort: client.Port()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expect(server.Addr(), server.Port())
	r.drain()
	if r.flows[k] == nil {
		r.frames.ahead(r.file)
	}
	flow := r.flows[k]
	if flow == nil || flow.claimed {
		return &Flow{ring: r, claimed: true} // its beginning was missed: so is everything
	}
	flow.claimed = true
	return flow
}

// Release forgets a flow whose connection is closed.
func (r *Ring) release(flow *Flow) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.flows[flow.key] == flow {
		delete(r.flows, flow.key)
	}
	if r.last == flow {
		r.last = nil
	}
}

func (r *Ring) run() {
	defer close(r.ended)
	ticker := time.NewTicker(drainTime)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			r.mu.Lock()
			r.drain()
			r.expire(time.Now().UnixNano() - int64(claimTime))
			r.mu.Unlock()
		case <-r.stop:
			return
		}
	}
}

// drain is called with the lock held.
func (r *Ring) drain() { r.frames.drain(r.file) }

// expire forgets flows that began before the given moment and that nobody has claimed, and the oldest of too many.
func (r *Ring) expire(before int64) {
	gone := 0
	for gone < len(r.pending) {
		flow := r.pending[gone]
		if !flow.claimed && flow.born >= before && len(r.pending)-gone <= mostPending {
			break
		}
		if !flow.claimed && r.flows[flow.key] == flow {
			delete(r.flows, flow.key)
		}
		gone++
	}
	if gone > 0 {
		r.pending = append(r.pending[:0], r.pending[gone:]...)
		clear(r.pending[len(r.pending) : len(r.pending)+gone])
	}
}

// take files one frame; called with the lock held.
func (r *Ring) take(packet []byte, length uint32, unixNano int64) {
	r.count.Seen++
	s, ok := parse(packet, length)
	if !ok {
		return
	}
	flow := r.last
	if flow == nil || flow.key != s.key {
		flow = r.flows[s.key]
	}
	if s.begins() {
		if flow == nil || !flow.beginsAt(s.sequence) {
			flow = r.begin(s, unixNano)
		}
	} else if flow == nil {
		if flow = r.flows[s.key.turned()]; flow != nil && s.length > 0 {
			flow.leave(s.sequence, s.length, unixNano)
		}
		return
	}
	r.last = flow
	if s.length > 0 {
		flow.arrive(s.sequence, s.length, unixNano)
	}
}

// begin makes the flow of a connection that the server has just accepted.
func (r *Ring) begin(s segment, unixNano int64) *Flow {
	flow := newFlow(r, s, unixNano)
	r.flows[s.key] = flow
	r.pending = append(r.pending, flow)
	if len(r.pending) > 2*mostPending {
		r.expire(0)
	}
	return flow
}

// takeAll drains the ring for whoever asks when something was sent.
func (r *Ring) takeAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
}

// catchUp drains the ring, and reaches over frames that are still being filled where the flow wants more than that.
func (r *Ring) catchUp(flow *Flow, to uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
	if flow.end.Load() < to {
		r.frames.ahead(r.file)
	}
}

// closedFrames are those of a ring that was closed.
type closedFrames struct{}

func (closedFrames) drain(func([]byte, uint32, int64)) {}
func (closedFrames) ahead(func([]byte, uint32, int64)) {}
func (closedFrames) attach([]instruction) error        { return nil }
func (closedFrames) dropped() int64                    { return 0 }
func (closedFrames) close()                            {}

// mostBehind is how many frames can be in the making at a time: one a CPU.
func mostBehind() int { return runtime.NumCPU() + 1 }
