package nullserver

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// ServeHTTP2 answers HTTP/2 over TLS, by net/http, until the listener is closed.
func (s *Server) ServeHTTP2(listener net.Listener, security *tls.Config) error {
	security = security.Clone()
	security.NextProtos = []string{"h2"}
	server := &http.Server{
		Handler: http.HandlerFunc(s.handle),
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			s.connections.Add(1)
			return context.WithValue(ctx, stampedKey{}, conn.(*tls.Conn).NetConn())
		},
	}
	err := server.Serve(tls.NewListener(&stampedListener{listener, s.clock}, security))
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

type stampedKey struct{}

type stampedListener struct {
	net.Listener
	clock stamp.Clock
}

func (l *stampedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return stamp.Wrap(conn, l.clock, stamp.Sources{Kernel: true}), nil
}

func (s *Server) handle(w http.ResponseWriter, request *http.Request) {
	stamped := request.Context().Value(stampedKey{}).(*stamp.Conn)
	// Streams of one connection share its reads: this is the last one before the handler, that of the header as a rule.
	firstByte := stamped.Last().At
	if _, err := io.Copy(io.Discard, request.Body); err != nil {
		return
	}
	e := &entry{firstByte: firstByte, read: s.clock.Now(), id: request.Header.Get("X-Request-Id")}
	workload, status, body := s.route(request, e)
	if status != 0 {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	to := &layeredSink{w: w, flush: http.NewResponseController(w), done: request.Context().Done()}
	err := s.stream(to, stamped, workload, s.answers.of(workload, false), e, nil)
	if s.log != nil {
		e.settle(stamped)
		s.log.write(e)
	}
	if errors.Is(err, errCut) {
		panic(http.ErrAbortHandler) // net/http resets the stream
	}
}

// layeredSink writes through net/http.
type layeredSink struct {
	w     http.ResponseWriter
	flush *http.ResponseController
	done  <-chan struct{}
}

func (l *layeredSink) write(b []byte) error {
	if _, err := l.w.Write(b); err != nil {
		return err
	}
	return l.flush.Flush()
}

func (l *layeredSink) gone() {
	timer := time.NewTimer(longestStall)
	defer timer.Stop()
	select {
	case <-l.done:
	case <-timer.C:
	}
}
