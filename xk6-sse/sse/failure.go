package sse

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"go.k6.io/k6/v2/lib/netext"
	"golang.org/x/net/http2"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/frame"
)

var (
	errRedirects = errors.New("too many redirects")
	errDowngrade = errors.New("a redirect from https to http, which is not followed")
	errTruncated = errors.New("the connection ended before the answer did")
	errEncoding  = errors.New("the answer has a content encoding that was not asked for")
)

// failureOf classifies err. ctx is the request's own; connected is whether it had a connection.
func failureOf(ctx context.Context, err error, connected bool, limits limits) *facts.Error {
	if ctx.Err() != nil {
		if failure := hungUp(ctx, limits); failure != nil {
			return failure
		}
	}
	return &facts.Error{Kind: kindOf(err, connected), Message: facts.Clip(messageOf(err))}
}

// hungUp is why we, or k6, ended the request.
func hungUp(ctx context.Context, limits limits) *facts.Error {
	var cause hangup
	if !errors.As(context.Cause(ctx), &cause) {
		return &facts.Error{Kind: "interrupted", Message: "the run ended while the request was open"}
	}
	waits := map[hangup]struct {
		limit time.Duration
		what  string
	}{
		"connect_timeout":     {limits.connect, "no connection"},
		"headers_timeout":     {limits.headers, "no response headers"},
		"first_token_timeout": {limits.firstToken, "no token"},
		"idle_timeout":        {limits.idle, "silence between two reads"},
		"total_timeout":       {limits.total, "the request was still open"},
	}
	if wait, ok := waits[cause]; ok {
		return &facts.Error{Kind: string(cause), Message: wait.what + " after " + wait.limit.String()}
	}
	return &facts.Error{Kind: string(cause), Message: "hung up on purpose"}
}

func kindOf(err error, connected bool) string {
	var (
		dns       *net.DNSError
		blockedIP netext.BlackListedIPError
		blocked   netext.BlockedHostError
		badURL    *url.Error
		op        *net.OpError
		alert     tls.AlertError
		record    tls.RecordHeaderError
		verify    *tls.CertificateVerificationError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		goAway    http2.GoAwayError
		isTLS     = errors.As(err, &alert) || errors.As(err, &record) || errors.As(err, &verify) ||
			errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid)
		lookupFail = strings.HasPrefix(err.Error(), "lookup ")
	)
	switch {
	case errors.Is(err, errRedirects), errors.Is(err, errDowngrade):
		return "redirect"
	case errors.Is(err, frame.ErrTooLarge):
		return "too_large"
	case errors.As(err, &blockedIP), errors.As(err, &blocked):
		return "blocked"
	case errors.As(err, &dns), lookupFail:
		return "dns"
	case isTLS, strings.HasPrefix(err.Error(), "tls: "), strings.HasPrefix(err.Error(), "remote error: tls: "):
		return "tls"
	case errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"):
		return "tcp"
	case errors.As(err, &badURL), strings.HasPrefix(err.Error(), "unsupported protocol scheme"),
		strings.HasPrefix(err.Error(), "http: no Host in request URL"):
		return "bad_url"
	case isUnreadable(err):
		return "unreadable"
	case !connected && isClosed(err):
		return "tls" // the connection was there, its handshake not yet done
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), isStreamReset(err):
		return "reset"
	case isClosed(err), errors.As(err, &goAway):
		return "eof"
	}
	return "protocol"
}

// isClosed reports whether the other side closed the connection, in order or not.
func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errTruncated) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		strings.Contains(err.Error(), "server closed idle connection")
}

// isStreamReset reports whether the other side broke off an HTTP/2 stream.
func isStreamReset(err error) bool {
	var stream http2.StreamError
	return errors.As(err, &stream) && strings.HasSuffix(stream.Error(), "received from peer")
}

// isUnreadable reports whether the answer's content encoding cannot be undone.
func isUnreadable(err error) bool {
	var corrupt flate.CorruptInputError
	return errors.Is(err, errEncoding) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) ||
		errors.As(err, &corrupt)
}

// messageOf is the innermost text that still names what was tried.
func messageOf(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errTruncated.Error()
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() && errors.Is(err, os.ErrDeadlineExceeded) {
		return "timed out: " + err.Error()
	}
	return err.Error()
}

// k6's own numbers for the `error_code` tag.
var errorCodes = map[string]string{
	"dns": "1101", "blocked": "1110", "tcp": "1210", "connect_timeout": "1211", "reset": "1220", "tls": "1300",
	"headers_timeout": "1050", "first_token_timeout": "1050", "idle_timeout": "1050", "total_timeout": "1050",
	"bad_url": "1020", "unreadable": "1701",
}

// errorCode is k6's number for a failure.
func errorCode(failure *facts.Error) string {
	says := func(text string) bool { return strings.Contains(failure.Message, text) }
	switch {
	case failure.Kind == "tcp" && says("connection refused"):
		return "1212"
	case failure.Kind == "blocked" && says("hostname"):
		return "1111"
	case failure.Kind == "tls" && says("unknown authority"):
		return "1310"
	}
	if code, ok := errorCodes[failure.Kind]; ok {
		return code
	}
	return "1000"
}
