//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http/httptrace"
	"os"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// journal has the form of the extension's, as far as a client without kernel stamps and parser can know it.
type journal struct {
	epoch time.Time
	mu    sync.Mutex
	file  *os.File
	out   *bufio.Writer
	lines int
}

func createJournal(path string) (*journal, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	j := &journal{epoch: time.Now(), file: file, out: bufio.NewWriterSize(file, 1<<20)}
	return j, json.NewEncoder(j.out).Encode(map[string]any{
		"type": "header", "schema": "server-bench/records/1", "pid": os.Getpid(), "stamps": "user",
		"epochUnixMs": float64(j.epoch.UnixMicro()) / 1000, "k6Version": "none", "extensionVersion": "floor",
	})
}

// times are those of one request, in microseconds since the epoch.
type times struct {
	epoch                  time.Time
	start, connected, sent int64
	reused                 bool
	tokens                 []int64
	merged                 int64
	tail                   []byte
}

func (j *journal) begin() *times {
	return &times{epoch: j.epoch, start: time.Since(j.epoch).Microseconds()}
}

func (t *times) now() int64 { return time.Since(t.epoch).Microseconds() }

func (t *times) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			t.sent = t.now()
			t.connected = t.sent
			t.reused = info.Reused
		},
	})
}

var token = []byte(`"content":"`)

func (t *times) read(p []byte) {
	now := t.now()
	count := bytes.Count(p, token)
	for range count {
		t.tokens = append(t.tokens, now)
	}
	t.merged += max(int64(count)-1, 0)
	t.tail = append(t.tail[:0], p[max(0, len(p)-1024):]...)
}

var number = regexp.MustCompile(`"prompt_n":(\d+)`)

func millis(micros int64) float64 { return float64(micros) / 1000 }

func (j *journal) write(t *times) error {
	gaps := make([]int64, 0, len(t.tokens))
	for i := 1; i < len(t.tokens); i++ {
		gaps = append(gaps, t.tokens[i]-t.tokens[i-1])
	}
	fields := map[string]any{}
	if found := number.FindSubmatch(t.tail); found != nil {
		fields["serverPromptTokens"], _ = strconv.Atoi(string(found[1]))
	}
	line := map[string]any{
		"type": "request", "startMs": millis(t.start), "sentMs": millis(t.sent), "endMs": millis(t.now()), "status": 200,
		"ended": "marker", "stamps": "user", "mergedTokens": t.merged, "tokenEvents": len(t.tokens), "reused": t.reused,
		"fields": fields, "gapsUs": gaps,
	}
	if !t.reused {
		line["connectedMs"] = millis(t.connected)
	}
	if len(t.tokens) > 0 {
		line["firstTokenMs"] = millis(t.tokens[0])
		line["lastTokenMs"] = millis(t.tokens[len(t.tokens)-1])
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines++
	line["id"] = j.lines
	return json.NewEncoder(j.out).Encode(line)
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	if err := json.NewEncoder(j.out).Encode(map[string]any{
		"type": "end", "tMs": millis(time.Since(j.epoch).Microseconds()), "requests": j.lines,
	}); err != nil {
		return err
	}
	if err := j.out.Flush(); err != nil {
		return err
	}
	return j.file.Close()
}
