package packets

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"
)

// made is a ring without a capture: tests give it its frames.
func made() *Ring {
	r := &Ring{frames: closedFrames{}, flows: make(map[key]*Flow)}
	r.file = r.take
	return r
}

const isn = 1<<32 - 500 // the numbers of every flow here wrap around

// packet is the headers of a segment, as the capture gives them.
type packet struct {
	server, client string // address and port
	sequence       uint32
	flags          uint8
	data           int
	options        int // bytes of IPv4 options
	tcpOptions     int
	change         func(b []byte)
}

// bytes are the packet up to what the capture keeps, and its whole length.
func (p packet) bytes() ([]byte, uint32) {
	server, client := netip.MustParseAddrPort(p.server), netip.MustParseAddrPort(p.client)
	var ip []byte
	tcpLength := 20 + p.tcpOptions + p.data
	if server.Addr().Is4() {
		ip = make([]byte, 20+p.options)
		ip[0] = 0x40 | byte(len(ip)/4)
		binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)+tcpLength))
		ip[9] = protocolTCP
		copy(ip[12:], server.Addr().AsSlice())
		copy(ip[16:], client.Addr().AsSlice())
	} else {
		ip = make([]byte, 40)
		ip[0] = 0x60
		binary.BigEndian.PutUint16(ip[4:], uint16(tcpLength))
		ip[6] = protocolTCP
		copy(ip[8:], server.Addr().AsSlice())
		copy(ip[24:], client.Addr().AsSlice())
	}
	tcp := make([]byte, 20+p.tcpOptions)
	binary.BigEndian.PutUint16(tcp, server.Port())
	binary.BigEndian.PutUint16(tcp[2:], client.Port())
	binary.BigEndian.PutUint32(tcp[4:], p.sequence)
	tcp[12] = byte(len(tcp)/4) << 4
	tcp[13] = p.flags
	b := append(append(ip, tcp...), make([]byte, p.data)...)
	if p.change != nil {
		p.change(b)
	}
	return b[:min(len(b), headerBytes)], uint32(len(b))
}

func (r *Ring) give(p packet, unixNano int64) {
	b, length := p.bytes()
	r.take(b, length, unixNano)
}

// opened is a flow that its connection has claimed.
func opened(t *testing.T, r *Ring, server, client string) *Flow {
	t.Helper()
	r.give(packet{server: server, client: client, sequence: isn, flags: flagSYN | flagACK}, 1)
	s, client16 := netip.MustParseAddrPort(server), netip.MustParseAddrPort(client)
	flow := r.flows[key{s.Addr().As16(), client16.Addr().As16(), s.Port(), client16.Port()}]
	if flow == nil {
		t.Fatal("its beginning makes no flow")
	}
	flow.claimed = true
	return flow
}

const (
	server4, client4 = "10.0.0.1:8000", "10.0.0.2:40000"
	server6, client6 = "[fd00::1]:8000", "[fd00::2]:40000"
)

// segmentOf is one that brings count bytes from the given position on.
func segmentOf(from, count int) packet {
	return packet{server: server4, client: client4, sequence: uint32(isn + 1 + from), flags: flagACK, data: count}
}

func TestPiecesOfAFlow(t *testing.T) {
	type at struct {
		from, count int
		unixNano    int64
	}
	tests := []struct {
		name     string
		segments []at
		to       uint64 // what was read
		read     int64  // the stamp of that read
		want     []Piece
	}{
		{"in order", []at{{0, 100, 10}, {100, 50, 20}, {150, 1000, 30}}, 1150, 30, []Piece{{100, 10, false}, {150, 20, false}, {1150, 30, false}}},
		{"over the end of the numbers", []at{{0, 499, 10}, {499, 1, 20}, {500, 9, 30}}, 509, 30, []Piece{{499, 10, false}, {500, 20, false}, {509, 30, false}}},
		{"two with one stamp are one piece", []at{{0, 10, 10}, {10, 10, 10}, {20, 10, 20}}, 30, 20, []Piece{{20, 10, false}, {30, 20, false}}},
		{"sent again, whole and in part", []at{{0, 100, 10}, {0, 100, 20}, {50, 30, 30}, {50, 100, 40}}, 150, 40, []Piece{{100, 10, false}, {150, 40, false}}},
		{"out of order: the time at which nothing was missing any more", []at{{0, 10, 10}, {20, 10, 20}, {10, 10, 30}, {30, 10, 40}}, 40, 40, []Piece{{10, 10, false}, {30, 30, false}, {40, 40, false}}},
		{"several gaps, filled from the back", []at{{30, 10, 10}, {20, 10, 20}, {10, 10, 30}, {0, 10, 40}}, 40, 40, []Piece{{40, 40, false}}},
		{"two gaps, one after the other", []at{{10, 10, 10}, {30, 10, 20}, {0, 10, 30}, {20, 10, 40}}, 40, 40, []Piece{{20, 30, false}, {40, 40, false}}},
		{"filed before an older one, which another CPU was still filing: each has its own time", []at{{10, 10, 20}, {0, 10, 10}}, 20, 20, []Piece{{10, 10, false}, {20, 20, false}}},
		{"early ones that overlap", []at{{20, 20, 10}, {10, 15, 20}, {5, 40, 30}, {0, 7, 40}}, 45, 40, []Piece{{45, 40, false}}},
		{"not captured: the time of the read", []at{{0, 10, 10}}, 30, 50, []Piece{{10, 10, false}, {30, 50, true}}},
		{"not captured, and the read has no time", []at{{0, 10, 10}}, 30, 0, []Piece{{10, 10, false}, {30, 0, true}}},
		{"not captured, and what follows it is known: not before what is missing", []at{{0, 10, 10}, {20, 10, 60}, {30, 10, 70}}, 20, 50, []Piece{{10, 10, false}, {20, 50, true}, {30, 60, false}, {40, 70, false}}},
		{"what follows came before the read had what was missing", []at{{0, 10, 10}, {20, 10, 40}}, 20, 50, []Piece{{10, 10, false}, {20, 50, true}, {30, 50, false}}},
		{"thrown away by TCP, and taken when it came again", []at{{0, 10, 10}, {10, 10, 20}, {10, 10, 20_000_000}}, 20, 20_000_000, []Piece{{10, 10, false}, {20, 20_000_000, true}}},
		{"read before the next one came", []at{{0, 10, 10}, {10, 10, 20_000_000}}, 10, 20_000_000, []Piece{{10, 10, false}, {20, 20_000_000, false}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := made()
			flow := opened(t, r, server4, client4)
			for _, s := range test.segments {
				r.give(segmentOf(s.from, s.count), s.unixNano)
			}
			flow.Read(0, test.to, test.read)
			var got []Piece
			for from := uint64(0); flow.marks.last() != nil && from < flow.end.Load(); from = got[len(got)-1].End {
				got = append(got, flow.Next(from))
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// What arrives in any order, again and in any cut, gives each byte the time at which all before it had come.
func TestAnyOrderOfSegments(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		r := made()
		flow := opened(t, r, server4, client4)
		const size = 3000
		come := make([]bool, size)
		when := make([]int64, size) // the truth
		done, now := 0, int64(0)
		for done < size {
			// Mostly what is next, else something near.
			from := max(done+random.IntN(400)-random.IntN(200)*random.IntN(2), 0)
			if random.IntN(3) > 0 {
				from = done
			}
			if from >= size {
				continue
			}
			count := min(1+random.IntN(200), size-from)
			now += 10
			r.give(segmentOf(from, count), now)
			for i := from; i < from+count; i++ {
				come[i] = true
			}
			for done < size && come[done] {
				when[done] = now
				done++
			}
		}
		flow.Read(0, size, now)
		for i := range when {
			if got := flow.Next(uint64(i)); got.UnixNano != when[i] || got.Missed {
				t.Fatalf("byte %d: %v, want %d", i, got, when[i])
			}
		}
	}
}

func TestConnectionsAreToldApart(t *testing.T) {
	r := made()
	four := opened(t, r, server4, client4)
	six := opened(t, r, server6, client6)
	other := opened(t, r, server4, "10.0.0.2:40001")
	r.give(packet{server: server6, client: client6, sequence: isn + 1, data: 5, flags: flagACK}, 10)
	r.give(packet{server: server4, client: "10.0.0.2:40001", sequence: isn + 1, data: 6, tcpOptions: 12}, 20)
	r.give(packet{server: server4, client: client4, sequence: isn + 1, data: 7, options: 8}, 30)
	r.give(packet{server: server4, client: "10.0.0.2:40002", sequence: isn + 1, data: 8}, 40) // nobody's
	for _, test := range []struct {
		flow *Flow
		want Piece
	}{{six, Piece{5, 10, false}}, {other, Piece{6, 20, false}}, {four, Piece{7, 30, false}}} {
		test.flow.Read(0, test.want.End, test.want.UnixNano)
		if got := test.flow.Next(0); got != test.want {
			t.Errorf("got %v, want %v", got, test.want)
		}
	}
}

func TestConnectionsThatBeginAgain(t *testing.T) {
	r := made()
	flow := opened(t, r, server4, client4)
	r.give(segmentOf(0, 10), 10)
	r.give(packet{server: server4, client: client4, sequence: isn, flags: flagSYN | flagACK}, 20) // sent again
	r.give(segmentOf(10, 10), 30)
	flow.Read(0, 20, 30)
	if got := flow.Next(15); got != (Piece{20, 30, false}) {
		t.Errorf("an acceptance that is sent again: %v", got)
	}
	r.give(packet{server: server4, client: client4, sequence: 77, flags: flagSYN | flagACK}, 40) // the ports once more
	if again := r.flows[flow.key]; again == flow || again.claimed {
		t.Error("another connection on the same ports has the flow of the first")
	}
	flow.Release()
	if r.flows[flow.key] == nil {
		t.Error("the end of the first took the flow of the second")
	}
	r.flows[flow.key].Release()
	if len(r.flows) != 0 {
		t.Errorf("%d flows are left", len(r.flows))
	}
}

func TestFlowsThatNobodyClaims(t *testing.T) {
	r := made()
	claimed := opened(t, r, server4, client4)
	client := func(i int) string {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(i >> 8), byte(i)}), 4000).String()
	}
	for i := range 5000 {
		r.give(packet{server: server4, client: client(i), sequence: isn, flags: flagSYN | flagACK}, int64(100+i))
	}
	r.expire(100 + 2000)
	if len(r.flows) != 3001 || len(r.pending) != 3000 {
		t.Errorf("%d flows, %d pending", len(r.flows), len(r.pending))
	}
	for i := range 4 * mostPending {
		r.give(packet{server: server4, client: client(i), sequence: isn + 9, flags: flagSYN | flagACK}, int64(10_000+i))
	}
	r.expire(0)
	if len(r.pending) > mostPending || len(r.flows) > mostPending+1 || r.flows[claimed.key] != claimed {
		t.Errorf("%d flows, %d pending", len(r.flows), len(r.pending))
	}
	r.expire(1 << 60)
	if len(r.flows) != 1 {
		t.Errorf("%d flows are left", len(r.flows))
	}
}

// What nobody reads is bounded; its times are given up, and those of what comes later are right again.
func TestTooMuchThatIsNotRead(t *testing.T) {
	r := made()
	flow := opened(t, r, server4, client4)
	const each = 10
	for i := range mostMarks + 1000 {
		r.give(segmentOf(i*each, each), int64(1000+i))
	}
	if flow.marks.count > mostMarks+1 {
		t.Errorf("%d pieces", flow.marks.count)
	}
	all := uint64(mostMarks+1000) * each
	flow.Read(0, all, 1000+mostMarks+999)
	if got := flow.Next((mostMarks - 1) * each); got.Missed || got.UnixNano != 1000+mostMarks-1 {
		t.Errorf("the last piece that has room: %v", got)
	}
	if got := flow.Next(mostMarks * each); !got.Missed || got.End != all {
		t.Errorf("what has no room: %v", got)
	}
	r.give(segmentOf(int(all), each), 1<<40)
	flow.Read(0, all+each, 1<<40)
	if got := flow.Next(all); got != (Piece{all + each, 1 << 40, false}) {
		t.Errorf("after it: %v", got)
	}
}

func TestFlowWhoseBeginningWasMissed(t *testing.T) {
	flow := &Flow{ring: made(), claimed: true}
	flow.Read(0, 10, 30)
	if got := flow.Next(0); got != (Piece{10, 30, true}) {
		t.Errorf("got %v", got)
	}
}

func TestPacketsThatAreNoSegments(t *testing.T) {
	base := func() packet { return packet{server: server4, client: client4, sequence: 5, data: 30} }
	six := func() packet { return packet{server: server6, client: client6, sequence: 5, data: 30} }
	changed := func(p packet, at int, to byte) packet {
		p.change = func(b []byte) { b[at] = to }
		return p
	}
	for name, p := range map[string]packet{
		"UDP":                        changed(base(), 9, 17),
		"a fragment":                 changed(base(), 7, 1),
		"IPv6 with extensions":       changed(six(), 6, 0),
		"of no version":              changed(base(), 0, 0x15),
		"with a header too short":    changed(base(), 0, 0x41),
		"shorter than its headers":   changed(base(), 3, 30),
		"with a data offset too far": changed(base(), 32, 0xf0),
	} {
		b, length := p.bytes()
		if name == "with a data offset too far" {
			length = 50
			b[3] = 50
		}
		if _, ok := parse(b, length); ok {
			t.Errorf("%s: taken for a segment", name)
		}
	}
	b, length := base().bytes()
	for short := range 40 {
		if _, ok := parse(b[:short], length); ok {
			t.Errorf("%d bytes: taken for a segment", short)
		}
	}
	reset := base()
	reset.flags = flagRST
	if s, ok := parse(reset.bytes()); !ok || s.length != 0 {
		t.Errorf("a reset brings %d bytes", s.length)
	}
	// A packet larger than its length field can say has 0 there.
	for _, p := range []packet{base(), six()} {
		p.change = func(b []byte) {
			if b[0]>>4 == 4 {
				b[2], b[3] = 0, 0
			} else {
				b[4], b[5] = 0, 0
			}
		}
		b, length := p.bytes()
		if s, ok := parse(b, length+100_000); !ok || s.length != 100_030 {
			t.Errorf("%d bytes of a large packet, %v", s.length, ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	b, length := packet{server: server4, client: client4, data: 3}.bytes()
	f.Add(b, length)
	b, length = packet{server: server6, client: client6, data: 3}.bytes()
	f.Add(b, length)
	f.Fuzz(func(t *testing.T, b []byte, length uint32) {
		if s, ok := parse(b, length); ok && s.length > max(length, 1<<16+40) {
			t.Errorf("%d bytes in a packet of %d", s.length, length)
		}
	})
}
