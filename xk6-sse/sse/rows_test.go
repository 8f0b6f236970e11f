package sse

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.k6.io/k6/v2/lib"
)

func writeRows(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRowsAreAListOfParsedLines(t *testing.T) {
	root := newRoot(t)
	u := newInit(t, root)
	path := writeRows(t, "{\"prompt\":\"één\"}\n\n{\"prompt\":\"two\",\"n\":2}\r\n{\"prompt\":\"last\"}")
	if err := u.VU.Runtime().Set("path", path); err != nil {
		t.Fatal(err)
	}
	value, err := u.VU.Runtime().RunString(`
		const rows = sse.rows(path);
		const seen = [rows.length, Array.isArray(rows), rows[0].prompt, rows[1].n, rows[2].prompt, rows[3], rows[-1]];
		seen.push(rows.map((row) => row.prompt.length).join());
		seen.push([...rows].length);
		let refused = "";
		try { (() => { "use strict"; rows[0] = 1; })(); } catch (error) { refused = "refused"; }
		seen.push(refused);
		JSON.stringify(seen)`)
	if err != nil {
		t.Fatal(err)
	}
	want := `[3,true,"één",2,"last",null,null,"3,3,4",3,"refused"]`
	if value.String() != want {
		t.Errorf("got %s, want %s", value, want)
	}
}

func TestRowsAreReadOnceAProcess(t *testing.T) {
	root := newRoot(t)
	path := writeRows(t, "1\n2\n")
	first := newInit(t, root)
	if _, err := first.instance.Rows(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	second := newInit(t, root)
	rows, err := second.instance.Rows(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := rows.ToObject(second.VU.Runtime()).Get("1").ToInteger(); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}

func TestRowsSayWhatIsWrong(t *testing.T) {
	root := newRoot(t)
	u := newInit(t, root)
	if _, err := u.instance.Rows("/no/such/file"); err == nil || !strings.Contains(err.Error(), "/no/such/file") {
		t.Errorf("got %v, want the path of the file", err)
	}
	if err := u.VU.Runtime().Set("path", writeRows(t, "{}\n{\"half\":\n")); err != nil {
		t.Fatal(err)
	}
	_, err := u.VU.Runtime().RunString(`sse.rows(path)[1]`)
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v, want the number of the line", err)
	}
	u.start(lib.Options{})
	if _, err := u.instance.Rows("/no/such/file"); err == nil || !strings.Contains(err.Error(), "init context") {
		t.Errorf("got %v, want the init context", err)
	}
}
