package sse

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/errext"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// bodyRead is how much of an answer that is not a stream is read, so that its connection can be reused.
const bodyRead = 256 << 10

// Record sends a request, reads its token stream (or its one document) to the end and returns the facts. Whatever the
// server does is a fact, never an exception; only wrong arguments throw.
func (i *Instance) Record(url string, options sobek.Value, dialect sobek.Value) (*sobek.Object, error) {
	state := i.vu.State()
	if state == nil {
		return nil, errNoState
	}
	plan, err := i.planOf(dialect)
	if err != nil {
		return nil, err
	}
	p := i.params(options)
	call, err := i.call(url, p, plan.Accept())
	if err != nil {
		return nil, err
	}
	abortTokens, _ := p.number("abortAfterTokens")
	sendAt, scheduled := p.number("sendAt")
	if *p.wrong != nil {
		return nil, *p.wrong
	}
	if i.collector == nil {
		i.collector = facts.NewCollector()
	}
	c := i.collector
	c.Begin(plan, p.flag("text"))
	call.request = &c.Request
	c.RequestBytes = int64(len(call.body))
	if scheduled {
		c.Scheduled = int64(sendAt * 1e6)
	}
	i.passTurn()
	if !i.mayStart(state, c) {
		return nil, nil // the run ended before the request was due
	}
	who := i.identify(state, call.labels)
	counters := &i.root.count
	counters.Started.Add(1)

	e := i.newExchange(call)
	failure := e.record(c, plan, int64(abortTokens), func(tokens int64) { counters.Tokens.Add(tokens) })
	if failure != nil && c.Ended == facts.EndedNoStream {
		c.Error = failure
	}
	if c.End == facts.Unset {
		c.End = e.clock.Now()
	}
	c.PacketMisses = e.misses()
	e.close()
	i.takeTurn()
	i.root.secrets.hide(&c.Request, failure)
	e.debug.end()
	e.finishHop(failure)

	proper := c.Proper()
	if proper {
		i.pushGaps(e, &c.Request)
	} else {
		counters.Failed.Add(1)
	}
	if c.FirstToken != facts.Unset && c.Sent != facts.Unset {
		counters.FirstTokenWait.Add(c.FirstToken - c.Sent)
		counters.FirstTokens.Add(1)
	}
	err = i.root.journal.Request(&c.Request, who)
	counters.Done.Add(1)
	if err != nil {
		i.vu.Runtime().Interrupt(&errext.InterruptError{Reason: errext.AbortTest + ": " + err.Error()})
	}
	return i.object(&c.Request, p.flag("arrays")), nil
}

// mayStart waits for the scheduled moment and k6's `rps` limit, then notes the start.
func (i *Instance) mayStart(state *lib.State, c *facts.Collector) bool {
	ctx := i.vu.Context()
	if c.Scheduled != facts.Unset {
		var index uint64
		if state.GetScenarioGlobalVUIter != nil {
			index = state.GetScenarioGlobalVUIter()
		}
		var isDue bool
		if c.Scheduled, isDue = i.root.pacer.Wait(ctx, c.Scheduled, index); !isDue {
			return false
		}
	}
	if state.RPSLimit != nil && state.RPSLimit.Wait(ctx) != nil {
		return false
	}
	if ctx.Err() != nil {
		return false
	}
	c.Start = i.root.clock.Now()
	return true
}

func (i *Instance) identify(state *lib.State, labels map[string]string) facts.Identity {
	who := facts.Identity{
		ID: i.root.ids.Add(1), VU: state.VUIDGlobal, Iteration: state.Iteration, Labels: labels,
	}
	if scenario := lib.GetScenarioState(i.vu.Context()); scenario != nil {
		who.Scenario = scenario.Name
	}
	return who
}

// record runs the exchange and leaves its facts in c; it returns what went wrong below the level of the dialect.
func (e *exchange) record(
	c *facts.Collector, plan *facts.Plan, abortTokens int64, onTokens func(int64),
) *facts.Error {
	err := e.send()
	if e.response != nil { // also the last of too many redirects
		c.Status = int64(e.response.StatusCode)
	}
	if err != nil {
		return failureOf(e.ctx, err, e.gotConn, e.limits)
	}
	contentType, _, _ := mime.ParseMediaType(e.response.Header.Get("Content-Type"))
	c.ContentType = facts.Clip(contentType)
	if e.response.StatusCode/100 != 2 || !plan.Accepts(c.ContentType) {
		c.Stamps = e.last().Source
		return e.readPlain(c)
	}
	if plan.Document() {
		e.watch.enter(streaming, e.clock.Now()) // it has no first token to wait for
	} else {
		e.watch.enter(awaitingToken, c.Sent)
	}
	body, err := decoded(e.response)
	if err != nil {
		return failureOf(e.ctx, err, true, e.limits)
	}
	r := reading{
		exchange: e, facts: c, document: plan.Document(), body: body,
		abortTokens: abortTokens, onTokens: onTokens, lastStamp: c.Headers,
	}
	headers := e.last()
	if r.source = headers.Source; headers.Lag != stamp.NoLag {
		c.NoteLag(headers.Lag)
	}
	if e.stream != nil {
		c.AskSegments(e.stream)
	} else if conn := e.conn.Load(); conn != nil {
		c.AskSegments(conn)
	}
	for !r.next() {
	}
	c.Stamps = r.source
	return c.Error
}

// reading is an answer of the dialect while it arrives.
type reading struct {
	exchange    *exchange
	facts       *facts.Collector
	document    bool
	body        io.Reader
	abortTokens int64 // 0: read to the end
	onTokens    func(int64)
	lastStamp   int64
	source      stamp.Source // the worst of the headers and every token
}

// next reads once; it reports whether the answer has ended.
func (r *reading) next() bool {
	e, c := r.exchange, r.facts
	space, err := c.Space()
	if err != nil {
		c.Finish(failureOf(e.ctx, err, true, e.limits))
		return true
	}
	n, err := r.body.Read(space)
	if err != nil && errors.Is(err, io.EOF) {
		e.wasRead()
	}
	if n > 0 {
		r.take(space[:n])
		if conn := e.conn.Load(); conn != nil && e.stream == nil {
			if n < len(space) {
				conn.Taken()
			} else {
				conn.Filled()
			}
		}
		if c.Marker() {
			c.Finish(nil)
			if err == nil {
				e.drain(c, r.body)
			}
			return true
		}
		if r.abortTokens > 0 && c.TokenEvents >= r.abortTokens {
			e.cancel(hangupAborted)
			err = hangupAborted
		}
	}
	if err != nil {
		r.end(err)
	}
	return err != nil
}

// take records the bytes of one read, which are in the collector's space already.
func (r *reading) take(read []byte) {
	e, c := r.exchange, r.facts
	arrival := e.last()
	at := arrival.At
	if at != r.lastStamp {
		r.lastStamp = at
		if arrival.Lag != stamp.NoLag {
			c.NoteLag(arrival.Lag)
		}
	}
	e.debug.received(read)
	if tokens := c.Read(len(read), arrival); tokens > 0 {
		r.onTokens(tokens)
		r.source = max(r.source, arrival.Source)
		if c.TokenEvents == tokens {
			e.watch.enter(streaming, at)
		}
	}
	e.watch.read(at)
	c.End = at
}

// end finishes the facts of an answer without an end marker.
func (r *reading) end(err error) {
	e, c := r.exchange, r.facts
	if !errors.Is(err, io.EOF) {
		c.End = e.clock.Now()
		c.Finish(failureOf(e.ctx, err, true, e.limits))
		return
	}
	if c.End == facts.Unset || !r.document { // a document ends with its last byte, not with its connection
		c.End = e.arrival()
	}
	before := c.TokenEvents
	c.Finish(nil) // a last line needs no line end
	r.onTokens(c.TokenEvents - before)
}

// drain reads what follows the end marker, usually only the end of the body, so that the connection can be reused.
func (e *exchange) drain(c *facts.Collector, body io.Reader) {
	e.watch.enter(draining, e.clock.Now())
	deadline := e.clock.Now() + int64(drainTime)
	for e.clock.Now() < deadline {
		space, err := c.Space() // bytes that are not passed to Read are dropped
		if err != nil {
			return
		}
		n, err := body.Read(space)
		c.Bytes += int64(n) // whether they come with the marker or behind it is chance
		if errors.Is(err, io.EOF) {
			e.wasRead()
		}
		if err != nil {
			return
		}
	}
}

// readPlain keeps the beginning of an answer that is not a stream.
func (e *exchange) readPlain(c *facts.Collector) *facts.Error {
	e.watch.enter(streaming, e.clock.Now())
	body, err := decoded(e.response)
	if err != nil {
		body = e.response.Body
	}
	limited := &io.LimitedReader{R: body, N: bodyRead}
	for {
		space, err := c.Space()
		if err != nil {
			return failureOf(e.ctx, err, true, e.limits)
		}
		n, err := limited.Read(space)
		if n > 0 {
			c.Reads++
			c.Bytes += int64(n)
			e.watch.read(e.clock.Now())
			e.debug.received(space[:n])
			if room := facts.BodyKept - len(c.Body); room > 0 {
				c.Body = append(c.Body, space[:min(n, room)]...)
			}
		}
		if errors.Is(err, io.EOF) {
			c.End = e.arrival()
			if limited.N > 0 {
				e.wasRead()
			}
			return nil
		}
		if err != nil {
			c.End = e.clock.Now()
			return failureOf(e.ctx, err, true, e.limits)
		}
	}
}

// decoded undoes a content encoding that the request did not ask for.
func decoded(response *http.Response) (io.Reader, error) {
	switch encoding := strings.ToLower(response.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return response.Body, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(response.Body)
	default:
		return nil, fmt.Errorf("%w: %s", errEncoding, encoding)
	}
}

// pushGaps emits the gaps between the tokens as samples of the Trend that `configure` named.
func (i *Instance) pushGaps(e *exchange, r *facts.Request) {
	count := r.Gaps.Count()
	if count == 0 || !i.root.wantsGaps(e.state) {
		return
	}
	now := time.Now()
	samples := make(metrics.Samples, 0, count)
	series := metrics.TimeSeries{Metric: i.root.itl, Tags: e.tags.Tags}
	r.Gaps.Known(func(us uint32) {
		samples = append(samples, metrics.Sample{
			TimeSeries: series, Time: now, Metadata: e.tags.Metadata, Value: float64(us) / 1000,
		})
	})
	metrics.PushIfNotDone(e.vuCtx, e.state.Samples, samples)
}
