/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BEYLA_MAPS_H
#define BEYLA_MAPS_H

#include "kernel.h"
#include "abi/control.h"
#include "abi/records.h"

#define BEYLA_MAX_HEAD_BYTES 8192 /* the most that is copied of one I/O; a power of two: the verifier masks with it */

/* Knobs, set by user space before the load. */
const volatile __u32 cfg_self_tgid; /* the observing process: never watched by the kernel itself; 0 = no exception */
const volatile __u32
	cfg_report_exec; /* 1: selectors by name exist, so every exec is watched until user space decides */
const volatile __u32 cfg_request_head_bytes = 8192; /* copied of each I/O of requests, at most BEYLA_MAX_HEAD_BYTES */
const volatile __u32 cfg_head_bytes =
	4096; /* copied of each turn of responses, for a process that the kernel adds by itself */

/*
 * Records for user space, in order of reservation over all CPUs. Size: a knob of user space (8 MiB by default, which
 * holds some 15 000 small exchanges, that is half a second of a saturated core). Full: counted as RING_FULL.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 * 1024 * 1024);
} records SEC(".maps");

/*
 * Key: tgid. Value: how it is watched. Entries are made by user space and by the kernel (fork, exec, listen) and are
 * deleted at the exit of the last thread or by user space. Size: a knob (processes watched at once). Full: WATCH_FULL.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct beyla_watch);
} watched SEC(".maps");

/* Key: TCP port / 64. Value: one bit a port, set for ports whose listeners are to be watched. Every port has its bit.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} listen_ports SEC(".maps");

/* Where in its frames one direction of an HTTP/2 stream is. */
struct frame_walk {
	__u32 position; /* behind the last byte that was followed */
	__u32 next; /* where the payload ends that is passing; equals position inside of a frame header */
	__u32 wanted; /* bytes of the payload that are still to be copied */
	__u8 known; /* whether the above is known; else frames have to be found again */
	__u8 gathered; /* bytes of the header so far */
	__u8 ends; /* the payload is DATA that ends its stream: its last byte is reported */
	__u8 pad;
	__u8 header[16]; /* of which 9 are used; 16 for the verifier, which knows a mask */
};

/* State of a byte stream in two directions: a connection, or the plaintext of a TLS session. */
struct stream {
	__u64 key; /* of its records and verdicts */
	__u32 budget; /* bytes that may still be copied in this turn */
	__u8 turn; /* 1 + direction of the turn that is running; 0 before the first I/O */
	__u8 response_turn; /* 1 + direction of responses; 0 until a request line or status line was seen */
	__u8 ignored;
	__u8 tls; /* carries TLS records: only their beginnings are copied, and user space may have silenced it */
	__u32 pad;
	__u32 has_frames; /* speaks HTTP/2 */
	struct frame_walk frames[2]; /* sent, received */
};

struct tls_session_id {
	__u64 object; /* pointer that stands for the session in its process */
	__u32 tgid;
	__u32 pad;
};

struct connection {
	struct stream stream; /* its key is the socket's cookie */
	struct tls_session_id session; /* that was seen to use the socket; object 0: none */
};

/* Key: the socket. Freed with it by the kernel; only sockets of watched processes have one, so it needs no size. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct connection);
} connections SEC(".maps");

/*
 * Key: a stream's. Value: what user space said of that stream. Deleted when the stream ends; LRU because user space
 * may write after the end. Losing an entry costs some records more, never data.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct beyla_control);
} control SEC(".maps");

#define TLS_SLOTS 4

/* An I/O whose frames are being followed. */
struct frame_io {
	__u64 base; /* of the user buffer, what has passed of it taken off */
	__u64 iovecs; /* of the next buffers */
	__u32 buffers; /* that are still to come */
	__u32 available; /* bytes of the buffer that are still to come */
	__u32 length; /* bytes of the I/O */
	__u32 end; /* position behind its last byte */
	__u32 start; /* position where the record under construction begins */
	__u32 out; /* bytes in that record */
	__u32 piece; /* offset of the record's last piece */
	__u32 piece_end; /* position behind that piece */
	__u8 has_piece;
	__u8 received;
	__u8 must_report; /* even if no byte was copied */
	__u8 pad[5];
};

/* The record under construction with room for twice the largest copy, so that any masked offset plus length fits. */
struct scratch {
	struct beyla_plaintext_record record; /* sockets submit from record.io on */
	__u8 bytes[2 * BEYLA_MAX_HEAD_BYTES];
	__u8 tail[2 * BEYLA_TAIL_BYTES];
	struct frame_io frames;
	__u32 taken;
	__u32 pad;
};

/*
 * Key: 0 for sent, 1 for received by sockets: the kernel runs a tracing program once at a time on each CPU, so nobody
 * else writes into its slot even if the run is preempted. From 2 on: for uprobes, which have no such guard; a run that
 * finds all of them taken by preempted ones gives up and counts it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2 + TLS_SLOTS);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

/* Key: enum beyla_counter. Value: events since load, on each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, BEYLA_COUNT_MAX);
	__type(key, __u32);
	__type(value, __u64);
} counters SEC(".maps");

/* Key: 0. Value: 1 while the reader sleeps and wants to be woken. Mapped by user space, hence the flag. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} reader_asleep SEC(".maps");

static __always_inline void count(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&counters, &counter);

	if (value)
		*value += 1;
}

/*
 * Wakes the reader if it sleeps. Called after the record is committed: the commit is a full barrier, so either this
 * sees the flag or the reader, which sets the flag before it looks at the producer position once more, sees the record.
 * The default notification of the ring would cost several times the capture itself.
 */
static __always_inline void wake_reader(void)
{
	__u32 zero = 0;
	volatile __u32 *asleep = bpf_map_lookup_elem(&reader_asleep, &zero);
	void *nudge;

	if (!asleep || !*asleep)
		return;
	if (!__sync_lock_test_and_set(asleep, 0))
		return;
	nudge = bpf_ringbuf_reserve(&records, sizeof(__u64), 0);
	if (nudge)
		bpf_ringbuf_discard(nudge, BPF_RB_FORCE_WAKEUP);
}

static __always_inline void submit(void *record, __u64 bytes)
{
	if (bpf_ringbuf_output(&records, record, bytes, BPF_RB_NO_WAKEUP)) {
		count(BEYLA_COUNT_RING_FULL);
		return;
	}
	count(BEYLA_COUNT_RECORDS);
	wake_reader();
}

#endif
