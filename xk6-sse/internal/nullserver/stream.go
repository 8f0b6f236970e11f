package nullserver

import (
	"errors"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// sink is where a stream's bytes go.
type sink interface {
	// write sends bytes now.
	write(p []byte) error
	// gone waits until the client has left, or a long time.
	gone()
}

// errCut asks for the connection's end in the middle of a stream.
var errCut = errors.New("cut")

// stream sends an answer: its head at once (with the first tokens, where these are due at once), then each group of
// events when it is due. The schedule is absolute: what is late delays nothing after it.
func (s *Server) stream(to sink, conn *stamp.Conn, w Workload, a *answer, e *entry, head []byte) error {
	s.enter()
	defer s.leave()
	start := s.clock.Now()
	delay := w.delay(e.number)
	head = append(head, a.role...)
	if delay > 0 {
		if err := to.write(head); err != nil {
			return err
		}
		head = head[:0]
	}
	events := w.events()
	what := w.fault(e.number)
	sent := 0
	for group := range a.groups {
		if group == a.groups/2 && what != none {
			return s.fail(to, what)
		}
		due := start + int64(delay) + int64(group)*int64(w.EventsPerWrite)*int64(w.TokensPerEvent)*int64(w.Pace)
		s.sleep(due)
		bytes, count := a.write(group, events)
		if len(head) > 0 {
			bytes = append(head, bytes...)
			head = nil
		}
		if group == a.groups-1 && w.Pace == 0 {
			bytes = append(bytes[:len(bytes):len(bytes)], a.end(e.number, w.Tokens)...)
		}
		if err := s.send(to, conn, e, bytes, count); err != nil {
			return err
		}
		sent += count
	}
	if w.Pace == 0 {
		return nil
	}
	// A model notices the end where it would have made one more token.
	s.sleep(start + int64(delay) + int64(w.Tokens)*int64(w.Pace))
	e.settle(conn)
	return to.write(a.end(e.number, w.Tokens))
}

// send writes token events and notes when.
func (s *Server) send(to sink, conn *stamp.Conn, e *entry, bytes []byte, events int) error {
	s.count.events.Add(int64(events))
	s.count.writes.Add(1)
	if s.log == nil {
		return to.write(bytes)
	}
	e.settle(conn)
	conn.Arm()
	before := s.clock.Now()
	err := to.write(bytes)
	took := s.clock.Now() - before
	for range events {
		e.sent = append(e.sent, before)
		e.took = append(e.took, took)
	}
	e.open = events
	return err
}

// settle gives the events of the last write the moment at which their first byte went to the kernel: with TLS and
// HTTP/2 that is later than our call, which may even have returned before.
func (e *entry) settle(conn *stamp.Conn) {
	written := conn.Written()
	if e.open == 0 || written == 0 {
		return
	}
	for i := len(e.sent) - e.open; i < len(e.sent); i++ {
		end := e.sent[i] + e.took[i]
		e.sent[i] = written
		e.took[i] = max(end-written, 0)
	}
	e.open = 0
}

func (s *Server) fail(to sink, what fault) error {
	if what == cut {
		s.count.cut.Add(1)
		return errCut
	}
	s.count.stalled.Add(1)
	to.gone()
	return errCut
}

func (s *Server) sleep(until int64) {
	if left := until - s.clock.Now(); left > 0 {
		time.Sleep(time.Duration(left))
	}
}
