package launch

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The test's own binary is the launcher.
func launch(t *testing.T, task string, args ...string) (string, *exec.Cmd) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, args...)
	command.Env = append(os.Environ(), variable+"="+task)
	out, _ := command.CombinedOutput()
	return string(out), command
}

func TestACommandGetsItsGroupAndKeepsTheSession(t *testing.T) {
	out, command := launch(t, "exec", "sh", "-c", "cat /proc/$$/stat; echo left=$"+variable)
	fields := strings.Fields(out[strings.LastIndex(out, ")")+2:])
	pid := command.Process.Pid
	if group := fields[2]; group != strconv.Itoa(pid) {
		t.Errorf("group %s, want the process's own, %d", group, pid)
	}
	sid, _ := unix.Getsid(0)
	if session := fields[3]; session != strconv.Itoa(sid) {
		t.Errorf("session %s, want the caller's, %d", session, sid)
	}
	if !strings.HasSuffix(out, "left=\n") {
		t.Errorf("the variable is passed on: %q", out)
	}
}

func TestACommandThatIsNotThereIs127(t *testing.T) {
	out, command := launch(t, "exec", "/nowhere/program")
	if command.ProcessState.ExitCode() != 127 || !strings.Contains(out, "/nowhere/program") {
		t.Errorf("exit code %d: %s", command.ProcessState.ExitCode(), out)
	}
}

func TestTryAnswersInJSON(t *testing.T) {
	out, command := launch(t, "try")
	if command.ProcessState.ExitCode() != 0 || !strings.Contains(out, `"realtime":{"possible":`) {
		t.Errorf("exit code %d: %s", command.ProcessState.ExitCode(), out)
	}
}
