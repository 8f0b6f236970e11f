package community

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/grafana/sobek"
)

// event is an event as handlers get it; a comment is one, too.
type event struct {
	ID      string `js:"id"`
	Name    string `js:"name"`
	Data    string `js:"data"`
	Comment string `js:"comment"`
}

// client is what the set-up function gets.
type client struct {
	rt       *sobek.Runtime
	body     io.Closer
	handlers map[string][]sobek.Callable
	closed   bool
}

// On adds a handler for "open", "event" or "error".
func (c *client) On(name string, handler sobek.Callable) {
	c.handlers[name] = append(c.handlers[name], handler)
}

// Close ends the stream.
func (c *client) Close() {
	c.closed = true
	_ = c.body.Close() // nothing more is read from it
}

func (c *client) emit(name string, value any) error {
	for _, handler := range c.handlers[name] {
		if _, err := handler(sobek.Undefined(), c.rt.ToValue(value)); err != nil {
			return err
		}
	}
	return nil
}

// read gives every event to the handlers; it returns what a handler threw.
func (c *client) read(ctx context.Context) error {
	if err := c.emit("open", sobek.Undefined()); err != nil {
		return err
	}
	lines := bufio.NewReader(c.body.(io.Reader))
	var next event
	var data []string
	for !c.closed {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) || c.closed {
			return nil
		}
		if err != nil {
			return c.fail(ctx, err)
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "" || line == "\r":
			next.Data = strings.Join(data, "\n")
			if err := c.emit("event", next); err != nil {
				return err
			}
			next, data = event{}, nil
		case name == "":
			next.Comment = value
		case name == "data":
			data = append(data, value)
		case name == "event":
			next.Name = value
		case name == "id":
			next.ID = value
		case name == "retry":
		default: // and it goes on reading
			//lint:ignore ST1005 as that extension has it
			if err := c.emit("error", fmt.Errorf("unknown event: %s\n", line)); err != nil {
				return err
			}
		}
	}
	return nil
}

// fail calls the handlers, then hangs.
func (c *client) fail(ctx context.Context, err error) error {
	if thrown := c.emit("error", err); thrown != nil {
		return thrown
	}
	if !c.closed {
		select {
		case <-ctx.Done():
		case <-time.After(hangLimit):
		}
	}
	return nil
}
