package sse

import (
	"errors"
	"io"
	"mime"
	"strings"

	"github.com/grafana/sobek"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/frame"
)

// maxEvent is the longest event that open gives to a handler.
const maxEvent = 64 << 20

// Event is an event as handlers get it.
type Event struct {
	ID      string `js:"id"`
	Name    string `js:"name"`
	Data    string `js:"data"`
	Comment string `js:"comment"` // always empty: a comment is no event
}

// Response is what open returns.
type Response struct {
	URL     string            `js:"url"`
	Status  int               `js:"status"`
	Headers map[string]string `js:"headers"`
	Error   string            `js:"error"`
	Body    string            `js:"body"`
}

// Failure is what an error handler gets; scripts call its `error()`.
type Failure struct{ message string }

func (f Failure) Error() string { return f.message }

// Client is what open's set-up function gets.
type Client struct {
	handlers map[string][]sobek.Callable
	closed   bool
	cancel   func()
}

// On adds a handler for "open", "event" or "error".
func (c *Client) On(event string, handler sobek.Callable) {
	c.handlers[event] = append(c.handlers[event], handler)
}

// Close ends the stream after the handler that called it.
func (c *Client) Close() {
	c.closed = true
	if c.cancel != nil {
		c.cancel()
	}
}

// Open reads an event stream and calls the script's handlers; it has the API of the community extension. The set-up
// function is the last argument, the parameters may be left out.
func (i *Instance) Open(url string, arguments ...sobek.Value) (*Response, error) {
	state := i.vu.State()
	if state == nil {
		return nil, errNoState
	}
	var setup sobek.Callable
	if len(arguments) > 0 {
		setup, _ = sobek.AssertFunction(arguments[len(arguments)-1])
	}
	if setup == nil {
		return nil, errors.New("sse.open: expected a set-up function as last argument")
	}
	var options sobek.Value
	if len(arguments) > 1 {
		options = arguments[0]
	}
	call, err := i.call(url, i.params(options), "text/event-stream")
	if err != nil {
		return nil, err
	}
	call.request = &facts.Request{Start: i.root.clock.Now(), Sent: facts.Unset}
	client := &Client{handlers: make(map[string][]sobek.Callable)}
	rt := i.vu.Runtime()
	emit := func(event string, value any) error {
		for _, handler := range client.handlers[event] {
			arguments := []sobek.Value{}
			if value != nil {
				arguments = append(arguments, rt.ToValue(value))
			}
			if _, err := handler(sobek.Undefined(), arguments...); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := setup(sobek.Undefined(), rt.ToValue(client)); err != nil {
		return nil, err
	}

	e := i.newExchange(call)
	client.cancel = func() { e.cancel(hangupAborted) }
	if client.closed {
		client.cancel()
	}
	response := &Response{URL: url, Headers: map[string]string{}}
	failure, thrown := e.read(response, client, emit)
	e.close()
	e.debug.end()
	if client.closed {
		failure = nil
	}
	e.finishHop(failure)
	if thrown != nil {
		return nil, thrown
	}
	if failure != nil {
		response.Error = failure.Message
		if err := emit("error", Failure{message: failure.Message}); err != nil {
			return nil, err
		}
		if response.Status == 0 && state.Options.Throw.Bool {
			return nil, Failure{message: failure.Message}
		}
	}
	return response, nil
}

// isDocument reports whether an answer is certainly no event stream; others are read as one whatever they call it.
func isDocument(contentType string) bool {
	mediaType, _, _ := mime.ParseMediaType(contentType)
	return mediaType == "application/json" || mediaType == "text/html"
}

// read runs the exchange for open; thrown is an exception of a handler.
func (e *exchange) read(
	response *Response, client *Client, emit func(string, any) error,
) (failure *facts.Error, thrown error) {
	if err := e.send(); err != nil {
		return failureOf(e.ctx, err, e.gotConn, e.limits), nil
	}
	response.Status = e.response.StatusCode
	for name, values := range e.response.Header {
		response.Headers[name] = strings.Join(values, ", ")
	}
	e.watch.enter(streaming, e.clock.Now())
	body, err := decoded(e.response)
	if err != nil {
		return failureOf(e.ctx, err, true, e.limits), nil
	}
	if e.response.StatusCode/100 != 2 || isDocument(e.response.Header.Get("Content-Type")) {
		text, err := io.ReadAll(io.LimitReader(body, bodyRead))
		response.Body = string(text)
		if err != nil {
			return failureOf(e.ctx, err, true, e.limits), nil
		}
		return nil, nil
	}
	if err := emit("open", nil); err != nil {
		return nil, err
	}
	framer := frame.New(frame.SSE, maxEvent)
	for !client.closed {
		space, err := framer.Space()
		if err != nil {
			return failureOf(e.ctx, err, true, e.limits), nil
		}
		n, err := body.Read(space)
		e.debug.received(space[:n])
		e.watch.read(e.clock.Now())
		framer.Advance(n)
		for !client.closed {
			event, ok := framer.Next()
			if !ok {
				break
			}
			thrown := emit("event", Event{ID: string(event.ID), Name: string(event.Name), Data: string(event.Data)})
			if thrown != nil {
				return nil, thrown
			}
		}
		if errors.Is(err, io.EOF) {
			e.wasRead()
			return nil, nil
		}
		if err != nil {
			return failureOf(e.ctx, err, true, e.limits), nil
		}
	}
	return nil, nil
}
