// Package sse is the k6 extension `k6/x/sse`: it reads event streams, and records the tokens of LLM servers' answers
// with the kernel's receive stamps. xk6-sse/index.d.ts documents what scripts see.
package sse

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/metrics"

	"github.com/server-bench/xk6-sse/internal/cores"
	"github.com/server-bench/xk6-sse/internal/facts"
	"github.com/server-bench/xk6-sse/internal/journal"
	_ "github.com/server-bench/xk6-sse/internal/launch" // its init may run another program instead
	"github.com/server-bench/xk6-sse/internal/pacer"
	"github.com/server-bench/xk6-sse/internal/stamp"
)

// Version of the extension; `k6 version` shows the module's, the journal and scripts this one.
const Version = "0.1.0"

func init() {
	modules.Register("k6/x/sse", new(Root))
}

// Root is the one module object of a process: what all VUs share.
type Root struct {
	clock        stamp.Clock
	sources      stamp.Sources
	stampsReason string // why there are no packet stamps
	stampsError  error

	once    sync.Once
	mu      sync.Mutex
	journal *journal.Journal
	plans   map[string]*facts.Plan
	ids     atomic.Uint64
	vus     atomic.Int64
	count   journal.Counters

	configured *configuration  // the arguments of the first call of `configure`
	itl        *metrics.Metric // gets the token gaps; nil: they are in the journal only
	metrics    []sampled       // those of `samples`
	gapSamples gapSamples
	shares     bool // connections are the process's
	sharing    sync.Once
	shared     *client // what all VUs send with, where `shares`
	warm       gathering
	turns      turns
	rows       rowFiles
	pacer      *pacer.Pacer
	secrets    *secrets // what `hide` named; nil: nothing
}

// module is what k6 holds of an Instance.
type module struct{ instance *Instance }

// Exports gives scripts the instance itself, whose methods become functions when they are looked up: a table of
// functions, or names in addition to the default export, would cost every VU about ten kilobytes.
func (m module) Exports() modules.Exports { return modules.Exports{Default: m.instance} }

// Instance is the module as one VU has it; its methods are what scripts call.
type Instance struct {
	Version string `js:"version"`

	root *Root
	vu   modules.VU

	client    *client          // made at the first request
	collector *facts.Collector // likewise
	dialect   sobek.Value      // the last one used …
	plan      *facts.Plan      // … and what it compiled to
	turn      turn
}

// NewModuleInstance is called by k6 for each VU.
func (r *Root) NewModuleInstance(vu modules.VU) modules.Instance {
	r.once.Do(func() {
		r.clock = stamp.NewClock()
		r.pacer = pacer.New(r.clock)
		r.plans = make(map[string]*facts.Plan)
		stamps, _ := lookup(vu, stampsVariable)
		r.stampsError = r.chooseStamps(stamps)
	})
	if r.stampsError != nil {
		common.Throw(vu.Runtime(), r.stampsError)
	}
	r.countVU()
	return module{&Instance{Version: Version, root: r, vu: vu}}
}

func lookup(vu modules.VU, name string) (string, bool) {
	if env := vu.InitEnv(); env != nil && env.LookupEnv != nil {
		return env.LookupEnv(name)
	}
	return "", false
}

// Now is milliseconds since the epoch of the process.
func (i *Instance) Now() float64 { return facts.Millis(i.root.clock.Now()) }

// Late is how many milliseconds ago a moment of `sendAt` was, skipped pauses taken off; below 0 for one to come.
func (i *Instance) Late(sendAt float64) float64 {
	return facts.Millis(int64(i.root.pacer.Late(int64(sendAt * 1e6))))
}

// Finish says that this iteration's arrival is over, where `configure` limits pauses.
func (i *Instance) Finish() { i.root.pacer.End() }

// configuration is what `configure` gets.
type configuration struct {
	Journal   string                    `js:"journal"`
	Share     bool                      `js:"shareConnections"`
	KeepIdle  float64                   `js:"keepIdle"` // seconds; 0: pauses are not shortened
	ItlMetric string                    `js:"itlMetric"`
	ItlLimit  itlLimit                  `js:"itlLimit"`
	Metrics   []metricSpec              `js:"metrics"`
	Dialects  map[string]map[string]any `js:"dialects"`
}

// Configure opens the journal, registers the metrics of `samples` and the Trend of the token gaps, and names dialects;
// all for the whole process. It belongs in the init context. One VU's call is enough; others may make the same one.
func (i *Instance) Configure(c configuration) error {
	env := i.vu.InitEnv()
	if env == nil {
		return errors.New("sse.configure must be called in the init context")
	}
	r := i.root
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.configured != nil {
		if !reflect.DeepEqual(*r.configured, c) {
			return errors.New("sse.configure: this process is configured already, and otherwise")
		}
		return nil
	}
	if c.ItlMetric != "" {
		itl, err := env.Registry.NewMetric(c.ItlMetric, metrics.Trend, metrics.Time)
		if err != nil {
			return err
		}
		r.itl = itl
	}
	for _, spec := range c.Metrics {
		metric, err := spec.register(env.Registry)
		if err != nil {
			return err
		}
		r.metrics = append(r.metrics, metric)
	}
	for name, dialect := range c.Dialects {
		text, err := json.Marshal(dialect)
		if err != nil {
			return fmt.Errorf("sse.configure: dialect %q: %w", name, err)
		}
		if r.plans[name], err = facts.Compile(text); err != nil {
			return fmt.Errorf("sse.configure: %w", err)
		}
	}
	if c.Journal != "" {
		if err := r.openJournal(c.Journal, i.vu); err != nil {
			return err
		}
	}
	r.shares = c.Share
	if c.KeepIdle > 0 {
		r.pacer.KeepIdle(time.Duration(c.KeepIdle * float64(time.Second)))
	}
	r.configured = &c
	stop := make(chan struct{})
	ends := atExit(i.vu, func() {
		close(stop)
		r.turns.close()
		if c.Journal == "" {
			r.sources.Ring.Close() // else the journal's end, which counts its frames
		}
	})
	if ends {
		r.collectRarely()
		go cores.Adapt(stop)
		r.raisePriority(i.vu)
	}
	return nil
}

// openJournal is called with the lock held.
func (r *Root) openJournal(path string, vu modules.VU) error {
	j, err := journal.Create(path, r.clock, journal.Header{
		K6Version: k6Version(), ExtensionVersion: Version, Stamps: r.stamps().String(), StampsReason: r.stampsReason,
	}, &r.count)
	if err != nil {
		return err
	}
	r.journal = j
	logger := vu.InitEnv().Logger // gone when the init context is
	atExit(vu, func() {
		if err := j.Close(r.captured()); err != nil {
			logger.WithError(err).Error("the journal could not be closed")
		}
		r.sources.Ring.Close()
	})
	return nil
}

// k6's event types are internal to it; Exit, which is sent when the process is about to end, is the sixth.
const exitEvent = 6

// atExit runs a function when the process is about to end, which waits for it; false if k6 announces no end.
func atExit(vu modules.VU, do func()) bool {
	global := vu.Events().Global
	if global == nil {
		return false
	}
	_, events := global.Subscribe(exitEvent)
	go func() {
		if event, ok := <-events; ok {
			do()
			event.Done()
		}
	}()
	return true
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

// planOf finds the dialect of that name, or compiles the one given: once a process for each different one, and once a
// VU for the same object.
func (i *Instance) planOf(dialect sobek.Value) (*facts.Plan, error) {
	if common.IsNullish(dialect) {
		return nil, errors.New("sse.record: expected a dialect, or the name of one, as third argument")
	}
	if i.dialect != nil && i.dialect.SameAs(dialect) {
		return i.plan, nil
	}
	plan, err := i.root.plan(dialect)
	if err != nil {
		return nil, fmt.Errorf("sse.record: %w", err)
	}
	i.dialect, i.plan = dialect, plan
	return plan, nil
}

func (r *Root) plan(dialect sobek.Value) (*facts.Plan, error) {
	object, isObject := dialect.(*sobek.Object)
	text := dialect.String()
	if isObject {
		json, err := object.MarshalJSON()
		if err != nil {
			return nil, err
		}
		text = string(json)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if plan, ok := r.plans[text]; ok {
		return plan, nil
	}
	if !isObject {
		return nil, fmt.Errorf("no dialect is called %q; `configure` names them", text)
	}
	plan, err := facts.Compile([]byte(text))
	if err != nil {
		return nil, err
	}
	r.plans[text] = plan
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
