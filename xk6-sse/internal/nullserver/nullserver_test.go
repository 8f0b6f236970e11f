package nullserver

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// start serves on a free port until the test's end; it returns the base URL.
func start(t *testing.T, w Workload, log *Log, clock stamp.Clock, protocol string) (*Server, string) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	server := New(w, clock, log)
	security, err := SelfSigned()
	if err != nil {
		t.Fatal(err)
	}
	switch protocol {
	case "http":
		go func() { _ = server.Serve(listener, nil) }()
	case "tls":
		go func() { _ = server.Serve(listener, security) }()
	case "http2":
		go func() { _ = server.ServeHTTP2(listener, security) }()
	}
	scheme := "https://"
	if protocol == "http" {
		scheme = "http://"
	}
	return server, scheme + listener.Addr().String()
}

func newClient(t *testing.T) *http.Client {
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}
}

func ask(t *testing.T, client *http.Client, url string) (*http.Response, string, error) {
	t.Helper()
	response, err := client.Post(url, "application/json", strings.NewReader(`{"stream":true}`))
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		name, protocol, query      string
		events, words, completions int
		major                      int
	}{
		{"one token an event", "http", "tokens=5", 5, 5, 5, 1},
		{"the last write has fewer events", "http", "tokens=5&events-per-write=2", 5, 5, 5, 1},
		{"a write has more events than there are", "http", "tokens=3&events-per-write=8", 3, 3, 3, 1},
		{"the last event has fewer tokens", "http", "tokens=5&tokens-per-event=2", 3, 5, 5, 1},
		{"paced", "http", "tokens=3&pace=1ms&first-token=2ms&spread=2ms", 3, 3, 3, 1},
		{"over TLS", "tls", "tokens=5&events-per-write=2&pace=1ms", 5, 5, 5, 1},
		{"over HTTP/2", "http2", "tokens=5&events-per-write=2&pace=1ms", 5, 5, 5, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, url := start(t, Default(), nil, stamp.NewClock(), row.protocol)
			response, body, err := ask(t, newClient(t), url+"/v1/chat/completions?"+row.query)
			if err != nil {
				t.Fatal(err)
			}
			if response.ProtoMajor != row.major {
				t.Errorf("HTTP/%d, expected %d", response.ProtoMajor, row.major)
			}
			events, words, completions := 0, 0, 0
			data := strings.Split(strings.TrimSuffix(body, "\n\n"), "\n\n")
			for _, event := range data[:len(data)-1] {
				var chunk struct {
					Choices []struct{ Delta struct{ Content string } }
					Usage   struct {
						Completions int `json:"completion_tokens"`
					}
				}
				if err := json.Unmarshal([]byte(strings.TrimPrefix(event, "data: ")), &chunk); err != nil {
					t.Fatalf("%v in %q", err, event)
				}
				completions += chunk.Usage.Completions
				if len(chunk.Choices) > 0 && chunk.Choices[0].Delta.Content != "" {
					events++
					words += len(strings.Fields(chunk.Choices[0].Delta.Content))
				}
			}
			if events != row.events || words != row.words || completions != row.completions {
				t.Errorf("%d events, %d words, usage %d; expected %d, %d, %d",
					events, words, completions, row.events, row.words, row.completions)
			}
			if data[len(data)-1] != "data: [DONE]" {
				t.Errorf("ends with %q", data[len(data)-1])
			}
		})
	}
}

func TestFaults(t *testing.T) {
	_, url := start(t, Default(), nil, stamp.NewClock(), "http")
	chat := url + "/v1/chat/completions?tokens=10&"
	client := newClient(t)
	t.Run("a cut stream ends in its middle", func(t *testing.T) {
		_, body, err := ask(t, client, chat+"cut=1")
		if !errors.Is(err, io.ErrUnexpectedEOF) || strings.Count(body, "word") != 5 {
			t.Errorf("%v after %q", err, body)
		}
	})
	t.Run("a reset is an error of the connection", func(t *testing.T) {
		_, _, err := ask(t, client, chat+"cut=1&reset=true")
		if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a refused request gets a 503 and the connection lives on", func(t *testing.T) {
		for range 2 {
			response, body, err := ask(t, client, chat+"refuse=1")
			if err != nil || response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, `"error"`) {
				t.Errorf("%v, %v, %q", response, err, body)
			}
		}
	})
	t.Run("a stalled stream falls silent and stays open", func(t *testing.T) {
		impatient := *client
		impatient.Timeout = 200 * time.Millisecond
		_, body, err := ask(t, &impatient, chat+"stall=1")
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() || strings.Count(body, "word") != 5 {
			t.Errorf("%v after %q", err, body)
		}
	})
	t.Run("an unknown parameter is named", func(t *testing.T) {
		response, body, err := ask(t, client, chat+"tokes=1")
		if err != nil || response.StatusCode != http.StatusBadRequest || !strings.Contains(body, "`tokes`") {
			t.Errorf("%v, %v, %q", response, err, body)
		}
	})
}

func TestSharesAreMetOverMany(t *testing.T) {
	w := Workload{RefuseShare: 0.1, CutShare: 0.3, StallShare: 0.05}
	counts := map[fault]int{}
	for number := range uint64(10_000) {
		counts[w.fault(number+1)]++
	}
	for what, expected := range map[fault]int{refuse: 1000, cut: 3000, stall: 500, none: 5500} {
		if difference := counts[what] - expected; difference < -150 || difference > 150 {
			t.Errorf("fault %d: %d of 10,000, expected about %d", what, counts[what], expected)
		}
	}
}

// What the log says must lie between what the client saw before and after.
func TestLogTellsWhenEventsWereSent(t *testing.T) {
	for _, protocol := range []string{"http", "tls", "http2"} {
		t.Run(protocol, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "log.jsonl")
			clock := stamp.NewClock()
			log, err := CreateLog(path, clock)
			if err != nil {
				t.Fatal(err)
			}
			w := Default()
			w.Tokens, w.Pace, w.FirstToken = 4, 2*time.Millisecond, 3*time.Millisecond
			_, url := start(t, w, log, clock, protocol)
			client := newClient(t)
			before := time.Now().UnixMicro()
			for range 2 {
				if _, _, err := ask(t, client, url+"/v1/chat/completions"); err != nil {
					t.Fatal(err)
				}
			}
			waitForLines(t, log, 2) // the server logs after the client has all it waits for
			after := time.Now().UnixMicro()
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(bytes.NewReader(text))
			earliest := before
			count := 0
			for lines.Scan() {
				var line struct {
					FirstByteUs, ReadUs, FirstSentUs int64
					GapsUs, TookUs                   []int64
				}
				if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
					t.Fatal(err)
				}
				count++
				last := line.FirstSentUs
				for _, gap := range line.GapsUs {
					last += gap
				}
				order := []int64{earliest, line.FirstByteUs, line.ReadUs, line.FirstSentUs, last, after}
				for i := 1; i < len(order); i++ {
					if order[i] < order[i-1]-1 { // each is rounded
						t.Errorf("out of order: %v", order)
						break
					}
				}
				if len(line.GapsUs) != 3 || len(line.TookUs) != 4 {
					t.Errorf("%d gaps, %d times of 4 tokens", len(line.GapsUs), len(line.TookUs))
				}
				earliest = last
			}
			if count != 2 {
				t.Errorf("%d lines of 2 requests", count)
			}
		})
	}
}

func waitForLines(t *testing.T, log *Log, count int) {
	t.Helper()
	for range 5000 {
		log.mu.Lock()
		lines := log.lines
		log.mu.Unlock()
		if lines >= count {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("the log never had %d lines", count)
}
