package sse

import (
	"errors"
	"fmt"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/metrics"
)

// metricSpec is a metric as `configure` gets it.
type metricSpec struct {
	Name   string `js:"name"`
	Type   string `js:"type"` // trend, counter or rate
	IsTime bool   `js:"isTime"`
}

var metricTypes = map[string]metrics.MetricType{
	"trend": metrics.Trend, "counter": metrics.Counter, "rate": metrics.Rate,
}

func (s metricSpec) register(registry *metrics.Registry) (*metrics.Metric, error) {
	kind, ok := metricTypes[s.Type]
	if !ok {
		return nil, fmt.Errorf("sse.configure: expected metric type trend, counter or rate, got %q", s.Type)
	}
	contains := metrics.Default
	if s.IsTime {
		contains = metrics.Time
	}
	return registry.NewMetric(s.Name, kind, contains)
}

// Samples adds a value to each of the metrics that `configure` registered, in their order; undefined adds none. One
// call for a request: k6's own metric objects take a tenfold of its time, and kilobytes each in every VU.
func (i *Instance) Samples(values []sobek.Value, tags sobek.Value) error {
	state := i.vu.State()
	if state == nil {
		return errNoState
	}
	if len(values) != len(i.metrics) {
		return fmt.Errorf("sse.samples: expected %d values, one for each metric, got %d", len(i.metrics), len(values))
	}
	current := state.Tags.GetCurrentValues()
	if err := common.ApplyCustomUserTags(i.vu.Runtime(), &current, tags); err != nil {
		return err
	}
	now := time.Now()
	samples := make(metrics.Samples, 0, len(values))
	for n, value := range values {
		if common.IsNullish(value) {
			continue
		}
		number := value.ToFloat()
		if number != number { //nolint:gocritic // NaN
			return errors.New("sse.samples: " + i.metrics[n].Name + ": expected a number, got NaN")
		}
		samples = append(samples, metrics.Sample{
			TimeSeries: metrics.TimeSeries{Metric: i.metrics[n], Tags: current.Tags},
			Time:       now,
			Metadata:   current.Metadata,
			Value:      number,
		})
	}
	metrics.PushIfNotDone(i.vu.Context(), state.Samples, samples)
	return nil
}
