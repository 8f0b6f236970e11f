// Command k6-standin is a stock k6 with a stand-in for the community extension phymbert/xk6-sse, including its faults.
//
// It exists for one purpose: the tests run the scenarios' fallback (lib/k6) on it. It is never shipped; do not
// measure with it.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "github.com/server-bench/xk6-sse/test/standin/community"
)

func main() {
	cmd.Execute()
}
