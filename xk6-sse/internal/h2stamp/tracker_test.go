package h2stamp

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// sender makes the bytes that a server sends, and notes where in them the bytes of each body are.
type sender struct {
	bytes.Buffer
	*http2.Framer
	bodies map[uint32][]int // place of each byte of a body, by stream
	heads  map[uint32]int   // place of the last byte of the answer's headers
}

func newSender() *sender {
	s := &sender{bodies: make(map[uint32][]int), heads: make(map[uint32]int)}
	s.Framer = http2.NewFramer(&s.Buffer, nil)
	s.AllowIllegalWrites = true
	return s
}

// head sends header fields, in the given number of frames.
func (s *sender) head(t *testing.T, stream uint32, frames int, end bool) {
	t.Helper()
	err := s.WriteHeaders(http2.HeadersFrameParam{
		StreamID: stream, BlockFragment: []byte("fields"), EndStream: end, EndHeaders: frames == 1,
	})
	for i := 1; i < frames && err == nil; i++ {
		err = s.WriteContinuation(stream, i == frames-1, []byte("more"))
	}
	if err != nil {
		t.Fatal(err)
	}
	s.heads[stream] = s.Len() - 1
}

// data sends n bytes of a body; pad below 0: without padding.
func (s *sender) data(t *testing.T, stream uint32, n, pad int, end bool) {
	t.Helper()
	from := s.Len() + headerLength
	var padding []byte
	if pad >= 0 {
		from++
		padding = make([]byte, pad)
	}
	if err := s.WriteDataPadded(stream, end, make([]byte, n), padding); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		s.bodies[stream] = append(s.bodies[stream], from+i)
	}
}

// requests makes a tracker that has sent requests on these streams.
func requests(t *testing.T, ids ...uint32) (*tracker, map[uint32]*Stream) {
	t.Helper()
	known := newTracker(nil)
	streams := make(map[uint32]*Stream)
	known.send([]byte(http2.ClientPreface[:5]))
	known.send([]byte(http2.ClientPreface[5:]))
	for _, id := range ids {
		written := newSender()
		_ = written.WriteSettings()
		written.head(t, id, 2, false)
		written.data(t, id, 20, -1, true)
		var opened []*Stream
		for _, c := range written.Bytes() { // a byte a write
			if stream := known.send([]byte{c}); stream != nil {
				opened = append(opened, stream)
			}
		}
		if len(opened) != 1 || known.Opened() != opened[0] {
			t.Fatalf("stream %d: %d streams opened", id, len(opened))
		}
		streams[id] = opened[0]
	}
	return &known, streams
}

// Frames of three answers, mixed, with padding and frames that are none of theirs, cut into reads at random places:
// every byte of a body must come with the moment of the read that brought it.
func TestEachByteHasTheMomentOfTheReadThatBroughtIt(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		sent := newSender()
		ids := []uint32{1, 3, 5}
		known, streams := requests(t, ids...)
		for _, id := range ids {
			sent.head(t, id, 1+random.IntN(3), false)
		}
		for range 60 {
			id := ids[random.IntN(len(ids))]
			switch random.IntN(6) {
			case 0:
				_ = sent.WritePing(false, [8]byte{})
			case 1:
				_ = sent.WriteWindowUpdate(id, 100)
			case 2:
				sent.data(t, 7, 9, -1, false) // of a stream that is none
			default:
				sent.data(t, id, random.IntN(40), random.IntN(30)-15, false)
			}
		}
		for _, id := range ids {
			if random.IntN(2) == 0 {
				sent.data(t, id, 0, -1, true)
			} else {
				last := sent.heads[id]
				sent.head(t, id, 1, true) // trailers
				sent.heads[id] = last
			}
		}
		wire := sent.Bytes()
		moments := make([]stamp.Arrival, len(wire))
		for at := 0; at < len(wire); {
			n := min(1+random.IntN(70), len(wire)-at)
			moment := stamp.Arrival{At: int64(at), Lag: int64(n)}
			for i := range n {
				moments[at+i] = moment
			}
			known.receive(wire[at:at+n], moment)
			at += n
		}
		for _, id := range ids {
			if got, want := streams[id].Headers(), moments[sent.heads[id]]; got != want {
				t.Fatalf("seed %d, stream %d: headers at %v, want %v", seed, id, got, want)
			}
			places := sent.bodies[id]
			inner := &chunks{left: len(places), random: random}
			body := streams[id].Body(inner)
			offset := 0
			for {
				n, err := body.Read(make([]byte, 1+random.IntN(50)))
				for i := range n {
					if got, want := streams[id].Last(), moments[places[offset+i]]; got != want {
						t.Fatalf("seed %d, stream %d, byte %d of a read at %d: %v, want %v", seed, id, i, offset, got, want)
					}
				}
				offset += n
				if err != nil {
					break
				}
			}
			if offset != len(places) {
				t.Fatalf("seed %d, stream %d: %d bytes of %d", seed, id, offset, len(places))
			}
			if end := streams[id].Last(); end.At < moments[sent.heads[id]].At || end != streams[id].end {
				t.Fatalf("seed %d, stream %d: end at %v", seed, id, end)
			}
		}
		if known.open() != 0 {
			t.Fatalf("%d streams open after their ends", known.open())
		}
	}
}

// chunks is a body that comes in pieces, at last together with its end.
type chunks struct {
	left   int
	random *rand.Rand
}

func (c *chunks) Read(p []byte) (int, error) {
	n := min(1+c.random.IntN(200), len(p), c.left)
	c.left -= n
	if c.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (c *chunks) Close() error { return nil }

// Bytes of several moments that one read of the body brings are returned in several reads.
func TestReadsAreSplitWhereTheMomentChanges(t *testing.T) {
	known, streams := requests(t, 1)
	stream := streams[1]
	body := stream.Body(readerFunc(func(p []byte) (int, error) {
		for i := range int64(3) { // they arrive while the reader waits
			sent := newSender()
			sent.data(t, 1, 10, -1, false)
			known.receive(sent.Bytes(), stamp.Arrival{At: i + 1})
		}
		return 30, io.ErrUnexpectedEOF
	}))
	for i := range int64(3) {
		n, err := body.Read(make([]byte, 100))
		if n != 10 || err != nil || stream.Last().At != i+1 {
			t.Errorf("read %d: %d bytes of %v, %v", i, n, stream.Last(), err)
		}
	}
	for range 2 {
		if n, err := body.Read(make([]byte, 100)); n != 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%d bytes, %v", n, err)
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
func (readerFunc) Close() error                 { return nil }

func TestWhichBlockIsTheAnswersHeaders(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(s *sender)
		want int64
	}{
		{"an informational answer before", func(s *sender) { s.head(t, 1, 1, false); s.head(t, 1, 1, false) }, 2},
		{"trailers behind the body", func(s *sender) { s.head(t, 1, 1, false); s.data(t, 1, 1, -1, false); s.head(t, 1, 1, true) }, 1},
		{"trailers without a body", func(s *sender) { s.head(t, 1, 1, false); s.head(t, 1, 1, true) }, 1},
		{"headers alone", func(s *sender) { s.head(t, 1, 1, true) }, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			known, streams := requests(t, 1)
			sent := newSender()
			test.send(sent)
			wire, number := sent.Bytes(), int64(0)
			for len(wire) > 0 { // a frame a read
				length := headerLength + int(wire[2])
				number++
				known.receive(wire[:length], stamp.Arrival{At: number})
				wire = wire[length:]
			}
			if got := streams[1].Headers().At; got != test.want {
				t.Errorf("the headers came with frame %d, want %d", got, test.want)
			}
		})
	}
}

func TestStreamsAreForgotten(t *testing.T) {
	known, _ := requests(t, 1, 3, 5)
	reset := newSender()
	_ = reset.WriteRSTStream(1, http2.ErrCodeInternal)
	known.receive(reset.Bytes(), stamp.Arrival{})
	if known.open() != 2 {
		t.Errorf("%d streams open after a reset by the server", known.open())
	}
	reset.Reset()
	_ = reset.WriteRSTStream(3, http2.ErrCodeCancel)
	known.send(reset.Bytes())
	if known.open() != 1 {
		t.Errorf("%d streams open after a reset by the client", known.open())
	}
	known.close()
	if known.open() != 0 {
		t.Errorf("%d streams open after the connection's end", known.open())
	}
}

func TestABodyThatNobodyReadsIsBounded(t *testing.T) {
	stream := new(Stream)
	for i := range int64(3 * mostRuns) {
		stream.data(1, stamp.Arrival{At: i})
	}
	if len(stream.runs) > mostRuns {
		t.Errorf("%d runs", len(stream.runs))
	}
	body := stream.Body(readerFunc(func(p []byte) (int, error) { return len(p), nil }))
	for i := range int64(mostRuns - 1) {
		if n, _ := body.Read(make([]byte, 5)); n != 1 || stream.Last().At != i {
			t.Fatalf("byte %d: %d bytes of %v", i, n, stream.Last())
		}
	}
	if _, _ = body.Read(make([]byte, 5)); stream.Last().At != 3*mostRuns-1 {
		t.Errorf("what grew together has the moment %d", stream.Last().At)
	}
}

// BenchmarkEvent is what dating costs an event of 200 bytes: its frame followed, its moment found by the reader.
func BenchmarkEvent(b *testing.B) {
	known := newTracker(nil)
	known.out.skip = 0
	request := newSender()
	_ = request.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte("fields"), EndHeaders: true})
	stream := known.send(request.Bytes())
	event := newSender()
	_ = event.WriteData(1, false, make([]byte, 200))
	frames := event.Bytes()
	left := 0
	inner := readerFunc(func(p []byte) (int, error) {
		n := min(left, len(p))
		left -= n
		return n, nil
	})
	body := stream.Body(inner)
	p := make([]byte, 16<<10)
	for _, late := range []int{1, 20} {
		b.Run(map[int]string{1: "the reader waits", 20: "20 events wait for the reader"}[late], func(b *testing.B) {
			b.ReportAllocs()
			at := int64(0)
			start := time.Now()
			for range b.N {
				for range late {
					at++
					known.receive(frames, stamp.Arrival{At: at})
					left += 200
				}
				for range late {
					if n, _ := body.Read(p); n != 200 || (late == 1 && stream.Last().At != at) {
						b.Fatal(n, stream.Last())
					}
				}
			}
			b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(b.N*late), "ns/event")
		})
	}
}
