package facts

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/server-bench/xk6-sse/internal/stamp"
)

// golden is a file of test/golden, whose README explains the keys.
type golden struct {
	Name    string
	Dialect string
	Chunks  []struct {
		AtMs         float64
		SinceMs      float64
		Segments     int
		Text, Base64 string
	}
	Close *struct {
		AtMs float64
		How  string
	}
	Facts map[string]any
	Given map[string]any
}

const goldenFolder = "../../../test/golden"

func TestGoldenVectors(t *testing.T) {
	// `go test` keeps results by the files that a test reads in the module, and by variables: test/golden is outside.
	_ = os.Getenv("SERVER_BENCH_GOLDEN")
	files, err := filepath.Glob(filepath.Join(goldenFolder, "*.json"))
	if err != nil || len(files) < 12 {
		t.Fatalf("expected the golden vectors in %s, found %d: %v", goldenFolder, len(files), err)
	}
	c := NewCollector() // one for all of them: nothing may be left behind
	for _, file := range append(files, files...) {
		vector := readGolden(t, file)
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			c.Begin(dialectFile(t, vector.Dialect), false)
			segments := new(asked)
			if len(vector.Chunks) > 0 && vector.Chunks[0].Segments > 0 {
				c.AskSegments(segments)
			}
			for _, chunk := range vector.Chunks {
				segments.isOne = chunk.Segments == 1
				body := []byte(chunk.Text)
				if chunk.Base64 != "" {
					if body, err = base64.StdEncoding.DecodeString(chunk.Base64); err != nil {
						t.Fatal(err)
					}
				}
				giveSince(t, c, chunk.AtMs, chunk.SinceMs, string(body))
			}
			var failure *Error
			if vector.Close != nil {
				switch vector.Close.How {
				case "reset":
					failure = &Error{Kind: "reset", Message: "connection reset by peer"}
				case "short":
					failure = &Error{Kind: "eof", Message: "the connection ended before the answer did"}
				}
			}
			c.Finish(failure)

			line := decodeFacts(t, c)
			for key, want := range vector.Facts {
				if !reflect.DeepEqual(line[key], want) {
					t.Errorf("%s: %s: got %v, want %v", vector.Name, key, line[key], want)
				}
			}
			for key, got := range line {
				if _, ok := vector.Facts[key]; !ok && fromBytes[key] {
					t.Errorf("%s: %s: got %v, want none", vector.Name, key, got)
				}
			}
		})
	}
}

// fromBytes are the facts that follow from bytes and times alone and may be absent.
var fromBytes = map[string]bool{
	"firstTokenMs": true, "firstContentMs": true, "lastTokenMs": true, "inBandError": true, "gapHistogramUs": true,
	"text": true, "body": true, "document": true, "firstTokenEarliestMs": true, "firstContentEarliestMs": true, "lastTokenEarliestMs": true, "uncertainGaps": true, "uncertainGapCount": true, "openChoices": true, "noFinishReason": true, "badUsage": true, "unread": true,
}

func readGolden(t *testing.T, file string) (vector golden) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &vector); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return vector
}

// dialectFile compiles a dialect that a TypeScript test compares with the real one.
func dialectFile(t testing.TB, name string) *Plan {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(goldenFolder, "dialects", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return compiled(t, string(text))
}

func compiled(t testing.TB, dialect string) *Plan {
	t.Helper()
	plan, err := Compile([]byte(dialect))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// give is one read.
func give(t testing.TB, c *Collector, atMs float64, text string) int64 {
	t.Helper()
	return giveSince(t, c, atMs, 0, text)
}

// giveSince is one read whose bytes may have been there since a moment.
func giveSince(t testing.TB, c *Collector, atMs, sinceMs float64, text string) int64 {
	t.Helper()
	space, err := c.Space()
	if err != nil {
		t.Fatal(err)
	}
	if n := copy(space, text); n != len(text) {
		t.Fatalf("a read of %d bytes does not fit into %d", len(text), n)
	}
	return c.Read(len(text), stamp.Arrival{At: int64(atMs * 1e6), Earliest: int64(sinceMs * 1e6), Source: stamp.Kernel})
}

// arrival is that of a read whose segments are not known.
func arrival(at int64) stamp.Arrival { return stamp.Arrival{At: at, Source: stamp.Kernel} }

func decode(t testing.TB, line []byte) (object map[string]any) {
	t.Helper()
	if err := json.Unmarshal(line, &object); err != nil {
		t.Fatalf("no valid JSON: %v\n%s", err, line)
	}
	return object
}

// decodeFacts is what a script gets of a request: the journal's line, with the text where that is wanted.
func decodeFacts(t testing.TB, c *Collector) map[string]any {
	t.Helper()
	object := decode(t, c.AppendLine(nil, Identity{}))
	if c.wantText {
		object["text"] = string(c.Text)
	}
	return object
}
