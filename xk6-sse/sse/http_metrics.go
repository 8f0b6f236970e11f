package sse

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"

	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"
	"gopkg.in/guregu/null.v3"

	"github.com/server-bench/xk6-sse/internal/facts"
)

// emitHTTP emits the http_req_* samples of a hop, tagged as k6's own http module tags them.
func emitHTTP(e *exchange, failure *facts.Error) {
	trail := e.tracer.Done()
	tags := e.tags.Clone()
	enabled := e.state.Options.SystemTags
	set := func(tag metrics.SystemTag, value string) { tags.SetSystemTagOrMetaIfEnabled(enabled, tag, value) }

	name := e.http.URL.String()
	if e.http.URL.User != nil {
		if hidden, err := httpext.NewURL(name, name); err == nil {
			name = hidden.Clean() // stars for name and password
		}
	}
	name = e.secrets.text(name) // a key in the query
	if given, ok := tags.Tags.Get(metrics.TagName.String()); ok {
		name = given
	} else {
		set(metrics.TagName, name)
	}
	set(metrics.TagURL, name)
	set(metrics.TagMethod, e.http.Method)
	status := 0
	if e.response != nil {
		status = e.response.StatusCode
		set(metrics.TagProto, e.response.Proto)
		if e.response.TLS != nil {
			info, oscp := netext.ParseTLSConnState(e.response.TLS)
			set(metrics.TagTLSVersion, info.Version)
			set(metrics.TagOCSPStatus, oscp.Status)
		}
	}
	set(metrics.TagStatus, strconv.Itoa(status))
	switch {
	case failure != nil:
		set(metrics.TagError, failure.Message)
		set(metrics.TagErrorCode, errorCode(failure))
	case status >= 400:
		set(metrics.TagErrorCode, strconv.Itoa(1000+status))
	}
	if trail.ConnRemoteAddr != nil {
		if ip, _, err := net.SplitHostPort(trail.ConnRemoteAddr.String()); err == nil {
			set(metrics.TagIP, ip)
		}
	}
	expected := failure == nil && status >= 200 && status < 400
	set(metrics.TagExpectedResponse, strconv.FormatBool(expected))
	trail.SaveSamples(e.state.BuiltinMetrics, &tags)
	trail.Failed = null.BoolFrom(!expected)
	failed := 1.0
	if expected {
		failed = 0
	}
	trail.Samples = append(trail.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: e.state.BuiltinMetrics.HTTPReqFailed, Tags: tags.Tags},
		Time:       trail.EndTime,
		Metadata:   tags.Metadata,
		Value:      failed,
	})
	metrics.PushIfNotDone(e.vuCtx, e.state.Samples, trail)
}

// debugLog is `--http-debug`: what was sent and received, without secrets. A nil one logs nothing.
type debugLog struct {
	logger  logrus.FieldLogger
	full    bool
	body    []byte
	secrets *secrets
}

// debugBody is how much of an answer's body is logged.
const debugBody = 1 << 20

func newDebugLog(state *lib.State, secrets *secrets) *debugLog {
	option := state.Options.HTTPDebug.String
	if option == "" {
		return nil
	}
	return &debugLog{logger: state.Logger, full: option == "full", secrets: secrets}
}

var secretHeaders = []string{"Authorization", "Proxy-Authorization", "X-Api-Key", "Api-Key", "Cookie", "Set-Cookie"}

func redacted(header http.Header) http.Header {
	copied := header.Clone()
	for _, name := range secretHeaders {
		if copied.Get(name) != "" {
			copied.Set(name, "(redacted)")
		}
	}
	return copied
}

func (d *debugLog) request(r *http.Request) {
	if d == nil {
		return
	}
	shown := r.Clone(context.Background()) // without the trace: this is sent nowhere
	shown.Header = redacted(r.Header)
	if body, err := r.GetBody(); err == nil {
		shown.Body = body
	}
	dump, err := httputil.DumpRequestOut(shown, d.full)
	if r.Header.Get("Accept-Encoding") == "" { // the dump's own transport adds it, k6's does not
		dump = bytes.Replace(dump, []byte("Accept-Encoding: gzip\r\n"), nil, 1)
	}
	d.log("Request", dump, err)
}

func (d *debugLog) response(r *http.Response) {
	if d == nil {
		return
	}
	shown := *r
	shown.Header = redacted(r.Header)
	dump, err := httputil.DumpResponse(&shown, false)
	d.log("Response", dump, err)
}

func (d *debugLog) received(p []byte) {
	if d != nil && d.full {
		d.body = append(d.body, p[:min(len(p), debugBody-len(d.body))]...)
	}
}

func (d *debugLog) end() {
	if d != nil && d.full {
		d.log("Response body", d.body, nil)
	}
}

func (d *debugLog) log(what string, dump []byte, err error) {
	if err != nil {
		d.logger.WithError(err).Error("http-debug")
		return
	}
	d.logger.Infof("%s:\n%s\n", what, strings.ReplaceAll(string(d.secrets.bytes(dump)), "\r\n", "\n"))
}
