//go:build unix

// Command floor reads event streams as cheaply as Go can and does nothing with them but count: what no client gets
// below, and what `record` is compared with.
//
//	floor --streams 8 --requests 800 http://127.0.0.1:8080/v1/chat/completions
//
// It prints what it did and used as JSON. With --journal it also takes the time after each read (and costs more).
package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/server-bench/xk6-sse/internal/usage"
)

type counts struct{ started, requests, failed, events, reads, bytes atomic.Int64 }

func main() {
	streams := flag.Int("streams", 8, "streams at a time")
	requests := flag.Int64("requests", 800, "requests in all")
	path := flag.String("journal", "", "file for one line a request with the times of its tokens")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "floor: expected one URL")
		os.Exit(2)
	}
	var j *journal
	if *path != "" {
		created, err := createJournal(*path)
		if err != nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
			os.Exit(1)
		}
		j = created
	}
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: *streams,
		DisableCompression:  true,
		ForceAttemptHTTP2:   true,
		TLSClientConfig:     &tls.Config{InsecureSkipVerify: true}, // the null server's is of its own making
	}}
	var c counts
	var wait sync.WaitGroup
	start := time.Now()
	for range *streams {
		wait.Go(func() {
			buffer := make([]byte, 32<<10)
			for c.started.Add(1) <= *requests {
				if err := exchange(client, flag.Arg(0), buffer, &c, j); err != nil {
					c.failed.Add(1)
				} else {
					c.requests.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if err := j.close(); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(struct {
		Requests int64   `json:"requests"`
		Failed   int64   `json:"failed"`
		Events   int64   `json:"events"`
		Reads    int64   `json:"reads"`
		Bytes    int64   `json:"bytes"`
		Seconds  float64 `json:"seconds"`
		usage.Usage
	}{
		c.requests.Load(), c.failed.Load(), c.events.Load(), c.reads.Load(), c.bytes.Load(),
		time.Since(start).Seconds(), usage.Self(),
	})
}

const body = `{"model":"null","messages":[{"role":"user","content":"Count."}],"stream":true,` +
	`"stream_options":{"include_usage":true}}`

var mark = []byte("data: ")

// exchange reads one stream to its end. An event whose mark is split over two reads is missed: the count is a check
// that the work was done, not a measurement.
func exchange(client *http.Client, url string, buffer []byte, c *counts, j *journal) error {
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	var times *times
	if j != nil {
		times = j.begin()
		request = request.WithContext(times.trace(request.Context()))
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, response.Body)
		return fmt.Errorf("status %d", response.StatusCode)
	}
	var events, reads, read int64
	for {
		n, err := response.Body.Read(buffer)
		if n > 0 {
			if times != nil {
				times.read(buffer[:n])
			}
			events += int64(bytes.Count(buffer[:n], mark))
			reads++
			read += int64(n)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	c.events.Add(events)
	c.reads.Add(reads)
	c.bytes.Add(read)
	if times != nil {
		return j.write(times)
	}
	return nil
}
