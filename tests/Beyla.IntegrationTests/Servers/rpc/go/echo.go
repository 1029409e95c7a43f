// gRPC of the fleet (../README.md) on grpc-go; compiles with every version of it since 1.33.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	clockMonotonic = 1
	mostBytes      = 16 << 20
	linger         = 200 * time.Millisecond // the reset of a call that was given up is still on its way
	service        = "fleet.Echo"
)

// The time package keeps its monotonic reading to itself.
func now() int64 {
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&t)), 0)
	return t.Nano()
}

type plainBytes struct{}

func (plainBytes) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }
func (plainBytes) Unmarshal(data []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), data...)
	return nil
}
func (plainBytes) Name() string   { return "bytes" }
func (plainBytes) String() string { return "bytes" }

type order map[string]int

func parse(message []byte) order {
	o := order{}
	for _, word := range strings.Split(string(message), ";") {
		if name, value, found := strings.Cut(word, "="); found {
			o[name], _ = strconv.Atoi(value)
		}
	}
	return o
}

func end(o order) error {
	if o["status"] == 0 {
		return nil
	}
	return status.Error(codes.Code(o["status"]), "as asked for")
}

func serve(isChat bool) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		var first order
		for {
			var message []byte
			if err := stream.RecvMsg(&message); err == io.EOF {
				break
			} else if err != nil {
				return err
			}
			if first == nil {
				first = parse(message)
				select {
				case <-time.After(time.Duration(first["sleep"]) * time.Millisecond):
				case <-stream.Context().Done():
					return stream.Context().Err()
				}
			}
			if isChat {
				reply := make([]byte, first["size"])
				if err := stream.SendMsg(&reply); err != nil {
					return err
				}
			}
		}
		for i := 0; !isChat && i < first["count"]; i++ {
			reply := make([]byte, first["size"])
			if err := stream.SendMsg(&reply); err != nil {
				return err
			}
		}
		return end(first)
	}
}

func runServer(port string, certificate ...string) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	options := []grpc.ServerOption{grpc.CustomCodec(plainBytes{}), grpc.MaxRecvMsgSize(mostBytes), grpc.MaxHeaderListSize(1 << 20)}
	if len(certificate) > 0 {
		secure, err := credentials.NewServerTLSFromFile(certificate[0], certificate[1])
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, grpc.Creds(secure))
	}
	server := grpc.NewServer(options...)
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: service,
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{
			{StreamName: "Unary", Handler: serve(false)},
			{StreamName: "Collect", Handler: serve(false), ClientStreams: true},
			{StreamName: "List", Handler: serve(false), ServerStreams: true},
			{StreamName: "Chat", Handler: serve(true), ClientStreams: true, ServerStreams: true},
		},
	}, nil)
	log.Fatal(server.Serve(listener))
}

type call struct {
	ID, Method       string
	Requests         []int
	Count, Size      int
	Status, Sleep    int
	Deadline, Cancel int
	Compress, Gate   bool
	Header           int
}

type truth struct {
	ID            string `json:"id"`
	Method        string `json:"method"`
	Status        int    `json:"status"`
	Responses     int    `json:"responses"`
	ResponseBytes int    `json:"responseBytes"`
	StartNs       int64  `json:"startNs"`
	EndNs         int64  `json:"endNs"`
}

func (c call) make(connection *grpc.ClientConn) truth {
	seen := truth{ID: c.ID, Method: service + "/" + c.Method, StartNs: now()}
	ctx, cancel := context.WithCancel(context.Background())
	if c.Deadline > 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(c.Deadline)*time.Millisecond)
	}
	defer cancel()
	if c.Cancel > 0 {
		time.AfterFunc(time.Duration(c.Cancel)*time.Millisecond, cancel)
	}
	if c.Header > 0 {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-large", strings.Repeat("h", c.Header))
	}
	var options []grpc.CallOption
	if c.Compress {
		options = append(options, grpc.UseCompressor(gzip.Name))
	}
	err := c.exchange(ctx, connection, &seen, options)
	if err != io.EOF {
		seen.Status = int(status.Code(err))
	}
	seen.EndNs = now()
	return seen
}

func (c call) exchange(ctx context.Context, connection *grpc.ClientConn, seen *truth, options []grpc.CallOption) error {
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/"+seen.Method, options...)
	if err != nil {
		return err
	}
	isChat := c.Method == "Chat"
	for i, size := range c.Requests {
		message := []byte(strings.Repeat("x", size))
		if i == 0 {
			copy(message, fmt.Sprintf("count=%d;size=%d;status=%d;sleep=%d;", c.Count, c.Size, c.Status, c.Sleep))
		}
		if stream.SendMsg(&message) != nil {
			break // the status comes with the next receive
		}
		if isChat {
			if err := c.receive(stream, seen); err != nil {
				return err
			}
		}
	}
	stream.CloseSend()
	for {
		if err := c.receive(stream, seen); err != nil {
			return err
		}
	}
}

func (c call) receive(stream grpc.ClientStream, seen *truth) error {
	var reply []byte
	err := stream.RecvMsg(&reply)
	if err == nil {
		seen.Responses++
		seen.ResponseBytes += len(reply)
	}
	return err
}

func connect(port string, certificate ...string) *grpc.ClientConn {
	security := grpc.WithInsecure()
	if len(certificate) > 0 {
		secure, err := credentials.NewClientTLSFromFile(certificate[0], "")
		if err != nil {
			log.Fatal(err)
		}
		security = grpc.WithTransportCredentials(secure)
	}
	connection, err := grpc.Dial("127.0.0.1:"+port,
		security,
		grpc.WithDefaultCallOptions(grpc.ForceCodec(plainBytes{}), grpc.MaxCallRecvMsgSize(mostBytes)))
	if err != nil {
		log.Fatal(err)
	}
	return connection
}

func runClient(port, plan, truthFile, workers string, certificate ...string) {
	var connection *grpc.ClientConn
	lines, _ := os.ReadFile(plan)
	out, _ := os.OpenFile(truthFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	input := bufio.NewReader(os.Stdin)
	most, _ := strconv.Atoi(workers)
	slots := make(chan struct{}, most)
	var running sync.WaitGroup
	isFirst := true
	for _, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		var c call
		if err := json.Unmarshal([]byte(line), &c); err != nil {
			log.Fatal(err)
		}
		if c.Gate || isFirst {
			running.Wait()
			fmt.Println("gate")
			input.ReadString('\n')
		}
		if isFirst {
			connection = connect(port, certificate...) // begins to connect, as other libraries do with the first call
		}
		isFirst = false
		slots <- struct{}{}
		running.Add(1)
		go func() {
			defer running.Done()
			text, _ := json.Marshal(c.make(connection))
			out.Write(append(text, '\n'))
			<-slots
		}()
	}
	running.Wait()
	time.Sleep(linger)
}

func main() {
	if os.Args[1] == "server" {
		runServer(os.Args[2], os.Args[3:]...)
	}
	runClient(os.Args[2], os.Args[3], os.Args[4], os.Args[5], os.Args[6:]...)
}
