package sse

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// secured is a server's end of a TLS connection, each of whose sends is one record.
type secured struct {
	*tls.Conn
	under *slow
}

// send sends a text as one record; once the client is gone the connection's goroutine ends here.
func (s *secured) send(text string) {
	if _, err := io.WriteString(s, text); err != nil {
		runtime.Goexit()
	}
}

// slow is a connection that cuts what it writes into two segments, a pause apart, where it has a pause.
type slow struct {
	net.Conn
	pause time.Duration
}

func (s *slow) Write(p []byte) (int, error) {
	if s.pause == 0 {
		return s.Conn.Write(p)
	}
	n, err := s.Conn.Write(p[:len(p)/2])
	if err != nil {
		return n, err
	}
	time.Sleep(s.pause)
	rest, err := s.Conn.Write(p[n:])
	return n + rest, err
}

// serveSecured answers a request with the head of an event stream, as one record, and a body that write writes.
func serveSecured(t *testing.T, write func(s *secured)) string {
	t.Helper()
	made := httptest.NewTLSServer(http.NotFoundHandler())
	made.Close()
	config := &tls.Config{Certificates: made.TLS.Certificates}
	url := serve(t, func(p *peer) {
		under := &slow{Conn: p.TCPConn}
		s := &secured{Conn: tls.Server(under, config), under: under}
		if _, err := http.ReadRequest(bufio.NewReader(s)); err != nil {
			return
		}
		s.send(streamHead)
		write(s)
		_, _ = io.Copy(io.Discard, s)
	})
	return strings.Replace(url, "http:", "https:", 1)
}

// Under TLS bytes are readable when their record is whole. A token has the time of the record that completed it, and where a
// chunk spans two records, what stood in the first is a range from that one's time on.
func TestTokensInRecords(t *testing.T) {
	const pause = 50 * time.Millisecond
	chunk := func(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }
	half := len(chunk(token)) / 2
	// Tokens of two chunks; the moments are those before and behind the sending of what completes each.
	type moments struct{ before, after [2]time.Time }
	tests := []struct {
		name  string
		write func(s *secured, mark func(token int, send func()))
		// The first token is a range, from the moment of its record on.
		isRange bool
	}{
		{"an event in two records", func(s *secured, mark func(int, func())) {
			s.send(chunk(token)[:half])
			time.Sleep(pause)
			mark(0, func() { s.send(chunk(token)[half:]) })
			time.Sleep(pause)
			mark(1, func() { s.send(chunk(token)) })
		}, false},
		{"two events in one record", func(s *secured, mark func(int, func())) {
			both := func() { s.send(chunk(token + token)) }
			mark(0, func() { mark(1, both) })
		}, false},
		{"two chunks in one record", func(s *secured, mark func(int, func())) {
			both := func() { s.send(chunk(token) + chunk(token)) }
			mark(0, func() { mark(1, both) })
		}, false},
		{"a record in two segments", func(s *secured, mark func(int, func())) {
			s.under.pause = pause
			// Its last segment leaves behind the pause.
			both := func() { s.send(chunk(token + token)) }
			mark(0, func() { mark(1, both) })
			s.under.pause = 0
		}, false},
		{"a chunk in two records, each with an event", func(s *secured, mark func(int, func())) {
			all := chunk(token + token)
			cut := strings.Index(all, "\n\n") + 2
			mark(0, func() { s.send(all[:cut]) })
			time.Sleep(pause)
			mark(1, func() { s.send(all[cut:]) })
		}, true},
		{"the first of them with the head of the answer before it", func(s *secured, mark func(int, func())) {
			all := chunk(token + token)
			cut := strings.Index(all, "\n\n") + 2
			s.send(all[:2]) // behind the head
			mark(0, func() { s.send(all[2:cut]) })
			time.Sleep(pause)
			mark(1, func() { s.send(all[cut:]) })
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var sent moments
			url := serveSecured(t, func(s *secured) {
				time.Sleep(pause)
				test.write(s, func(token int, send func()) {
					sent.before[token] = time.Now()
					send()
					sent.after[token] = time.Now()
				})
				time.Sleep(pause)
				s.send(chunk(finish) + chunk(done) + lastChunk)
			})
			line, clock := recordAt(t, stamp.Packet, url, func() {})
			if line["tokenEvents"] != 2. || line["stamps"] != "packet" {
				t.Fatalf("got %v", line)
			}
			const noise = 1. // ms, between the clocks
			ms := func(at time.Time) float64 { return float64(clock.At(at)) / 1e6 }
			first, last := line["firstTokenMs"].(float64), line["lastTokenMs"].(float64)
			earliest, isRange := line["firstTokenEarliestMs"].(float64)
			if !isRange {
				earliest = first
			}
			if isRange != test.isRange {
				t.Errorf("a range: %v, want %v", isRange, test.isRange)
			}
			for i, at := range []float64{earliest, last} {
				from, to := ms(sent.before[i])-noise, ms(sent.after[i])+noise
				if at < from || at > to {
					t.Errorf("token %d at %v, sent in [%v, %v]", i, at, from, to)
				}
			}
			if test.name == "a record in two segments" && first < ms(sent.after[0])-noise-float64(pause/time.Millisecond)/2 {
				t.Errorf("at %v, that of its first segment; the last one left at %v", first, ms(sent.after[0]))
			}
		})
	}
}
