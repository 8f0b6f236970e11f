package scan

import (
	"strings"
	"testing"
)

func TestCompileRejects(t *testing.T) {
	for _, row := range []struct{ name, path, want string }{
		{"the empty path", "", "got an empty one"},
		{"a dot alone", ".", "empty segment"},
		{"a dot at the start", ".a", "empty segment"},
		{"a dot at the end", "a.", "empty segment"},
		{"two dots in a row", "a..b", "empty segment"},
		{"bytes that are not UTF-8", "a.\xff", "UTF-8"},
		{"the replacement character, which replaces such bytes in keys", "a.\uFFFD", "UTF-8"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Compile([]string{"fine", row.path})
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want an error with %q", err, row.want)
			}
		})
	}
}

func TestCompileTakesNoPathsAtAll(t *testing.T) {
	plan, err := Compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewScanner()
	if err := s.Scan([]byte(`{"a":[1,{"b":null}]}`)); err != nil {
		t.Error(err)
	}
	if err := s.Scan([]byte(`{"a":[1,{"b":nul}]}`)); err == nil {
		t.Error("malformed JSON passed")
	}
}
