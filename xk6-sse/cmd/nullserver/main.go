//go:build unix

// Command null-server answers chat completions with prepared event streams on the loopback, and keeps the truth of when
// it sent them.
//
//	null-server --tokens 256 --pace 20ms --log truth.jsonl
//
// Its first line of output is where it listens, its last one, after SIGINT or SIGTERM, what it did and used; both
// are JSON. Every parameter of the answers can also be given by a request's query.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"github.com/server-bench/xk6-sse/internal/nullserver"
	"github.com/server-bench/xk6-sse/internal/stamp"
	"github.com/server-bench/xk6-sse/internal/usage"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "null-server:", err)
		os.Exit(1)
	}
}

func run() error {
	workload := nullserver.Default()
	workload.Register(flag.CommandLine)
	port := flag.Int("port", 0, "port on 127.0.0.1; 0: any free one")
	path := flag.String("log", "", "file that gets one line a request: when it came, when its events were sent")
	secure := flag.Bool("tls", false, "TLS with a certificate of its own making")
	http2 := flag.Bool("http2", false, "HTTP/2, over TLS")
	flag.Parse()
	if err := workload.Check(); err != nil {
		return err
	}
	clock := stamp.NewClock()
	var log *nullserver.Log
	if *path != "" {
		created, err := nullserver.CreateLog(*path, clock)
		if err != nil {
			return fmt.Errorf("cannot create the log: %w", err)
		}
		log = created
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(*port)))
	if err != nil {
		return err
	}
	server := nullserver.New(workload, clock, log)
	ended := make(chan error, 1)
	scheme := "http"
	security, err := nullserver.SelfSigned()
	if err != nil {
		return err
	}
	switch {
	case *http2:
		scheme = "https"
		go func() { ended <- server.ServeHTTP2(listener, security) }()
	case *secure:
		scheme = "https"
		go func() { ended <- server.Serve(listener, security) }()
	default:
		go func() { ended <- server.Serve(listener, nil) }()
	}
	if err := print(map[string]string{"url": fmt.Sprintf("%s://%s/v1", scheme, listener.Addr())}); err != nil {
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	select {
	case err = <-ended:
	case <-signals:
	}
	return errors.Join(err, log.Close(), print(struct {
		nullserver.Counts
		usage.Usage
	}{server.Counts(), usage.Self()}))
}

func print(value any) error { return json.NewEncoder(os.Stdout).Encode(value) }
