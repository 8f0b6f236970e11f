package priority

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// policies counts the threads of this process by their scheduling policy.
func policies(t *testing.T) map[uint32]int {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	counts := make(map[uint32]int)
	for _, task := range tasks {
		tid, _ := strconv.Atoi(task.Name())
		if attr, err := unix.SchedGetAttr(tid, 0); err == nil {
			counts[attr.Policy]++
		}
	}
	return counts
}

func TestRaiseTakesAllThreadsAndLaterOnes(t *testing.T) {
	if tried := Try().Realtime; !tried.Possible {
		t.Skip(tried.Reason)
	}
	if counts := policies(t); counts[unix.SCHED_RR] != 0 {
		t.Fatalf("trying it left real-time threads behind: %v", counts)
	}
	done, err := Raise(Realtime)
	t.Cleanup(Lower)
	if done != Realtime || err != nil {
		t.Fatal(done, err)
	}
	before := len(policies(t)) // one policy
	// Locked threads are not shared, so the runtime starts others.
	ready, end := make(chan struct{}), make(chan struct{})
	const later = 20
	for range later {
		go func() {
			runtime.LockOSThread()
			ready <- struct{}{}
			<-end
		}()
		<-ready
	}
	counts := policies(t)
	close(end)
	if before != 1 || counts[unix.SCHED_RR] < later || len(counts) != 1 {
		t.Errorf("threads by policy: %v", counts)
	}
	Lower()
	if counts := policies(t); counts[unix.SCHED_RR] != 0 {
		t.Errorf("after Lower: %v", counts)
	}
}

// Real time takes the cores from a server beside it: only on request.
func TestAutoTakesNoRealTime(t *testing.T) {
	if done, err := Raise(Auto); done == Realtime || err != nil {
		t.Error(done, err)
	}
	if counts := policies(t); counts[unix.SCHED_RR] != 0 {
		t.Errorf("threads by policy: %v", counts)
	}
}

func TestRaiseRefusesAnUnknownMode(t *testing.T) {
	if _, err := Raise("fast"); err == nil {
		t.Error("no error")
	}
}

func TestInCPUGroup(t *testing.T) {
	root := t.TempDir()
	for _, file := range []string{"user.slice/cpu.weight", "plain/cgroup.procs", "cpu,cpuacct/docker/abc/cpu.shares"} {
		path := filepath.Join(root, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name, cgroup string
		want         bool
	}{
		{"the root", "0::/\n", false},
		{"a group without the CPU controller", "0::/plain/inner\n", false},
		{"a group below one with a weight", "0::/user.slice/session-2.scope\n", true},
		{"version 1, the root", "3:cpu,cpuacct:/\n0::/\n", false},
		{"version 1, a container", "4:memory:/x\n3:cpu,cpuacct:/docker/abc\n", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := inCPUGroup(test.cgroup, root); got != test.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
