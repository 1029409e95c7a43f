// The fleet's contract (../README.md) on net/http.
package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

const (
	clockMonotonic = 1
	piece          = 64 * 1024
)

type record struct {
	ID             string `json:"id"`
	Method         string `json:"method"`
	Path           string `json:"path"`
	Status         int    `json:"status"`
	RequestBytes   int64  `json:"requestBytes"`
	ResponseBytes  int64  `json:"responseBytes"`
	HandlerStartNs int64  `json:"handlerStartNs"`
	HandlerEndNs   int64  `json:"handlerEndNs"`
}

// Makes a server without TLS speak HTTP/2; another file says how, as releases differ in it.
var speakH2c func(*http.Server)

var (
	truth   *os.File
	content = bytes.Repeat([]byte("HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n"), 30000)
)

// The time package keeps its monotonic reading to itself.
func now() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

func answer(w http.ResponseWriter, r *http.Request) {
	start := now()
	query := r.URL.Query()
	parts := strings.Split(r.URL.Path, "/")
	status := http.StatusOK
	if parts[1] == "status" {
		status, _ = strconv.Atoi(parts[2])
	}
	line := record{query.Get("id"), r.Method, r.URL.Path, status, 0, 0, start, start}
	defer func() {
		text, _ := json.Marshal(line)
		truth.Write(append(text, '\n'))
	}()

	var err error
	if line.RequestBytes, err = io.Copy(io.Discard, r.Body); err != nil {
		return
	}
	if delay, err := strconv.Atoi(query.Get("delay_ms")); err == nil {
		time.Sleep(time.Duration(delay) * time.Millisecond)
	}

	size, _ := strconv.ParseInt(query.Get("size"), 10, 64)
	w.Header().Set("Content-Type", "application/octet-stream")
	if query.Has("close") {
		w.Header().Set("Connection", "close")
	}
	if !query.Has("chunked") && status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	}
	w.WriteHeader(status)
	line.HandlerEndNs = now()
	if r.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified {
		return
	}
	for line.ResponseBytes < size {
		end := line.ResponseBytes + piece
		if end > size {
			end = size
		}
		line.HandlerEndNs = now()
		written, err := w.Write(content[line.ResponseBytes:end])
		line.ResponseBytes += int64(written)
		if err != nil {
			return
		}
		if query.Has("chunked") {
			// Otherwise a short answer would not be chunked at all.
			w.(http.Flusher).Flush()
		}
	}
}

func main() {
	var err error
	if truth, err = os.OpenFile(os.Args[2], os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644); err != nil {
		panic(err)
	}
	server := http.Server{Addr: "127.0.0.1:" + os.Args[1], Handler: http.HandlerFunc(answer)}
	isSecure, isHTTP2 := len(os.Args) > 3, os.Getenv("PROTOCOL") == "Http2"
	switch {
	case !isHTTP2:
		// HTTP/1 alone: the mix is about its framing.
		server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	case !isSecure:
		speakH2c(&server)
	}
	if isSecure {
		panic(server.ListenAndServeTLS(os.Args[3], os.Args[4]))
	}
	panic(server.ListenAndServe())
}
