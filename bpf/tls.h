/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS sessions of watched processes, and which socket each of them uses: the probes in TLS libraries know a session,
 * the socket programs know a socket, and a socket call that happens inside a TLS call joins the two.
 */
#ifndef BEYLA_TLS_H
#define BEYLA_TLS_H

#include "stream.h"

#define TLS_NESTED_CALLS 4 /* a callback of a TLS library may call it again, for another session or a BIO */

struct tls_session_id {
	__u64 object; /* pointer that stands for the session in its process */
	__u32 tgid;
	__u32 pad;
};

struct tls_session {
	struct stream stream;
	__u64 socket; /* its cookie; 0 until a call showed it */
	__u8 random[BEYLA_RANDOM_BYTES];
	__u32 ciphertexts; /* records of ciphertext so far */
	__u32 pad;
	struct beyla_socket_record io; /* what is common to the session's records: key, positions, addresses */
};

/*
 * Key: a session. Value: what is known of it. Made at its first call that is seen, deleted when it is freed; LRU
 * because the end of a process frees nothing. Size: TLS connections at once; one that is pushed out is a new session
 * from then on.
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
	__u64 count; /* where the count of bytes will be; 0: it is the result */
	__u64 sp; /* at the entry, where the return address lies: a return belongs to the call with the same */
	__u32 length;
	__u32 role;
};

/* The TLS calls that a thread is inside of, the innermost last. */
struct tls_calls {
	__u32 depth;
	__u32 pad;
	struct tls_call calls[TLS_NESTED_CALLS];
};

struct tls_thread {
	__u64 id; /* the thread's, or the address of the goroutine */
	__u32 tgid;
	__u32 pad;
};

/*
 * Key: a thread that has called a TLS library. Value: the calls it is inside of. Entries stay, as threads call again;
 * LRU lets go of those that ended. Size: threads inside of TLS calls at once.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct tls_thread);
	__type(value, struct tls_calls);
} tls_calls SEC(".maps");

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

/*
 * The session whose call the thread is inside of, if it is. `sp` is where the thread's stack ends now, 0 when stacks
 * move: what lies below it has been left, even if its return was not seen.
 */
static __always_inline struct tls_session *calling_session(__u64 thread, __u32 tgid, __u64 sp)
{
	struct tls_thread key = {.id = thread, .tgid = tgid};
	struct tls_calls *running = bpf_map_lookup_elem(&tls_calls, &key);
	struct tls_session_id id = {.tgid = tgid};
	__u32 top;

	if (!running || !running->depth)
		return 0;
	top = running->depth - 1;
	if (top >= TLS_NESTED_CALLS || running->calls[top].sp < sp)
		return 0;
	id.object = running->calls[top].object;
	return bpf_map_lookup_elem(&tls_sessions, &id);
}

/*
 * A socket moved bytes inside a TLS call: unless it is known already, this is the session's socket. A callback of the
 * library may do I/O of its own, so the bytes have to look like TLS; that it is not the I/O of another session is for
 * user space to check, which knows whose ClientHello the socket carried.
 */
static __always_inline void tie_session(const struct sock *sk, const struct stream *connection,
					const struct beyla_watch *watch, int received)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct tls_session *session = 0;
	struct user_buffer buffer;

	if (watch->tls & BEYLA_TLS_THREADS)
		session = calling_session((__u32)pid_tgid, pid_tgid >> 32, regs->sp);
	if (!session && (watch->tls & BEYLA_TLS_GOROUTINES))
		session = calling_session(regs->r14, pid_tgid >> 32, 0);
	if (!session || session->socket)
		return;
	if (find_user_buffer(sk, received, &buffer) || !is_tls(first_word(&buffer)))
		return;
	fill_addresses(&session->io, sk);
	session->socket = connection->key;
}

#endif
