package nullserver

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Server answers on any number of connections.
type Server struct {
	workload Workload
	clock    stamp.Clock
	log      *Log // nil: none is kept
	answers  answers

	connections, requests atomic.Uint64
	count                 counters
}

type counters struct {
	events, writes        atomic.Int64
	refused, cut, stalled atomic.Int64
	streams, peak         atomic.Int64
}

// Counts are what a server has done.
type Counts struct {
	Connections uint64 `json:"connections"`
	Requests    uint64 `json:"requests"`
	Events      int64  `json:"events"` // with tokens
	Writes      int64  `json:"writes"`
	PeakStreams int64  `json:"peakStreams"`
	Refused     int64  `json:"refused"`
	Cut         int64  `json:"cut"`
	Stalled     int64  `json:"stalled"`
}

// New makes a server; log may be nil.
func New(workload Workload, clock stamp.Clock, log *Log) *Server {
	stamp.Enable()
	return &Server{workload: workload, clock: clock, log: log}
}

// Counts are the sums so far.
func (s *Server) Counts() Counts {
	c := &s.count
	return Counts{
		Connections: s.connections.Load(), Requests: s.requests.Load(), Events: c.events.Load(),
		Writes: c.writes.Load(), PeakStreams: c.peak.Load(), Refused: c.refused.Load(), Cut: c.cut.Load(),
		Stalled: c.stalled.Load(),
	}
}

func (s *Server) enter() {
	now := s.count.streams.Add(1)
	for peak := s.count.peak.Load(); now > peak && !s.count.peak.CompareAndSwap(peak, now); {
		peak = s.count.peak.Load()
	}
}

func (s *Server) leave() { s.count.streams.Add(-1) }

// Serve answers HTTP/1.1 on what the listener accepts, until it is closed; security may be nil.
//
// It does by itself what net/http would do, because that keeps the moment of a request's first byte from us and puts
// several layers between a prepared chunk and its socket.
func (s *Server) Serve(listener net.Listener, security *tls.Config) error {
	for {
		accepted, err := listener.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			var temporary interface{ Temporary() bool }
			if errors.As(err, &temporary) && temporary.Temporary() {
				time.Sleep(5 * time.Millisecond) // out of descriptors: others will be closed
				continue
			}
			return err
		}
		stamped := stamp.Wrap(accepted, s.clock, stamp.Sources{Kernel: true})
		conn := net.Conn(stamped)
		if security != nil {
			conn = tls.Server(stamped, security)
		}
		go s.connection(conn, stamped)
	}
}

// connection answers one request after another.
func (s *Server) connection(conn net.Conn, stamped *stamp.Conn) {
	defer func() { _ = conn.Close() }()
	connection := s.connections.Add(1)
	plain := &plainSink{conn: conn, reader: bufio.NewReaderSize(conn, 4096)}
	for {
		// The read that brings the first bytes; what the client sent together is read, and stamped, together.
		if _, err := plain.reader.Peek(1); err != nil {
			return
		}
		firstByte := stamped.Last().At
		request, err := http.ReadRequest(plain.reader)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, request.Body); err != nil {
			return
		}
		e := &entry{connection: connection, firstByte: firstByte, read: s.clock.Now(), id: request.Header.Get("X-Request-Id")}
		if s.answer(plain, stamped, request, e) != nil || request.Close {
			return
		}
	}
}

func (s *Server) answer(to *plainSink, stamped *stamp.Conn, request *http.Request, e *entry) error {
	workload, status, body := s.route(request, e)
	if status != 0 {
		_, err := fmt.Fprintf(to.conn, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			status, http.StatusText(status), len(body), body)
		return err
	}
	err := s.stream(to, stamped, workload, s.answers.of(workload, true), e, []byte(header))
	if s.log != nil {
		e.settle(stamped)
		s.log.write(e)
	}
	if errors.Is(err, errCut) && workload.Reset {
		to.reset(stamped)
	}
	return err
}

// route decides what a request gets: a stream, where status is 0, or a whole answer.
func (s *Server) route(request *http.Request, e *entry) (w Workload, status int, body string) {
	switch path := strings.TrimSuffix(request.URL.Path, "/"); {
	case path == "/health":
		return w, http.StatusOK, `{"status":"ok"}`
	case path == "/v1/models" || path == "/models":
		return w, http.StatusOK, `{"object":"list","data":[{"id":"` + model + `","object":"model","owned_by":"null-server"}]}`
	case !strings.HasSuffix(path, "/chat/completions"):
		return w, http.StatusNotFound, failure(404, "nothing at "+path)
	case request.Method != http.MethodPost:
		return w, http.StatusMethodNotAllowed, failure(405, "chat completions take POST")
	}
	w = s.workload
	if request.URL.RawQuery != "" {
		changed, err := w.With(request.URL.Query())
		if err != nil {
			return w, http.StatusBadRequest, failure(400, err.Error())
		}
		w = changed
	}
	e.number = s.requests.Add(1)
	if w.fault(e.number) == refuse {
		s.count.refused.Add(1)
		return w, http.StatusServiceUnavailable, failure(503, "all slots are busy")
	}
	return w, 0, ""
}

func failure(code int, message string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":%q,"type":"server_error"}}`, code, message)
}

// plainSink writes prepared HTTP/1.1 chunks.
type plainSink struct {
	conn   net.Conn
	reader *bufio.Reader
}

func (p *plainSink) write(b []byte) error {
	_, err := p.conn.Write(b)
	return err
}

// longestStall is how long a stalled stream waits for its client to leave.
const longestStall = 10 * time.Minute

func (p *plainSink) gone() {
	_ = p.conn.SetReadDeadline(time.Now().Add(longestStall))
	_, _ = p.reader.Peek(1)
}

// reset makes the close that follows a reset.
func (p *plainSink) reset(stamped *stamp.Conn) {
	if tcp, ok := stamped.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = stamped.Close()
}
