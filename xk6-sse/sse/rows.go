package sse

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
)

// rowFile is a file of JSON lines that all VUs of a process share: its bytes once, and where each line begins. A line
// becomes a JavaScript value when it is asked for, in the VU that asks.
type rowFile struct {
	data  []byte
	lines [][2]int // first byte, byte after the last
}

func readRowFile(path string) (*rowFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file := &rowFile{data: data, lines: make([][2]int, 0, bytes.Count(data, []byte{'\n'})+1)}
	for start := 0; start < len(data); {
		end := len(data)
		if newline := bytes.IndexByte(data[start:], '\n'); newline >= 0 {
			end = start + newline
		}
		if len(bytes.TrimSpace(data[start:end])) > 0 {
			file.lines = append(file.lines, [2]int{start, end})
		}
		start = end + 1
	}
	return file, nil
}

// rowFiles are those of a process, by path.
type rowFiles struct {
	mu    sync.Mutex
	files map[string]*rowFile
}

func (r *rowFiles) open(path string) (*rowFile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if file := r.files[path]; file != nil {
		return file, nil
	}
	file, err := readRowFile(path)
	if err != nil {
		return nil, err
	}
	if r.files == nil {
		r.files = make(map[string]*rowFile)
	}
	r.files[path] = file
	return file, nil
}

// rowArray is a file as one VU sees it.
type rowArray struct {
	file    *rowFile
	runtime *sobek.Runtime
	parse   sobek.Callable
}

func (a *rowArray) Len() int { return len(a.file.lines) }

func (a *rowArray) Get(index int) sobek.Value {
	if index < 0 || index >= len(a.file.lines) {
		return sobek.Undefined()
	}
	line := a.file.lines[index]
	value, err := a.parse(sobek.Undefined(), a.runtime.ToValue(string(a.file.data[line[0]:line[1]])))
	if err != nil {
		common.Throw(a.runtime, fmt.Errorf("sse.rows: line %d: %w", index+1, err))
	}
	return value
}

func (a *rowArray) Set(int, sobek.Value) bool { return false }

func (a *rowArray) SetLen(int) bool { return false }

// Rows gives the JSON lines of a file as a list that cannot be changed. The file is read once a process, and a line is
// parsed each time that it is looked up: a hundred thousand rows cost the bytes of the file. For the init context.
func (i *Instance) Rows(path string) (sobek.Value, error) {
	if i.vu.InitEnv() == nil {
		return nil, errors.New("sse.rows must be called in the init context")
	}
	file, err := i.root.rows.open(path)
	if err != nil {
		return nil, fmt.Errorf("sse.rows: %w", err)
	}
	runtime := i.vu.Runtime()
	parse, ok := sobek.AssertFunction(runtime.GlobalObject().Get("JSON").ToObject(runtime).Get("parse"))
	if !ok {
		return nil, errors.New("sse.rows: there is no JSON.parse")
	}
	return runtime.NewDynamicArray(&rowArray{file: file, runtime: runtime, parse: parse}), nil
}
