// Package journal writes one line a request, and once a second a progress line, to the file that the runner reads.
package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Schema names the version of the lines; lib/core/facts.ts documents them.
const Schema = "server-bench/records/1"

// Journal is safe for use by many goroutines. Every line is one write, so that a process that is killed leaves whole
// lines behind. After a write failed every further one fails with the same error. A nil Journal drops requests.
type Journal struct {
	path  string
	clock stamp.Clock
	stop  chan struct{}
	ended chan struct{}
	count *Counters

	mu   sync.Mutex
	file *os.File
	err  error
}

// Counters are what the progress lines tell, sums since the start.
type Counters struct {
	Started, Done, Failed, Tokens atomic.Int64
	FirstTokens, FirstTokenWait   atomic.Int64 // the wait in nanoseconds
}

// Header is what the first line tells of the process.
type Header struct {
	K6Version        string
	ExtensionVersion string
	Stamps           string
}

// Create makes the file, which must not exist yet, writes its header and starts the progress lines, which tell the
// counters; Close ends them.
func Create(path string, clock stamp.Clock, header Header, count *Counters) (*Journal, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("the journal %s exists already: name another file, or move it away", path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot create the journal: %w", err)
	}
	j := &Journal{path: path, clock: clock, file: file, count: count, stop: make(chan struct{}), ended: make(chan struct{})}
	err = j.Write(struct {
		Type             string  `json:"type"`
		Schema           string  `json:"schema"`
		EpochUnixMs      float64 `json:"epochUnixMs"`
		PID              int     `json:"pid"`
		K6Version        string  `json:"k6Version"`
		ExtensionVersion string  `json:"extensionVersion"`
		Stamps           string  `json:"stamps"`
	}{
		"header", Schema, float64(clock.Epoch().UnixMicro()) / 1000, os.Getpid(),
		header.K6Version, header.ExtensionVersion, header.Stamps,
	})
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	go j.progress()
	return j, nil
}

// Path is the file's path as it was given.
func (j *Journal) Path() string { return j.path }

// Write writes a value as one JSON line.
func (j *Journal) Write(line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return j.append(b)
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// Request writes the line of a request.
func (j *Journal) Request(r *facts.Request, who facts.Identity) error {
	if j == nil {
		return nil
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	*buffer = r.AppendLine((*buffer)[:0], who)
	return j.append(*buffer)
}

func (j *Journal) append(line []byte) error {
	line = append(line, '\n')
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if _, err := j.file.Write(line); err != nil {
		j.err = fmt.Errorf("cannot write the journal: %w", err)
	}
	return j.err
}

func (j *Journal) progress() {
	defer close(j.ended)
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_ = j.writeProgress() // the requests report the error
		case <-j.stop:
			return
		}
	}
}

func (j *Journal) writeProgress() error {
	c := j.count
	// Done before started, so that in flight is never below 0.
	done := c.Done.Load()
	started := c.Started.Load()
	return j.Write(struct {
		Type        string  `json:"type"`
		T           float64 `json:"tMs"`
		Started     int64   `json:"started"`
		InFlight    int64   `json:"inFlight"`
		Done        int64   `json:"done"`
		Failed      int64   `json:"failed"`
		Tokens      int64   `json:"tokens"`
		FirstTokens int64   `json:"firstTokens"`
		FirstWait   float64 `json:"firstTokenWaitMs"`
	}{
		"progress", facts.Millis(j.clock.Now()), started, started - done, done, c.Failed.Load(), c.Tokens.Load(),
		c.FirstTokens.Load(), facts.Millis(c.FirstTokenWait.Load()),
	})
}

// Close writes the last progress line and the end line, and closes the file.
func (j *Journal) Close() error {
	close(j.stop)
	<-j.ended
	err := errors.Join(
		j.writeProgress(),
		j.Write(struct {
			Type     string  `json:"type"`
			T        float64 `json:"tMs"`
			Requests int64   `json:"requests"`
		}{"end", facts.Millis(j.clock.Now()), j.count.Done.Load()}),
	)
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(err, j.file.Close())
}
