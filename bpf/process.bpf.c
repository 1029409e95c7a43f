// SPDX-License-Identifier: Apache-2.0
/*
 * Source of facts: the life of processes. Whether a process is watched is decided here, before its first byte: a poll
 * of /proc from user space would come after the first requests.
 */
#include "maps.h"

/* Returns 0 when the process is watched from now on or was before. */
static __always_inline int watch_process(__u32 tgid, const struct beyla_watch *how)
{
	/* init is the parent of half the machine; watching it would watch every daemon it starts */
	if (tgid <= 1 || tgid == cfg_self_tgid)
		return -1;
	if (bpf_map_update_elem(&watched, &tgid, how, BPF_NOEXIST) == -7 /* E2BIG */) {
		count(BEYLA_COUNT_WATCH_FULL);
		return -1;
	}
	return 0;
}

static __always_inline void report_process(struct beyla_process_record *record)
{
	record->kind = BEYLA_RECORD_PROCESS;
	record->time_ns = bpf_ktime_get_ns();
	submit(record, sizeof(*record));
}

static __always_inline void watch_listener(__u32 tgid, __u16 port)
{
	struct beyla_watch how = {.head_bytes = cfg_head_bytes};
	struct beyla_process_record record = {.tgid = tgid, .event = BEYLA_PROCESS_LISTEN, .port = port};
	struct beyla_watch *known = bpf_map_lookup_elem(&watched, &tgid);

	if (tgid == cfg_self_tgid)
		return;
	/* watched for good now: a rejection of its exec that is still under way must not take it out */
	if (known)
		known->provisional = 0;
	record.watched = known || !watch_process(tgid, &how);
	report_process(&record);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_forked, struct task_struct *parent, struct task_struct *child)
{
	struct beyla_process_record record = {.event = BEYLA_PROCESS_FORK};
	__u32 parent_tgid = parent->tgid;
	struct beyla_watch *watch;

	if (child->pid != child->tgid) /* a thread */
		return 0;
	watch = bpf_map_lookup_elem(&watched, &parent_tgid);
	if (!watch)
		return 0;
	record.tgid = child->tgid;
	record.parent_tgid = parent_tgid;
	record.watched = !watch_process(record.tgid, watch);
	report_process(&record);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_executed, struct task_struct *task, int old_pid, struct linux_binprm *binary)
{
	struct beyla_process_record record = {.event = BEYLA_PROCESS_EXEC};
	struct beyla_watch how = {.head_bytes = cfg_head_bytes, .provisional = 1};

	record.tgid = task->tgid;
	record.watched = !!bpf_map_lookup_elem(&watched, &record.tgid);
	if (!record.watched) {
		if (!cfg_report_exec)
			return 0;
		record.watched = !watch_process(record.tgid, &how);
	}
	record.parent_tgid = task->real_parent->tgid;
	bpf_probe_read_kernel_str(record.path, sizeof(record.path), binary->filename);
	report_process(&record);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exited, struct task_struct *task)
{
	struct beyla_process_record record = {.event = BEYLA_PROCESS_EXIT};

	if (task->signal->live.counter) /* other threads go on */
		return 0;
	record.tgid = task->tgid;
	if (bpf_map_delete_elem(&watched, &record.tgid))
		return 0;
	report_process(&record);
	return 0;
}
