package facts

import (
	"math"
	"slices"
	"testing"
)

func TestGapsOneByOneUpTo16384Tokens(t *testing.T) {
	for _, test := range []struct {
		tokens int
		exact  bool
	}{{2, true}, {16383, true}, {16384, true}, {16385, false}, {40000, false}} {
		c := NewCollector()
		c.Begin(compiled(t, namedEvents), false)
		at := 0.
		for i := range test.tokens {
			at += float64(1000+i%7) / 1000
			give(t, c, at, "data: {\"plain\":\"a\"}\n\n")
		}
		c.Finish(nil)
		line := decode(t, c.AppendLine(nil, Identity{}))
		gaps, exact := line["gapsUs"].([]any)
		pairs, histogram := line["gapHistogramUs"].([]any)
		if exact != test.exact || histogram == test.exact {
			t.Errorf("%d tokens: gaps one by one %v, histogram %v", test.tokens, exact, histogram)
		}
		count := len(gaps)
		for _, pair := range pairs {
			count += int(pair.([]any)[1].(float64))
		}
		if count != test.tokens-1 || c.Gaps.Count() != count {
			t.Errorf("%d tokens: %d gaps, Count says %d", test.tokens, count, c.Gaps.Count())
		}
		visited := 0
		c.Gaps.Each(func(uint32) { visited++ })
		if visited != count {
			t.Errorf("%d tokens: Each visits %d", test.tokens, visited)
		}
	}
}

func TestHistogramIsWithinItsError(t *testing.T) {
	// From no gap at all to over an hour, and past every power of two.
	var values []uint32
	for v := 0.; v < math.MaxUint32; v = v*1.003 + 1 {
		values = append(values, uint32(v))
	}
	for bit := range 32 {
		values = append(values, 1<<bit, 1<<bit-1, 1<<bit+1)
	}
	values = append(values, math.MaxUint32)
	for _, v := range values {
		middle := bucketMiddle(v)
		if off := math.Abs(float64(middle) - float64(v)); off > 0.0005*float64(v) {
			t.Errorf("a gap of %d µs reads %d: %.4f %% off", v, middle, 100*off/float64(v))
		}
		if bucketMiddle(middle) != middle {
			t.Errorf("the middle %d of a bucket lies in another one", middle)
		}
	}
	var g Gaps
	for range 20000/len(values) + 1 {
		for _, v := range values {
			g.add(v)
		}
	}
	pairs := g.histogram()
	if !slices.IsSortedFunc(pairs, func(a, b [2]int64) int { return int(a[0] - b[0]) }) {
		t.Error("the histogram is not sorted")
	}
	g.reset()
	if g.Count() != 0 {
		t.Errorf("%d gaps left behind", g.Count())
	}
}
