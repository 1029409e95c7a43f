// SPDX-License-Identifier: Apache-2.0
/*
 * Source of facts: plaintext, where a TLS library of a watched process takes it from the application or hands it over.
 * One probe serves all libraries: the attach cookie says what a function means and where its arguments are.
 */
#include "tls.h"

/*
 * Whether the run of a session program is the one at the return: as Linux 6.10 to 6.19 have it, and as those have it
 * that want the context. What stands behind the underscores is not part of the name; a prototype that does not fit is
 * absent.
 */
extern _Bool bpf_session_is_return(void) __ksym __weak;
extern _Bool bpf_session_is_return___context(void *context) __ksym __weak;

#define MOST_CIPHERTEXTS 64 /* records of ciphertext of one session: it is tied by one of the first, or never */

static __always_inline struct beyla_tls_site site_of(void *context)
{
	union {
		__u64 cookie;
		struct beyla_tls_site site;
	} place = {.cookie = bpf_get_attach_cookie(context)};

	return place.site;
}

/* The registers that carry arguments and results. */
struct registers {
	__u64 ax, bx, cx, dx, si, di, r8, r14, sp, ip;
};

/*
 * All at once and by volatile reads: of reads that depend on a condition clang makes one read at a computed place,
 * which the verifier does not allow in a context.
 */
static __always_inline struct registers read_registers(volatile struct pt_regs *context)
{
	struct registers regs = {
		.ax = context->ax,
		.bx = context->bx,
		.cx = context->cx,
		.dx = context->dx,
		.si = context->si,
		.di = context->di,
		.r8 = context->r8,
		.r14 = context->r14,
		.sp = context->sp,
		.ip = context->ip,
	};

	return regs;
}

static __always_inline int is_go(const struct beyla_tls_site *site)
{
	return site->arguments == BEYLA_TLS_GO_REGISTERS || site->arguments == BEYLA_TLS_GO_STACK;
}

/* What a goroutine keeps its stack arguments and results in, above the return address. */
struct go_stack {
	__u64 receiver;
	__u64 buffer;
	__u64 length;
	__u64 capacity;
	__u64 count;
};

static __always_inline struct tls_thread thread_of(const struct registers *regs, const struct beyla_tls_site *site)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct tls_thread thread = {.id = (__u32)pid_tgid, .tgid = pid_tgid >> 32};

	if (site->arguments == BEYLA_TLS_GO_REGISTERS)
		thread.id = regs->r14;
	else if (site->arguments == BEYLA_TLS_GO_STACK)
		thread.id = goroutine_in_memory((__s16)site->random_offset);
	return thread;
}

static __always_inline struct tls_session *find_session(__u64 object, __u32 tgid)
{
	struct tls_session_id id = {.object = object, .tgid = tgid};

	return bpf_map_lookup_elem(&tls_sessions, &id);
}

/* Not on the stack: with what is called they would go beyond the 512 bytes that kernels before 6.13 allow in all. */
static const struct tls_session unknown_session;
static const struct tls_calls no_calls;
static const struct tls_call unknown_call;

/* The session, made now if need be. */
static __always_inline struct tls_session *know_session(__u64 object, __u32 tgid)
{
	struct tls_session_id id = {.object = object, .tgid = tgid};
	struct tls_session *session = bpf_map_lookup_elem(&tls_sessions, &id);

	if (session || bpf_map_update_elem(&tls_sessions, &id, &unknown_session, BPF_NOEXIST))
		return session;
	session = bpf_map_lookup_elem(&tls_sessions, &id);
	if (session)
		begin_session(session, tgid);
	return session;
}

/* Takes a scratch that no preempted run is using. Returns its slot, 0 when there is none. */
static __always_inline __u32 take_scratch(struct scratch **taken)
{
	for (__u32 i = 0; i < TLS_SLOTS; i++) {
		__u32 slot = 2 + i;
		struct scratch *scratch = bpf_map_lookup_elem(&scratches, &slot);

		if (scratch && !__sync_lock_test_and_set(&scratch->taken, 1)) {
			*taken = scratch;
			return slot;
		}
	}
	count(BEYLA_COUNT_TLS_BUSY);
	return 0;
}

static __always_inline void begin_record(struct scratch *scratch, const struct tls_session *session, __u8 event)
{
	struct beyla_plaintext_record *record = &scratch->record;

	record->kind = BEYLA_RECORD_PLAINTEXT;
	record->pad = 0;
	record->began_ns = 0;
	record->socket = session->socket;
	__builtin_memcpy(record->random, session->random, BEYLA_RANDOM_BYTES);
	record->io = session->io;
	record->io.time_ns = bpf_ktime_get_ns();
	record->io.event = event;
}

static __always_inline void report_session_end(const struct tls_session *session, __u8 event)
{
	struct scratch *scratch;

	if (session->stream.ignored || !take_scratch(&scratch))
		return;
	begin_record(scratch, session, event);
	submit(&scratch->record, sizeof(scratch->record));
	scratch->taken = 0;
}

/* Whether nothing is known of the session that a new one would not begin with. */
static __always_inline int is_new(const struct tls_session *session)
{
	return !session->socket && !session->ciphertexts && !session->io.sent_position &&
	       !session->io.received_position && !*(const __u64 *)session->random;
}

static __always_inline void learn_random(struct tls_session *session, __u64 object, const struct beyla_tls_site *site)
{
	__u64 base = object;

	if (!(site->flags & BEYLA_TLS_SITE_RANDOM) || *(__u64 *)session->random)
		return;
	if (site->random_base && bpf_probe_read_user(&base, sizeof(base), (void *)(object + site->random_base)))
		return;
	bpf_probe_read_user(session->random, sizeof(session->random), (void *)(base + site->random_offset));
}

static __noinline void report_piece(struct tls_session *session, const struct tls_call *call, __u32 offset, __u32 moved,
				    const struct beyla_watch *watch)
{
	int received = call->role == BEYLA_TLS_READ;
	struct user_buffer buffer = {.base = call->buffer + offset, .count = call->iovecs};
	struct copy copy = {};
	struct scratch *scratch;
	__u32 head_bytes, bytes;

	copy.slot = take_scratch(&scratch);
	if (!copy.slot)
		return;
	begin_record(scratch, session, received ? BEYLA_SOCKET_RECEIVED : BEYLA_SOCKET_SENT);
	scratch->record.io.length = moved;
	if (received) {
		scratch->record.io.received_position = call->position + offset + moved;
	} else {
		scratch->record.io.sent_position = call->position + offset + moved;
		/* what is written may be answered before the call returns */
		scratch->record.began_ns = call->began_ns;
		if (call->ahead)
			scratch->record.io.received_position = call->opposite;
	}
	if (may_have_frames(&session->stream) && (pass_content(&session->stream, &scratch->record.io, received) ||
						  (speaks_frames(&session->stream, &buffer, moved) &&
						   report_frames(&session->stream, scratch, &buffer, received)) ||
						  session->stream.ignored)) {
		scratch->taken = 0;
		return;
	}
	head_bytes = head_bytes_of(&session->stream, watch, received);
	if (plan(&session->stream, &scratch->record.io, &copy, received, head_bytes)) {
		copy_bytes(&copy, &buffer, head_bytes);
		bytes = conclude(&session->stream, scratch, &copy, received);
		submit(&scratch->record, sizeof(scratch->record) + bytes);
	}
	scratch->taken = 0;
}

/*
 * A read or a write came back with plaintext. A record of TLS holds 16 KiB, and of requests all is wanted: one that
 * is longer than a copy may be is reported in two.
 */
static __always_inline void report_plaintext(struct tls_session *session, struct tls_call *call, __u32 moved,
					     const struct beyla_watch *watch)
{
	int received = call->role == BEYLA_TLS_READ;
	__u32 first = 0;

	if (received)
		call->position = __sync_fetch_and_add(&session->io.received_position, moved);
	else if (!call->ahead)
		call->position = __sync_fetch_and_add(&session->io.sent_position, moved);
	if (session->stream.ignored)
		return;
	if (moved > BEYLA_MAX_HEAD_BYTES && !call->iovecs && session->stream.response_turn != received + 1 &&
	    !session->stream.has_frames) {
		first = BEYLA_MAX_HEAD_BYTES;
		report_piece(session, call, 0, first, watch);
	}
	report_piece(session, call, first, moved - first, watch);
}

/* What a TLS library exchanges with a BIO inside a call of a session whose socket is not known. */
static __always_inline void report_ciphertext(struct tls_session *session, __u64 buffer, __u32 length, int received)
{
	struct beyla_ciphertext_record record = {
		.kind = BEYLA_RECORD_CIPHERTEXT,
		.tgid = session->io.tgid,
		.time_ns = bpf_ktime_get_ns(),
		.session = session->io.cookie,
		.received = received,
	};
	__u64 n;

	if (session->socket || session->ciphertexts >= MOST_CIPHERTEXTS || session->stream.ignored)
		return;
	session->ciphertexts++;
	n = length < BEYLA_CIPHERTEXT_BYTES ? length : BEYLA_CIPHERTEXT_BYTES;
	asm volatile("" : "+r"(n)); /* as in copy_buffer */
	if (n > BEYLA_CIPHERTEXT_BYTES || bpf_probe_read_user(record.bytes, n, (void *)buffer))
		return;
	record.length = n;
	submit(&record, sizeof(record));
}

/* The connection of which this is the reader or the writer; 0 when that is not known. */
static __always_inline __u64 rust_connection_of(__u64 part, __u32 tgid, __u32 role, const struct tls_calls *running)
{
	struct rust_shapes nothing = {};
	struct rust_part key = {.tgid = tgid, .role = role};
	struct rust_shapes *known = bpf_map_lookup_elem(&rust_parts, &key);
	__u64 last = running ? running->rust_connection : 0;

	if (!known) {
		bpf_map_update_elem(&rust_parts, &key, &nothing, BPF_NOEXIST);
		known = bpf_map_lookup_elem(&rust_parts, &key);
	}
	if (!known)
		return 0;
	for (__u32 i = 0; i < RUST_SHAPES; i++) {
		__s64 distance = part - last;

		if (known->shape[i].is_known) {
			__u64 connection = part - known->shape[i].distance;

			if (find_session(connection, tgid))
				return connection;
		} else if (last && distance < RUST_CONNECTION_BYTES && distance > -RUST_CONNECTION_BYTES) {
			known->shape[i].distance = distance;
			known->shape[i].is_known = 1;
			return last;
		} else {
			break;
		}
	}
	return 0;
}

/* Where the arguments of a function are. */
static __always_inline int read_arguments(const struct registers *regs, const struct beyla_tls_site *site, __u32 tgid,
					  const struct tls_calls *running, struct tls_call *call)
{
	struct go_stack stack;
	__u64 part;

	call->role = site->role;
	call->sp = regs->sp;
	call->ip = regs->ip;
	if (site->role == BEYLA_TLS_WRITE)
		call->began_ns = bpf_ktime_get_ns();
	switch (site->arguments) {
	case BEYLA_TLS_COUNT_BY_POINTER:
	case BEYLA_TLS_COUNT_BY_FIFTH_POINTER:
		call->count = site->arguments == BEYLA_TLS_COUNT_BY_POINTER ? regs->cx : regs->r8;
		/* fallthrough */
	case BEYLA_TLS_SESSION:
	case BEYLA_TLS_COUNT:
		call->object = regs->di;
		call->buffer = regs->si;
		call->length = regs->dx;
		return 0;
	case BEYLA_TLS_GO_REGISTERS:
		call->object = regs->ax;
		call->buffer = regs->bx;
		call->length = regs->cx;
		return 0;
	case BEYLA_TLS_GO_STACK:
		if (bpf_probe_read_user(&stack, sizeof(stack), (void *)(regs->sp + sizeof(__u64))))
			return -1;
		call->object = stack.receiver;
		call->buffer = stack.buffer;
		call->length = stack.length;
		return 0;
	case BEYLA_TLS_RUST_CONNECTION:
		call->object = regs->di;
		return 0;
	case BEYLA_TLS_RUST:
	case BEYLA_TLS_RUST_VECTORED:
		if (bpf_probe_read_user(&part, sizeof(part), (void *)regs->di))
			return -1;
		call->object = rust_connection_of(part, tgid, site->role, running);
		call->buffer = regs->si;
		call->length = regs->dx;
		if (site->arguments == BEYLA_TLS_RUST_VECTORED)
			call->iovecs = regs->dx;
		return call->object ? 0 : -1;
	default:
		return -1;
	}
}

static __always_inline __s64 read_result(const struct registers *regs, const struct tls_call *call,
					 const struct beyla_tls_site *site)
{
	struct go_stack stack;
	__u64 counted = 0;

	if (site->arguments == BEYLA_TLS_GO_REGISTERS)
		return regs->ax;
	if (site->arguments == BEYLA_TLS_GO_STACK)
		return bpf_probe_read_user(&stack, sizeof(stack), (void *)(regs->sp + sizeof(__u64)))
			       ? -1
			       : (__s64)stack.count;
	if (site->arguments == BEYLA_TLS_SESSION || site->arguments == BEYLA_TLS_RUST_CONNECTION)
		return 0;
	if (site->arguments == BEYLA_TLS_RUST || site->arguments == BEYLA_TLS_RUST_VECTORED)
		return regs->ax ? -1 : (__s64)regs->dx;
	if (!call->count)
		return (__s32)regs->ax;
	if ((__s32)regs->ax <= 0 || bpf_probe_read_user(&counted, sizeof(counted), (void *)call->count))
		return -1;
	return counted;
}

/*
 * Whether the goroutine is in the call already: when its stack has to grow, a function begins anew once it has grown,
 * with the same arguments.
 */
static __always_inline int is_restart(const struct tls_calls *running, const struct tls_call *call)
{
	__u32 top = running->depth - 1;

	return top < TLS_NESTED_CALLS && running->calls[top].object == call->object &&
	       running->calls[top].role == call->role && running->calls[top].length == call->length &&
	       running->calls[top].buffer == call->buffer;
}

/*
 * Takes off what a long jump or an exception left: a call inside of another lies below it on the stack, or at the same
 * place if it is another function's last. Returns the number of calls that the thread is still inside of.
 */
static __always_inline __u32 drop_left_calls(const struct tls_calls *running, const struct tls_call *call)
{
	__u32 depth = running->depth;

	for (__u32 i = 0; i < TLS_NESTED_CALLS; i++) {
		__u32 top = depth - 1;

		if (top >= TLS_NESTED_CALLS || running->calls[top].sp > call->sp ||
		    (running->calls[top].sp == call->sp && running->calls[top].ip != call->ip))
			break;
		depth = top;
	}
	return depth;
}

/* Whether a call is made inside of another one for the same session. */
static __always_inline int is_inside(const struct tls_calls *running, const struct tls_call *call)
{
	for (__u32 i = 0; running && i < TLS_NESTED_CALLS; i++)
		if (i < running->depth && running->calls[i].object == call->object && running->calls[i].sp > call->sp)
			return 1;
	return 0;
}

/* Returns 1 when the return of the call is of no interest. */
static __always_inline int tls_entered(const struct registers *regs, const struct beyla_tls_site *site)
{
	struct tls_thread thread = thread_of(regs, site);
	struct beyla_watch *watch = bpf_map_lookup_elem(&watched, &thread.tgid);
	struct tls_session_id id = {};
	struct tls_session *session;
	struct tls_calls *running;
	struct tls_call call = {};
	__u32 at, inside;

	if (!watch)
		return 1;
	running = bpf_map_lookup_elem(&tls_calls, &thread);
	if (read_arguments(regs, site, thread.tgid, running, &call))
		return 1;
	if (site->arguments == BEYLA_TLS_GO_STACK)
		watch->goroutine = (__s16)site->random_offset;
	watch->tls |= is_go(site) ? BEYLA_TLS_GOROUTINES : BEYLA_TLS_THREADS;
	if (is_go(site) && running && is_restart(running, &call))
		return 0;

	if (site->role == BEYLA_TLS_BIO_WRITE || site->role == BEYLA_TLS_BIO_READ) {
		session = calling_session(thread.id, thread.tgid, regs->sp, &id);
		if (!session || session->socket)
			return 1;
		if (site->role == BEYLA_TLS_BIO_WRITE) {
			report_ciphertext(session, call.buffer, call.length, 0);
			return 1;
		}
		call.object = id.object;
	} else if (site->role == BEYLA_TLS_FREE) {
		id.object = call.object;
		id.tgid = thread.tgid;
		session = bpf_map_lookup_elem(&tls_sessions, &id);
		inside = session && !is_go(site) && is_inside(running, &call);
		/* a handshake clears its session before it begins, also one that was never used */
		if (!session || (inside && is_new(session)))
			return 1;
		report_session_end(session, BEYLA_SOCKET_CLOSED);
		if (is_go(site)) {
			/* another goroutine may still be inside a write that was answered already */
			session->is_parted = 1;
			return 1;
		}
		bpf_map_delete_elem(&control, &session->stream.key);
		/* the call in which it was cleared goes on with it */
		if (inside)
			begin_session(session, thread.tgid);
		else
			bpf_map_delete_elem(&tls_sessions, &id);
		return 1;
	} else {
		session = know_session(call.object, thread.tgid);
		if (session && is_go(site) && site->role == BEYLA_TLS_WRITE) {
			/* another goroutine may read the answer before this one returns; its record shows what it
			 * answers */
			call.position = __sync_fetch_and_add(&session->io.sent_position, call.length);
			call.opposite = session->io.received_position;
			call.ahead = 1;
		}
	}

	if (!running) {
		bpf_map_update_elem(&tls_calls, &thread, &no_calls, BPF_NOEXIST);
		running = bpf_map_lookup_elem(&tls_calls, &thread);
	}
	if (!running) {
		count(BEYLA_COUNT_TLS_NO_CALL);
		return 1;
	}
	if (site->arguments == BEYLA_TLS_RUST_CONNECTION)
		running->rust_connection = call.object;
	/* stacks of goroutines move */
	at = is_go(site) ? running->depth : drop_left_calls(running, &call);
	if (at >= TLS_NESTED_CALLS) {
		count(BEYLA_COUNT_TLS_NO_CALL);
		at = 0;
	}
	/* a function that reads or writes by another one moves the same bytes: the outer call tells of them; Go has
	 * none */
	if (!is_go(site) && at && running->calls[at - 1].object == call.object &&
	    running->calls[at - 1].role == call.role)
		call.silent = 1;
	running->calls[at] = call;
	running->depth = at + 1;
	return 0;
}

/*
 * Takes the call off its thread that returns here, with calls inside of it that never returned. Returns -1 when its
 * entry was not noted: then it takes nothing off.
 */
static __always_inline int pop_call(struct tls_calls *running, const struct registers *regs,
				    const struct beyla_tls_site *site, struct tls_call *call)
{
	__u32 at = running->depth;

	for (__u32 i = 0; i < TLS_NESTED_CALLS; i++) {
		at--;
		if (at >= TLS_NESTED_CALLS)
			return -1;
		*call = running->calls[at];
		/* stacks of goroutines move */
		if (call->role == site->role && (is_go(site) || call->sp + sizeof(__u64) == regs->sp)) {
			running->depth = at;
			return 0;
		}
	}
	return -1;
}

/*
 * A read came back whose begin was not seen. A goroutine waits inside of one nearly always, so that is the first of
 * each connection that is older than the probes. Go keeps the receiver above the return address, also where it comes in
 * a register: if it is a session that is known, its positions are moved on, so that user space knows what is lacking.
 */
static __always_inline void pass_missed_read(const struct registers *regs, __u32 tgid, __u32 bytes)
{
	struct tls_session *session;
	struct go_stack stack;

	if (bpf_probe_read_user(&stack, sizeof(stack), (void *)(regs->sp + sizeof(__u64))))
		return;
	session = find_session(stack.receiver, tgid);
	if (session)
		__sync_fetch_and_add(&session->io.received_position, bytes);
}

static __always_inline int tls_returned(const struct registers *regs, const struct beyla_tls_site *site)
{
	struct tls_thread thread = thread_of(regs, site);
	struct beyla_watch *watch = bpf_map_lookup_elem(&watched, &thread.tgid);
	struct tls_session *session;
	struct tls_calls *running;
	struct tls_call call;
	__s64 moved;

	if (!watch)
		return 0;
	running = bpf_map_lookup_elem(&tls_calls, &thread);
	if (!running || pop_call(running, regs, site, &call)) {
		/* begun before the probes came, or pushed out */
		if (site->role != BEYLA_TLS_READ && site->role != BEYLA_TLS_WRITE)
			return 0;
		moved = read_result(regs, &unknown_call, site);
		if (moved > 0)
			count(BEYLA_COUNT_TLS_NO_CALL);
		if (moved > 0 && is_go(site) && site->role == BEYLA_TLS_READ)
			pass_missed_read(regs, thread.tgid, moved);
		return 0;
	}
	if (call.silent)
		return 0;
	moved = read_result(regs, &call, site);
	session = find_session(call.object, thread.tgid);
	if (!session) {
		if (moved > 0 && (call.role == BEYLA_TLS_READ || call.role == BEYLA_TLS_WRITE))
			count(BEYLA_COUNT_TLS_NO_SESSION);
		return 0;
	}
	switch (call.role) {
	case BEYLA_TLS_READ:
	case BEYLA_TLS_WRITE:
		learn_random(session, call.object, site);
		if (moved > 0)
			report_plaintext(session, &call, moved, watch);
		else if (moved == 0 && site->arguments == BEYLA_TLS_COUNT && call.role == BEYLA_TLS_READ)
			report_session_end(session, BEYLA_SOCKET_END_OF_INPUT);
		break;
	case BEYLA_TLS_BIO_READ:
		if (moved > 0)
			report_ciphertext(session, call.buffer, moved, 1);
		break;
	}
	return 0;
}

/* Returns 1 when the return of the call is of no interest. */
static __always_inline int on_entry(struct pt_regs *context)
{
	struct registers regs = read_registers(context);
	struct beyla_tls_site site = site_of(context);

	if (site.flags & BEYLA_TLS_SITE_RETURN)
		return tls_returned(&regs, &site);
	return tls_entered(&regs, &site);
}

static __always_inline int on_return(struct pt_regs *context)
{
	struct registers regs = read_registers(context);
	struct beyla_tls_site site = site_of(context);

	return tls_returned(&regs, &site);
}

/*
 * The same probe for every way of attaching; user space loads those that it uses. A plain probe must return 0: anything
 * else takes it out.
 */
SEC("?uprobe.multi")
int tls_session(struct pt_regs *context)
{
	_Bool returns;

	if (bpf_ksym_exists(bpf_session_is_return))
		returns = bpf_session_is_return();
	else if (bpf_ksym_exists(bpf_session_is_return___context))
		returns = bpf_session_is_return___context(context);
	else
		return 0;
	return returns ? on_return(context) : on_entry(context);
}

SEC("?uprobe.multi")
int tls_entry_multi(struct pt_regs *context)
{
	on_entry(context);
	return 0;
}

SEC("?uretprobe.multi")
int tls_return_multi(struct pt_regs *context)
{
	return on_return(context);
}

SEC("?uprobe")
int tls_entry(struct pt_regs *context)
{
	on_entry(context);
	return 0;
}

SEC("?uretprobe")
int tls_return(struct pt_regs *context)
{
	return on_return(context);
}
