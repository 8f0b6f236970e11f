package sse

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/cmd"
	k6http "go.k6.io/k6/v2/js/modules/k6/http"
	"go.k6.io/k6/v2/js/modulestest"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
	"go.k6.io/k6/v2/metrics"
)

// asK6 makes the test binary k6 with the extension.
const asK6 = "SSE_TEST_AS_K6"

func TestMain(m *testing.M) {
	if os.Getenv(asK6) != "" {
		cmd.Execute()
		return
	}
	before := runtime.NumGoroutine()
	code := m.Run()
	if left := goroutinesAbove(before + 2); code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines left behind:\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// goroutinesAbove waits until there are no more than this many goroutines; it returns their stacks if there still are.
func goroutinesAbove(most int) string {
	for range 100 {
		if runtime.NumGoroutine() <= most {
			return ""
		}
		time.Sleep(50 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	return string(stacks[:runtime.Stack(stacks, true)])
}

// user is a VU with the extension, as k6 makes one.
type user struct {
	*modulestest.Runtime
	t        testing.TB
	instance *Instance
	state    *lib.State
	samples  chan metrics.SampleContainer
	cancel   context.CancelFunc
	log      *strings.Builder
}

// newRoot is what the VUs of one process share.
func newRoot(t testing.TB) *Root {
	t.Helper()
	root := new(Root)
	t.Cleanup(func() { root.sources.Ring.Close() })
	return root
}

// newUser makes a VU; the options are k6's.
func newUser(t testing.TB, root *Root, options lib.Options) *user {
	t.Helper()
	u := newInit(t, root)
	u.start(options)
	return u
}

// newInit makes a VU in its init context.
func newInit(t testing.TB, root *Root) *user {
	t.Helper()
	u := &user{Runtime: modulestest.NewRuntime(t), t: t, samples: make(chan metrics.SampleContainer, 100_000), log: new(strings.Builder)}
	u.instance = root.NewModuleInstance(u.VU).(module).instance
	u.set("sse", module{u.instance}.Exports().Default)
	u.set("http", k6http.New().NewModuleInstance(u.VU).Exports().Default)
	// `go test` keeps results by the files that a test reads in the module, and by variables: test/golden is outside.
	_ = os.Getenv("SERVER_BENCH_GOLDEN")
	dialect, err := os.ReadFile("../../test/golden/dialects/chat-completions.json")
	if err != nil {
		t.Fatal(err)
	}
	u.run("globalThis.chat = " + string(dialect))
	return u
}

// start brings a VU from its init context into its iterations, with a transport as k6's runner makes it.
func (u *user) start(options lib.Options) {
	u.t.Helper()
	if options.SystemTags == nil {
		options.SystemTags = &metrics.DefaultSystemTagSet
	}
	dialer := netext.NewDialer(net.Dialer{Timeout: 30 * time.Second}, netext.NewResolver(lookUp, 0, types.DNSfirst, types.DNSany))
	dialer.Blacklist = options.BlacklistIPs
	dialer.BlockedHostnames = options.BlockedHostnames.Trie
	dialer.Hosts = options.Hosts.Trie
	tlsConfig := &tls.Config{InsecureSkipVerify: options.InsecureSkipTLSVerify.Bool} //nolint:gosec // as k6
	jar, err := cookiejar.New(nil)
	if err != nil {
		u.t.Fatal(err)
	}
	logger := logrus.New()
	logger.SetOutput(u.log)
	registry := u.VU.InitEnvField.Registry
	transport := &http.Transport{
		TLSClientConfig: tlsConfig, DialContext: dialer.DialContext, DisableCompression: true,
		DisableKeepAlives: options.NoConnectionReuse.Bool, MaxIdleConns: 20, MaxIdleConnsPerHost: 6, ForceAttemptHTTP2: true,
	}
	u.state = &lib.State{
		Options: options, BuiltinMetrics: u.BuiltinMetrics, Logger: logger, Dialer: dialer, TLSConfig: tlsConfig, CookieJar: jar,
		Samples: u.samples, BufferPool: lib.NewBufferPool(), VUID: 3, VUIDGlobal: 7, Transport: transport,
		Tags: lib.NewVUStateTags(registry.RootTagSet().With("scenario", "chat")),
	}
	ctx, cancel := context.WithCancel(lib.WithScenarioState(context.Background(), &lib.ScenarioState{Name: "chat"}))
	u.cancel = cancel
	u.VU.CtxField = ctx
	u.MoveToVUContext(u.state)
	u.t.Cleanup(func() {
		cancel()
		transport.CloseIdleConnections()
		if u.instance.client != nil {
			u.instance.client.closeIdle()
		}
	})
}

// lookUp knows no names but one; some it does not even answer for.
func lookUp(host string) ([]net.IP, error) {
	switch host {
	case "server.test":
		return []net.IP{net.IPv4(127, 0, 0, 1)}, nil
	case "nothing.test":
		return nil, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func (u *user) set(name string, value any) {
	u.t.Helper()
	if err := u.VU.Runtime().Set(name, value); err != nil {
		u.t.Fatal(err)
	}
}

// run runs a script that must not throw and returns what it evaluates to, through JSON.
func (u *user) run(script string) any {
	u.t.Helper()
	value, err := u.VU.Runtime().RunString(script)
	if err != nil {
		u.t.Fatalf("%s\nthrew %v", script, err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		u.t.Fatal(err)
	}
	var result any
	if err := json.Unmarshal(text, &result); err != nil {
		u.t.Fatal(err)
	}
	return result
}

// record records a request; params are JavaScript.
func (u *user) record(url, params string) map[string]any {
	u.t.Helper()
	result, ok := u.run(fmt.Sprintf("sse.record(%q, %s, chat)", url, params)).(map[string]any)
	if !ok {
		u.t.Fatalf("record returned %v", result)
	}
	u.plausible(result)
	return result
}

// plausible checks what holds for all facts.
func (u *user) plausible(f map[string]any) {
	u.t.Helper()
	const noise = 5. // milliseconds between the two clocks of a stamp
	last, before := 0., "nothing"
	for _, key := range []string{"startMs", "connectedMs", "sentMs", "headersMs", "firstTokenMs", "firstContentMs", "lastTokenMs", "endMs"} {
		if at, ok := f[key].(float64); ok {
			if at < last-noise {
				u.t.Errorf("%s %v lies before %s %v", key, at, before, last)
			}
			last, before = at, key
		}
	}
	failure, _ := f["error"].(map[string]any)
	if failure != nil && (failure["message"] == "" || failure["kind"] == "") {
		u.t.Errorf("an error without a message: %v", failure)
	}
	if (f["ended"] == "error") != (failure != nil && f["ended"] != "no_stream") {
		u.t.Errorf("ended %v with error %v", f["ended"], failure)
	}
}

// kindOfError is the error's kind, "" for none.
func kindOfError(f map[string]any) string {
	failure, _ := f["error"].(map[string]any)
	kind, _ := failure["kind"].(string)
	return kind
}

// sample is one as an output gets it.
type sample struct {
	metric   string
	value    float64
	tags     map[string]string
	metadata map[string]string
}

// taken empties the channel of samples.
func (u *user) taken() (all []sample) {
	for {
		select {
		case container := <-u.samples:
			for _, s := range container.GetSamples() {
				all = append(all, sample{s.Metric.Name, s.Value, s.Tags.Map(), s.Metadata})
			}
		default:
			return all
		}
	}
}

// peer is a connection as a raw server has it.
type peer struct {
	*net.TCPConn
	r     *bufio.Reader
	w     io.Writer
	index int           // of the connection, from 0
	over  chan struct{} // closed when the test is over
}

// serve starts a server on loopback that passes each connection to handle; it returns the URL.
func serve(t testing.TB, handle func(p *peer)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	over := make(chan struct{})
	wait.Go(func() {
		for index := 0; ; index++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			wait.Go(func() {
				defer conn.Close()
				handle(&peer{TCPConn: conn.(*net.TCPConn), r: bufio.NewReader(conn), w: conn, index: index, over: over})
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		close(over)
		mu.Lock()
		for conn := range open {
			conn.Close()
		}
		mu.Unlock()
		wait.Wait()
	})
	return "http://" + listener.Addr().String()
}

// request reads a request with its body; nil when the client is gone.
func (p *peer) request() *http.Request {
	request, err := http.ReadRequest(p.r)
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(request.Body)
	request.Body = io.NopCloser(strings.NewReader(string(body)))
	return request
}

// send sends a text; once the client is gone the connection's goroutine ends here.
func (p *peer) send(text string) {
	if _, err := io.WriteString(p.w, text); err != nil {
		runtime.Goexit()
	}
}

// chunk sends a text as one chunk of the body.
func (p *peer) chunk(text string) { p.send(fmt.Sprintf("%x\r\n%s\r\n", len(text), text)) }

// hold waits until the client hangs up.
func (p *peer) hold() { _, _ = io.Copy(io.Discard, p.r) }

// reset breaks the connection once what was sent has arrived.
func (p *peer) reset() {
	time.Sleep(20 * time.Millisecond) // a reset throws away what the client has not read yet
	_ = p.SetLinger(0)
	_ = p.Close()
}

const (
	streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
	role       = `data: {"choices":[{"delta":{"role":"assistant","content":null},"finish_reason":null}]}` + "\n\n"
	token      = `data: {"choices":[{"delta":{"content":"word"},"finish_reason":null}]}` + "\n\n"
	finish     = `data: {"choices":[{"delta":{},"finish_reason":"stop"}]}` + "\n\n"
	usage      = `data: {"choices":[],"usage":{"prompt_tokens":8,"completion_tokens":2,"total_tokens":10}}` + "\n\n"
	done       = "data: [DONE]\n\n"
	answer     = role + token + token + finish + usage + done
	lastChunk  = "0\r\n\r\n"
)

// streams answers each request of a connection with an event stream that body writes, chunked.
func streams(body func(p *peer)) func(p *peer) {
	return func(p *peer) {
		for p.request() != nil {
			p.send(streamHead)
			body(p)
			p.send(lastChunk)
		}
	}
}

// wholeAnswer is a stream as it should be, a token at a time.
func wholeAnswer(p *peer) {
	for _, event := range strings.SplitAfter(answer, "\n\n") {
		if event != "" {
			p.chunk(event)
			time.Sleep(2 * time.Millisecond)
		}
	}
}

// eventStream writes a stream through net/http.
func eventStream(w http.ResponseWriter, events ...string) {
	w.Header().Set("Content-Type", "text/event-stream")
	for _, event := range events {
		_, _ = io.WriteString(w, event)
		w.(http.Flusher).Flush()
		time.Sleep(2 * time.Millisecond)
	}
}

// silent drops what servers log about clients that hang up.
var silent = log.New(io.Discard, "", 0)

// numGoroutine is the number of goroutines once connections that have just been closed are gone.
func numGoroutine() int {
	time.Sleep(200 * time.Millisecond)
	return runtime.NumGoroutine()
}

// unwrapInterrupt is what a script was interrupted with.
func unwrapInterrupt(err error) (error, bool) {
	var interrupted *sobek.InterruptedError
	if !errors.As(err, &interrupted) {
		return nil, false
	}
	value, ok := interrupted.Value().(error)
	return value, ok
}
