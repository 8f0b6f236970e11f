// Package sse is the k6 extension `k6/x/sse`: it reads event streams, and records the tokens of LLM servers' answers
// with the kernel's receive stamps. xk6-sse/index.d.ts documents what scripts see.
package sse

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"

	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/journal"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Version of the extension; `k6 version` shows the module's, the journal and scripts this one.
const Version = "0.1.0"

// stampsVariable switches kernel stamps off when it is "user".
const stampsVariable = "SERVER_BENCH_STAMPS"

func init() {
	modules.Register("k6/x/sse", new(Root))
}

// Root is the one module object of a process: what all VUs share.
type Root struct {
	clock  stamp.Clock
	kernel bool

	once    sync.Once
	mu      sync.Mutex
	journal *journal.Journal
	plans   map[string]*facts.Plan
	ids     atomic.Uint64
	count   journal.Counters
}

// Instance is the module as one VU has it.
type Instance struct {
	root *Root
	vu   modules.VU

	itl       *metrics.Metric
	metrics   []*metrics.Metric // those of `samples`
	client    *client           // made at the first request
	collector *facts.Collector  // likewise
	dialect   *sobek.Object     // the last one used …
	plan      *facts.Plan       // … and what it compiled to
}

// NewModuleInstance is called by k6 for each VU.
func (r *Root) NewModuleInstance(vu modules.VU) modules.Instance {
	r.once.Do(func() {
		r.clock = stamp.NewClock()
		r.plans = make(map[string]*facts.Plan)
		stamps, _ := lookup(vu, stampsVariable)
		r.kernel = stamps != "user" && stamp.Enable()
	})
	return &Instance{root: r, vu: vu}
}

func lookup(vu modules.VU, name string) (string, bool) {
	if env := vu.InitEnv(); env != nil && env.LookupEnv != nil {
		return env.LookupEnv(name)
	}
	return "", false
}

// Exports gives scripts the default export and, for `import { open }`, the same by name.
func (i *Instance) Exports() modules.Exports {
	named := map[string]any{
		"open":      i.Open,
		"record":    i.Record,
		"configure": i.Configure,
		"samples":   i.Samples,
		"now":       i.Now,
		"journal":   i.Journal,
		"version":   Version,
	}
	return modules.Exports{Default: named, Named: named}
}

// Now is milliseconds since the epoch of the process.
func (i *Instance) Now() float64 { return facts.Millis(i.root.clock.Now()) }

// Configure opens the journal, and registers the metrics of `samples` and the Trend of the token gaps. It belongs in
// the init context.
func (i *Instance) Configure(settings struct {
	Journal   string       `js:"journal"`
	ItlMetric string       `js:"itlMetric"`
	Metrics   []metricSpec `js:"metrics"`
},
) error {
	env := i.vu.InitEnv()
	if env == nil {
		return errors.New("sse.configure must be called in the init context")
	}
	if settings.ItlMetric != "" {
		itl, err := env.Registry.NewMetric(settings.ItlMetric, metrics.Trend, metrics.Time)
		if err != nil {
			return err
		}
		i.itl = itl
	}
	for _, spec := range settings.Metrics {
		metric, err := spec.register(env.Registry)
		if err != nil {
			return err
		}
		i.metrics = append(i.metrics, metric)
	}
	if settings.Journal == "" {
		return nil
	}
	return i.root.openJournal(settings.Journal, i.vu)
}

// k6's event types are internal to it; Exit, which is sent when the process is about to end, is the sixth.
const exitEvent = 6

func (r *Root) openJournal(path string, vu modules.VU) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.journal != nil {
		if r.journal.Path() != path {
			return fmt.Errorf("sse.configure: the journal is %s already, it cannot become %s", r.journal.Path(), path)
		}
		return nil
	}
	stamps := "user"
	if r.kernel {
		stamps = "kernel"
	}
	j, err := journal.Create(path, r.clock, journal.Header{
		K6Version: k6Version(), ExtensionVersion: Version, Stamps: stamps,
	}, &r.count)
	if err != nil {
		return err
	}
	r.journal = j
	logger := vu.InitEnv().Logger // gone when the init context is
	_, events := vu.Events().Global.Subscribe(exitEvent)
	go func() {
		event, ok := <-events
		if !ok {
			return
		}
		if err := j.Close(); err != nil {
			logger.WithError(err).Error("the journal could not be closed")
		}
		event.Done()
	}()
	return nil
}

// Journal writes a script's own line.
func (i *Instance) Journal(line *sobek.Object) error {
	if line == nil || line.Get("type") == nil {
		return errors.New("sse.journal: expected an object with a `type`")
	}
	if i.root.journal == nil {
		return nil
	}
	return i.root.journal.Write(line)
}

// planOf compiles a dialect, once a process for each different one and once a VU for the same object.
func (i *Instance) planOf(dialect *sobek.Object) (*facts.Plan, error) {
	if dialect == nil {
		return nil, errors.New("sse.record: expected a dialect as third argument")
	}
	if i.dialect != nil && i.dialect.SameAs(dialect) {
		return i.plan, nil
	}
	text, err := dialect.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("sse.record: %w", err)
	}
	plan, err := i.root.compile(string(text))
	if err != nil {
		return nil, fmt.Errorf("sse.record: %w", err)
	}
	i.dialect, i.plan = dialect, plan
	return plan, nil
}

func (r *Root) compile(dialect string) (*facts.Plan, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if plan, ok := r.plans[dialect]; ok {
		return plan, nil
	}
	plan, err := facts.Compile([]byte(dialect))
	if err != nil {
		return nil, err
	}
	r.plans[dialect] = plan
	return plan, nil
}

// k6Version is the version of k6 that this binary was built with.
func k6Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == "go.k6.io/k6/v2" {
				return module.Version
			}
		}
	}
	return "unknown"
}
