package pacer

import "time"

// goAlarm is Go's own timer.
type goAlarm struct{ timer *time.Timer }

func newGoAlarm() alarm { return goAlarm{timer: time.NewTimer(time.Hour)} }

func (a goAlarm) set(in time.Duration) { a.timer.Reset(in) }

func (a goAlarm) await() error {
	<-a.timer.C
	return nil
}
