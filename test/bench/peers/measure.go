// Runs a program, writes its standard output to a file, and tells what it took: nanoseconds from its start to its
// end, nanoseconds of all its processors together, and the most memory it had, in bytes.
package main

import (
	"encoding/json"
	"errors"
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

type taken struct {
	Time      time.Duration `json:"time"`
	Processor time.Duration `json:"processor"`
	Memory    int64         `json:"memory"`
	Code      int           `json:"code"`
}

func main() {
	output, err := os.Create(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	command := exec.Command(os.Args[2], os.Args[3:]...)
	command.Stdout = output
	command.Stderr = os.Stderr
	began := time.Now()
	err = command.Run()
	took := time.Since(began)
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		log.Fatal(err)
	}
	state := command.ProcessState
	if err := json.NewEncoder(os.Stdout).Encode(taken{
		Time:      took,
		Processor: state.UserTime() + state.SystemTime(),
		Memory:    memory(state.SysUsage().(*syscall.Rusage)),
		Code:      state.ExitCode(),
	}); err != nil {
		log.Fatal(err)
	}
}

// Darwin counts in bytes, other systems in KiB.
func memory(usage *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss * 1024
}
