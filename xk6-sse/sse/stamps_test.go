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
	"gopkg.in/guregu/null.v3"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// serveOnce answers with an event stream; release is closed behind its last byte.
func serveOnce(t *testing.T, release chan struct{}, body func(p *peer)) string {
	return serve(t, streams(func(p *peer) {
		body(p)
		close(release)
	}))
}

// burst answers with an event stream whose tokens were sent a while apart, to a client that does not read meanwhile.
func burst(p *peer) {
	time.Sleep(20 * time.Millisecond)
	for range 10 {
		p.chunk(token)
		time.Sleep(5 * time.Millisecond)
	}
	p.chunk(finish)
	p.chunk(done)
}

// recordBody is the journal's line of a request whose tokens are read only when all of them have come, if late; and the
// clock of its times.
func recordBody(t *testing.T, source stamp.Source, late bool, body func(p *peer)) (map[string]any, stamp.Clock) {
	t.Helper()
	release := make(chan struct{})
	return recordAt(t, source, serveOnce(t, release, body), func() {
		if late {
			<-release
			time.Sleep(20 * time.Millisecond)
		}
	})
}

// recordAt is the same of any server; wait is called between the headers and the first read of the body.
func recordAt(t *testing.T, source stamp.Source, url string, wait func()) (map[string]any, stamp.Clock) {
	t.Helper()
	root := newRoot(t)
	u := newInit(t, root)
	if source == stamp.Packet && root.sources.Ring == nil {
		t.Skip("no packets: " + root.stampsReason)
	}
	stampsFrom(root, source)
	u.start(lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
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
	wait()
	r := reading{exchange: e, facts: c, body: e.response.Body, onTokens: func(int64) {}, lastStamp: c.Headers}
	headers := e.last()
	r.source = headers.Source
	c.AskSegments(e.conn.Load())
	for !r.next() {
	}
	c.Stamps = r.source
	e.close()
	return u.run("(" + string(c.AppendLine(nil, facts.Identity{})) + ")").(map[string]any), root.clock
}

func TestTokensThatAreReadLate(t *testing.T) {
	t.Run("have their own times from packets", func(t *testing.T) {
		line, _ := recordBody(t, stamp.Packet, true, burst)
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
		line, _ := recordBody(t, stamp.Kernel, true, burst)
		if line["tokenEvents"] != 10. || line["mergedTokens"].(float64) < 8 || line["uncertainGaps"] == nil {
			t.Errorf("got %v", line)
		}
		earliest, known := line["firstTokenEarliestMs"].(float64)
		if first := line["firstTokenMs"].(float64); !known || earliest > first-40 {
			t.Errorf("the first token came between %v and %v; sent 45 ms before the last one", earliest, first)
		}
	})
}

// Chunks and events are cut where they like: a read of the body can wait for a later segment, and what it brings has one
// time. A token of the earlier segment is then a range.
func TestTokensThatShareAReadWithALaterSegment(t *testing.T) {
	const pause = 30 * time.Millisecond
	half := len(token) / 2
	sizeOf := func(text string) string { return fmt.Sprintf("%x\r\n", len(text)) }
	bodies := map[string]func(p *peer, first func(text string)){
		"a chunk that straddles two segments": func(p *peer, first func(text string)) {
			first(sizeOf(token) + token + "\r\n" + sizeOf(token) + token[:half])
			time.Sleep(pause)
			p.send(token[half:] + "\r\n")
		},
		"an event that straddles two chunks, the first of which straddles two segments": func(p *peer, first func(text string)) {
			first(sizeOf(token+token[:half]) + token)
			time.Sleep(pause)
			p.send(token[:half] + "\r\n")
			time.Sleep(pause)
			p.chunk(token[half:])
		},
		"a comment in a segment of its own": func(p *peer, first func(text string)) {
			first(sizeOf(token+": ping\n\n") + token)
			time.Sleep(pause)
			p.send(": ping\n\n\r\n")
			time.Sleep(pause)
			p.chunk(token)
		},
	}
	for name, body := range bodies {
		for _, source := range []stamp.Source{stamp.Kernel, stamp.Packet} {
			for _, late := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %v, late %v", name, source, late), func(t *testing.T) {
					if source == stamp.Kernel && !stamp.Enable() {
						t.Skip("only Linux has kernel stamps")
					}
					var before, after time.Time // around the sending of the first token
					line, clock := recordBody(t, source, late, func(p *peer) {
						time.Sleep(pause)
						body(p, func(text string) {
							before = time.Now()
							p.send(text)
							after = time.Now()
						})
						time.Sleep(pause)
						p.chunk(finish)
						p.chunk(done)
					})
					const noise = 1. // ms, between the clocks
					from, to := float64(clock.At(before))/1e6-noise, float64(clock.At(after))/1e6+noise
					first := line["firstTokenMs"].(float64)
					earliest, known := line["firstTokenEarliestMs"].(float64)
					if !known {
						earliest = first
					}
					if earliest > to || first < from {
						t.Errorf("the first token was sent in [%v, %v], and came in [%v, %v]", from, to, earliest, first)
					}
					if source == stamp.Packet && earliest < from {
						t.Errorf("a range from %v on, although packets say when its segments came: in [%v, %v]", earliest, from, to)
					}
				})
			}
		}
	}
}

// Tokens of one segment behind the headers' are exact, where packets say so, however few the reads.
func TestTokensOfOneSegmentBehindTheHeaders(t *testing.T) {
	line, _ := recordBody(t, stamp.Packet, false, func(p *peer) {
		time.Sleep(20 * time.Millisecond)
		p.send(strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", len(token), token), 3))
		time.Sleep(20 * time.Millisecond)
		p.chunk(finish)
		p.chunk(done)
	})
	if line["mergedTokens"] != 0. || line["firstTokenEarliestMs"] != nil || line["tokenEvents"] != 3. {
		t.Errorf("got %v", line)
	}
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
