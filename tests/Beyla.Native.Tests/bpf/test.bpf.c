/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that user space runs by BPF_PROG_TEST_RUN, and one tracepoint. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LENGTH_MASK	 511 /* a mask, as not every verifier sees the bound of a remainder */
#define MAX_RECORD_BYTES (4 + LENGTH_MASK)
#define DISCARDED_BYTES	 24
#define WAKE_BYTES	 8

struct mirrored {
	unsigned int first;
	unsigned char bytes[6];
	unsigned short last;
	union {
		unsigned long long whole;
		unsigned int half;
	};
};

enum mirrored_kind { MIRRORED_ONE = 1, MIRRORED_BIG = 1 << 30, MIRRORED_NEGATIVE = -5 };

/*
 * What produce() is to do. Record n has 4 + (7 n & LENGTH_MASK) bytes, of which byte i is (n + i) mod 256: so the test knows
 * every byte, and the records wrap around at many places.
 */
struct order {
	unsigned int records;
	unsigned int discard_every; /* 0: none; else each n-th record is reserved and discarded instead */
	unsigned int first; /* number of the first record */
};

const volatile unsigned int cfg_number = 1;
const volatile unsigned char cfg_byte = 2;
const volatile unsigned long long cfg_long = 3;

struct mirrored *mirrored_in_btf;
enum mirrored_kind kind_in_btf;
unsigned int reader_asleep;
unsigned int wakes_sent;
unsigned long long records_lost;
unsigned char scratch[MAX_RECORD_BYTES];

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, unsigned long long);
	__type(value, struct mirrored);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, unsigned int);
	__type(value, unsigned long long);
} array SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1000);
	__type(key, unsigned int);
	__type(value, unsigned char[12]);
} mapped SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4);
	__type(key, unsigned int);
	__type(value, unsigned int);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} ring SEC(".maps");

SEC("syscall")
int knobs(void *ctx)
{
	(void)ctx;
	return cfg_number + cfg_byte + (int)cfg_long;
}

SEC("syscall")
int count(void *ctx)
{
	unsigned int index = 1;
	unsigned int *value = bpf_map_lookup_elem(&counters, &index);
	unsigned long long *slot = bpf_map_lookup_elem(&array, &index);
	unsigned int element = 999;
	unsigned char *bytes = bpf_map_lookup_elem(&mapped, &element);

	(void)ctx;
	if (!value || !slot || !bytes)
		return -1;
	*value += 5;
	*slot += 1;
	bytes[11] += 1;
	return 0;
}

/* Named here so that the layout is in the BTF; what it does is of no interest. */
SEC("syscall")
int layout(void *ctx)
{
	(void)ctx;
	return mirrored_in_btf != 0 || kind_in_btf == MIRRORED_BIG;
}

static __always_inline void wake_sleeping_reader(void)
{
	void *signal;

	/* The commit before is a full barrier in the kernel. */
	if (!*(volatile unsigned int *)&reader_asleep || !__sync_lock_test_and_set(&reader_asleep, 0))
		return;
	signal = bpf_ringbuf_reserve(&ring, WAKE_BYTES, 0);
	if (!signal) {
		/* The ring is full: leave it to the next record. */
		__sync_lock_test_and_set(&reader_asleep, 1);
		return;
	}
	bpf_ringbuf_discard(signal, BPF_RB_FORCE_WAKEUP);
	__sync_fetch_and_add(&wakes_sent, 1);
}

static long produce_one(unsigned int index, struct order *order)
{
	unsigned int number = order->first + index, bytes, i;
	void *thrown_away;

	if (order->discard_every && number % order->discard_every == 0) {
		thrown_away = bpf_ringbuf_reserve(&ring, DISCARDED_BYTES, 0);
		if (thrown_away)
			bpf_ringbuf_discard(thrown_away, BPF_RB_NO_WAKEUP);
		return 0;
	}
	bytes = 4 + (number * 7 & LENGTH_MASK);
	for (i = 0; i < MAX_RECORD_BYTES; i++) {
		if (i >= bytes)
			break;
		scratch[i] = number + i;
	}
	if (bpf_ringbuf_output(&ring, scratch, bytes, BPF_RB_NO_WAKEUP))
		records_lost++;
	return 0;
}

SEC("syscall")
int produce(struct order *order)
{
	struct order copy = *order;

	return bpf_loop(copy.records, produce_one, &copy, 0);
}

/* One record, the time, and the wake-up protocol of RingBufferReader. */
SEC("syscall")
int produce_lone(void *ctx)
{
	unsigned long long now = bpf_ktime_get_ns();

	(void)ctx;
	if (bpf_ringbuf_output(&ring, &now, sizeof(now), BPF_RB_NO_WAKEUP))
		return -1;
	wake_sleeping_reader();
	return 0;
}

SEC("tp_btf/sys_enter")
int on_sys_enter(void *ctx)
{
	unsigned int index = 2;
	unsigned int *value = bpf_map_lookup_elem(&counters, &index);

	(void)ctx;
	if (value)
		*value += 1;
	return 0;
}

static __always_inline int add_cookie(void *ctx)
{
	unsigned int index = 3;
	unsigned int *value = bpf_map_lookup_elem(&counters, &index);

	if (value)
		*value += bpf_get_attach_cookie(ctx);
	return 0;
}

SEC("uprobe")
int on_call(void *ctx)
{
	return add_cookie(ctx);
}

/* Kernels before 6.6 refuse the type of attachment at the load. */
SEC("?uprobe.multi")
int on_calls(void *ctx)
{
	return add_cookie(ctx);
}

char LICENSE[] SEC("license") = "GPL";
