// The few Linux calls that Swift cannot import, and the machine code that runs in a target.
// Every function returns a value >= 0, or -errno; none of them sets errno for the caller to read.
#ifndef CLINUXSHIMS_H
#define CLINUXSHIMS_H

#include <stddef.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>
#include "donor_page.h"

// ptrace(2) is variadic and its requests are an enum that Swift's importer hides.
#define MIDFLIGHT_PTRACE_SEIZE 0x4206
#define MIDFLIGHT_PTRACE_INTERRUPT 0x4207
#define MIDFLIGHT_PTRACE_GETSIGMASK 0x420a
#define MIDFLIGHT_PTRACE_SETSIGMASK 0x420b
#define MIDFLIGHT_PTRACE_GET_SYSCALL_INFO 0x420e
#define MIDFLIGHT_PTRACE_GET_RSEQ_CONFIGURATION 0x420f
#define MIDFLIGHT_PTRACE_CONT 7
#define MIDFLIGHT_PTRACE_DETACH 17
#define MIDFLIGHT_PTRACE_SYSCALL 24
#define MIDFLIGHT_PTRACE_O_TRACESYSGOOD 1
#define MIDFLIGHT_PTRACE_EVENT_STOP 128

// `addr` and `data` as the request defines them; numbers and pointers alike.
long midflight_ptrace(long request, pid_t tid, uintptr_t addr, uintptr_t data);

// PTRACE_GETREGSET of register set `note` into `buffer`, which returns the number of bytes the kernel wrote, and PTRACE_SETREGSET.
#define MIDFLIGHT_NT_PRSTATUS 1
long midflight_ptrace_get(pid_t tid, int note, void *buffer, size_t capacity);
long midflight_ptrace_set(pid_t tid, int note, const void *buffer, size_t length);

// Bytes of the floating point and vector registers that the kernel saves of a thread; 0 where the processor does not say.
long midflight_extended_state_size(void);

// process_vm_readv/writev with one segment on each side; returns the bytes moved, which may be fewer than asked.
long midflight_read_memory(pid_t pid, uint64_t address, void *buffer, size_t length);
long midflight_write_memory(pid_t pid, uint64_t address, const void *buffer, size_t length);

// memmem(3), which Swift does not see without _GNU_SOURCE: where `part` begins first in `bytes`, or -1.
long midflight_find(const void *bytes, size_t length, const void *part, size_t part_length);

// process_vm_readv with as many segments on each side, which must have the same lengths; in the order given. Bytes moved.
long midflight_read_vectors(pid_t pid, const struct iovec *local, const struct iovec *remote, size_t count);

// TCP sockets of our network namespace that listen, IPv4 and IPv6, by sock_diag(7): /proc/net/tcp would have the kernel go
// through all connections. Their number, or -errno; -ENOSPC if there are more than `capacity`.
struct midflight_listener {
    uint32_t inode;
    uint16_t port;
};
long midflight_listening_sockets(struct midflight_listener *found, size_t capacity);

// Not wrapped by the glibc versions in use. Linux 5.3, 5.1 and 5.6.
long midflight_pidfd_open(pid_t pid);
long midflight_pidfd_send_signal(int pidfd, int signal);
long midflight_pidfd_getfd(int pidfd, int target_fd);

// posix_spawn_file_actions_addchdir_np(3), which Swift does not see without _GNU_SOURCE: the child starts in `directory`.
int midflight_spawn_in_directory(posix_spawn_file_actions_t *actions, const char *directory);

// Executes `program`, a path of ours, as a child of ours with the effective user and group id, the groups and the bounding set of
// process `pid`, and without the means to get more (PR_SET_NO_NEW_PRIVS). With `foreign` it also sees the file tree of `pid`: its
// root directory, and its namespaces (but for the pid namespace) as far as we may enter them. `socket` becomes its stdin and
// stdout; it has no stderr where there is no /dev/null, and a process group of its own. Returns its pid or -errno; -EPERM if we
// may not become what `pid` is.
long midflight_spawn_like(
    pid_t pid, const char *program, int foreign, int socket, char *const argv[], char *const envp[]);

// Executes `argv[0]`, looked for in PATH, as `user`, with no supplementary groups but `groups`: in `directory`, in a process group of its own, without
// input, and with our standard error for all of its output. Returns its pid or -errno. Needs CAP_SETUID and CAP_SETGID.
long midflight_launch_as(uid_t user, gid_t group, const gid_t *groups, size_t group_count, const char *directory,
                         char *const argv[], char *const envp[]);

// openat2(2) with RESOLVE_IN_ROOT: `path` is followed as if the directory `root` were the root directory, so that no link leads out of it.
// Opens for reading as OpenFile does. Returns a descriptor or -errno (-ENOSYS before Linux 5.6).
long midflight_open_in_root(const char *root, const char *path);

// prctl(2) is variadic: names the calling thread (at most 15 bytes).
long midflight_set_name(const char *name);

// The kernel's process connector (netlink): a socket that becomes readable when processes fork or execute a program.
// Needs CAP_NET_ADMIN in the first user namespace, and the first pid namespace; else -EPERM. The socket does not block.
long midflight_process_events_open(void);

// From now on only forks by `pids`, and programs executed by `pids` or, with `any_exec`, by anybody, wake the reader.
#define MIDFLIGHT_PROCESS_EVENTS_MOST 1000
long midflight_process_events_filter(int fd, const int32_t *pids, size_t count, int any_exec);

// The next event: `actor` forked `child`, or executed a program (child 0). -EAGAIN: none is left; -ENOBUFS: some were lost.
struct midflight_process_event {
    int32_t actor, child;
};
long midflight_process_events_read(int fd, struct midflight_process_event *event);

// accept4(2) with SOCK_CLOEXEC and SOCK_NONBLOCK, and the user id of SO_PEERCRED: GNU extensions, hidden from Swift.
long midflight_accept(int listener);
long midflight_peer_user(int socket);

// Gives the socket that was just bound at `path` to `owner` alone (0600). The directory may be its owner's, who could put a
// link to something else there meanwhile: nothing but a socket of ours with one name is touched. 0 or -errno.
long midflight_give_socket(const char *path, uid_t owner);

// Whether both processes share their memory, as vfork(2) leaves them until the child executes a program: 1, 0 or -errno.
long midflight_shares_memory(pid_t one, pid_t other);

// memfd_create(2), close-on-exec: a file without a name. A descriptor or -errno.
long midflight_memory_file(void);

// From now on the databases of users and groups are /etc/passwd and /etc/group alone, if this program is static: what else
// nsswitch.conf(5) names is a shared object of the system, and a static program that loads one crashes or aborts unless the
// system's glibc is the one that it was linked with.
void midflight_use_account_files(void);

// The commit that a packaged program was built from, as hexadecimal digits into `text` (48 bytes); empty in other builds.
void midflight_commit(char *text);

// The first page of the scratch mapping in the target: what the stub reads and writes.
struct midflight_page {
    uint32_t donor_status, agent_status, taken, gone;
    int32_t fds[4];              // agent reads [0], tool writes [1]; tool reads [2], agent writes [3]
    int64_t deadline_seconds;    // CLOCK_MONOTONIC
    int64_t now[2];              // the agent's own scratch
    uint64_t old_mask, all_mask; // signal masks, bit n-1 for signal n
    uint64_t thread;
    int64_t create_result;
    uint64_t mapping_base, mapping_length;
    uint64_t agent_entry;
    uint64_t agent_code, agent_code_length;
    uint64_t request, request_length;
    uint64_t text;               // NUL-terminated Python source
    uint64_t resume[16];         // what the stub of the machine needs to go on; `wayBack` of its Machine has the order
    uint64_t functions[FN_COUNT];
};

_Static_assert(offsetof(struct midflight_page, fds) == PAGE_FDS, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, deadline_seconds) == PAGE_DEADLINE, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, old_mask) == PAGE_OLD_MASK, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, mapping_base) == PAGE_MAPPING_BASE, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, agent_code) == PAGE_AGENT_CODE, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, text) == PAGE_TEXT, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, resume) == PAGE_RESUME, "donor_page.h");
_Static_assert(offsetof(struct midflight_page, functions) == PAGE_FUNCTIONS, "donor_page.h");
_Static_assert(sizeof(struct midflight_page) <= 4096, "struct midflight_page must fit a page");

// Where the parts of the position-independent stub lie, as byte offsets from its start.
struct midflight_stub {
    const void *code;
    size_t length;
    size_t donor_entry;
    size_t agent_entry;
    size_t resume;               // u64s that the tool fills in, as many as `wayBack` of the Machine has
};
struct midflight_stub midflight_stub(void);

#endif
