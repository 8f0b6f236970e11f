package facts

import (
	"math"

	"github.com/server-bench/xk6-sse/internal/scan"
)

// mostTokens is more than any request has: a larger count is a wrong one.
const mostTokens = 1e9

// The counts of usage that are compared with each other, as lib/core/request/dialect.ts names them.
const (
	promptTokens     = "promptTokens"
	completionTokens = "completionTokens"
	totalTokens      = "totalTokens"
	cachedTokens     = "cachedTokens"
	reasoningTokens  = "reasoningTokens"
)

// predictedTokens is what llama-server's own timings count: of one choice.
const predictedTokens = "serverPredictedTokens"

// keepCount keeps a number of tokens: a whole one. No 0 replaces a count that came before, and what cannot be a count is noted.
func (c *Collector) keepCount(k *kept, path string, v scan.Value) {
	if v.Kind <= scan.Null {
		return
	}
	count, ok := countOf(v)
	switch {
	case !ok:
		c.noteUsage(path, v)
	case count > 0 || k.kind == scan.Absent:
		c.keep(k, v)
	}
}

// countOf is the value as a number of tokens.
func countOf(v scan.Value) (int64, bool) {
	if v.Kind != scan.Number {
		return 0, false
	}
	if len(v.Raw) <= 9 {
		count := int64(0)
		for _, c := range v.Raw {
			if c < '0' || c > '9' {
				count = -1
				break
			}
			count = count*10 + int64(c-'0')
		}
		if count >= 0 {
			return count, true
		}
	}
	number, ok := v.Float() // 12.0 is a whole number, too
	if !ok || number < 0 || number > mostTokens || number != math.Trunc(number) {
		return 0, false
	}
	return int64(number), true
}

// noteUsage keeps the first count of usage that cannot be true.
func (c *Collector) noteUsage(path string, v scan.Value) {
	if c.BadUsage == "" {
		text := v.Text()
		if v.Kind == scan.String {
			text = `"` + text + `"`
		}
		c.BadUsage = clip(path+": "+text, 200)
	}
}

// checkUsage takes out the counts that contradict the answer, or each other.
func (c *Collector) checkUsage() {
	if completion, ok := c.count(completionTokens); ok && completion == 0 && (c.TokenEvents > 0 || c.TokenBytes > 0) {
		c.contradiction("0 completion tokens, although some came")
		c.drop(completionTokens)
		for _, name := range [...]string{promptTokens, totalTokens, cachedTokens, reasoningTokens} {
			if count, ok := c.count(name); ok && count == 0 {
				c.drop(name)
			}
		}
	}
	if c.chosen.several() {
		c.checkChoices()
	}
	prompt, hasPrompt := c.count(promptTokens)
	if cached, ok := c.count(cachedTokens); ok && hasPrompt && cached > prompt {
		c.contradiction("more cached tokens than prompt tokens")
		c.drop(cachedTokens)
	}
	completion, _ := c.count(completionTokens)
	if total, ok := c.count(totalTokens); ok && total < prompt+completion {
		c.contradiction("a total below the sum of its parts")
		c.drop(totalTokens)
	}
}

// checkChoices takes out the usage of one choice alone, which llama-server reports of each. Of an answer of one choice
// nothing follows: proxies cut texts as they like.
func (c *Collector) checkChoices() {
	completion, ok := c.count(completionTokens)
	predicted, hasPredicted := c.number(predictedTokens)
	switch {
	case !ok:
		return
	case completion < float64(c.TokenEvents):
		c.contradiction("fewer completion tokens than events with tokens of several choices")
	case hasPredicted && predicted == completion:
		c.contradiction("the completion tokens of one of several choices")
	default:
		return
	}
	c.drop(completionTokens)
	c.drop(totalTokens)
}

func (c *Collector) contradiction(text string) {
	if c.BadUsage == "" {
		c.BadUsage = text
	}
}

// count is the settled count under a name; false where the dialect has no such count, or the answer none.
func (c *Collector) count(name string) (float64, bool) {
	if !c.plan.counts[name] {
		return 0, false
	}
	return c.number(name)
}

// number is the settled number under a name.
func (c *Collector) number(name string) (float64, bool) {
	for _, field := range c.Request.Fields {
		if field.Name == name {
			number, ok := field.Value.(float64)
			return number, ok
		}
	}
	return 0, false
}

func (c *Collector) drop(name string) {
	for i, field := range c.Request.Fields {
		if field.Name == name {
			c.Request.Fields = append(c.Request.Fields[:i], c.Request.Fields[i+1:]...)
			return
		}
	}
}
