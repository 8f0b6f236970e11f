package sse

import (
	"github.com/grafana/sobek"

	"github.com/server-bench/xk6-sse/internal/facts"
)

// object is the facts as a script gets them.
func (i *Instance) object(r *facts.Request, arrays bool) *sobek.Object {
	o := &object{rt: i.vu.Runtime(), object: i.vu.Runtime().NewObject()}
	r.Visit(o)
	r.VisitText(o)
	if arrays {
		gaps := make([]any, 0, r.Gaps.Count())
		r.Gaps.Each(func(us uint32) { gaps = append(gaps, int64(us)) })
		o.set("gapsUs", o.rt.NewArray(gaps...))
		seconds := make([]any, len(r.TokensBySecond))
		for n, pair := range r.TokensBySecond {
			seconds[n] = o.rt.NewArray(pair[0], pair[1])
		}
		o.set("tokensBySecond", o.rt.NewArray(seconds...))
	}
	return o.object
}

// object is the facts.Visitor that makes a JavaScript object.
type object struct {
	rt     *sobek.Runtime
	object *sobek.Object
}

// set cannot fail: the object is new and has no setters.
func (o *object) set(name string, value any) { _ = o.object.Set(name, value) }

func (o *object) Time(name string, nanos int64)       { o.set(name, facts.Millis(nanos)) }
func (o *object) Duration(name string, nanos float64) { o.set(name, nanos/1e6) }
func (o *object) Int(name string, value int64)        { o.set(name, value) }
func (o *object) Text(name, value string)             { o.set(name, value) }
func (o *object) Texts(name string, values []string)  { o.set(name, values) }
func (o *object) Bool(name string, value bool)        { o.set(name, value) }

func (o *object) Error(name string, value facts.Error) {
	inner := &object{rt: o.rt, object: o.rt.NewObject()}
	inner.set("kind", value.Kind)
	inner.set("message", value.Message)
	o.set(name, inner.object)
}

func (o *object) Fields(name string, fields []facts.Field) {
	inner := &object{rt: o.rt, object: o.rt.NewObject()}
	for _, field := range fields {
		inner.set(field.Name, field.Value)
	}
	o.set(name, inner.object)
}
