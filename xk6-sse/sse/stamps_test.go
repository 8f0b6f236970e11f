package sse

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// burst answers with an event stream whose tokens were sent a while apart, to a client that does not read meanwhile.
func burst(t *testing.T, release chan struct{}) string {
	return serve(t, streams(func(p *peer) {
		time.Sleep(20 * time.Millisecond)
		for range 10 {
			p.chunk(token)
			time.Sleep(5 * time.Millisecond)
		}
		p.chunk(finish)
		p.chunk(done)
		close(release)
	}))
}

// recordLate is the journal's line of a request whose tokens are read only when all of them have come.
func recordLate(t *testing.T, source stamp.Source) map[string]any {
	t.Helper()
	release := make(chan struct{})
	url := burst(t, release)
	root := newRoot(t)
	u := newInit(t, root)
	if source == stamp.Packet && root.sources.Ring == nil {
		t.Skip("no packets: " + root.stampsReason)
	}
	stampsFrom(root, source)
	u.start(lib.Options{})
	plan, err := root.plan(u.VU.Runtime().Get("chat"))
	if err != nil {
		t.Fatal(err)
	}
	call, err := u.instance.call(url, u.instance.params(nil), plan.Accept())
	if err != nil {
		t.Fatal(err)
	}
	c := facts.NewCollector()
	c.Begin(plan, false)
	call.request = &c.Request
	c.Start = root.clock.Now()
	e := u.instance.newExchange(call)
	if err := e.send(); err != nil {
		t.Fatal(err)
	}
	<-release
	time.Sleep(20 * time.Millisecond)
	r := reading{exchange: e, facts: c, body: e.response.Body, onTokens: func(int64) {}, lastStamp: c.Headers}
	headers := e.last()
	r.source = headers.Source
	c.AskSegments(e.conn.Load())
	for !r.next() {
	}
	c.Stamps = r.source
	e.close()
	return u.run("(" + string(c.AppendLine(nil, facts.Identity{})) + ")").(map[string]any)
}

func TestTokensThatAreReadLate(t *testing.T) {
	t.Run("have their own times from packets", func(t *testing.T) {
		line := recordLate(t, stamp.Packet)
		if line["tokenEvents"] != 10. || line["mergedTokens"] != 0. || line["stamps"] != "packet" || line["firstTokenEarliestMs"] != nil {
			t.Errorf("got %v", line)
		}
		for i, gap := range line["gapsUs"].([]any) {
			if gap.(float64) < 4900 {
				t.Errorf("gap %d: %v µs, sent 5 ms apart", i, gap)
			}
		}
	})
	t.Run("have times that are not known, without", func(t *testing.T) {
		if !stamp.Enable() {
			t.Skip("only Linux has kernel stamps")
		}
		line := recordLate(t, stamp.Kernel)
		if line["tokenEvents"] != 10. || line["mergedTokens"].(float64) < 8 || line["uncertainGaps"] == nil {
			t.Errorf("got %v", line)
		}
		earliest, known := line["firstTokenEarliestMs"].(float64)
		if first := line["firstTokenMs"].(float64); !known || earliest > first-40 {
			t.Errorf("the first token came between %v and %v; sent 45 ms before the last one", earliest, first)
		}
	})
}

func TestSourceOfStamps(t *testing.T) {
	ring, err := packets.Open()
	ring.Close()
	with := func(value string) (root *Root, thrown error) {
		root = newRoot(t)
		runtime := modulestest.NewRuntime(t)
		runtime.VU.InitEnvField.LookupEnv = func(name string) (string, bool) {
			if name != stampsVariable || value == "unset" {
				return "", false
			}
			return value, true
		}
		defer func() {
			if caught := recover(); caught != nil {
				thrown = fmt.Errorf("%v", caught)
			}
		}()
		root.NewModuleInstance(runtime.VU)
		return root, nil
	}
	best := stamp.Packet
	if err != nil {
		best = stamp.Kernel
		if !stamp.Enable() {
			best = stamp.User
		}
	}
	for value, want := range map[string]stamp.Source{"unset": best, "": best, "auto": best, "kernel": stamp.Kernel, "user": stamp.User} {
		root, thrown := with(value)
		if thrown != nil || root.stamps() != want && want != stamp.Kernel {
			t.Errorf("%q: %v, %v", value, root.stamps(), thrown)
		}
		if (root.stampsReason != "") != (want == best && err != nil) {
			t.Errorf("%q: the reason is %q", value, root.stampsReason)
		}
	}
	root, thrown := with("packet")
	if err == nil && (thrown != nil || root.stamps() != stamp.Packet) {
		t.Errorf("packet: %v, %v", root.stamps(), thrown)
	}
	if err != nil && (thrown == nil || !strings.Contains(thrown.Error(), "setcap cap_net_raw+ep")) {
		t.Errorf("packet: %v", thrown)
	}
	if _, thrown = with("packets"); thrown == nil || !strings.Contains(thrown.Error(), `got "packets"`) {
		t.Errorf("a value that is none: %v", thrown)
	}
}

// The option `hosts` can send a name to another port, too: the capture has to know it before the connection begins.
func TestPacketsOfAHostThatIsElsewhere(t *testing.T) {
	url, _ := answering(t)
	hosts, err := types.NewHosts(map[string]types.Host{"far.test": hostOf(t, strings.TrimPrefix(strings.TrimSuffix(url, "/"), "http://"))})
	if err != nil {
		t.Fatal(err)
	}
	u := newUser(t, newRoot(t), lib.Options{Hosts: types.NullHosts{Trie: hosts, Valid: true}})
	if u.instance.root.sources.Ring == nil {
		t.Skip("no packets: " + u.instance.root.stampsReason)
	}
	if got := u.record("http://far.test:9/v1", "{}"); got["ended"] != "marker" || got["stamps"] != "packet" {
		t.Errorf("got %v", got)
	}
}

func hostOf(t *testing.T, address string) types.Host {
	t.Helper()
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	return types.Host{IP: tcp.IP, Port: tcp.Port}
}

func TestJournalSaysWhatWasCaptured(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.jsonl")
	root := newRoot(t)
	u := newInit(t, root)
	u.run(`sse.configure({journal: "` + path + `"})`)
	u.start(lib.Options{})
	url, _ := answering(t)
	u.record(url, "{}")
	captured := root.captured()
	if err := root.journal.Close(captured); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if has := strings.Contains(string(text), `"packets":{"seen":`); has != (root.sources.Ring != nil) {
		t.Errorf("packets %v in\n%s", root.sources.Ring != nil, text)
	}
	if captured != nil && captured.Seen == 0 {
		t.Error("nothing was captured")
	}
}
