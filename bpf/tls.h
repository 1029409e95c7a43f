/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS sessions of watched processes, and which socket each of them uses: the probes in TLS libraries know a session,
 * the socket programs know a socket, and a socket call that happens inside a TLS call joins the two.
 */
#ifndef BEYLA_TLS_H
#define BEYLA_TLS_H

#include "stream.h"

#define TLS_NESTED_CALLS 4 /* a callback of a TLS library may call it again, for another session or a BIO */

struct tls_session {
	struct stream stream;
	__u64 socket; /* its cookie; 0 until a call showed it */
	__u32 is_parted; /* the socket is gone, or the session was closed */
	__u8 random[BEYLA_RANDOM_BYTES];
	__u32 ciphertexts; /* records of ciphertext so far */
	struct beyla_socket_record io; /* what is common to the session's records: key, positions, addresses */
};

/*
 * Key: a session. Value: what is known of it. Made at its first call that is seen, deleted when it is freed; LRU
 * because the end of a process frees nothing. Size: TLS connections that are in use at once, user space sets it; one
 * that is pushed out is a new session from then on.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_session_id);
	__type(value, struct tls_session);
} tls_sessions SEC(".maps");

struct tls_call {
	__u64 object; /* the session */
	__u64 buffer;
	union {
		__u64 count; /* where the count of bytes will be; 0: it is the result */
		__u64 opposite; /* with `ahead`: how far the other direction had come at the entry */
	};
	__u64 began_ns;
	__u64 sp; /* at the entry, where the return address lies: a return belongs to the call with the same */
	__u64 ip; /* of the probe */
	__u32 length;
	__u8 role;
	__u8 silent; /* moves bytes of which another call tells */
	__u8 ahead; /* the session's position is ahead by the call's length already */
	__u8 pad;
	__u32 position; /* in the plaintext where its bytes begin */
	__u32 iovecs; /* 0: a plain buffer; else it is an array of so many struct iovec */
};

/* The TLS calls that a thread is inside of, the innermost last. */
struct tls_calls {
	__u32 depth;
	__u32 pad;
	__u64 rust_connection; /* the last one that the thread used */
	struct tls_call calls[TLS_NESTED_CALLS];
};

struct tls_thread {
	__u64 id; /* the thread's, or the address of the goroutine */
	__u32 tgid;
	__u32 pad;
};

/*
 * Key: a thread that has called a TLS library. Value: the calls it is inside of. Entries stay, as threads call again;
 * LRU lets go of those that ended. Size: threads inside of TLS calls at once, user space sets it; in Go every
 * connection that waits for its next request has a goroutine inside of one. The return of a call that was pushed out is
 * counted.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct tls_thread);
	__type(value, struct tls_calls);
} tls_calls SEC(".maps");

#define RUST_CONNECTION_BYTES 2048 /* more than a connection of rustls takes */
#define RUST_SHAPES           2 /* connections of a server and of a client differ */

struct rust_part {
	__u32 tgid;
	__u32 role; /* of the part: reader or writer */
};

struct rust_shapes {
	struct {
		__s32 distance; /* of the part from what the connection is known by */
		__u32 is_known;
	} shape[RUST_SHAPES];
};

/*
 * Key: a part of the connections in a program with rustls. Value: where in a connection it is. That is the same in all
 * connections of a kind, and the compiler decides it; it is learned from the first call of each kind, which the thread
 * makes right after it has used the connection's socket. Size: programs with rustls at once, two parts each.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct rust_part);
	__type(value, struct rust_shapes);
} rust_parts SEC(".maps");

/* The goroutine that the thread runs, of programs that keep it in memory and in no register (Go before 1.17). */
static __always_inline __u64 goroutine_in_memory(int offset_from_fs)
{
	struct task_struct *task = bpf_get_current_task_btf();
	__u64 goroutine = 0;

	bpf_probe_read_user(&goroutine, sizeof(goroutine), (void *)(task->thread.fsbase + offset_from_fs));
	return goroutine;
}

static __always_inline void fill_addresses(struct beyla_socket_record *record, const struct sock *sk)
{
	__be16 port = 0;

	record->family = sk->__sk_common.skc_family;
	record->local_port = sk->__sk_common.skc_num;
	if (!record->local_port) {
		/* a reset has taken the port back; what was received before can still be read */
		bpf_probe_read_kernel(&port, sizeof(port), &((struct inet_sock *)sk)->inet_sport);
		record->local_port = __builtin_bswap16(port);
	}
	record->remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	if (record->family == AF_INET) {
		*(__u32 *)record->local_address = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)record->remote_address = sk->__sk_common.skc_daddr;
	} else {
		bpf_probe_read_kernel(record->local_address, BEYLA_ADDRESS_BYTES, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(record->remote_address, BEYLA_ADDRESS_BYTES, &sk->__sk_common.skc_v6_daddr);
	}
}

/*
 * The session whose call the thread is inside of, if it is. `sp` is where the thread's stack ends now, 0 when stacks
 * move: what lies below it has been left, even if its return was not seen.
 */
static __always_inline struct tls_session *calling_session(__u64 thread, __u32 tgid, __u64 sp,
							   struct tls_session_id *id)
{
	struct tls_thread key = {.id = thread, .tgid = tgid};
	struct tls_calls *running = bpf_map_lookup_elem(&tls_calls, &key);
	__u32 top;

	if (!running)
		return 0;
	top = running->depth - 1;
	if (top >= TLS_NESTED_CALLS || running->calls[top].sp < sp)
		return 0;
	id->object = running->calls[top].object;
	id->tgid = tgid;
	return bpf_map_lookup_elem(&tls_sessions, id);
}

static __u64 tls_sessions_made;

static __always_inline void begin_session(struct tls_session *session, __u32 tgid)
{
	__builtin_memset(session, 0, sizeof(*session));
	session->io.tgid = tgid;
	session->io.cookie = BEYLA_SESSION_KEY | __sync_fetch_and_add(&tls_sessions_made, 1);
	session->stream.key = session->io.cookie;
}

/* A session that was pushed out of the table is a new one at its next call, and is tied again. */
static __always_inline int is_tied(struct connection *connection)
{
	struct tls_session_id id = connection->session;
	struct tls_session *session;

	if (!id.object)
		return 0;
	session = bpf_map_lookup_elem(&tls_sessions, &id);
	return session && session->socket == connection->stream.key;
}

/*
 * A socket moved bytes inside a TLS call: unless it is known already, this is the session's socket. A callback of the
 * library may do I/O of its own, so the bytes have to look like TLS; that it is not the I/O of another session is for
 * user space to check, which knows whose ClientHello the socket carried.
 */
static __always_inline void tie_session(const struct sock *sk, struct connection *connection,
					const struct beyla_watch *watch, int received)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct tls_session *session = 0;
	struct tls_session_id id = {};
	struct user_buffer buffer;

	if (watch->tls & BEYLA_TLS_THREADS)
		session = calling_session((__u32)pid_tgid, pid_tgid >> 32, regs->sp, &id);
	if (!session && (watch->tls & BEYLA_TLS_GOROUTINES))
		session = calling_session(watch->goroutine ? goroutine_in_memory(watch->goroutine) : regs->r14,
					  pid_tgid >> 32, 0, &id);
	if (!session || (session->socket && (!session->is_parted || session->socket == connection->stream.key)))
		return;
	if (find_user_buffer(sk, received, &buffer) || !is_tls(first_word(&buffer)))
		return;
	/* the address of a session that ended with its socket, and that nobody freed, is another session's now */
	if (session->socket)
		begin_session(session, id.tgid);
	fill_addresses(&session->io, sk);
	session->socket = connection->stream.key;
	connection->session = id;
}

/* The socket is gone; its session may still hand over what it has received. */
static __always_inline void part_session(const struct connection *connection)
{
	struct tls_session_id id = connection->session;
	struct tls_session *session;

	if (!id.object)
		return;
	session = bpf_map_lookup_elem(&tls_sessions, &id);
	if (session && session->socket == connection->stream.key)
		session->is_parted = 1;
}

#endif
