package sse

import (
	"sync"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/executor"
)

// itlLimit is up to how many expected tokens of a run the gaps between them are samples: k6 keeps 8 bytes for each
// sample of a Trend to the end of the run.
type itlLimit struct {
	Tokens     float64 `js:"tokens"`     // 0: no limit
	PerRequest float64 `js:"perRequest"` // at most
}

// gapSamples decides, once a process, whether gaps become samples.
type gapSamples struct {
	once sync.Once
	off  bool
}

// wantsGaps reports whether the gaps between tokens are to be samples.
func (r *Root) wantsGaps(state *lib.State) bool {
	if r.itl == nil {
		return false
	}
	limit := r.configured.ItlLimit
	if limit.Tokens <= 0 {
		return true
	}
	r.gapSamples.once.Do(func() {
		expected := expectedTokens(state.Options.Scenarios, limit.PerRequest)
		r.gapSamples.off = expected > limit.Tokens
		if r.gapSamples.off {
			state.Logger.Warnf(
				"About %.0f tokens are expected, more than %.0f: the gaps between them are in the journal, not in %s "+
					"(SERVER_BENCH_ITL_SAMPLES=on puts them there, at 8 bytes each).", expected, limit.Tokens, r.itl.Name)
		}
	})
	return !r.gapSamples.off
}

// typicalRate is how many tokens a second a client gets, where nothing else bounds a run but its time.
const typicalRate = 100

// expectedTokens is what a run may bring: its iterations by the longest answer; its clients by time and a typical rate
// where there is no number of iterations.
func expectedTokens(scenarios lib.ScenarioConfigs, perRequest float64) (tokens float64) {
	all, err := lib.NewExecutionTuple(nil, nil)
	if err != nil {
		return 0
	}
	for _, config := range scenarios {
		steps := config.GetExecutionRequirements(all)
		clients := float64(lib.GetMaxPlannedVUs(steps))
		switch planned := config.(type) {
		case executor.SharedIterationsConfig:
			tokens += float64(planned.Iterations.Int64) * perRequest
		case executor.PerVUIterationsConfig:
			tokens += float64(planned.Iterations.Int64) * clients * perRequest
		default:
			end, _ := lib.GetEndOffset(steps)
			tokens += clients * end.Seconds() * typicalRate
		}
	}
	return tokens
}
