package nullserver

import (
	"bufio"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Log is the truth: one JSON line a request, times in whole Unix microseconds.
//
//	{"request":7,"connection":3,"firstByteUs":…,"readUs":…,"firstSentUs":…,"gapsUs":[…],"tookUs":[…]}
//
// firstByteUs is when the request's first bytes reached the machine, readUs when the server had read the request. Token
// event n was given to the kernel at firstSentUs + the first n gaps; that took tookUs[n], in which the server may have
// waited for a core: the event left at some moment of it.
type Log struct {
	epochUs int64 // the clock's epoch on the wall clock

	mu    sync.Mutex
	file  *os.File
	out   *bufio.Writer
	lines int
}

// CreateLog creates the file, or empties it.
func CreateLog(path string, clock stamp.Clock) (*Log, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &Log{epochUs: clock.Epoch().UnixMicro(), file: file, out: bufio.NewWriterSize(file, 1<<20)}, nil
}

// Close writes what is left.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.out.Flush(); err != nil {
		return err
	}
	return l.file.Close()
}

// entry is a request's line while it is served; times in nanoseconds of the clock.
type entry struct {
	number, connection uint64
	id                 string // the client's X-Request-Id
	firstByte, read    int64
	sent               []int64
	took               []int64
	open               int // events of the last write, whose moment is not settled yet
}

func micros(nanos int64) int64 { return (nanos + 500) / int64(time.Microsecond) }

func (l *Log) write(e *entry) {
	line := append(make([]byte, 0, 256+8*len(e.sent)), `{"request":`...)
	line = strconv.AppendUint(line, e.number, 10)
	line = append(line, `,"connection":`...)
	line = strconv.AppendUint(line, e.connection, 10)
	if e.id != "" {
		line = append(line, `,"id":`...)
		line = strconv.AppendQuoteToASCII(line, e.id)
	}
	line = append(line, `,"firstByteUs":`...)
	line = strconv.AppendInt(line, l.epochUs+micros(e.firstByte), 10)
	line = append(line, `,"readUs":`...)
	line = strconv.AppendInt(line, l.epochUs+micros(e.read), 10)
	if len(e.sent) > 0 {
		line = append(line, `,"firstSentUs":`...)
		line = strconv.AppendInt(line, l.epochUs+micros(e.sent[0]), 10)
	}
	line = append(line, `,"gapsUs":[`...)
	for i := 1; i < len(e.sent); i++ {
		if i > 1 {
			line = append(line, ',')
		}
		line = strconv.AppendInt(line, micros(e.sent[i])-micros(e.sent[i-1]), 10)
	}
	line = append(line, `],"tookUs":[`...)
	for i, took := range e.took {
		if i > 0 {
			line = append(line, ',')
		}
		line = strconv.AppendInt(line, micros(took), 10)
	}
	line = append(line, "]}\n"...)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines++
	_, _ = l.out.Write(line) // Close reports a disk that is full
}
