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
	"github.com/server-bench/xk6-sse/internal/packets"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Schema names the version of the lines; lib/core/request/facts.ts documents them.
const Schema = "server-bench/records/1"

// Journal is safe for use by many goroutines. Lines are gathered for up to flushTime, and only whole ones are written:
// a process that is killed leaves whole lines behind. After a write failed every further line fails with the same error.
// A nil Journal drops requests.
type Journal struct {
	path  string
	clock stamp.Clock
	stop  chan struct{}
	ended chan struct{}
	count *Counters
	noted int64 // what the last line of started requests says; only the goroutine of the progress lines touches it

	mu   sync.Mutex
	file *os.File
	held []byte // lines that are not written yet
	err  error
}

const (
	// flushTime is the most that a process loses which is killed outright: a write for each line costs more than the line.
	flushTime = 100 * time.Millisecond
	// flushBytes are written at once.
	flushBytes = 64 << 10
)

// errClosed is what a line meets that comes after the end.
var errClosed = errors.New("cannot write the journal: it is closed")

// Counters are the values of the progress lines, sums since the start.
type Counters struct {
	Started, Done, Failed, Tokens atomic.Int64
	FirstTokens, FirstTokenWait   atomic.Int64 // the wait in nanoseconds
}

// Header is what the first line contains about the process.
type Header struct {
	K6Version        string
	ExtensionVersion string
	Stamps           string
	StampsReason     string // "": none
}

// Create creates the file, which must not exist yet, writes its header and starts the progress lines, which contain the
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
		StampsReason     string  `json:"stampsReason,omitempty"`
	}{
		"header", Schema, float64(clock.Epoch().UnixMicro()) / 1000, os.Getpid(),
		header.K6Version, header.ExtensionVersion, header.Stamps, header.StampsReason,
	})
	if err = errors.Join(err, j.Flush()); err != nil {
		_ = file.Close()
		return nil, err
	}
	go j.progress()
	return j, nil
}

// Path is the file's path as it was given.
func (j *Journal) Path() string { return j.path }

// Write takes a value as one JSON line.
func (j *Journal) Write(line any) error {
	b, err := json.Marshal(line)
	if err != nil {
		return err
	}
	return j.append(func(held []byte) []byte { return append(held, b...) })
}

// Request takes the line of a request.
func (j *Journal) Request(r *facts.Request, who facts.Identity) error {
	if j == nil {
		return nil
	}
	return j.append(func(held []byte) []byte { return r.AppendLine(held, who) })
}

func (j *Journal) append(line func(held []byte) []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	j.held = append(line(j.held), '\n')
	if len(j.held) >= flushBytes {
		j.write()
	}
	return j.err
}

// Flush writes what is held.
func (j *Journal) Flush() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.write()
	return j.err
}

// write is called with the lock held.
func (j *Journal) write() {
	if len(j.held) == 0 || j.err != nil {
		return
	}
	if _, err := j.file.Write(j.held); err != nil {
		j.err = fmt.Errorf("cannot write the journal: %w", err)
	}
	if j.held = j.held[:0]; cap(j.held) > 4*flushBytes {
		j.held = nil // after a line of megabytes
	}
}

func (j *Journal) progress() {
	defer close(j.ended)
	seconds, flushes := time.NewTicker(time.Second), time.NewTicker(flushTime)
	defer seconds.Stop()
	defer flushes.Stop()
	for {
		// The requests report the error.
		select {
		case <-seconds.C:
			_ = j.writeProgress()
		case <-flushes.C:
			_ = j.writeStarted()
			_ = j.Flush()
		case <-j.stop:
			return
		}
	}
}

// writeStarted notes how many requests have started, where that has changed: with the lines that are written at the same
// moment it tells which were open, should the process be killed before the next one.
func (j *Journal) writeStarted() error {
	done := j.count.Done.Load()
	started := j.count.Started.Load()
	if started == j.noted {
		return nil
	}
	j.noted = started
	return j.Write(struct {
		Type     string  `json:"type"`
		T        float64 `json:"tMs"`
		Started  int64   `json:"started"`
		InFlight int64   `json:"inFlight"`
	}{"started", facts.Millis(j.clock.Now()), started, started - done})
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

// Close writes the last progress line and the end line, and closes the file. The packets are nil where none were captured.
func (j *Journal) Close(captured *packets.Counts) error {
	close(j.stop)
	<-j.ended
	err := errors.Join(
		j.writeProgress(),
		j.Write(struct {
			Type     string          `json:"type"`
			T        float64         `json:"tMs"`
			Requests int64           `json:"requests"`
			Packets  *packets.Counts `json:"packets,omitempty"`
		}{"end", facts.Millis(j.clock.Now()), j.count.Done.Load(), captured}),
	)
	err = errors.Join(err, j.Flush())
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = errClosed
	}
	return errors.Join(err, j.file.Close())
}
