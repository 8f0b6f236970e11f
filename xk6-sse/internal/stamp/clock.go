package stamp

import (
	"sync/atomic"
	"time"
)

// Clock gives nanoseconds since one moment, the epoch that all times of a process share.
type Clock struct {
	epoch time.Time
	wall  *wall
}

// wall is what the kernel's stamps, which are on the wall clock, are moved by.
type wall struct {
	offset atomic.Int64 // Unix nanoseconds of the epoch
	until  atomic.Int64 // when it is next due to be measured
}

const (
	// offsetTime is how long an offset is good for: NTP slews the wall clock by less than 1 µs in that time as a rule.
	offsetTime = 10 * time.Millisecond
	// offsetWidth is how long the two clocks' reading may take: a process that loses its core in between is wrong by that
	// long.
	offsetWidth = 2 * time.Microsecond
	offsetTries = 5
)

// NewClock starts a clock; its epoch is now.
func NewClock() Clock { return Clock{epoch: time.Now(), wall: new(wall)} }

// Now is the time since the epoch, in nanoseconds, on the monotonic clock.
func (c Clock) Now() int64 { return int64(time.Since(c.epoch)) }

// At is the given moment, in nanoseconds since the epoch.
func (c Clock) At(t time.Time) int64 { return int64(t.Sub(c.epoch)) }

// Epoch is the epoch on the wall clock.
func (c Clock) Epoch() time.Time { return c.epoch }

// moved is a moment of the wall clock, in Unix nanoseconds, as nanoseconds since the epoch; now is the present one.
func (c Clock) moved(unixNano, now int64) int64 {
	if now >= c.wall.until.Load() {
		c.wall.offset.Store(c.measure())
		c.wall.until.Store(now + int64(offsetTime))
	}
	return unixNano - c.wall.offset.Load()
}

// measure finds the wall clock's time at the epoch: the best of several tries, of which one is good enough as a rule.
func (c Clock) measure() (offset int64) {
	width := int64(1<<63 - 1)
	for range offsetTries {
		before := c.Now()
		unixNano := time.Now().UnixNano()
		after := c.Now()
		if after-before < width {
			width = after - before
			offset = unixNano - before - width/2
		}
		if width <= int64(offsetWidth) {
			break
		}
	}
	return offset
}
