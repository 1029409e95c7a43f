"""gRPC of the fleet (../README.md) on grpcio."""
import concurrent.futures
import json
import os
import sys
import threading
import time

import grpc

SERVICE = "fleet.Echo"
LINGER = 0.2  # the reset of a call that was given up is still on its way
OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_metadata_size", 1 << 20),
    ("grpc.absolute_max_metadata_size", 1 << 20),
]


def parse(message):
    words = [word.split(b"=") for word in message.split(b";") if b"=" in word]
    return {name.decode(): int(value) for name, value in words}


def end(order, context):
    if order["status"] != 0:
        context.abort(next(code for code in grpc.StatusCode if code.value[0] == order["status"]), "as asked for")


def replies(requests, context, is_chat=False):
    order = None
    for message in requests:
        if order is None:
            order = parse(message)
            gone = threading.Event()
            context.add_callback(gone.set)
            if gone.wait(order["sleep"] / 1000):
                return
        if is_chat:
            yield bytes(order["size"])
    if not is_chat:
        for _ in range(order["count"]):
            yield bytes(order["size"])
    end(order, context)


def run_server(port, *certificate):
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(32), options=OPTIONS)
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {
        "Unary": grpc.unary_unary_rpc_method_handler(lambda message, context: first(replies([message], context))),
        "Collect": grpc.stream_unary_rpc_method_handler(lambda messages, context: first(replies(messages, context))),
        "List": grpc.unary_stream_rpc_method_handler(lambda message, context: replies([message], context)),
        "Chat": grpc.stream_stream_rpc_method_handler(lambda messages, context: replies(messages, context, True)),
    }),))
    if certificate:
        chain, key = [read(file) for file in certificate]
        server.add_secure_port(f"127.0.0.1:{port}", grpc.ssl_server_credentials([(key, chain)]))
    else:
        server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    server.wait_for_termination()


def first(messages):
    """The only reply; what comes behind it is the status."""
    found = b""
    for found in messages:
        pass
    return found


def make(channel, call):
    start = time.monotonic_ns()
    sizes = call["requests"]

    def message(index):
        if index > 0:
            return b"x" * sizes[index]
        order = "count={count};size={size};status={status};sleep={sleep};".format(**call).encode()
        return order + b"x" * (sizes[0] - len(order))

    may_send = threading.Semaphore(1)

    def messages():
        for index in range(len(sizes)):
            if call["method"] == "Chat":
                may_send.acquire()
            yield message(index)

    # A unary call with a deadline in its signature waits for its answer; a stream can be given up.
    stub = {
        "Unary": channel.unary_stream,
        "List": channel.unary_stream,
        "Missing": channel.unary_stream,
        "Collect": channel.stream_stream,
        "Chat": channel.stream_stream,
    }[call["method"]](f"/{SERVICE}/{call['method']}")
    argument = message(0) if call["method"] in ("Unary", "List", "Missing") else messages()
    answer = stub(
        argument,
        timeout=call["deadline"] / 1000 if call["deadline"] else None,
        metadata=[("x-large", "h" * call["header"])] if call["header"] else None,
        compression=grpc.Compression.Gzip if call["compress"] else None,
    )
    if call["cancel"]:
        threading.Timer(call["cancel"] / 1000, answer.cancel).start()
    seen = {"responses": 0, "responseBytes": 0}
    status = 0
    try:
        for reply in answer:
            seen["responses"] += 1
            seen["responseBytes"] += len(reply)
            may_send.release()
    except grpc.RpcError as error:
        status = error.code().value[0]
    return {"id": call["id"], "method": f"{SERVICE}/{call['method']}", "status": status, **seen, "startNs": start, "endNs": time.monotonic_ns()}


def open_channel(port, *certificate):
    if certificate:
        return grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(read(*certificate)), options=OPTIONS)
    return grpc.insecure_channel(f"127.0.0.1:{port}", options=OPTIONS)


def read(file):
    with open(file, "rb") as content:
        return content.read()


def run_client(port, plan, truth_file, workers, *certificate):
    channel = open_channel(port, *certificate)
    out = os.open(truth_file, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o644)
    running = []
    with concurrent.futures.ThreadPoolExecutor(int(workers)) as pool:
        with open(plan, encoding="ascii") as lines:
            for number, line in enumerate(lines):
                call = json.loads(line)
                if call["gate"] or number == 0:
                    concurrent.futures.wait(running)
                    print("gate", flush=True)
                    sys.stdin.readline()
                running.append(pool.submit(lambda call=call: os.write(out, (json.dumps(make(channel, call)) + "\n").encode())))
        for task in running:
            task.result()
    time.sleep(LINGER)


if sys.argv[1] == "server":
    run_server(*sys.argv[2:])
else:
    run_client(*sys.argv[2:])
