// The fleet's client contract (../README.md) on net/http.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"
)

const clockMonotonic = 1

type plan struct {
	ID           string `json:"id"`
	Method       string `json:"method"`
	Target       string `json:"target"`
	RequestBytes *int64 `json:"requestBytes"`
	Chunked      bool   `json:"chunked"`
}

type record struct {
	ID            string `json:"id"`
	Method        string `json:"method"`
	Path          string `json:"path"`
	Status        int    `json:"status"`
	RequestBytes  int64  `json:"requestBytes"`
	ResponseBytes int64  `json:"responseBytes"`
	StartNs       int64  `json:"startNs"`
	EndNs         int64  `json:"endNs"`
}

// The time package keeps its monotonic reading to itself.
func now() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func ask(client *http.Client, base string, p plan, truth *os.File) {
	var content io.Reader
	var size int64
	if p.RequestBytes != nil {
		size = *p.RequestBytes
		content = bytes.NewReader(bytes.Repeat([]byte("c"), int(size)))
		if p.Chunked {
			content = io.MultiReader(content) // hides the length
		}
	}
	start := now()
	request, err := http.NewRequest(p.Method, base+p.Target, content)
	must(err)
	response, err := client.Do(request)
	must(err)
	received, err := io.Copy(io.Discard, response.Body)
	must(err)
	response.Body.Close()
	line := record{p.ID, p.Method, strings.Split(p.Target, "?")[0], response.StatusCode, size, received, start, now()}
	text, err := json.Marshal(line)
	must(err)
	truth.Write(append(text, '\n'))
}

// Opens as many connections as there are workers.
func warm(client *http.Client, base string, workers int) {
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			response, err := client.Get(base + "/warm?delay_ms=300")
			must(err)
			_, err = io.Copy(io.Discard, response.Body)
			must(err)
			response.Body.Close()
		}()
	}
	group.Wait()
	println("warm")
}

func main() {
	base, planFile, truthFile := os.Args[1], os.Args[2], os.Args[3]
	workers, err := strconv.Atoi(os.Args[4])
	must(err)
	truth, err := os.OpenFile(truthFile, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	must(err)
	file, err := os.ReadFile(planFile)
	must(err)
	plans := make(chan plan, 10000)
	for _, line := range strings.Split(strings.TrimSpace(string(file)), "\n") {
		var p plan
		must(json.Unmarshal([]byte(line), &p))
		plans <- p
	}
	close(plans)

	isHTTP2 := os.Getenv("PROTOCOL") == "Http2"
	transport := &http.Transport{MaxIdleConnsPerHost: workers, ForceAttemptHTTP2: isHTTP2}
	if !isHTTP2 {
		// A map of its own keeps the transport from HTTP/2.
		transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	if pem, err := os.ReadFile(os.Getenv("SSL_CERT_FILE")); err == nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if os.Getenv("WARM") != "" {
		warm(client, base, workers)
	}
	bufio.NewReader(os.Stdin).ReadString('\n')
	var group sync.WaitGroup
	for i := 0; i < workers; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for p := range plans {
				ask(client, base, p, truth)
			}
		}()
	}
	group.Wait()
}
