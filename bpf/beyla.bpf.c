// SPDX-License-Identifier: Apache-2.0
/*
 * The one object that is loaded: libbpf then parses the kernel's BTF once, and the programs share their maps without
 * pinning. A new source of facts is one more line here.
 */
#include "kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "maps.h"
#include "process.bpf.c"
#include "socket.bpf.c"
#include "tls.bpf.c"

/* Kept so that the types of the ABI stay in the object's BTF, against which user space checks its mirrors. */
const struct beyla_socket_record *abi_socket_record __attribute__((unused));
const struct beyla_process_record *abi_process_record __attribute__((unused));
const struct beyla_plaintext_record *abi_plaintext_record __attribute__((unused));
const struct beyla_ciphertext_record *abi_ciphertext_record __attribute__((unused));
const struct beyla_piece *abi_piece __attribute__((unused));
const struct beyla_tls_site *abi_tls_site __attribute__((unused));
const enum beyla_record_kind *abi_record_kind __attribute__((unused));
const enum beyla_socket_event *abi_socket_event __attribute__((unused));
const enum beyla_socket_flags *abi_socket_flags __attribute__((unused));
const enum beyla_process_event *abi_process_event __attribute__((unused));
const enum beyla_control_flags *abi_control_flags __attribute__((unused));
const enum beyla_tls_threads *abi_tls_threads __attribute__((unused));
const enum beyla_tls_role *abi_tls_role __attribute__((unused));
const enum beyla_tls_arguments *abi_tls_arguments __attribute__((unused));
const enum beyla_tls_site_flags *abi_tls_site_flags __attribute__((unused));
const enum beyla_counter *abi_counter __attribute__((unused));

char LICENSE[] SEC("license")
= "GPL";
