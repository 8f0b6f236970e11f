package priority

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lowest is the lowest real-time priority.
	lowest = 1
	// raised is what a session's autogroup gets.
	raised = -20
	// passes over the threads of a process; a second one finds those that started during the first.
	passes = 20
)

// Try finds out what this process may do.
func Try() Options {
	return Options{Realtime: possible(tryRealtime()), Autogroup: possible(tryAutogroup())}
}

// realtime sets each thread: Go starts threads at any time, which take the policy of the thread that starts them (which
// is why they must not be reset on fork).
func realtime() error {
	if err := checkThrottle(); err != nil {
		return err
	}
	return eachThread(unix.SCHED_RR, lowest)
}

// Lower makes real-time threads ordinary ones again.
func Lower() { _ = eachThread(unix.SCHED_NORMAL, 0) }

// eachThread sets the policy of all threads that have another one, until there is none.
func eachThread(policy uint32, priority uint32) error {
	for range passes {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return err
		}
		changed := 0
		for _, task := range tasks {
			tid, err := strconv.Atoi(task.Name())
			if err != nil {
				continue
			}
			attr, err := unix.SchedGetAttr(tid, 0)
			if errors.Is(err, unix.ESRCH) {
				continue // it has ended
			}
			if err != nil {
				return err
			}
			if attr.Policy == policy {
				continue
			}
			attr.Policy, attr.Priority = policy, priority
			if err := unix.SchedSetAttr(tid, attr, 0); err != nil && !errors.Is(err, unix.ESRCH) {
				return notPermitted(err)
			}
			changed++
		}
		if changed == 0 {
			return nil
		}
	}
	return errors.New("threads keep starting")
}

// tryRealtime does it with one thread, for a moment.
func tryRealtime() error {
	if err := checkThrottle(); err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return err
	}
	if before.Policy == unix.SCHED_RR || before.Policy == unix.SCHED_FIFO {
		return nil
	}
	attr := *before
	attr.Policy, attr.Priority = unix.SCHED_RR, lowest
	if err := unix.SchedSetAttr(0, &attr, 0); err != nil {
		return notPermitted(err)
	}
	return unix.SchedSetAttr(0, before, 0)
}

// checkThrottle refuses where nothing keeps real-time threads from taking whole cores.
func checkThrottle() error {
	text, err := os.ReadFile("/proc/sys/kernel/sched_rt_runtime_us")
	if err != nil {
		return errors.New("the kernel's limit for real-time processes is not known")
	}
	runtime, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || runtime < 0 {
		return errors.New("the kernel does not limit real-time processes (kernel.sched_rt_runtime_us is -1)")
	}
	if runtime == 0 {
		return errors.New("the kernel allows no real-time processes (kernel.sched_rt_runtime_us is 0)")
	}
	return nil
}

func notPermitted(err error) error {
	if !errors.Is(err, unix.EPERM) {
		return err
	}
	if mayNice() {
		return errors.New("the process's CPU group (cgroup) allows no real-time processes")
	}
	return errors.New("not permitted (CAP_SYS_NICE)")
}

func mayNice() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	return unix.Capget(&header, &data[0]) == nil && data[0].Effective&(1<<unix.CAP_SYS_NICE) != 0
}

// autogroup raises that of a session of the process's own: in a shared one it would raise its neighbours, too.
func autogroup() error {
	if err := checkAutogroup(); err != nil {
		return err
	}
	if sid, err := unix.Getsid(0); err != nil || sid != os.Getpid() {
		return errors.New("the process has no session of its own")
	}
	var err error
	for range 5 {
		err = os.WriteFile("/proc/self/autogroup", []byte(strconv.Itoa(raised)), 0)
		if !errors.Is(err, unix.EAGAIN) {
			break
		}
		time.Sleep(110 * time.Millisecond) // the kernel takes ten a second from all processes
	}
	if err != nil {
		return fmt.Errorf("the session's autogroup cannot be raised: %w", err)
	}
	return nil
}

// tryAutogroup tests the same right with the nice value of one thread, for a moment.
func tryAutogroup() error {
	if err := checkAutogroup(); err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	tid := unix.Gettid()
	before, err := unix.Getpriority(unix.PRIO_PROCESS, tid)
	if err != nil {
		return err
	}
	if unix.Setpriority(unix.PRIO_PROCESS, tid, raised) != nil {
		return errors.New("not permitted (CAP_SYS_NICE)")
	}
	return unix.Setpriority(unix.PRIO_PROCESS, tid, 20-before) // the system call returns 20 minus the value
}

// checkAutogroup refuses where sessions do not share cores as groups.
func checkAutogroup() error {
	text, err := os.ReadFile("/proc/sys/kernel/sched_autogroup_enabled")
	if err != nil || strings.TrimSpace(string(text)) == "0" {
		return errors.New("the kernel does not group processes by session")
	}
	text, err = os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return errors.New("the process's CPU group (cgroup) is not known")
	}
	if inCPUGroup(string(text), "/sys/fs/cgroup") {
		return errors.New("the process's CPU group (cgroup) takes the place of sessions")
	}
	return nil
}

// inCPUGroup reports whether a process with this /proc/PID/cgroup is in a group that has a share of the CPU of its own.
func inCPUGroup(cgroup, root string) bool {
	for line := range strings.Lines(cgroup) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		folder, file := "", "cpu.weight"
		switch {
		case parts[1] == "":
		case strings.Contains(","+parts[1]+",", ",cpu,"):
			folder, file = parts[1], "cpu.shares"
		default:
			continue
		}
		for group := filepath.Clean("/" + parts[2]); group != "/"; group = filepath.Dir(group) {
			if _, err := os.Stat(filepath.Join(root, folder, group, file)); err == nil {
				return true
			}
		}
	}
	return false
}
