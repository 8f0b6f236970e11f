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

	last      uint32
	isDoubted bool       // the last one is not known
	uncertain [][2]int64 // runs of those in the list that are not known: first index, count
	left      int64      // those that are not known, and not in the buckets
}

func (g *Gaps) reset() {
	g.list = g.list[:0]
	g.buckets = nil
	g.isDoubted, g.uncertain, g.left = false, g.uncertain[:0], 0
}

func (g *Gaps) add(us uint32) {
	g.last, g.isDoubted = us, false
	if g.buckets != nil {
		g.buckets[bucketMiddle(us)]++
		return
	}
	if len(g.list) < exactGaps-1 {
		g.list = append(g.list, us)
		return
	}
	g.buckets = make(map[uint32]uint32)
	g.known(func(earlier uint32) { g.buckets[bucketMiddle(earlier)]++ })
	for _, run := range g.uncertain {
		g.left += run[1]
	}
	g.buckets[bucketMiddle(us)]++
}

// doubt records that the last gap is not known.
func (g *Gaps) doubt() {
	if g.isDoubted {
		return
	}
	g.isDoubted = true
	if g.buckets != nil {
		middle := bucketMiddle(g.last)
		if g.buckets[middle]--; g.buckets[middle] == 0 {
			delete(g.buckets, middle)
		}
		g.left++
		return
	}
	index := int64(len(g.list) - 1)
	if n := len(g.uncertain) - 1; n >= 0 && g.uncertain[n][0]+g.uncertain[n][1] == index {
		g.uncertain[n][1]++
		return
	}
	g.uncertain = append(g.uncertain, [2]int64{index, 1})
}

// known calls visit with each gap of the list that is known.
func (g *Gaps) known(visit func(us uint32)) {
	from := 0
	for _, run := range g.uncertain {
		for _, us := range g.list[from:run[0]] {
			visit(us)
		}
		from = int(run[0] + run[1])
	}
	for _, us := range g.list[from:] {
		visit(us)
	}
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

// Each calls visit with each gap in microseconds, also with those that are not known; for a bucket, as many times as its
// count.
func (g *Gaps) Each(visit func(us uint32)) {
	if g.buckets != nil {
		g.Known(visit)
		return
	}
	for _, us := range g.list {
		visit(us)
	}
}

// Known is Each without the gaps that are not known.
func (g *Gaps) Known(visit func(us uint32)) {
	if g.buckets == nil {
		g.known(visit)
		return
	}
	for us, count := range g.buckets {
		for range count {
			visit(us)
		}
	}
}

// Count is how many gaps Each visits.
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
