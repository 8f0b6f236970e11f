package sse

import (
	"sync"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// cutTime is how long a request that has been given up may wait on a connection that others use, too, or for the last
// words of TLS; then the connection itself is closed.
const cutTime = time.Second

// hold is what a request has of its connection while it needs it: the socket, below TLS and HTTP/2.
//
// Closing the socket ends what no context ends: the body after a change of protocol, which is the connection; the last
// words of TLS to a server that does not read; and HTTP/2, where a reader also writes (its flow control), one at a time,
// and so waits for ever behind a write that a full socket holds up.
type hold struct {
	mu       sync.Mutex
	socket   *stamp.Conn // nil: none, or no longer the request's
	isShared bool        // other requests have it at the same time
	isCut    bool        // the request has been given up, whether or not it has noticed
}

// take notes the connection that the request got; nil where it cannot be told which one that is.
func (h *hold) take(socket *stamp.Conn, isShared bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.socket, h.isShared = socket, isShared
	if h.isCut {
		h.close()
	}
}

// letGo is called when the whole answer has been read, or nothing more of it will be: the connection may be the next
// request's.
func (h *hold) letGo() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.socket = nil
}

// cut closes the connection of a request that has been given up: at once where it is the request's own. Other requests
// lose theirs only if this one is still held up on it after cutTime, or the server no longer takes what is written.
func (h *hold) cut() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.isCut = true
	h.close()
}

// close is called with the lock held.
func (h *hold) close() {
	socket := h.socket
	switch {
	case socket == nil:
	case h.isShared:
		time.AfterFunc(cutTime, func() {
			h.mu.Lock()
			isHeld := h.socket == socket
			h.mu.Unlock()
			if isHeld || socket.Stuck() >= cutTime {
				_ = socket.Close()
			}
		})
	default:
		_ = socket.Close()
	}
}

// within closes the connection unless it is stopped before cutTime is over.
func (h *hold) within() *time.Timer {
	return time.AfterFunc(cutTime, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.close()
	})
}
