package sse

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/server-bench/xk6-sse/internal/h2stamp"
)

// connectTime is the longest that a client prepares for.
const connectTime = 10 * time.Second

// warmBytes is as much of an answer as is read for the sake of the connection.
const warmBytes = 64 << 10

// Connect opens this VU's connection by a GET of the URL, and keeps it for `record` and `open`. It then waits until so
// many VUs have done the same, so that none connects while another one is measured; both together take 10 seconds at
// most. It makes no sample and no line of the journal, and a failure is nothing: the first request will meet it again.
func (i *Instance) Connect(url string, together int) error {
	state := i.vu.State()
	if state == nil {
		return errNoState
	}
	if state.Options.NoConnectionReuse.Bool {
		return nil
	}
	if i.client == nil {
		i.client = i.root.clientOf(state)
	}
	i.client.begin(state)
	ctx, cancel := context.WithTimeout(i.vu.Context(), connectTime)
	defer cancel()
	var held hold
	defer context.AfterFunc(ctx, held.cut)()
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		_, isShared := info.Conn.(*h2stamp.Conn)
		held.take(stampsOf(info.Conn), isShared)
	}})
	request, err := http.NewRequestWithContext(traced, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if agent := state.Options.UserAgent.String; agent != "" {
		request.Header.Set("User-Agent", agent)
	}
	finish := func() {}
	if response, err := i.client.transport.RoundTrip(request); err == nil {
		finish = func() {
			// After a change of protocol the body is the connection, which is of no more use.
			if response.StatusCode != http.StatusSwitchingProtocols {
				_, _ = io.CopyN(io.Discard, response.Body, warmBytes)
			}
			defer held.within().Stop()
			_ = response.Body.Close()
			held.letGo()
		}
	}
	if i.client.isShared {
		// A connection that is given back is the next VU's, which then opens none.
		i.root.warm.wait(ctx, together)
		finish()
		return nil
	}
	finish()
	i.root.warm.wait(ctx, together)
	return nil
}

// gathering holds every VU until all have arrived.
type gathering struct {
	mu   sync.Mutex
	here int
	all  chan struct{} // closed when all have come
}

func (g *gathering) wait(ctx context.Context, together int) {
	g.mu.Lock()
	if g.all == nil {
		g.all = make(chan struct{})
	}
	g.here++
	if g.here == max(together, 1) {
		close(g.all)
	}
	all, late := g.all, g.here > together
	g.mu.Unlock()
	if late {
		return // one that came later, when others are at work already
	}
	select {
	case <-all:
	case <-ctx.Done():
	}
}
