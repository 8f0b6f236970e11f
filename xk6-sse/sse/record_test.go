package sse

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/errext"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
	"golang.org/x/time/rate"
	"gopkg.in/guregu/null.v3"

	"github.com/server-bench/xk6-sse/internal/journal"
)

func TestRecordGivesTheDocumentedFacts(t *testing.T) {
	url := serve(t, streams(wholeAnswer))
	u := newUser(t, newRoot(t), lib.Options{})
	got := u.record(url, `{body: "hello", text: true, arrays: true, sendAt: 0, labels: {task: "chat"}}`)
	source, err := os.ReadFile("../../lib/core/request/facts.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(source), "export interface Facts {\n")
	body, _, _ := strings.Cut(rest, "\n}")
	documented := map[string]bool{"gapsUs": true, "tokensBySecond": true}
	for _, key := range regexp.MustCompile(`(?m)^  (\w+)(\??):`).FindAllStringSubmatch(body, -1) {
		documented[key[1]] = true
		if _, ok := got[key[1]]; !ok && key[2] == "" {
			t.Errorf("%s is missing", key[1])
		}
	}
	for key := range got {
		if !documented[key] {
			t.Errorf("%s is not documented", key)
		}
	}
	want := map[string]any{
		"ended": "marker", "status": 200., "contentType": "text/event-stream", "tokenEvents": 2., "contentEvents": 2., "events": 6.,
		"bytes": float64(len(answer)), "requestBytes": 5., "text": "wordword", "malformedEvents": 0., "scheduledMs": 0.,
		"fields": map[string]any{"finishReason": "stop", "promptTokens": 8., "completionTokens": 2., "totalTokens": 10.},
	}
	for key, value := range want {
		if !reflect.DeepEqual(got[key], value) {
			t.Errorf("%s: got %v, want %v", key, got[key], value)
		}
	}
	if gaps := got["gapsUs"].([]any); len(gaps) != 1 {
		t.Errorf("gaps %v", gaps)
	}
	bare := u.record(url, `undefined`)
	for _, key := range []string{"text", "gapsUs", "tokensBySecond", "scheduledMs"} {
		if value, ok := bare[key]; ok {
			t.Errorf("unexpected %s: %v", key, value)
		}
	}
}

func TestWhatIsSent(t *testing.T) {
	type seen struct {
		Method, Path, Body, Accept, Agent, One, Authorization, Cookie, Host string
		Length                                                              int64
	}
	requests := make(chan seen, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 100)
		n, _ := r.Body.Read(body)
		header := r.Header
		requests <- seen{
			r.Method, r.URL.RequestURI(), string(body[:n]), header.Get("Accept"), header.Get("User-Agent"), header.Get("X-One"),
			header.Get("Authorization"), header.Get("Cookie"), r.Host, r.ContentLength,
		}
		eventStream(w, answer)
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name, url, params string
		want              seen
	}{
		{"no method: GET", server.URL + "/a?b=c", "{}", seen{Method: "GET", Path: "/a?b=c", Accept: "text/event-stream", Agent: "k6", Host: host}},
		{"a body: POST", server.URL + "/", `{body: "hello"}`, seen{Method: "POST", Path: "/", Body: "hello", Length: 5, Accept: "text/event-stream", Agent: "k6", Host: host}},
		{"an ArrayBuffer", server.URL + "/", `{body: new Uint8Array([104, 105]).buffer}`, seen{Method: "POST", Path: "/", Body: "hi", Length: 2, Accept: "text/event-stream", Agent: "k6", Host: host}},
		{"an empty body", server.URL + "/", `{body: ""}`, seen{Method: "POST", Path: "/", Accept: "text/event-stream", Agent: "k6", Host: host}},
		{"one's own method and headers", server.URL + "/", `{method: "PUT", body: "é", headers: {accept: "x/y", "user-agent": "me", "x-one": 1, authorization: "Bearer t", host: "virtual.test", none: undefined}}`,
			seen{Method: "PUT", Path: "/", Body: "é", Length: 2, Accept: "x/y", Agent: "me", One: "1", Authorization: "Bearer t", Host: "virtual.test"}},
		{"a name and a password in the URL", "http://me:secret@" + host + "/", "{}", seen{Method: "GET", Path: "/", Accept: "text/event-stream", Agent: "k6", Authorization: "Basic bWU6c2VjcmV0", Host: host}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u := newUser(t, newRoot(t), lib.Options{UserAgent: null.StringFrom("k6")})
			u.record(test.url, test.params)
			if last := <-requests; last != test.want {
				t.Errorf("got\n%+v, want\n%+v", last, test.want)
			}
		})
	}
}

func TestRecordArguments(t *testing.T) {
	u := newUser(t, newRoot(t), lib.Options{})
	for arguments, says := range map[string]string{
		`"http://server.test/"`:                                         "dialect",
		`"http://server.test/", {}`:                                     "dialect",
		`"http://server.test/", {}, {}`:                                 "framing",
		`"http://server.test/", {}, {...chat, more: 1}`:                 "more",
		`"http://server.test/", {body: 5}, chat`:                        "body",
		`"http://server.test/", {body: {a: 1}}, chat`:                   "body",
		`"http://server.test/", {tags: {a: {}}}, chat`:                  "tag",
		`"http://server.test/", {sendAt: "soon"}, chat`:                 "sendAt",
		`"http://server.test/", {timeouts: {idle: "1m"}}, chat`:         "timeouts.idle",
		`"http://server.test/", {timeouts: {total: -1}}, chat`:          "timeouts.total",
		`"http://server.test/", {abortAfterTokens: NaN}, chat`:          "abortAfterTokens",
		`"http://server.test/", {abortAfterMs: 1/0}, chat`:              "abortAfterMs",
		`"http://server.test/", {timeouts: {headers: -Infinity}}, chat`: "timeouts.headers",
	} {
		if _, err := u.VU.Runtime().RunString("sse.record(" + arguments + ")"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("record(%s): expected an exception about %q, got %v", arguments, says, err)
		}
	}
	if started := u.instance.root.count.Started.Load(); started != 0 {
		t.Errorf("%d requests started", started)
	}
}

func TestInitContext(t *testing.T) {
	u := newInit(t, newRoot(t))
	for _, call := range []string{`sse.record("http://server.test/", {}, chat)`, `sse.open("http://server.test/", {}, () => {})`} {
		if _, err := u.VU.Runtime().RunString(call); err == nil || !strings.Contains(err.Error(), "init context") {
			t.Errorf("%s in the init context: %v", call, err)
		}
	}
	if got := u.run("[typeof sse.version, sse.now() >= 0]"); !reflect.DeepEqual(got, []any{"string", true}) {
		t.Errorf("got %v", got)
	}
	u.start(lib.Options{})
	if _, err := u.VU.Runtime().RunString(`sse.configure({})`); err == nil || !strings.Contains(err.Error(), "init context") {
		t.Errorf("configure in an iteration: %v", err)
	}
}

func TestSendAt(t *testing.T) {
	url := serve(t, streams(wholeAnswer))
	u := newUser(t, newRoot(t), lib.Options{})
	got := u.run(fmt.Sprintf(`const at = sse.now() + 120.25; const facts = sse.record(%q, {sendAt: at}, chat); [at, facts]`, url)).([]any)
	at, f := got[0].(float64), got[1].(map[string]any)
	if scheduled := f["scheduledMs"].(float64); scheduled < at-0.002 || scheduled > at+0.002 {
		t.Errorf("scheduled %v, recorded %v", at, scheduled)
	}
	for _, key := range []string{"startMs", "sentMs"} {
		if f[key].(float64) < at-0.002 {
			t.Errorf("%s %v lies before the schedule %v", key, f[key], at)
		}
	}
	late := u.record(url, "{sendAt: 1}")
	if late["scheduledMs"] != 1. || late["startMs"].(float64) < 100 {
		t.Errorf("a moment that had passed: %v, started %v", late["scheduledMs"], late["startMs"])
	}
}

func TestRPSLimitHolds(t *testing.T) {
	url := serve(t, streams(wholeAnswer))
	u := newUser(t, newRoot(t), lib.Options{})
	u.state.RPSLimit = rate.NewLimiter(20, 1)
	first := u.record(url, "{}")["startMs"].(float64)
	u.record(url, "{}")
	if third := u.record(url, "{}")["startMs"].(float64); third < first+95 {
		t.Errorf("three starts within %v ms at 20 a second", third-first)
	}
}

func TestSamplesCarryTagsAndLabels(t *testing.T) {
	url := serve(t, streams(wholeAnswer))
	u := newInit(t, newRoot(t))
	u.run(`sse.configure({itlMetric: "llamacpp_itl"})`)
	u.start(lib.Options{})
	u.record(url, `{tags: {phase: "measure", name: "chat"}, labels: {row: 17, none: null}}`)
	all := u.taken()
	counts := map[string]int{}
	for _, s := range all {
		counts[s.metric]++
		if s.tags["phase"] != "measure" || s.tags["name"] != "chat" || s.tags["scenario"] != "chat" {
			t.Errorf("%s: tags %v", s.metric, s.tags)
		}
		if _, tagged := s.tags["row"]; tagged || s.metadata["row"] != "17" || s.metadata["none"] != "" {
			t.Errorf("%s: tags %v, metadata %v", s.metric, s.tags, s.metadata)
		}
		if s.metric == "llamacpp_itl" && (s.value < 0 || s.value > 60_000) {
			t.Errorf("a gap of %v ms", s.value)
		}
	}
	want := map[string]int{
		"llamacpp_itl": 1, "http_reqs": 1, "http_req_duration": 1, "http_req_blocked": 1, "http_req_connecting": 1,
		"http_req_tls_handshaking": 1, "http_req_sending": 1, "http_req_waiting": 1, "http_req_receiving": 1, "http_req_failed": 1,
	}
	if !reflect.DeepEqual(counts, want) {
		t.Errorf("samples %v, want %v", counts, want)
	}
	// The next request has none of this one's.
	u.record(url, "{}")
	for _, s := range u.taken() {
		if s.tags["phase"] != "" || len(s.metadata) != 0 {
			t.Errorf("%s: left behind: %v, %v", s.metric, s.tags, s.metadata)
		}
	}
}

func TestGapsAreSamplesOfProperStreamsOnly(t *testing.T) {
	three := token + token + token
	tests := []struct {
		name string
		body func(p *peer)
		gaps int
	}{
		{"end marker", func(p *peer) { p.chunk(three + done) }, 2},
		{"finish reason and no marker", func(p *peer) { p.chunk(three + finish) }, 2},
		{"neither", func(p *peer) { p.chunk(three) }, 0},
		{"a cut", func(p *peer) { p.chunk(three); p.Close() }, 0},
		{"a reset behind the finish reason", func(p *peer) { p.chunk(three + finish); p.reset() }, 2},
		{"an error in band", func(p *peer) { p.chunk(three + "data: {\"error\":\"no\"}\n\n" + done) }, 0},
		{"one token", func(p *peer) { p.chunk(token + done) }, 0},
		// Where the window is full, a segment ends within a chunk: some of the gaps are not known then.
		{"20,000 tokens", func(p *peer) {
			for range 200 {
				p.chunk(strings.Repeat(token, 100))
			}
			p.chunk(done)
		}, 19_999},
	}
	root := newRoot(t)
	u := newInit(t, root)
	u.run(`sse.configure({itlMetric: "gaps"})`)
	u.start(lib.Options{})
	failed := 0
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			u.t = t
			u.record(serve(t, streams(test.body)), "{}")
			gaps, known := 0, 0
			u.instance.collector.Gaps.Known(func(uint32) { known++ })
			for _, s := range u.taken() {
				if s.metric == "gaps" {
					gaps++
				}
			}
			if gaps != min(known, test.gaps) || 2*gaps < test.gaps {
				t.Errorf("%d samples of %d known gaps, %d in all", gaps, known, test.gaps)
			}
		})
	}
	for _, test := range tests {
		if test.gaps == 0 && test.name != "one token" {
			failed++
		}
	}
	if got := root.count.Failed.Load(); got != int64(failed) {
		t.Errorf("%d counted as failed, want %d", got, failed)
	}
}

// The samples of a request are those that k6's own http module emits for the same request, with the same tags.
func TestSamplesAreThoseOfK6(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/missing":
			http.NotFound(w, r)
		case "/redirect":
			http.Redirect(w, r, "/", http.StatusTemporaryRedirect)
		default:
			eventStream(w, answer)
		}
	})
	server := httptest.NewServer(handler)
	defer server.Close()
	secure := httptest.NewUnstartedServer(handler)
	secure.EnableHTTP2 = true
	secure.Config.ErrorLog = silent
	secure.StartTLS()
	defer secure.Close()
	tests := []struct {
		name, url string
		insecure  bool
	}{
		{"a stream", server.URL, false},
		{"a query and a password", strings.Replace(server.URL, "//", "//me:secret@", 1) + "/?a=b", false},
		{"404", server.URL + "/missing", false},
		{"a redirect", server.URL + "/redirect", false},
		{"HTTP/2", secure.URL, true},
		{"an unknown authority", secure.URL, false},
		{"no listener", closedPort(t), false},
		{"an unknown name", "http://missing.test/", false},
		{"a blocked name", "http://blocked.test/", false},
		{"a blocked address", "http://127.9.9.9/", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			of := func(call string) []string {
				options := lib.Options{
					BlacklistIPs: blockedNet(t), BlockedHostnames: blockedNames(t, "blocked.test"), MaxRedirects: null.IntFrom(10),
					InsecureSkipTLSVerify: null.BoolFrom(test.insecure), SystemTags: every(),
				}
				u := newUser(t, newRoot(t), options)
				u.run(fmt.Sprintf(call, test.url))
				var list []string
				for _, s := range u.taken() {
					delete(s.tags, "error") // the words are ours
					list = append(list, fmt.Sprint(s.metric, s.tags, s.metadata))
				}
				slices.Sort(list)
				return list
			}
			ours := of(`sse.record(%q, {tags: {my: "tag"}}, chat)`)
			theirs := of(`http.get(%q, {tags: {my: "tag"}, responseType: "none"})`)
			if !slices.Equal(ours, theirs) {
				t.Errorf("samples:\n%s\nk6's:\n%s", strings.Join(ours, "\n"), strings.Join(theirs, "\n"))
			}
		})
	}
}

// every is all the tags that k6 can set.
func every() *metrics.SystemTagSet {
	set := metrics.SystemTagSet(^uint32(0) >> 1)
	return &set
}

func TestHTTPDebugHidesSecrets(t *testing.T) {
	url := serve(t, func(p *peer) {
		for p.request() != nil {
			p.send(strings.Replace(streamHead, "\r\n", "\r\nSet-Cookie: id=hidden3\r\n", 1))
			wholeAnswer(p)
			p.send(lastChunk)
		}
	})
	for option, shown := range map[string]bool{"headers": false, "full": true} {
		u := newUser(t, newRoot(t), lib.Options{HTTPDebug: null.StringFrom(option)})
		got := u.record(url, `{body: "the prompt", headers: {Authorization: "Bearer hidden1", "X-Api-Key": "hidden2", "X-Plain": "seen"}}`)
		log := u.log.String()
		if strings.Contains(log, "hidden") {
			t.Errorf("%s: a secret is in the log:\n%s", option, log)
		}
		for _, part := range []string{"X-Plain: seen", "POST / HTTP/1.1", "200 OK"} {
			if !strings.Contains(log, part) {
				t.Errorf("%s: the log lacks %q:\n%s", option, part, log)
			}
		}
		for _, part := range []string{"the prompt", `\"content\":\"word\"`} {
			if strings.Contains(log, part) != shown {
				t.Errorf("%s: is %q in the log? expected %v:\n%s", option, part, shown, log)
			}
		}
		if got["ended"] != "marker" || got["retried"] != false || got["requestBytes"] != 10. {
			t.Errorf("%s: got %v", option, got)
		}
		again := u.record(url, "{}")
		if _, connected := again["connectedMs"]; connected || again["reused"] != true {
			t.Errorf("%s: the log has touched the times of a kept connection: %v", option, again)
		}
	}
}

func TestJournalOfRequests(t *testing.T) {
	root := newRoot(t)
	u := newInit(t, root)
	path := filepath.Join(t.TempDir(), "records.jsonl")
	j, err := journal.Create(path, root.clock, journal.Header{}, &root.count)
	if err != nil {
		t.Fatal(err)
	}
	root.journal = j
	u.start(lib.Options{})
	u.state.Iteration = 5
	healthy := serve(t, streams(wholeAnswer))
	u.record(healthy, `{tags: {phase: "warmup", task: "tagged"}, labels: {task: "chat", row: 3}}`)
	u.record(closedPort(t), `{}`)
	u.run(`sse.journal({type: "own", n: [1, {a: null}]})`)
	for _, bad := range []string{"", "null", "{}"} {
		if _, err := u.VU.Runtime().RunString("sse.journal(" + bad + ")"); err == nil {
			t.Errorf("journal(%s) threw nothing", bad)
		}
	}
	if err := j.Close(nil); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	var all []map[string]any
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatal(err)
		}
		if object["type"] != "progress" {
			all = append(all, object)
		}
	}
	if len(all) != 5 {
		t.Fatalf("%d lines: %s", len(all), text)
	}
	first, second := all[1], all[2]
	want := map[string]any{
		"type": "request", "id": 1., "vu": 7., "iteration": 5., "scenario": "chat", "ended": "marker",
		"labels": map[string]any{"phase": "warmup", "task": "chat", "row": "3"},
	}
	for key, value := range want {
		if !reflect.DeepEqual(first[key], value) {
			t.Errorf("%s: got %v, want %v", key, first[key], value)
		}
	}
	if second["id"] != 2. || kindOfError(second) != "tcp" || second["status"] != nil || second["sentMs"] != nil {
		t.Errorf("got %v", second)
	}
	if !reflect.DeepEqual(all[3], map[string]any{"type": "own", "n": []any{1., map[string]any{"a": nil}}}) {
		t.Errorf("got %v", all[3])
	}
	if all[4]["requests"] != 2. {
		t.Errorf("end: %v", all[4])
	}

	// The file is closed: no line can be written any more, and the test must not go on without its journal.
	_, err = u.VU.Runtime().RunString(fmt.Sprintf("sse.record(%q, {}, chat); while (true) {}", healthy))
	if err == nil || !strings.Contains(err.Error(), errext.AbortTest) || !strings.Contains(err.Error(), "cannot write the journal") {
		t.Errorf("after the journal failed: %v", err)
	}
	if value, ok := unwrapInterrupt(err); !ok || !errext.IsInterruptError(value) {
		t.Errorf("not an interrupt of the test: %T", err)
	}
}

func TestManyVUsShareAProcess(t *testing.T) {
	url := serve(t, streams(wholeAnswer))
	root := newRoot(t)
	users := make([]*user, 8)
	for i := range users {
		users[i] = newUser(t, root, lib.Options{})
	}
	finished := make(chan error, len(users))
	for _, u := range users {
		go func() {
			value, err := u.VU.Runtime().RunString(fmt.Sprintf(`
				let marks = 0;
				for (let i = 0; i < 20; i++) marks += sse.record(%q, {body: "x"}, chat).ended === "marker" ? 1 : 0;
				marks`, url))
			if err == nil && value.ToInteger() != 20 {
				err = fmt.Errorf("%v of 20 streams ended properly", value)
			}
			finished <- err
		}()
	}
	for range users {
		if err := <-finished; err != nil {
			t.Error(err)
		}
	}
	if root.ids.Load() != 160 || root.count.Done.Load() != 160 || root.count.Tokens.Load() != 320 || len(root.plans) != 1 {
		t.Errorf("ids %d, done %d, tokens %d, plans %d", root.ids.Load(), root.count.Done.Load(), root.count.Tokens.Load(), len(root.plans))
	}
}

func TestNoGoroutineStays(t *testing.T) {
	u := newUser(t, newRoot(t), lib.Options{NoConnectionReuse: null.BoolFrom(true)})
	cut := serve(t, streams(func(p *peer) { p.chunk(token); p.Close() }))
	held := serve(t, streams(func(p *peer) { p.chunk(token); p.hold() }))
	endless := serve(t, streams(func(p *peer) {
		for {
			p.chunk(token)
			time.Sleep(time.Millisecond)
		}
	}))
	round := func() {
		u.record(cut, "{}")
		u.record(held, "{timeouts: {idle: 0.02}}")
		u.record(endless, "{abortAfterTokens: 2}")
		u.record(closedPort(t), "{timeouts: {connect: 5, total: 9}}")
		u.run(fmt.Sprintf(`sse.open(%q, {timeout: 50}, () => {}); sse.open(%q, {}, (c) => c.on("event", () => c.close()));`, held, endless))
	}
	round()
	before := numGoroutine()
	for range 10 {
		round()
	}
	if left := goroutinesAbove(before + 3); left != "" {
		t.Errorf("from %d goroutines to:\n%s", before, left)
	}
}
