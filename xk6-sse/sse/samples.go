package sse

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"
)

// metricSpec is a metric as `configure` gets it.
type metricSpec struct {
	Name   string `js:"name"`
	Type   string `js:"type"` // trend, counter or rate
	IsTime bool   `js:"isTime"`
	// Factor is what values are multiplied by; 0 counts as 1.
	Factor float64 `js:"factor"`
}

var metricTypes = map[string]metrics.MetricType{
	"trend": metrics.Trend, "counter": metrics.Counter, "rate": metrics.Rate,
}

func (s metricSpec) register(registry *metrics.Registry) (sampled, error) {
	kind, ok := metricTypes[s.Type]
	if !ok {
		return sampled{}, fmt.Errorf("sse.configure: expected metric type trend, counter or rate, got %q", s.Type)
	}
	contains := metrics.Default
	if s.IsTime {
		contains = metrics.Time
	}
	metric, err := registry.NewMetric(s.Name, kind, contains)
	if s.Factor == 0 {
		s.Factor = 1
	}
	return sampled{Metric: metric, factor: s.Factor}, err
}

// sampled is a registered metric.
type sampled struct {
	*metrics.Metric
	factor float64
}

// tagsWith is the VU's tags with a script's own on top.
func (i *Instance) tagsWith(state *lib.State, tags sobek.Value) (metrics.TagsAndMeta, error) {
	current := state.Tags.GetCurrentValues()
	err := common.ApplyCustomUserTags(i.vu.Runtime(), &current, tags)
	return current, err
}

// Drop counts an arrival that is not sent, as k6 counts those that found no client free.
func (i *Instance) Drop(tags sobek.Value) error {
	state := i.vu.State()
	if state == nil {
		return errNoState
	}
	i.root.pacer.Drop()
	current, err := i.tagsWith(state, tags)
	if err != nil {
		return err
	}
	metrics.PushIfNotDone(i.vu.Context(), state.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: state.BuiltinMetrics.DroppedIterations, Tags: current.Tags},
		Time:       time.Now(),
		Metadata:   current.Metadata,
		Value:      1,
	})
	return nil
}

// Samples adds a value to each of the metrics that `configure` registered, in their order; undefined adds none. One
// call for a request: k6's own metric objects take a tenfold of its time, and kilobytes each in every VU.
func (i *Instance) Samples(values []sobek.Value, tags sobek.Value) error {
	state := i.vu.State()
	if state == nil {
		return errNoState
	}
	if len(values) != len(i.root.metrics) {
		return fmt.Errorf("sse.samples: expected %d values, one for each metric, got %d", len(i.root.metrics), len(values))
	}
	current, err := i.tagsWith(state, tags)
	if err != nil {
		return err
	}
	now := time.Now()
	samples := make(metrics.Samples, 0, len(values))
	for n, value := range values {
		if common.IsNullish(value) {
			continue
		}
		metric, number := i.root.metrics[n], value.ToFloat()
		if number != number { //nolint:gocritic // NaN
			return errors.New("sse.samples: " + metric.Name + ": expected a number, got NaN")
		}
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: metric.Metric, Tags: current.Tags},
			Time:       now,
			Metadata:   current.Metadata,
			Value:      number * metric.factor,
		})
	}
	metrics.PushIfNotDone(i.vu.Context(), state.Samples, samples)
	return nil
}
