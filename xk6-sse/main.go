// Command k6 is k6 with the extension `k6/x/sse`.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "github.com/server-bench/xk6-sse/sse"
)

func main() {
	cmd.Execute()
}
