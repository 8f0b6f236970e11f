package frame

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// A result is everything that a framer returns for a body.
type result struct {
	events   []string // name|data|id, "+" when the event has an id of its own, and the retry if there is one
	comments int
	pending  bool
}

func (r result) String() string {
	return fmt.Sprintf("%q, %d comments, pending %v", r.events, r.comments, r.pending)
}

func show(name, data, id string, hasID bool, retry int) string {
	s := name + "|" + data + "|" + id
	if hasID {
		s += "+"
	}
	if retry >= 0 {
		s += fmt.Sprintf(" retry %d", retry)
	}
	return s
}

// drain reads a body to its end, and pulls the events after each read.
func drain(t testing.TB, f *Framer, body io.Reader) (r result) {
	t.Helper()
	for done := false; !done; {
		space, err := f.Space()
		if err != nil {
			t.Fatal(err)
		}
		n, err := body.Read(space)
		f.Advance(n)
		if err != nil {
			f.Finish()
			done = true
		}
		for e, ok := f.Next(); ok; e, ok = f.Next() {
			r.events = append(r.events, show(string(e.Name), string(e.Data), string(e.ID), e.HasID, e.Retry))
		}
	}
	r.comments, r.pending = f.Comments(), f.Pending()
	return r
}

// A row is a body and what it holds. By default, events are message data alone.
type row struct {
	name, body string
	data       []string
	events     []string
	comments   int
	pending    bool
}

// check runs a row as one read, split at each byte, and byte by byte.
func check(t *testing.T, kind Kind, r row) {
	t.Helper()
	want := result{r.events, r.comments, r.pending}
	for _, data := range r.data {
		want.events = append(want.events, show("", data, "", false, -1))
	}
	f := New(kind, 0)
	try := func(how string, body io.Reader) {
		t.Helper()
		f.Reset(kind)
		if got := drain(t, f, body); got.String() != want.String() {
			t.Errorf("%s\nbody %q\ngot  %v\nwant %v", how, r.body, got, want)
		}
	}
	try("in one read", strings.NewReader(r.body))
	try("byte by byte", iotest.OneByteReader(strings.NewReader(r.body)))
	for i := range len(r.body) {
		try(fmt.Sprintf("split at byte %d", i), io.MultiReader(strings.NewReader(r.body[:i]), strings.NewReader(r.body[i:])))
	}
}

func TestNDJSON(t *testing.T) {
	for _, r := range []row{
		{name: "one event a line", body: "{\"a\":1}\n[2]\n", data: []string{`{"a":1}`, "[2]"}},
		{name: "a last line without an end is an event", body: "1\n2", data: []string{"1", "2"}},
		{name: "a CR before the LF is not part of the event", body: "1\r\n2\r\n", data: []string{"1", "2"}},
		{name: "a CR at the end of the body is not part of the event", body: "1\r", data: []string{"1"}},
		{name: "a CR elsewhere is white space of JSON", body: "[1,\r2]\n", data: []string{"[1,\r2]"}},
		{name: "blank lines are no events", body: "\n\r\n1\n \t\n2\n\n", data: []string{"1", "2"}},
		{name: "a body of blank lines has no events", body: "\r\n\n  ", data: nil},
		{name: "an empty body has no events", body: "", data: nil},
		{name: "white space around a value is kept", body: " 1 \n", data: []string{" 1 "}},
		{name: "a byte-order mark is skipped", body: "\uFEFF1\n2\n", data: []string{"1", "2"}},
		{name: "a second byte-order mark is not", body: "\uFEFF\uFEFF1\n", data: []string{"\uFEFF1"}},
		{name: "a byte-order mark that is cut off is data", body: "\xEF\xBB", data: []string{"\xEF\xBB"}},
		{name: "lines that look like an event stream are only lines", body: ": ping\ndata: x\n", data: []string{": ping", "data: x"}},
	} {
		t.Run(r.name, func(t *testing.T) { check(t, NDJSON, r) })
	}
}

func TestNUL(t *testing.T) {
	for _, r := range []row{
		{name: "a zero byte ends an event", body: "{\"text\":[\"a\"]}\x00{\"text\":[\"ab\"]}\x00", data: []string{`{"text":["a"]}`, `{"text":["ab"]}`}},
		{name: "a last event without an end is one", body: "1\x002", data: []string{"1", "2"}},
		{name: "nothing between two zero bytes is no event", body: "\x00\x001\x00\x00", data: []string{"1"}},
		{name: "white space between two zero bytes is no event", body: "1\x00\n\x002\x00\r\n", data: []string{"1", "2"}},
		{name: "a line's end ends an event, too", body: "{}\n[]\r\n1\x00\n2", data: []string{"{}", "[]", "1", "2"}},
		{name: "an empty body has no events", body: "", data: nil},
	} {
		t.Run(r.name, func(t *testing.T) { check(t, NUL, r) })
	}
}

func TestJSON(t *testing.T) {
	for _, r := range []row{
		{name: "the whole body is one event", body: "{\n \"a\": \"é🙂\",\r\n \"b\": [1,\n\n2]\n}\n", data: []string{"{\n \"a\": \"é🙂\",\r\n \"b\": [1,\n\n2]\n}\n"}},
		{name: "two documents are one event, which is no JSON", body: "{}\n{}", data: []string{"{}\n{}"}},
		{name: "a byte-order mark is skipped", body: "\uFEFF{}", data: []string{"{}"}},
		{name: "a byte-order mark that is cut off is data", body: "\xEF\xBB", data: []string{"\xEF\xBB"}},
		{name: "a byte-order mark alone is no event", body: "\uFEFF", data: nil},
		{name: "a zero byte ends nothing", body: "{}\x00{}\x00", data: []string{"{}\x00{}\x00"}},
		{name: "an empty body has no events", body: "", data: nil},
		{name: "white space is no event", body: " \r\n\t\n", data: nil},
	} {
		t.Run(r.name, func(t *testing.T) { check(t, JSON, r) })
	}
}

func TestADocumentIsThereWhenItsBodyHasEnded(t *testing.T) {
	f := New(JSON, 0)
	feed(t, f, "{}\n\n")
	if _, ok := f.Next(); ok || !f.Pending() {
		t.Errorf("before the end: event %v, pending %v", ok, f.Pending())
	}
	f.Finish()
	if e, ok := f.Next(); !ok || string(e.Data) != "{}\n\n" || f.Pending() {
		t.Errorf("at the end of the body: event %v %q, pending %v", ok, e.Data, f.Pending())
	}
	if _, ok := f.Next(); ok {
		t.Error("a second event")
	}
}

func TestPendingBeforeTheEndIsWhatNextHasLeft(t *testing.T) {
	for _, kind := range []Kind{NDJSON, NUL} {
		f := New(kind, 0)
		feed(t, f, "abc")
		if _, ok := f.Next(); ok || !f.Pending() {
			t.Errorf("%v: an event without an end: event %v, pending %v", kind, ok, f.Pending())
		}
		f.Finish()
		if e, ok := f.Next(); !ok || string(e.Data) != "abc" || f.Pending() {
			t.Errorf("%v: at the end of the body: event %v %q, pending %v", kind, ok, e.Data, f.Pending())
		}
	}
}

// feed puts a body into the framer's buffer.
func feed(t testing.TB, f *Framer, body string) {
	t.Helper()
	for len(body) > 0 {
		space, err := f.Space()
		if err != nil {
			t.Fatal(err)
		}
		n := copy(space, body)
		f.Advance(n)
		body = body[n:]
	}
}

func TestSpaceIsNeverScarce(t *testing.T) {
	for _, kind := range []Kind{SSE, NDJSON, NUL} {
		f := New(kind, 0)
		for range 1000 {
			space, err := f.Space()
			if err != nil || len(space) < minSpace {
				t.Fatalf("%v: got %d bytes, %v", kind, len(space), err)
			}
			f.Advance(copy(space, strings.Repeat("data", 300)))
			f.Next()
		}
	}
}

func TestTheBufferDoesNotGrowWithTheStream(t *testing.T) {
	event := "data: " + strings.Repeat("x", 5000) + "\n\n"
	f := New(SSE, 0)
	got := drain(t, f, strings.NewReader(strings.Repeat(event, 1000)))
	if len(got.events) != 1000 || len(f.buf) != initialSize {
		t.Errorf("%d events, a buffer of %d bytes", len(got.events), len(f.buf))
	}
}

// Reads of a prime size leave every part of an event to be moved when the buffer runs full.
func TestMovingTheBufferKeepsAllParts(t *testing.T) {
	var body strings.Builder
	var want result
	for i := range 20_000 {
		data := strings.Repeat("x", i%131) + strconv.Itoa(i)
		fmt.Fprintf(&body, "data:%s\nevent:%d\nid:%d\n\n", data, i, -i)
		want.events = append(want.events, show(strconv.Itoa(i), data, strconv.Itoa(-i), true, -1))
	}
	for _, size := range []byte{1, 30, 250} {
		got := drain(t, New(SSE, 0), &pieces{body: []byte(body.String()), sizes: []byte{size}})
		if len(got.events) != len(want.events) {
			t.Fatalf("got %d events, want %d", len(got.events), len(want.events))
		}
		for i, event := range got.events {
			if event != want.events[i] {
				t.Fatalf("event %d: got %q, want %q", i, event, want.events[i])
			}
		}
	}
}

func TestLimit(t *testing.T) {
	const limit = 40_000
	for _, row := range []struct {
		name, piece string
		kind        Kind
	}{
		{"one long data line", "data: " + strings.Repeat("x", 1000), SSE},
		{"many data lines", "data: " + strings.Repeat("x", 994) + "\n", SSE},
		{"a long line", strings.Repeat("x", 1000), NDJSON},
		{"no zero byte", strings.Repeat("x", 1000), NUL},
		{"a body without an end", strings.Repeat("{}\n\n", 250), JSON},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := New(row.kind, limit)
			read := 0
			for ; read < 4*limit; read += len(row.piece) {
				space, err := f.Space()
				if err != nil {
					if !errors.Is(err, ErrTooLarge) {
						t.Errorf("got %v", err)
					}
					break
				}
				f.Advance(copy(space, row.piece))
				if e, ok := f.Next(); ok {
					t.Fatalf("an event of %d bytes", len(e.Data))
				}
			}
			if read < limit || read > limit+2*len(row.piece) {
				t.Errorf("stopped after %d bytes, want a little over %d", read, limit)
			}
			if len(f.buf) > limit+minSpace {
				t.Errorf("the buffer has %d bytes", len(f.buf))
			}
			f.Reset(NDJSON)
			if got := drain(t, f, strings.NewReader("1\n")); got.String() != (result{events: []string{"|1|"}}).String() {
				t.Errorf("after Reset: %v", got)
			}
		})
	}
}

func TestEventsUpToTheLimitPass(t *testing.T) {
	for _, limit := range []int{100, initialSize, 100_000} {
		for _, kind := range []Kind{SSE, NDJSON, NUL} {
			data := strings.Repeat("x", limit-8)
			body := map[Kind]string{SSE: "data: " + data + "\n\n", NDJSON: data + "\n", NUL: data + "\x00"}[kind]
			got := drain(t, New(kind, limit), iotest.HalfReader(strings.NewReader("1\n\x00"[:map[Kind]int{NDJSON: 2}[kind]]+body+body+body)))
			for _, event := range got.events[len(got.events)-3:] {
				if event != "|"+data+"|" {
					t.Errorf("%v, limit %d: got an event of %d bytes", kind, limit, len(event)-2)
				}
			}
		}
	}
}

func TestResetLeavesNothingBehind(t *testing.T) {
	f := New(SSE, 0)
	drain(t, f, strings.NewReader("id: 1\nretry: 5\n:\n\ndata: "+strings.Repeat("x", 2*keptSize)+"\ndata: y\n\nevent: z\ndata: cut\r"))
	f.Reset(SSE)
	if cap(f.buf) > keptSize || cap(f.sse.joined) > keptSize {
		t.Errorf("kept buffers of %d and %d bytes", cap(f.buf), cap(f.sse.joined))
	}
	if f.Pending() || f.Comments() != 0 {
		t.Errorf("pending %v, %d comments", f.Pending(), f.Comments())
	}
	want := result{events: []string{"|a|"}}
	if got := drain(t, f, strings.NewReader("\uFEFFdata: a\n\n")); got.String() != want.String() {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAdvanceRefusesMoreThanTheSpace(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f := New(SSE, 0)
	space, _ := f.Space()
	f.Advance(len(space) + 1)
}

// The time that these take is linear in the bytes: quadratic work would take minutes.
func TestLargeAndManyEvents(t *testing.T) {
	const size, many = 16 << 20, 1 << 20
	large := strings.Repeat("x", size)
	for _, row := range []struct {
		name, body string
		kind       Kind
		events     int
		bytes      int
	}{
		{"an event of 16 MiB on one line", "data: " + large + "\n\n", SSE, 1, size},
		{"an event of 16 MiB on one line, ended by CR", "data: " + large + "\r\r", SSE, 1, size},
		{"an event of 16 MiB on lines of 15 bytes", strings.Repeat("data: 123456789\n", size/16) + "\n", SSE, 1, size/16*10 - 1},
		{"a line of 16 MiB", large + "\n", NDJSON, 1, size},
		{"a last line of 16 MiB", large, NDJSON, 1, size},
		{"16 MiB before a zero byte", large + "\x00", NUL, 1, size},
		{"a million events", strings.Repeat("data: 1\n\n", many), SSE, many, many},
		{"a million events with CR alone", strings.Repeat("data: 1\r\r", many), SSE, many, many},
		{"a million events with CR and LF", strings.Repeat("data: 1\r\n\r\n", many), SSE, many, many},
		{"a million comments", strings.Repeat(":\n\n", many), SSE, 0, 0},
		{"a million lines", strings.Repeat("1\n", many), NDJSON, many, many},
		{"a million blank lines", strings.Repeat("\r\n", many), NDJSON, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, read := range []int{1 << 30, 1400} {
				f := New(row.kind, 0)
				body := strings.NewReader(row.body)
				events, size := 0, 0
				for done := false; !done; {
					space, err := f.Space()
					if err != nil {
						t.Fatal(err)
					}
					n, err := body.Read(space[:min(read, len(space))])
					f.Advance(n)
					if err != nil {
						f.Finish()
						done = true
					}
					for e, ok := f.Next(); ok; e, ok = f.Next() {
						events++
						size += len(e.Data)
					}
				}
				if events != row.events || size != row.bytes {
					t.Errorf("reads of %d: got %d events of %d bytes, want %d of %d", read, events, size, row.events, row.bytes)
				}
			}
		})
	}
}

// All of a million events in the buffer at once, as after a long stall.
func TestAMillionEventsInOneBuffer(t *testing.T) {
	const many = 1 << 20
	for _, end := range []string{"\n", "\r", "\r\n"} {
		f := New(SSE, 0)
		f.buf = bytes.Repeat([]byte("data: 1"+end+end), many)
		f.end = len(f.buf)
		events := 0
		for _, ok := f.Next(); ok; _, ok = f.Next() {
			events++
		}
		if events != many {
			t.Errorf("with %q: got %d events, want %d", end, events, many)
		}
	}
}

func TestFramingAllocatesNothing(t *testing.T) {
	for _, row := range []struct {
		kind Kind
		body string
	}{
		{SSE, "data: {\"choices\":[]}\n\n"},
		{SSE, "id: 7\r\nevent: delta\r\ndata: {\"choices\":[]}\r\n\r\n"},
		{SSE, "data: a\ndata: b\n\n"},
		{SSE, ": ping\n\ndata: x\n\n"},
		{NDJSON, "{\"response\":\"a\"}\n"},
		{NUL, "{\"text\":[\"a\"]}\x00"},
	} {
		f := New(row.kind, 0)
		allocations := testing.AllocsPerRun(2000, func() {
			space, err := f.Space()
			if err != nil {
				t.Fatal(err)
			}
			f.Advance(copy(space, row.body))
			if _, ok := f.Next(); !ok {
				t.Fatal("no event")
			}
			if _, ok := f.Next(); ok {
				t.Fatal("two events")
			}
		})
		if allocations != 0 {
			t.Errorf("%v allocations for %q", allocations, row.body)
		}
	}
}

func BenchmarkNext(b *testing.B) {
	chunk := `data: {"choices":[{"finish_reason":null,"index":0,"delta":{"content":" token"}}],"created":1763800000,"id":"chatcmpl-0fYqH3nS7sKUMWfDPHNSYBoiuwhSDfgb","model":"m","object":"chat.completion.chunk"}` + "\n\n"
	f := New(SSE, 0)
	b.SetBytes(int64(len(chunk)))
	b.ReportAllocs()
	for b.Loop() {
		space, err := f.Space()
		if err != nil {
			b.Fatal(err)
		}
		f.Advance(copy(space, chunk))
		if _, ok := f.Next(); !ok {
			b.Fatal("no event")
		}
	}
}
