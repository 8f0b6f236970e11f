package sse

import (
	"fmt"
	"net/http"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib/types"
)

// params reads a script's parameter object; a nil one has nothing.
type params struct {
	rt     *sobek.Runtime
	object *sobek.Object
	path   string // of the object in the outermost one
	wrong  *error // the first wrong value
}

func (i *Instance) params(value sobek.Value) params {
	p := params{rt: i.vu.Runtime(), wrong: new(error)}
	if !common.IsNullish(value) {
		p.object = value.ToObject(p.rt)
	}
	return p
}

// get is the value at a key, nil where it is absent, undefined or null.
func (p params) get(key string) sobek.Value {
	if p.object == nil {
		return nil
	}
	value := p.object.Get(key)
	if common.IsNullish(value) {
		return nil
	}
	return value
}

func (p params) text(key, fallback string) string {
	if value := p.get(key); value != nil {
		return value.String()
	}
	return fallback
}

func (p params) flag(key string) bool {
	value := p.get(key)
	return value != nil && value.ToBoolean()
}

// largestNumber keeps times within what nanoseconds can count.
const largestNumber = 9e9

// number is a number from 0; anything else would be a wait without end, and is wrong.
func (p params) number(key string) (float64, bool) {
	value := p.get(key)
	if value == nil {
		return 0, false
	}
	number := value.ToFloat()
	if !(number >= 0 && number <= largestNumber) && *p.wrong == nil {
		*p.wrong = fmt.Errorf("sse: expected %s to be a number from 0 to %g, got %s", p.path+key, largestNumber, value)
	}
	return number, true
}

func (p params) seconds(key string) time.Duration {
	number, _ := p.number(key)
	return time.Duration(number * float64(time.Second))
}

func (p params) inner(key string) params {
	inner := params{rt: p.rt, path: p.path + key + ".", wrong: p.wrong}
	if value := p.get(key); value != nil {
		inner.object = value.ToObject(p.rt)
	}
	return inner
}

// each calls visit with the texts of the object's members, leaving out undefined and null ones.
func (p params) each(visit func(key, value string)) {
	if p.object == nil {
		return
	}
	for _, key := range p.object.Keys() {
		if value := p.get(key); value != nil {
			visit(key, value.String())
		}
	}
}

// call reads what record and open have in common; accept is the media type to ask for where the script names none.
func (i *Instance) call(url string, p params, accept string) (call, error) {
	state := i.vu.State()
	c := call{
		url:    url,
		method: p.text("method", ""),
		header: make(http.Header),
		tags:   state.Tags.GetCurrentValues(),
	}
	if body := p.get("body"); body != nil {
		switch content := body.Export().(type) {
		case string:
			c.body = []byte(content)
		case []byte:
			c.body = content
		case sobek.ArrayBuffer:
			c.body = content.Bytes()
		default:
			return c, fmt.Errorf("sse: expected the body to be a string or an ArrayBuffer, got %s", body.ExportType())
		}
	}
	if c.method == "" {
		c.method = http.MethodGet
		if c.body != nil {
			c.method = http.MethodPost
		}
	}
	p.inner("headers").each(func(key, value string) { c.header.Set(key, value) })
	if c.header.Get("Accept") == "" {
		c.header.Set("Accept", accept)
	}
	if c.header.Get("User-Agent") == "" && state.Options.UserAgent.String != "" {
		c.header.Set("User-Agent", state.Options.UserAgent.String)
	}
	if err := common.ApplyCustomUserTags(p.rt, &c.tags, p.get("tags")); err != nil {
		return c, err
	}
	c.labels = make(map[string]string)
	p.inner("tags").each(func(key, value string) { c.labels[key] = value })
	p.inner("labels").each(func(key, value string) {
		c.labels[key] = value
		c.tags.SetMetadata(key, value)
	})
	timeouts := p.inner("timeouts")
	c.limits = limits{
		connect:    timeouts.seconds("connect"),
		headers:    timeouts.seconds("headers"),
		firstToken: timeouts.seconds("firstToken"),
		idle:       timeouts.seconds("idle"),
		total:      timeouts.seconds("total"),
	}
	if abort, ok := p.number("abortAfterMs"); ok {
		c.limits.abort = time.Duration(abort * float64(time.Millisecond))
	}
	if timeout := p.get("timeout"); timeout != nil {
		total, err := types.GetDurationValue(timeout.Export())
		if err != nil {
			return c, fmt.Errorf("sse: timeout: %w", err)
		}
		c.limits.total = total
	}
	return c, *p.wrong
}
