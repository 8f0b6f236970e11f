package sse

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"gopkg.in/guregu/null.v3"
)

// stoppedClient names the server of a client that is stopped again and again: a process of its own.
const stoppedClient = "SERVER_BENCH_TEST_STOPPED_CLIENT"

// TestStoppedClient is that client; in the suite itself it does nothing.
func TestStoppedClient(t *testing.T) {
	url := os.Getenv(stoppedClient)
	if url == "" {
		return
	}
	root := newRoot(t)
	u := newUser(t, root, lib.Options{InsecureSkipTLSVerify: null.BoolFrom(true)})
	line := u.record(url, "{arrays: true}")
	line["epoch"] = root.clock.Epoch().UnixMicro()
	text, err := json.Marshal(line)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("\nfacts %s\n", text)
}

// A client that is stopped for most of the time knows by packets when each token came: between the moments before and
// behind the server's call that sent it. The server may lose its core in that call, and with TLS encrypts in it.
func TestTimesOfAStoppedClient(t *testing.T) {
	const tokens, pace, stopped, runs = 100, 5 * time.Millisecond, 100 * time.Millisecond, 30 * time.Millisecond
	// µs between the clocks of two processes; on a busy machine the kernel now and then delivers a segment later. By the
	// times of reads most tokens would be off, by up to the client's stop.
	const noise, most, late = 500, 10_000, tokens / 20
	for _, name := range []string{"plain", "TLS", "HTTP/2"} {
		t.Run(name, func(t *testing.T) {
			if newUser(t, newRoot(t), lib.Options{}).instance.root.sources.Ring == nil {
				t.Skip("no packets")
			}
			var before, after []int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/event-stream")
				send := func(text string) {
					_, _ = io.WriteString(w, text)
					w.(http.Flusher).Flush()
				}
				send(role)
				for range tokens {
					time.Sleep(pace)
					before = append(before, time.Now().UnixMicro())
					send(token)
					after = append(after, time.Now().UnixMicro())
				}
				send(finish + done)
			}))
			server.EnableHTTP2 = name == "HTTP/2"
			if name == "plain" {
				server.Start()
			} else {
				server.StartTLS()
			}
			defer server.Close()
			client := exec.Command(os.Args[0], "-test.run=^TestStoppedClient$", "-test.v")
			client.Env = append(os.Environ(), stoppedClient+"="+server.URL+"/")
			var output strings.Builder
			client.Stdout, client.Stderr = &output, &output
			if err := client.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			var wait sync.WaitGroup
			wait.Go(func() {
				for {
					select {
					case <-ended:
						return
					case <-time.After(runs):
					}
					_ = client.Process.Signal(syscall.SIGSTOP)
					time.Sleep(stopped)
					_ = client.Process.Signal(syscall.SIGCONT)
				}
			})
			err := client.Wait()
			close(ended)
			wait.Wait()
			_, rest, found := strings.Cut(output.String(), "\nfacts ")
			if err != nil || !found {
				t.Fatalf("%v\n%s", err, output.String())
			}
			text, _, _ := strings.Cut(rest, "\n")
			var line struct {
				Epoch        float64
				FirstTokenMs float64
				GapsUs       []float64
				MergedTokens int
				Stamps       string
			}
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
			if line.Stamps != "packet" || line.MergedTokens != 0 || len(line.GapsUs) != tokens-1 {
				t.Fatalf("%s stamps, %d merged, %d gaps", line.Stamps, line.MergedTokens, len(line.GapsUs))
			}
			at, worst, widest, off := int64(line.Epoch+1000*line.FirstTokenMs), int64(0), int64(0), 0
			for i := range tokens {
				if i > 0 {
					at += int64(line.GapsUs[i-1])
				}
				outside := max(before[i]-at, at-after[i])
				if outside > noise {
					off++
				}
				worst = max(worst, outside)
				widest = max(widest, after[i]-before[i])
			}
			t.Logf("at most %d µs outside the server's call, which took %d µs at most", worst, widest)
			if off > late || worst > most {
				t.Errorf("%d of %d tokens' times are over %d µs outside the server's call that sent them, one %d µs", off, tokens, noise, worst)
			}
		})
	}
}
