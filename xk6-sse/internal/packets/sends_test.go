package packets

import "testing"

func TestWhenTheClientsBytesLeft(t *testing.T) {
	const base = 1<<32 - 150 // the numbers wrap around
	flow := &Flow{ring: &Ring{frames: closedFrames{}}, known: true, sends: sends{base: base}}
	leave := func(position, length, unixNano int64) {
		flow.leave(uint32(base+position), uint32(length), unixNano)
	}
	leave(0, 100, 10)
	leave(100, 100, 20)
	leave(0, 100, 30)   // sent again
	leave(150, 100, 40) // the same, with more
	for position, want := range map[uint64]int64{0: 10, 99: 10, 100: 20, 199: 20, 200: 40, 249: 40, 250: 0} {
		if got := flow.Left(position); got != want {
			t.Errorf("byte %d left at %d, want %d", position, got, want)
		}
	}
	leave(300, 100, 50) // one before it was not seen
	if got := flow.Left(310); got != 0 {
		t.Errorf("behind a gap: %d", got)
	}
	for i := range int64(mostSends + 1) {
		leave(250+i, 1, 100+i)
	}
	if got := flow.Left(100); got != 0 {
		t.Errorf("forgotten: %d", got)
	}
	if got := flow.Left(250 + mostSends); got != 100+mostSends {
		t.Errorf("the last: %d", got)
	}
	unknown := &Flow{ring: flow.ring}
	if got := unknown.Left(0); got != 0 {
		t.Errorf("a flow whose beginning was missed: %d", got)
	}
}
