package sse

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"gopkg.in/guregu/null.v3"
)

// warming answers GETs of /health plainly and all else with a stream; it counts connections and GETs.
func warming(t *testing.T) (url string, connections, asked *atomic.Int64) {
	connections, asked = new(atomic.Int64), new(atomic.Int64)
	return serve(t, func(p *peer) {
		connections.Add(1)
		for request := p.request(); request != nil; request = p.request() {
			if request.URL.Path == "/health" {
				asked.Add(1)
				p.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
				continue
			}
			p.send(streamHead)
			wholeAnswer(p)
			p.send(lastChunk)
		}
	}), connections, asked
}

func TestConnectKeepsTheConnectionAndLeavesNoTrace(t *testing.T) {
	url, connections, asked := warming(t)
	u := newUser(t, newRoot(t), lib.Options{})
	u.run(fmt.Sprintf("sse.connect(%q, 1)", url+"/health"))
	if samples := u.taken(); len(samples) != 0 {
		t.Errorf("samples: %v", samples)
	}
	if started := u.instance.root.count.Started.Load(); started != 0 {
		t.Errorf("%d requests counted", started)
	}
	got := u.record(url+"/v1/chat/completions", "{}")
	if got["reused"] != true || got["connectedMs"] != nil || got["ended"] != "marker" {
		t.Errorf("got %v", got)
	}
	if connections.Load() != 1 || asked.Load() != 1 {
		t.Errorf("%d connections, %d GETs", connections.Load(), asked.Load())
	}
}

func TestConnectWaitsForTheOthers(t *testing.T) {
	url, _, asked := warming(t)
	root := newRoot(t)
	users := []*user{newUser(t, root, lib.Options{}), newUser(t, root, lib.Options{}), newUser(t, root, lib.Options{})}
	var wait sync.WaitGroup
	for _, u := range users {
		wait.Go(func() {
			if err := u.instance.Connect(url+"/health", len(users)); err != nil {
				t.Error(err)
			}
			if got := asked.Load(); got != int64(len(users)) {
				t.Errorf("one went on when %d of %d had connected", got, len(users))
			}
		})
	}
	wait.Wait()
	// One that comes later does not wait for anybody.
	if err := newUser(t, root, lib.Options{}).instance.Connect(url+"/health", len(users)); err != nil {
		t.Error(err)
	}
}

func TestConnectIsNothingWhereItFails(t *testing.T) {
	t.Run("refused", func(t *testing.T) {
		u := newUser(t, newRoot(t), lib.Options{})
		u.run(`sse.connect("http://127.0.0.1:1/health", 1)`)
	})
	t.Run("the run ends meanwhile", func(t *testing.T) {
		url, _, _ := warming(t)
		u := newUser(t, newRoot(t), lib.Options{})
		time.AfterFunc(50*time.Millisecond, u.cancel)
		if err := u.instance.Connect(url+"/health", 2); err != nil {
			t.Error(err)
		}
	})
	t.Run("connections are not kept", func(t *testing.T) {
		url, connections, _ := warming(t)
		u := newUser(t, newRoot(t), lib.Options{NoConnectionReuse: null.BoolFrom(true)})
		u.run(fmt.Sprintf("sse.connect(%q, 5)", url+"/health"))
		if connections.Load() != 0 {
			t.Error("it connected all the same")
		}
	})
}
