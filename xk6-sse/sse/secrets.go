package sse

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/server-bench/xk6-sse/internal/facts"
)

// hiddenText replaces a secret in everything that is written.
const hiddenText = "(hidden)"

// shortestPart is how much of a secret is one where a text was cut off in the middle of it.
const shortestPart = 4

// secrets are texts that no output may have: keys, which servers repeat in their answers. A nil one hides nothing.
type secrets struct {
	texts    []string // the longest first: one may be a part of another
	replacer *strings.Replacer
}

// Hide sets the texts to hide, including their form in JSON. Call it in the init context; it applies to all VUs.
func (i *Instance) Hide(texts []string) error {
	if i.vu.InitEnv() == nil {
		return errors.New("sse.hide must be called in the init context")
	}
	i.root.mu.Lock()
	defer i.root.mu.Unlock()
	i.root.secrets = newSecrets(texts)
	return nil
}

func newSecrets(texts []string) *secrets {
	var all []string
	for _, text := range texts {
		if text == "" {
			continue
		}
		all = append(all, text)
		if quoted, err := json.Marshal(text); err == nil {
			all = append(all, string(quoted[1:len(quoted)-1]))
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	all = slices.Compact(all)
	pairs := make([]string, 0, 2*len(all))
	for _, text := range all {
		pairs = append(pairs, text, hiddenText)
	}
	return &secrets{texts: all, replacer: strings.NewReplacer(pairs...)}
}

// text is a text without the secrets, and without the beginning of one at its end, where it may have been cut off.
func (s *secrets) text(text string) string {
	if s == nil || text == "" {
		return text
	}
	text = s.replacer.Replace(text)
	for _, secret := range s.texts {
		for n := min(len(secret)-1, len(text)); n >= shortestPart; n-- {
			if strings.HasSuffix(text, secret[:n]) {
				return text[:len(text)-n] + hiddenText
			}
		}
	}
	return text
}

// hide takes the secrets out of what a request keeps of its answer; failure is what ended it, or nil.
func (s *secrets) hide(r *facts.Request, failure *facts.Error) {
	if s == nil {
		return
	}
	if len(r.Body) > 0 {
		r.Body = append(r.Body[:0], s.text(string(r.Body))...)
	}
	if r.InBandError != nil {
		text := s.text(*r.InBandError)
		r.InBandError = &text
	}
	for _, err := range []*facts.Error{r.Error, failure} {
		if err != nil {
			err.Message = s.text(err.Message)
		}
	}
	r.BadUsage = s.text(r.BadUsage)
	for n := range r.Unread {
		r.Unread[n] = s.text(r.Unread[n])
	}
	for n := range r.Fields {
		if text, ok := r.Fields[n].Value.(string); ok {
			r.Fields[n].Value = s.text(text)
		}
	}
}

// without is a copy of the headers without those that another server must not get.
func (s *secrets) without(header http.Header) http.Header {
	left := header.Clone()
	left.Del("Host")
	for _, name := range secretHeaders {
		left.Del(name)
	}
	for name, values := range left {
		if s != nil && slices.ContainsFunc(values, func(value string) bool { return s.replacer.Replace(value) != value }) {
			left.Del(name)
		}
	}
	return left
}

// bytes is text for a dump.
func (s *secrets) bytes(dump []byte) []byte {
	if s == nil {
		return dump
	}
	for _, text := range s.texts {
		dump = bytes.ReplaceAll(dump, []byte(text), []byte(hiddenText))
	}
	return dump
}
