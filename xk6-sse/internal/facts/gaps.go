package facts

import (
	"math/bits"
	"sort"
)

// exactGaps is how many tokens of a stream keep their gaps one by one.
const exactGaps = 16384

// Gaps are the times between consecutive token events of a stream, in whole microseconds: one by one up to
// exactGaps, beyond that a histogram whose buckets are at most 1/2048 (0.05 %) wide.
type Gaps struct {
	list    []uint32
	buckets map[uint32]uint32
}

func (g *Gaps) reset() {
	g.list = g.list[:0]
	g.buckets = nil
}

func (g *Gaps) add(us uint32) {
	if g.buckets != nil {
		g.buckets[bucketMiddle(us)]++
		return
	}
	if len(g.list) < exactGaps-1 {
		g.list = append(g.list, us)
		return
	}
	g.buckets = make(map[uint32]uint32)
	for _, earlier := range g.list {
		g.buckets[bucketMiddle(earlier)]++
	}
	g.buckets[bucketMiddle(us)]++
}

// bucketMiddle keeps the top 12 bits of v and puts the middle of what it drops in their place.
func bucketMiddle(v uint32) uint32 {
	drop := bits.Len32(v) - 12
	if drop <= 0 {
		return v
	}
	return v>>drop<<drop + 1<<(drop-1)
}

// histogram is the buckets by rising gap: pairs of gap and count.
func (g *Gaps) histogram() [][2]int64 {
	pairs := make([][2]int64, 0, len(g.buckets))
	for us, count := range g.buckets {
		pairs = append(pairs, [2]int64{int64(us), int64(count)})
	}
	sort.Slice(pairs, func(i, j int) bool { return pairs[i][0] < pairs[j][0] })
	return pairs
}

// Each calls visit with each gap in microseconds; for a bucket, as many times as its count.
func (g *Gaps) Each(visit func(us uint32)) {
	if g.buckets == nil {
		for _, us := range g.list {
			visit(us)
		}
		return
	}
	for us, count := range g.buckets {
		for range count {
			visit(us)
		}
	}
}

// Count is how many gaps there are.
func (g *Gaps) Count() int {
	if g.buckets == nil {
		return len(g.list)
	}
	sum := 0
	for _, count := range g.buckets {
		sum += int(count)
	}
	return sum
}
