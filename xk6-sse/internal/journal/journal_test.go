package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

func create(t *testing.T, count *Counters) (*Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "records.jsonl")
	j, err := Create(path, stamp.NewClock(), Header{K6Version: "v2", ExtensionVersion: "0", Stamps: "kernel", StampsReason: "why"}, count)
	if err != nil {
		t.Fatal(err)
	}
	return j, path
}

// lines reads the file; every line must be whole.
func lines(t *testing.T, path string) (all []map[string]any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(text), "\n") {
		t.Errorf("the last line has no end: %q", text[max(0, len(text)-100):])
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		all = append(all, object)
	}
	return all
}

// documented returns the keys of an interface of lib/core/request/facts.ts.
func documented(t *testing.T, name string) map[string]bool {
	t.Helper()
	source, err := os.ReadFile("../../../lib/core/request/facts.ts")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(source), "export interface "+name+" {\n")
	body, _, _ := strings.Cut(rest, "\n}")
	if !found {
		t.Fatalf("no interface %s", name)
	}
	keys := map[string]bool{}
	for _, key := range regexp.MustCompile(`(?m)^  (\w+)\??:`).FindAllStringSubmatch(body, -1) {
		keys[key[1]] = true
	}
	return keys
}

func TestLinesFromHeaderToEnd(t *testing.T) {
	var count Counters
	before := float64(time.Now().UnixMilli())
	j, path := create(t, &count)
	count.Started.Add(3)
	count.Done.Add(2)
	count.Failed.Add(1)
	count.Tokens.Add(40)
	count.FirstTokens.Add(2)
	count.FirstTokenWait.Add(int64(90 * time.Millisecond))
	c := facts.NewCollector()
	if err := j.Request(&c.Request, facts.Identity{ID: 7, Scenario: "chat"}); err != nil {
		t.Fatal(err)
	}
	if err := j.Write(map[string]any{"type": "own", "text": "two\nlines"}); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); occurrences(path, `"progress"`) < 1 && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
	}
	if err := j.Close(&packets.Counts{Seen: 50, Dropped: 1}); err != nil {
		t.Fatal(err)
	}
	all := lines(t, path)
	header, end, progress := all[0], all[len(all)-1], all[len(all)-2]
	for name, line := range map[string]map[string]any{"HeaderLine": header, "ProgressLine": progress, "EndLine": end} {
		keys := documented(t, name)
		for key := range line {
			if !keys[key] {
				t.Errorf("%s of a %s is not documented", key, name)
			}
		}
		for key := range keys {
			if _, ok := line[key]; !ok {
				t.Errorf("a %s lacks %s", name, key)
			}
		}
	}
	if header["type"] != "header" || header["schema"] != "server-bench/records/1" || header["k6Version"] != "v2" ||
		header["stamps"] != "kernel" || header["pid"] != float64(os.Getpid()) {
		t.Errorf("header: %v", header)
	}
	if epoch := header["epochUnixMs"].(float64); epoch < before-1 || epoch > before+60_000 {
		t.Errorf("epoch %v of a process at %v", epoch, before)
	}
	if all[1]["type"] != "request" || all[1]["id"] != 7. || all[2]["text"] != "two\nlines" {
		t.Errorf("lines: %v, %v", all[1], all[2])
	}
	for key, want := range map[string]any{
		"type": "progress", "started": 3., "inFlight": 1., "done": 2., "failed": 1., "tokens": 40., "firstTokens": 2., "firstTokenWaitMs": 90.,
	} {
		if progress[key] != want {
			t.Errorf("progress: %s is %v, want %v", key, progress[key], want)
		}
	}
	if all[3]["type"] != "started" || all[3]["started"] != 3. || all[3]["inFlight"] != 1. || all[4]["type"] != "progress" || len(all) < 7 {
		t.Errorf("no line of started requests, or no progress line before the last one: %v", all)
	}
	if want := map[string]any{"seen": 50., "dropped": 1.}; !reflect.DeepEqual(end["packets"], want) {
		t.Errorf("packets: %v", end["packets"])
	}
	if end["type"] != "end" || end["requests"] != 2. || end["tMs"].(float64) < progress["tMs"].(float64) {
		t.Errorf("end: %v", end)
	}
}

func occurrences(path, text string) int {
	content, _ := os.ReadFile(path)
	return strings.Count(string(content), text)
}

func TestConcurrentWritersLeaveWholeLines(t *testing.T) {
	var count Counters
	j, path := create(t, &count)
	const writers, each = 16, 50
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			c := facts.NewCollector()
			c.Body = []byte(strings.Repeat(string(rune('a'+w)), w*1000)) // lines of very different length
			for i := range each {
				if err := j.Request(&c.Request, facts.Identity{ID: uint64(w*each + i), Scenario: fmt.Sprint(w)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	if err := j.Close(nil); err != nil {
		t.Fatal(err)
	}
	seen := map[float64]bool{}
	for _, line := range lines(t, path) {
		if line["type"] == "request" {
			seen[line["id"].(float64)] = true
			body, _ := line["body"].(string)
			if fmt.Sprint(len(body)/1000) != line["scenario"] {
				t.Errorf("line %v of writer %v has a body of %d", line["id"], line["scenario"], len(body))
			}
		}
	}
	if len(seen) != writers*each {
		t.Errorf("%d lines of %d", len(seen), writers*each)
	}
}

func TestCreateRefusesWhatItCannotOwn(t *testing.T) {
	folder := t.TempDir()
	taken := filepath.Join(folder, "taken.jsonl")
	if err := os.WriteFile(taken, []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		taken:                                    "exists already",
		filepath.Join(folder, "none", "a.jsonl"): "no such file",
		folder:                                   "exists already",
	} {
		_, err := Create(path, stamp.NewClock(), Header{}, new(Counters))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if text, _ := os.ReadFile(taken); string(text) != "mine\n" {
		t.Errorf("the file that was there is now %q", text)
	}
}

func TestWriteThatFailsIsReportedFromThenOn(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	j, path := create(t, new(Counters))
	c := facts.NewCollector()
	if err := errors.Join(j.Request(&c.Request, facts.Identity{ID: 1}), j.Flush()); err != nil {
		t.Fatal(err)
	}
	j.mu.Lock()
	file := j.file
	j.file = full
	j.mu.Unlock()
	_ = j.Request(&c.Request, facts.Identity{ID: 2}) // taken, or failed already, where it was just being written
	first := j.Flush()
	if first == nil || !strings.Contains(first.Error(), "cannot write the journal") || !strings.Contains(first.Error(), "no space left") {
		t.Errorf("got %v", first)
	}
	j.mu.Lock()
	j.file = file // there is room again, but a line is missing
	j.mu.Unlock()
	if err := j.Request(&c.Request, facts.Identity{ID: 3}); err != first {
		t.Errorf("the next one: %v", err)
	}
	if err := j.Close(nil); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("Close: %v", err)
	}
	if all := lines(t, path); len(all) != 2 {
		t.Errorf("lines: %v", all)
	}
}

func TestLinesAreOnDiskSoon(t *testing.T) {
	j, path := create(t, new(Counters))
	c := facts.NewCollector()
	if err := j.Request(&c.Request, facts.Identity{ID: 1}); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if len(lines(t, path)) == 2 {
			break
		}
		time.Sleep(flushTime / 4)
	}
	if all := lines(t, path); len(all) < 2 {
		t.Errorf("lines: %v", all)
	}
	if err := j.Close(nil); err != nil {
		t.Error(err)
	}
	if err := j.Request(&c.Request, facts.Identity{ID: 2}); !errors.Is(err, errClosed) {
		t.Errorf("after the end: %v", err)
	}
}

func TestNoJournalDropsRequests(t *testing.T) {
	var j *Journal
	if err := j.Request(&facts.Request{}, facts.Identity{}); err != nil {
		t.Error(err)
	}
}

func TestLinesThatAreNoJSON(t *testing.T) {
	j, path := create(t, new(Counters))
	if err := j.Write(map[string]any{"type": make(chan int)}); err == nil {
		t.Error("a channel was written")
	}
	if err := j.Close(nil); err != nil {
		t.Errorf("it stuck: %v", err)
	}
	lines(t, path)
}
