// SPDX-License-Identifier: Apache-2.0
/* Source of facts: reads and writes on TCP sockets of watched processes, and the end of their connections. */
#include "stream.h"
#include "tls.h"

/* With MSG_TRUNC the bytes were thrown away, the buffer holds old ones. */
static __always_inline int find_bytes(const struct sock *sk, int received, int flags, struct user_buffer *buffer)
{
	return received && (flags & MSG_TRUNC) ? -1 : find_user_buffer(sk, received, buffer);
}

/* Returns the flags for the record; the scratch holds the bytes, `copy` says how many. */
static __always_inline __u8 copy_io(struct copy *copy, const struct sock *sk, int received, int flags, __u32 head_bytes)
{
	struct user_buffer buffer;

	if (find_bytes(sk, received, flags, &buffer)) {
		count(BEYLA_COUNT_NO_BUFFER);
		return BEYLA_SOCKET_NO_BUFFER;
	}
	copy_bytes(copy, &buffer, head_bytes);
	return 0;
}

/* Reports the I/O if it is one of HTTP/2. Returns 0 if it has to be reported like any other. */
static __always_inline int report_http2(struct stream *connection, struct scratch *scratch, const struct sock *sk,
					int received, int flags)
{
	struct user_buffer buffer;

	if (pass_content(connection, &scratch->record.io, received))
		return 1;
	fill_addresses(&scratch->record.io, sk);
	if (find_bytes(sk, received, flags, &buffer))
		return pass_unseen(connection, scratch, received);
	return speaks_frames(connection, &buffer, scratch->record.io.length) &&
	       report_frames(connection, scratch, &buffer, received);
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

static __always_inline void report_end(const struct sock *sk, struct connection *connection, __u8 event, __u8 flags,
				       __u32 tgid)
{
	struct beyla_socket_record record = {
		.kind = BEYLA_RECORD_SOCKET,
		.tgid = tgid,
		.time_ns = bpf_ktime_get_ns(),
		.cookie = connection->stream.key,
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
	struct scratch *scratch;
	struct beyla_socket_record *record;
	struct beyla_watch *watch;
	struct copy copy = {};
	__u32 slot = received;
	__u32 head_bytes, bytes;
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
		connection->stream.key = bpf_get_socket_cookie(sk);
	}
	if (watch->tls && moved && !is_tied(connection))
		tie_session(sk, connection, watch, received);
	if (connection->stream.ignored)
		return 0;
	if (moved == 0) {
		/* who reads into no room reads nothing either, and the peer has not ended anything */
		if (sk->__sk_common.skc_flags & (1UL << SOCK_DONE))
			report_end(sk, connection, BEYLA_SOCKET_END_OF_INPUT, 0, tgid);
		return 0;
	}
	if (connection->stream.tls && is_silenced(&connection->stream))
		return 0;

	scratch = bpf_map_lookup_elem(&scratches, &slot);
	if (!scratch)
		return 0;
	record = &scratch->record.io;
	record->kind = BEYLA_RECORD_SOCKET;
	record->tgid = tgid;
	record->time_ns = bpf_ktime_get_ns();
	record->cookie = connection->stream.key;
	record->length = moved;
	record->event = received ? BEYLA_SOCKET_RECEIVED : BEYLA_SOCKET_SENT;
	fill_positions(record, sk);
	if (may_have_frames(&connection->stream) &&
	    (report_http2(&connection->stream, scratch, sk, received, flags) || connection->stream.ignored))
		return 0;

	head_bytes = head_bytes_of(&connection->stream, watch, received);
	copy.slot = slot;
	if (!plan(&connection->stream, record, &copy, received, head_bytes))
		return 0;
	record->flags = copy_io(&copy, sk, received, flags, head_bytes);
	bytes = conclude(&connection->stream, scratch, &copy, received);
	fill_addresses(record, sk);
	submit(record, sizeof(*record) + bytes);
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
	if (new_state == TCP_CLOSE) {
		bpf_map_delete_elem(&control, &connection->stream.key);
		part_session(connection);
	}
	if (connection->stream.ignored)
		return 0;
	if (new_state == TCP_CLOSE)
		report_end(sk, connection, BEYLA_SOCKET_CLOSED, sk->sk_err ? BEYLA_SOCKET_RESET : 0, 0);
	else
		report_end(sk, connection, BEYLA_SOCKET_SHUT, 0, 0);
	return 0;
}
