// SPDX-License-Identifier: Apache-2.0
/* Source of facts: reads and writes on TCP sockets of watched processes, and the end of their connections. */
#include "maps.h"
#include "user_buffer.h"

#define FLOOR_BYTES 32 /* copied of an I/O even when the head budget is used up: a chunk header fits */

/* The record under construction with room for twice the largest copy, so that any masked offset plus length fits. */
struct socket_scratch {
	struct beyla_socket_record record;
	__u8 bytes[2 * BEYLA_MAX_HEAD_BYTES];
	__u8 tail[2 * BEYLA_TAIL_BYTES];
};

/*
 * Key: 0 for sent, 1 for received. One slot a program: the kernel runs a program once at a time on each CPU, so nobody
 * else writes into it even if this run is preempted.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct socket_scratch);
} socket_scratches SEC(".maps");

/* What is to be copied of an I/O: its first `want` bytes, and of the rest the last BEYLA_TAIL_BYTES. */
struct copy {
	__u32 slot; /* of the scratch to copy into */
	__u32 length; /* bytes the I/O moved */
	__u32 want;
	__u32 head; /* bytes of the head copied so far */
	__u32 tail_from; /* offset in the I/O where the tail begins; equals length when no tail is wanted */
	__u32 tail; /* bytes of the tail copied so far */
	__u32 offset; /* of the next buffer in the I/O */
};

/*
 * Copies what is wanted of one user buffer. A global function, because those are verified once and by themselves:
 * inlined into the loop below, the paths through it multiply beyond what the verifier looks at.
 */
__noinline int copy_buffer(struct copy *copy, __u64 base, __u64 available)
{
	struct socket_scratch *scratch;
	__u32 slot, left, size, end;

	if (!copy)
		return -1;
	slot = copy->slot;
	scratch = bpf_map_lookup_elem(&socket_scratches, &slot);
	if (!scratch)
		return -1;
	left = copy->length - copy->offset;
	size = available < left ? (__u32)available : left;
	end = copy->offset + size;

	if (copy->head == copy->offset && copy->head < copy->want) {
		__u64 at = copy->head;
		__u64 n = copy->want - copy->head;

		if (size < n)
			n = size;
		/* clang drops the bounds it has proved; the verifier needs to see them where the helper is called */
		asm volatile("" : "+r"(at), "+r"(n));
		if (n > BEYLA_MAX_HEAD_BYTES)
			return -1;
		at &= BEYLA_MAX_HEAD_BYTES - 1;
		if (bpf_probe_read_user(scratch->bytes + at, n, (void *)base))
			return -1;
		copy->head += n;
	}
	if (end > copy->tail_from) {
		__u32 from = copy->offset > copy->tail_from ? copy->offset : copy->tail_from;
		__u64 at = from - copy->tail_from;
		__u64 n = end - from;

		asm volatile("" : "+r"(at), "+r"(n));
		if (n > BEYLA_TAIL_BYTES || at >= BEYLA_TAIL_BYTES)
			return -1;
		if (bpf_probe_read_user(scratch->tail + at, n, (void *)(base + (from - copy->offset))))
			return -1;
		copy->tail = at + n;
	}
	copy->offset = end;
	return 0;
}

enum message {
	MESSAGE_UNKNOWN = 0,
	MESSAGE_REQUEST,
	MESSAGE_RESPONSE,
};

/* What the first bytes of a request line or status line say, compared as one word. */
static __always_inline enum message message_of(__u32 word)
{
	switch (word) {
	case 0x50545448: /* HTTP */
		return MESSAGE_RESPONSE;
	case 0x20544547: /* GET */
	case 0x54534f50: /* POST */
	case 0x20545550: /* PUT */
	case 0x44414548: /* HEAD */
	case 0x454c4544: /* DELE */
	case 0x43544150: /* PATC */
	case 0x4954504f: /* OPTI */
		return MESSAGE_REQUEST;
	default:
		return MESSAGE_UNKNOWN;
	}
}

static __always_inline int begins_message(const struct user_buffer *buffer)
{
	__u64 base = buffer->base;
	__u32 word;

	if (buffer->count && bpf_probe_read_user(&base, sizeof(base), (void *)buffer->base))
		return 0;
	if (bpf_probe_read_user(&word, sizeof(word), (void *)base))
		return 0;
	return message_of(word) != MESSAGE_UNKNOWN;
}

/* Plans to copy the first bytes of the I/O, at least the floor, and the tail if they do not reach its end. */
static __always_inline void want(struct copy *copy, __u32 bytes)
{
	copy->want = bytes < FLOOR_BYTES ? FLOOR_BYTES : bytes;
	copy->tail_from = copy->length;
	/* a rest that a tail would hold is copied with the head: the reader then has one piece */
	if (copy->want + BEYLA_TAIL_BYTES >= copy->length && copy->length <= BEYLA_MAX_HEAD_BYTES) {
		copy->want = copy->length;
		return;
	}
	copy->tail_from -= BEYLA_TAIL_BYTES;
	/* head and tail never overlap: the reader takes the tail for bytes it has not seen */
	if (copy->tail_from < copy->want)
		copy->tail_from = copy->want;
}

/* Returns the flags for the record; the scratch holds the bytes, `copy` says how many. */
static __always_inline __u8 copy_bytes(struct copy *copy, const struct sock *sk, int received, __u32 head_bytes)
{
	struct user_buffer buffer;
	struct user_iovec iovec;

	if (find_user_buffer(sk, received, &buffer)) {
		count(BEYLA_COUNT_NO_BUFFER);
		return BEYLA_SOCKET_NO_BUFFER;
	}
	/* a further message of the same turn, as with pipelining, begins where an I/O begins */
	if (copy->want == FLOOR_BYTES && copy->length > FLOOR_BYTES && begins_message(&buffer))
		want(copy, head_bytes);
	if (!buffer.count) {
		if (copy_buffer(copy, buffer.base, copy->length))
			count(BEYLA_COUNT_UNREADABLE);
		return 0;
	}
	for (__u32 i = 0; i < MAX_IOVECS; i++) {
		if (i >= buffer.count || copy->offset >= copy->length)
			break;
		if (bpf_probe_read_user(&iovec, sizeof(iovec), (void *)(buffer.base + i * sizeof(iovec))) ||
		    copy_buffer(copy, iovec.base, iovec.length)) {
			count(BEYLA_COUNT_UNREADABLE);
			break;
		}
	}
	if (copy->offset < copy->length) {
		count(BEYLA_COUNT_IOVEC_LIMIT);
		copy->tail = 0;
	}
	return 0;
}

/*
 * A FIN takes a sequence number. Positions are of bytes, so it is taken off: from copied_seq once the read that met the
 * FIN has gone over it, from write_seq once ours is queued.
 */
static __always_inline void fill_positions(struct beyla_socket_record *record, const struct sock *sk)
{
	struct tcp_sock *tcp = bpf_skc_to_tcp_sock((void *)sk);
	__u32 sent, received;

	record->sent_position = 0;
	record->received_position = 0;
	if (!tcp)
		return;
	sent = tcp->write_seq;
	received = tcp->copied_seq;
	if ((sk->__sk_common.skc_flags & (1UL << SOCK_DONE)) && received == tcp->rcv_nxt)
		received--;
	switch (sk->__sk_common.skc_state) {
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		sent--;
		break;
	}
	record->sent_position = sent;
	record->received_position = received;
}

static __always_inline void fill_addresses(struct beyla_socket_record *record, const struct sock *sk)
{
	record->family = sk->__sk_common.skc_family;
	record->local_port = sk->__sk_common.skc_num;
	record->remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	if (record->family == AF_INET) {
		*(__u32 *)record->local_address = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)record->remote_address = sk->__sk_common.skc_daddr;
	} else {
		bpf_probe_read_kernel(record->local_address, BEYLA_ADDRESS_BYTES, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(record->remote_address, BEYLA_ADDRESS_BYTES, &sk->__sk_common.skc_v6_daddr);
	}
}

/* Whether user space has said that nothing needs to be reported up to this position. */
static __always_inline int is_quiet(struct connection *connection, const struct beyla_socket_record *record,
				    int received)
{
	struct beyla_control *said = bpf_map_lookup_elem(&control, &connection->cookie);
	__u32 flag = received ? BEYLA_CONTROL_QUIET_RECEIVED : BEYLA_CONTROL_QUIET_SENT;
	__u32 position = received ? record->received_position : record->sent_position;
	__u32 until;

	if (!said)
		return 0;
	if (said->flags & BEYLA_CONTROL_IGNORE) {
		connection->ignored = 1;
		return 1;
	}
	if (!(said->flags & flag))
		return 0;
	until = received ? said->quiet_received : said->quiet_sent;
	if ((__s32)(position - until) < 0)
		return 1;
	/* positions wrap: a promise that is kept must not hold again 2 GiB later */
	said->flags &= ~flag;
	return 0;
}

static __always_inline void report_end(const struct sock *sk, struct connection *connection, __u8 event, __u8 flags,
				       __u32 tgid)
{
	struct beyla_socket_record record = {
		.kind = BEYLA_RECORD_SOCKET,
		.tgid = tgid,
		.time_ns = bpf_ktime_get_ns(),
		.cookie = connection->cookie,
		.event = event,
		.flags = flags,
	};

	fill_positions(&record, sk);
	fill_addresses(&record, sk);
	submit(&record, sizeof(record));
}

static __always_inline int on_io(struct sock *sk, int moved, int flags, int received)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct connection *connection;
	struct socket_scratch *scratch;
	struct beyla_socket_record *record;
	struct beyla_watch *watch;
	struct copy copy = {};
	__u32 slot = received;
	__u32 head_bytes;
	__u16 family;

	/* the order is by cost: most I/O of a machine ends at the first or the second test */
	if (moved < 0 || (moved == 0 && !received))
		return 0;
	watch = bpf_map_lookup_elem(&watched, &tgid);
	if (!watch)
		return 0;
	family = sk->__sk_common.skc_family;
	if (family != AF_INET && family != AF_INET6) {
		if (family == AF_UNIX && sk->sk_type == SOCK_STREAM && moved)
			count(BEYLA_COUNT_UNIX_SOCKET);
		return 0;
	}
	/* peeked bytes come again with the read that takes them; the error queue is not the stream */
	if (sk->sk_protocol != IPPROTO_TCP || (received && (flags & (MSG_PEEK | MSG_ERRQUEUE))))
		return 0;

	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (!connection) {
		connection = bpf_sk_storage_get(&connections, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
		if (!connection) {
			count(BEYLA_COUNT_STORAGE_FAILED);
			return 0;
		}
		connection->cookie = bpf_get_socket_cookie(sk);
	}
	if (connection->ignored)
		return 0;
	if (moved == 0) {
		report_end(sk, connection, BEYLA_SOCKET_END_OF_INPUT, 0, tgid);
		return 0;
	}

	scratch = bpf_map_lookup_elem(&socket_scratches, &slot);
	if (!scratch)
		return 0;
	record = &scratch->record;
	record->kind = BEYLA_RECORD_SOCKET;
	record->tgid = tgid;
	record->time_ns = bpf_ktime_get_ns();
	record->cookie = connection->cookie;
	record->length = moved;
	record->event = received ? BEYLA_SOCKET_RECEIVED : BEYLA_SOCKET_SENT;
	record->flags = 0;
	fill_positions(record, sk);

	/* whoever speaks first sends the request, so before anything is recognised a turn is taken for one */
	head_bytes = connection->response_turn == received + 1 ? watch->head_bytes : cfg_request_head_bytes;
	if (connection->turn != received + 1) {
		connection->turn = received + 1;
		connection->budget = head_bytes;
	} else if (connection->response_turn != received + 1) {
		/*
		 * Content of a request, and maybe the next request behind it. Unless its length is known, its framing
		 * is the only way to the next request, so it is copied as heads are.
		 */
		connection->budget = head_bytes;
		if (is_quiet(connection, record, received))
			return 0;
	} else if (connection->budget == 0) {
		if (is_quiet(connection, record, received))
			return 0;
	}

	copy.slot = slot;
	copy.length = moved;
	want(&copy, connection->budget);
	if (received && (flags & MSG_TRUNC)) {
		/* the bytes were thrown away, the buffer holds old ones */
		record->flags |= BEYLA_SOCKET_NO_BUFFER;
		count(BEYLA_COUNT_NO_BUFFER);
	} else {
		record->flags |= copy_bytes(&copy, sk, received, head_bytes);
	}
	connection->budget = connection->budget > copy.head ? connection->budget - copy.head : 0;
	if (!connection->response_turn && copy.head >= sizeof(__u32)) {
		switch (message_of(*(__u32 *)scratch->bytes)) {
		case MESSAGE_REQUEST:
			connection->response_turn = 2 - received;
			break;
		case MESSAGE_RESPONSE:
			connection->response_turn = 1 + received;
			break;
		case MESSAGE_UNKNOWN:
			break;
		}
	}

	record->captured = copy.head;
	if (copy.head < copy.length)
		record->flags |= BEYLA_SOCKET_CUT;
	record->tail_length = copy.tail;
	__builtin_memcpy(record->tail, scratch->tail, BEYLA_TAIL_BYTES);
	fill_addresses(record, sk);
	submit(scratch, sizeof(*record) + (copy.head & (2 * BEYLA_MAX_HEAD_BYTES - 1)));
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(socket_sent, struct sock *sk, int moved, int flags)
{
	return on_io(sk, moved, flags, 0);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(socket_received, struct sock *sk, int moved, int flags)
{
	return on_io(sk, moved, flags, 1);
}

static __always_inline void on_listen(const struct sock *sk)
{
	__u32 tgid = bpf_get_current_pid_tgid() >> 32;
	__u16 port = sk->__sk_common.skc_num;
	__u32 word = port / 64;
	__u64 *bits = bpf_map_lookup_elem(&listen_ports, &word);

	if (bits && (*bits & (1ULL << (port % 64))))
		watch_listener(tgid, port);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(socket_state, struct sock *sk, int old_state, int new_state)
{
	struct connection *connection;

	if (new_state == TCP_LISTEN) {
		on_listen(sk);
		return 0;
	}
	if (new_state != TCP_FIN_WAIT1 && new_state != TCP_LAST_ACK && new_state != TCP_CLOSE)
		return 0;
	connection = bpf_sk_storage_get(&connections, sk, 0, 0);
	if (!connection)
		return 0;
	if (new_state == TCP_CLOSE)
		bpf_map_delete_elem(&control, &connection->cookie);
	if (connection->ignored)
		return 0;
	if (new_state == TCP_CLOSE)
		report_end(sk, connection, BEYLA_SOCKET_CLOSED, sk->sk_err ? BEYLA_SOCKET_RESET : 0, 0);
	else
		report_end(sk, connection, BEYLA_SOCKET_SHUT, 0, 0);
	return 0;
}
