package h2stamp

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// held is a connection that nobody reads while its gate is closed, but for a read that waits already.
type held struct {
	*stamp.Conn
	gate    atomic.Pointer[chan struct{}]
	reading atomic.Bool
}

func (h *held) Read(p []byte) (int, error) {
	if gate := h.gate.Load(); gate != nil {
		<-*gate
	}
	h.reading.Store(true)
	defer h.reading.Store(false)
	return h.Conn.Read(p)
}

// hold closes the gate behind a read that waits; the caller opens it.
func (h *held) hold() chan struct{} {
	for !h.reading.Load() {
		time.Sleep(time.Millisecond)
	}
	gate := make(chan struct{})
	h.gate.Store(&gate)
	return gate
}

// Two answers share a connection that is read late: the kernel's stamp of the read is that of the second one's segment.
func TestTokensThatOtherAnswersOvertake(t *testing.T) {
	const pause = 30 * time.Millisecond
	for _, test := range []struct {
		name      string
		source    stamp.Source
		together  bool // both in one segment
		overtaken bool
	}{
		{"in a segment of its own, by the kernel's stamps", stamp.Kernel, false, true},
		{"in one segment, by the kernel's stamps", stamp.Kernel, true, false},
		{"in a segment of its own, by packets", stamp.Packet, false, false},
		{"read by this process's clock", stamp.User, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			sources := stamp.Sources{Kernel: test.source != stamp.User && stamp.Enable()}
			if test.source == stamp.Kernel && !sources.Kernel {
				t.Skip("only Linux has kernel stamps")
			}
			if test.source == stamp.Packet {
				ring, err := packets.Open()
				if err != nil {
					t.Skip(err)
				}
				defer ring.Close()
				sources.Ring = ring
			}
			asked, begin, sent := make(chan uint32, 2), make(chan bool), make(chan bool)
			url := raw(t, func(p *peer) {
				for range 2 {
					stream := p.request()
					p.head(stream)
					asked <- stream
				}
				<-begin
				_ = p.WritePing(false, [8]byte{}) // for the read that waits already
				p.pong()
				time.Sleep(pause)
				var bytes bytes.Buffer
				framer := http2.NewFramer(&bytes, nil)
				for _, stream := range []uint32{1, 3} {
					_ = framer.WriteData(stream, false, []byte("token"))
					if !test.together || stream == 3 {
						_, _ = p.Write(bytes.Bytes())
						bytes.Reset()
						time.Sleep(pause)
					}
				}
				close(sent)
				p.request()
			})
			c := newClient(t, sources)
			var conn *held
			c.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				sources.Ring.Expect(address)
				dialled, err := new(net.Dialer).DialContext(ctx, network, address)
				if err != nil {
					return nil, err
				}
				conn = &held{Conn: stamp.Wrap(dialled, c.clock, sources)}
				return conn, nil
			}
			c.pool.stampsOf = func(conn net.Conn) Stamps { return conn.(*tls.Conn).NetConn().(*held).Conn }
			var answers [2]answer
			for i := range answers {
				got, err := c.ask(t, url)
				if err != nil {
					t.Fatal(err)
				}
				answers[i] = got
			}
			if c.dials.Load() > 1 || <-asked != 1 || <-asked != 3 {
				t.Fatal("two requests did not share a connection")
			}
			defer func() { _ = conn.Close() }() // closing the bodies does not end it at once, and the server waits for that
			gate := conn.hold()
			conn.Settle() // as an exchange does
			before := c.clock.Now()
			close(begin)
			<-sent
			close(gate)
			var at [2]int64
			for i, got := range answers {
				p := make([]byte, 100)
				if n, err := got.Body.Read(p); string(p[:n]) != "token" || err != nil {
					t.Fatalf("answer %d: %q, %v", i, p[:n], err)
				}
				at[i] = got.stream.Last().At
				if since := got.stream.Last().Earliest; i == 0 && since > before+int64(2*pause) {
					t.Errorf("answer %d came %d ns after the connection was held, at the earliest", i, since-before)
				}
			}
			if got := answers[0].stream.Overtaken(at[0]); got != test.overtaken {
				t.Errorf("the first answer is overtaken: %v", got)
			}
			if answers[1].stream.Overtaken(at[1]) {
				t.Error("the last answer is overtaken")
			}
			if apart := at[1] - at[0]; (apart >= int64(pause)) != (test.source == stamp.Packet) {
				t.Errorf("the answers' times are %d ns apart", apart)
			}
			for _, got := range answers {
				_ = got.Body.Close()
			}
		})
	}
}
