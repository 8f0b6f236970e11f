// Package community registers a `k6/x/sse` that has only `open`, and the faults that were measured on the community
// extension: comments are events with empty data; every call has a transport, and so a connection, of its own, whose
// idle connections leak; CR LF leaves a CR in the data; a field that the standard does not have is an "unknown event" for the error handlers; the body of an answer that is no stream is lost; errors of the
// connection reach no handler; after a broken stream the call hangs, unless an error handler closes the client.
package community

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/types"
)

// hangLimit ends the hang after a broken stream, so that tests end: the original hangs until k6 ends the iteration.
const hangLimit = 15 * time.Second

func init() {
	modules.Register("k6/x/sse", root{})
}

type root struct{}

func (root) NewModuleInstance(vu modules.VU) modules.Instance { return &instance{vu: vu} }

type instance struct{ vu modules.VU }

func (i *instance) Exports() modules.Exports {
	return modules.Exports{Default: map[string]any{"open": i.open}}
}

// response is what open returns; there is no body.
type response struct {
	URL     string            `js:"url"`
	Status  int               `js:"status"`
	Headers map[string]string `js:"headers"`
	Error   string            `js:"error"`
}

func (i *instance) open(url string, options sobek.Value, setup sobek.Callable) (*response, error) {
	state := i.vu.State()
	if state == nil {
		return nil, errors.New("using sse.open in the init context is not supported")
	}
	ctx, cancel := context.WithCancel(i.vu.Context())
	defer cancel()
	request, timeout, err := i.request(ctx, url, options)
	if err != nil {
		return nil, err
	}
	result := &response{URL: url, Headers: map[string]string{}}
	answer, err := newHTTPClient(state, timeout).Do(request)
	if err != nil {
		result.Error = err.Error()
		return result, nil
	}
	result.Status = answer.StatusCode
	for name, values := range answer.Header {
		result.Headers[name] = strings.Join(values, ", ")
	}
	client := &client{rt: i.vu.Runtime(), body: answer.Body, handlers: make(map[string][]sobek.Callable)}
	defer client.Close()
	if _, err := setup(sobek.Undefined(), client.rt.ToValue(client)); err != nil {
		return nil, err
	}
	return result, client.read(ctx)
}

// request builds the request; timeout is 0 where there is none.
func (i *instance) request(
	ctx context.Context, url string, options sobek.Value,
) (*http.Request, time.Duration, error) {
	method, body := http.MethodGet, ""
	header := make(http.Header)
	var timeout time.Duration
	if !common.IsNullish(options) {
		object := options.ToObject(i.vu.Runtime())
		for _, key := range object.Keys() {
			value := object.Get(key)
			if common.IsNullish(value) {
				continue
			}
			switch key {
			case "method":
				method = value.String()
			case "body":
				body = value.String()
			case "headers":
				headers := value.ToObject(i.vu.Runtime())
				for _, name := range headers.Keys() {
					header.Set(name, headers.Get(name).String())
				}
			case "timeout":
				duration, err := types.GetDurationValue(value.Export())
				if err != nil {
					return nil, 0, fmt.Errorf("invalid timeout: %w", err)
				}
				timeout = duration
			}
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	request.Header = header
	return request, timeout, nil
}

func newHTTPClient(state *lib.State, timeout time.Duration) *http.Client {
	var tlsConfig *tls.Config
	if state.TLSConfig != nil {
		tlsConfig = state.TLSConfig.Clone()
	}
	return &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy:           http.ProxyFromEnvironment,
			DialContext:     state.Dialer.DialContext,
			TLSClientConfig: tlsConfig,
		},
	}
}
