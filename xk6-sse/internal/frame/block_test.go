package frame

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// The first rows go by the names of web-platform-tests' eventsource/format-*.
func TestSSE(t *testing.T) {
	for _, r := range []row{
		{name: "bom", body: "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", data: []string{"1", "3"}},
		{name: "bom-2: only one", body: "\uFEFF\uFEFFdata:1\n\ndata:2\n\n", data: []string{"2"}},
		{name: "comments", body: "data:1\r:\x00\n:\r\ndata:2\n:longlonglong\rdata:3\n:data:fail\r:longlong\ndata:4\n\n", data: []string{"1\n2\n3\n4"}, comments: 5},
		{name: "data-before-final-empty-line", body: "data:test1\n\nid:test\ndata:test2", data: []string{"test1"}, pending: true},
		{name: "field-data", body: "data:\n\ndata\ndata\n\ndata:test\n\n", data: []string{"", "\n", "test"}},
		{name: "field-event", body: "event:test\ndata:x\n\ndata:x\n\n", events: []string{"test|x|", "|x|"}},
		{name: "field-event-empty", body: "event: \ndata:data\n\n", data: []string{"data"}},
		{name: "field-id: it persists", body: "id: 1\ndata: a\n\ndata: b\n\n", events: []string{"|a|1+", "|b|1"}},
		{name: "field-id-2: an empty one resets it", body: "id: 1\ndata: a\n\nid\ndata: b\n\ndata: c\n\n", events: []string{"|a|1+", "|b|+", "|c|"}},
		{name: "field-id-3: also from a block without data", body: "id: 1\n\ndata: a\n\n", events: []string{"|a|1"}},
		{name: "field-id-null", body: "id: 1\x002\ndata: a\n\nid: 3\nid: \x00\ndata: b\n\n", events: []string{"|a|", "|b|3+"}},
		{
			name: "field-parsing",
			body: "data:\x00\ndata:  2\rData:1\ndata\x00:2\ndata:1\r\x00data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
			data: []string{"\x00\n 2\n1\n3\n\n4"},
		},
		{name: "field-retry", body: "retry:03000\ndata:x\n\n", events: []string{"|x| retry 3000"}},
		{name: "field-retry-bogus", body: "retry:3000\nretry:1000x\nretry:-1\nretry: \ndata:x\n\n", events: []string{"|x| retry 3000"}},
		{name: "field-retry-empty", body: "retry\ndata:test\n\n", data: []string{"test"}},
		{name: "field-unknown", body: "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n", data: []string{"test\n\ntest"}, comments: 1},
		{name: "leading-space", body: "data:\ttest\rdata: \ndata:test\n\n", data: []string{"\ttest\n\ntest"}},
		{name: "newlines", body: "data:test\r\ndata\ndata:test\r\n\r\n", data: []string{"test\n\ntest"}},
		{name: "null-character", body: "data:\x00\n\n\n\n", data: []string{"\x00"}},
		{name: "utf-8", body: "data:ok…\n\n", data: []string{"ok…"}},

		{name: "an empty body has no events", body: "", data: nil},
		{name: "a body of blank lines has no events", body: "\n\r\r\n\n", data: nil},
		{name: "CR alone ends lines", body: "data: a\r\rdata: b\r\r", data: []string{"a", "b"}},
		{name: "CR and LF together end a line", body: "data: a\r\n\r\ndata: b\r\n\r\n", data: []string{"a", "b"}},
		{name: "LF and CR end two lines", body: "data: a\n\rdata: b\n\r", data: []string{"a", "b"}},
		{name: "CR, CR and LF end two lines", body: "data: a\r\r\ndata: b\r\r\n", data: []string{"a", "b"}},
		{name: "one blank line more than needed makes no event", body: "data: a\r\n\r\n\r\n\n", data: []string{"a"}},
		{name: "only one leading space is removed", body: "data:  a \n\n", data: []string{" a "}},
		{name: "colons in a value are part of it", body: "data::a:b\n\n", data: []string{":a:b"}},
		{name: "a field name is not trimmed", body: "data : a\n data: b\n\n", data: nil},
		{name: "comments are no events", body: ":\n\n: ping\n\n:ping\r\n\r\n", comments: 3},
		{name: "a comment does not end an event", body: "data: a\n:\ndata: b\n\n", data: []string{"a\nb"}, comments: 1},
		{name: "an event without data is none and leaves no name", body: "event: x\n\ndata: a\n\n", data: []string{"a"}},
		{name: "the last of two names counts", body: "event: x\nevent: y\ndata: a\n\n", events: []string{"y|a|"}},
		{name: "fields may come in any order", body: "data: a\nid: 1\nevent: x\n\n", events: []string{"x|a|1+"}},
		{name: "a retry that no int can hold is the largest int", body: "retry: 99999999999999999999\ndata: x\n\n", events: []string{"|x| retry " + strconv.Itoa(math.MaxInt)}},
		{name: "a line that is cut off is pending", body: "data: a\n\ndat", data: []string{"a"}, pending: true},
		{name: "an event without its blank line is pending", body: "data: a\n", pending: true},
		{name: "an event whose line ends with CR is pending", body: "data: a\r", pending: true},
		{name: "an event whose line ends with CR and LF is pending", body: "data: a\r\n", pending: true},
		{name: "a comment that is cut off is not pending", body: "data: a\n\n: pi", data: []string{"a"}},
		{name: "a comment without its blank line is not pending", body: "data: a\n\n: ping\n", data: []string{"a"}, comments: 1},
		{name: "a byte-order mark that is cut off is pending", body: "\xEF\xBB", pending: true},
		{name: "a body of nothing but a byte-order mark has no events", body: "\uFEFF", data: nil},
	} {
		t.Run(r.name, func(t *testing.T) { check(t, SSE, r) })
	}
}

func TestCRMakesTheEventAtOnce(t *testing.T) {
	f := New(SSE, 0)
	feed(t, f, "data: a\r\n\r")
	if e, ok := f.Next(); !ok || string(e.Data) != "a" {
		t.Fatalf("got %q, %v", e.Data, ok)
	}
	feed(t, f, "\ndata: b\r\r")
	if e, ok := f.Next(); !ok || string(e.Data) != "b" {
		t.Fatalf("got %q, %v", e.Data, ok)
	}
}

func TestDataOfOneLineIsNotCopied(t *testing.T) {
	f := New(SSE, 0)
	feed(t, f, "data: abc\nid: 1\n\n")
	e, _ := f.Next()
	if &e.Data[0] != &f.buf[6] {
		t.Error("the data is not a part of the buffer")
	}
}

// FuzzFrame compares a framer, fed in pieces of any size, with a plain reading of the whole body.
func FuzzFrame(f *testing.F) {
	for _, body := range []string{
		"data: a\r\n\r\ndata: b\n\n: ping\n\n", "\uFEFFid: 1\rdata\rdata:\r\r\nevent: x\ndata: y\n\r\n", "retry: 10\nretry: x\nid: \x00\ndata:  \x00\n\ncut",
		"{\"a\":1}\r\n\n{}\r", "{}\x00\x00[\n]\x00", "\xEF\xBBdata: a\n\n", strings.Repeat("data: 0123456789\n", 2000) + "\n",
	} {
		for kind := range 4 {
			f.Add([]byte(body), []byte{1, 0, 7, 2}, byte(kind))
		}
	}
	f.Fuzz(func(t *testing.T, body, sizes []byte, kindByte byte) {
		kind := Kind(kindByte % 4)
		want := plainly(kind, string(body))
		got := drain(t, New(kind, 0), &pieces{body: body, sizes: sizes})
		if got.String() != want.String() {
			t.Errorf("%v, pieces %v\nbody %q\ngot  %v\nwant %v", kind, sizes, body, got, want)
		}
	})
}

// pieces reads a body in pieces of the given sizes, over and over.
type pieces struct {
	body, sizes []byte
	turn        int
}

func (p *pieces) Read(to []byte) (int, error) {
	if len(p.body) == 0 {
		return 0, io.EOF
	}
	if len(p.sizes) > 0 {
		size := 1 + int(p.sizes[p.turn%len(p.sizes)])
		p.turn++
		to = to[:min(size, len(to))]
	}
	n := copy(to, p.body)
	p.body = p.body[n:]
	return n, nil
}

// plainly makes events of a whole body the way the standard words it.
func plainly(kind Kind, body string) (r result) {
	body = strings.TrimPrefix(body, "\uFEFF")
	if kind == JSON {
		if strings.Trim(body, " \t\r\n") != "" {
			r.events = []string{show("", body, "", false, -1)}
		}
		return r
	}
	if kind != SSE {
		if kind == NUL {
			body = strings.ReplaceAll(body, "\x00", "\n")
		}
		for data := range strings.SplitSeq(body, "\n") {
			data = strings.TrimSuffix(data, "\r")
			if strings.Trim(data, " \t\r\n") != "" {
				r.events = append(r.events, show("", data, "", false, -1))
			}
		}
		return r
	}
	body = strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(body, "\n")
	last := len(lines) - 1
	var data, name, id string
	hasID, open, retry := false, false, -1
	for _, line := range lines[:last] {
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		open = open || line != "" && line[0] != ':'
		switch {
		case line == "":
			if data != "" {
				r.events = append(r.events, show(name, strings.TrimSuffix(data, "\n"), id, hasID, retry))
			}
			data, name, hasID, open = "", "", false, false
		case line[0] == ':':
			r.comments++
		case field == "data":
			data += value + "\n"
		case field == "event":
			name = value
		case field == "id" && !strings.Contains(value, "\x00"):
			id, hasID = value, true
		case field == "retry" && value != "" && strings.Trim(value, "0123456789") == "":
			if n, err := strconv.Atoi(value); err == nil {
				retry = n
			} else {
				retry = math.MaxInt
			}
		}
	}
	r.pending = open || lines[last] != "" && lines[last][0] != ':'
	return r
}

func ExampleFramer() {
	body := strings.NewReader(": ping\n\ndata: {\"content\":\"Hi\"}\n\ndata: [DONE]\n\n")
	f := New(SSE, 0)
	for more := true; more; {
		space, err := f.Space()
		if err != nil {
			fmt.Println(err)
			return
		}
		n, err := body.Read(space)
		f.Advance(n)
		if err != nil {
			f.Finish()
			more = false
		}
		for e, ok := f.Next(); ok; e, ok = f.Next() {
			fmt.Println(string(bytes.TrimSpace(e.Data)))
		}
	}
	// Output:
	// {"content":"Hi"}
	// [DONE]
}
