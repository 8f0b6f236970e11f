package sse

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"gopkg.in/guregu/null.v3"
)

// newSharing is a process whose VUs share connections.
func newSharing(t *testing.T) *Root {
	t.Helper()
	root := newRoot(t)
	u := newInit(t, root)
	if err := u.instance.Configure(configuration{Share: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if root.shared != nil {
			root.shared.closeIdle()
		}
	})
	return root
}

func TestConnectionsAreThoseOfTheProcess(t *testing.T) {
	t.Run("one for VUs that come one after the other", func(t *testing.T) {
		url, connections := answering(t)
		root := newSharing(t)
		for i := range 5 {
			got := newUser(t, root, lib.Options{}).record(url, "{}")
			if got["reused"] != (i > 0) || got["ended"] != "marker" {
				t.Errorf("request %d: %v", i, got)
			}
		}
		if got := connections.Load(); got != 1 {
			t.Errorf("%d connections", got)
		}
	})
	t.Run("kept for VUs that work at the same time", func(t *testing.T) {
		url, connections := answering(t)
		root := newSharing(t)
		var wait sync.WaitGroup
		for range 8 {
			u := newUser(t, root, lib.Options{})
			wait.Go(func() {
				for range 20 {
					if got := u.record(url, "{}"); got["ended"] != "marker" {
						t.Errorf("got %v", got)
					}
				}
			})
		}
		wait.Wait()
		// net/http dials while a request waits, and keeps the connection also when another one became free first: on a
		// busy machine there can be a few more than VUs. Without sharing there would be 160.
		if got := connections.Load(); got < 1 || got > 40 {
			t.Errorf("%d connections for 160 requests of 8 VUs", got)
		}
	})
	for name, options := range map[string]lib.Options{
		"noVUConnectionReuse": {NoVUConnectionReuse: null.BoolFrom(true)},
		"noConnectionReuse":   {NoConnectionReuse: null.BoolFrom(true)},
	} {
		t.Run("not with "+name, func(t *testing.T) {
			url, connections := answering(t)
			root := newSharing(t)
			for range 3 {
				newUser(t, root, options).record(url, "{}")
			}
			if got := connections.Load(); got != 3 {
				t.Errorf("%d connections", got)
			}
		})
	}
}

func TestCookiesStayEachVUs(t *testing.T) {
	cookies := make(chan string, 4)
	url := serve(t, func(p *peer) {
		for request := p.request(); request != nil; request = p.request() {
			cookies <- request.Header.Get("Cookie")
			p.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nSet-Cookie: id=7\r\nTransfer-Encoding: chunked\r\n\r\n")
			wholeAnswer(p)
			p.send(lastChunk)
		}
	})
	root := newSharing(t)
	first, second := newUser(t, root, lib.Options{}), newUser(t, root, lib.Options{})
	first.record(url, "{}")
	second.record(url, "{}")
	first.record(url, "{}")
	for i, want := range []string{"", "", "id=7"} {
		if got := <-cookies; got != want {
			t.Errorf("request %d had the cookies %q, want %q", i, got, want)
		}
	}
}

func TestBytesAreCountedForTheVUThatSentThem(t *testing.T) {
	url, _ := answering(t)
	root := newSharing(t)
	var before int64
	for i := range 3 {
		u := newUser(t, root, lib.Options{})
		u.record(url, `{body: "hello"}`)
		dialer := u.state.Dialer.(*netext.Dialer)
		if dialer.BytesWritten < 50 || dialer.BytesRead < 50 {
			t.Errorf("VU %d: %d bytes sent, %d received", i, dialer.BytesWritten, dialer.BytesRead)
		}
		if i > 0 && dialer.BytesWritten != before {
			t.Errorf("VU %d sent %d bytes, the one before %d", i, dialer.BytesWritten, before)
		}
		before = dialer.BytesWritten
	}
}

func TestAConnectionIsNotHandedOnBeforeItsStampsAreRead(t *testing.T) {
	conn := newPooled(nil)
	if !conn.take(context.Background()) {
		t.Fatal("a free connection was not given")
	}
	short, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if conn.take(short) {
		t.Error("it was given twice")
	}
	conn.leave()
	if !conn.take(context.Background()) {
		t.Error("it was not given after it was left")
	}
	// After each exchange its connection is free again: the second would wait for ever.
	url, connections := answering(t)
	root := newSharing(t)
	first, second := newUser(t, root, lib.Options{}), newUser(t, root, lib.Options{})
	first.record(url, "{}")
	done := make(chan map[string]any, 1)
	go func() { done <- second.record(url, "{}") }()
	select {
	case got := <-done:
		if got["reused"] != true || got["ended"] != "marker" {
			t.Errorf("got %v", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("the connection was not handed on")
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("%d connections", got)
	}
}

func TestSharedConnectionsAreAllOpenedBeforeTheLoad(t *testing.T) {
	url, connections, _ := warming(t)
	root := newSharing(t)
	var wait sync.WaitGroup
	users := make([]*user, 6)
	for i := range users {
		users[i] = newUser(t, root, lib.Options{})
	}
	for _, u := range users {
		wait.Go(func() {
			if err := u.instance.Connect(fmt.Sprintf("%s/health", url), len(users)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := connections.Load(); got != int64(len(users)) {
		t.Errorf("%d connections for %d VUs", got, len(users))
	}
}
