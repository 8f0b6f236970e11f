package sse

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
	"go.k6.io/k6/v2/lib/types"
	"gopkg.in/guregu/null.v3"
)

func shared(vus, iterations int64) lib.ScenarioConfigs {
	config := executor.NewSharedIterationsConfig("default")
	config.VUs, config.Iterations = null.IntFrom(vus), null.IntFrom(iterations)
	return lib.ScenarioConfigs{"default": config}
}

func TestExpectedTokens(t *testing.T) {
	perVU := executor.NewPerVUIterationsConfig("default")
	perVU.VUs, perVU.Iterations = null.IntFrom(4), null.IntFrom(10)
	constant := executor.NewConstantVUsConfig("default")
	constant.VUs, constant.Duration = null.IntFrom(8), types.NullDurationFrom(10*time.Minute)
	constant.GracefulStop = types.NullDurationFrom(0)
	tests := []struct {
		name      string
		scenarios lib.ScenarioConfigs
		want      float64
	}{
		{"a number of iterations, by the longest answer", shared(8, 480), 480 * 512},
		{"iterations of each client", lib.ScenarioConfigs{"default": perVU}, 4 * 10 * 512},
		{"a time, by clients and a typical rate", lib.ScenarioConfigs{"default": constant}, 8 * 600 * 100},
		{"several scenarios together", lib.ScenarioConfigs{"a": perVU, "b": constant}, 4*10*512 + 8*600*100},
		{"nothing", nil, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := expectedTokens(test.scenarios, 512); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestGapsAreSamplesUpToALimit(t *testing.T) {
	tests := []struct {
		name       string
		limit      string
		iterations int64
		samples    bool
	}{
		{"without a limit", "{}", 1_000_000, true},
		{"below it", "{tokens: 5e6, perRequest: 512}", 9_000, true},
		{"above it", "{tokens: 5e6, perRequest: 512}", 10_000, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			url := serve(t, streams(wholeAnswer))
			u := newInit(t, newRoot(t))
			u.run(fmt.Sprintf(`sse.configure({itlMetric: "gaps", itlLimit: %s})`, test.limit))
			u.start(lib.Options{Scenarios: shared(1, test.iterations)})
			for range 2 {
				u.record(url, "{}")
			}
			gaps := 0
			for _, s := range u.taken() {
				if s.metric == "gaps" {
					gaps++
				}
			}
			if (gaps == 2) != test.samples || gaps != 0 && !test.samples {
				t.Errorf("%d samples", gaps)
			}
			said := strings.Count(u.log.String(), "tokens are expected")
			if said != map[bool]int{true: 0, false: 1}[test.samples] {
				t.Errorf("said %d times: %s", said, u.log)
			}
		})
	}
}
