package packets

import (
	"encoding/binary"
	"testing"
)

// BenchmarkEvent: what this process does for one event, of one of a thousand connections: it files the frame and finds
// its stamp. What the kernel does for it is in package stamp's BenchmarkRead.
func BenchmarkEvent(b *testing.B) {
	r := made()
	const connections, size = 1000, 250
	flows := make([]*Flow, connections)
	frames := make([][]byte, connections)
	for i := range flows {
		p := packet{server: server4, client: client4, sequence: isn, flags: flagSYN | flagACK}
		p.change = func(b []byte) { binary.BigEndian.PutUint16(b[22:], uint16(i)) }
		r.give(p, 1)
		s, _ := parse(p.bytes())
		flows[i] = r.flows[s.key]
		flows[i].claimed = true
		p.flags, p.data = flagACK, size
		frames[i], _ = p.bytes()
	}
	to, sequence := uint64(0), uint32(isn&(1<<32-1))
	sequence++
	b.ReportAllocs()
	for n := 0; n < b.N; n++ {
		i := n % connections
		if i == 0 && n > 0 {
			sequence += size
		}
		if i == 0 {
			to += size
		}
		binary.BigEndian.PutUint32(frames[i][24:], sequence)
		r.mu.Lock()
		r.take(frames[i], 40+size, int64(n))
		r.mu.Unlock()
		if flows[i].Read(to-size, to, int64(n)).Missed {
			b.Fatal("missed")
		}
	}
}
