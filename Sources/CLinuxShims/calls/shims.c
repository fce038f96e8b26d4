#define _GNU_SOURCE
#include "CLinuxShims.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static long result(long value) { return value < 0 ? -(long)errno : value; }

long midflight_ptrace(long request, pid_t tid, uintptr_t addr, uintptr_t data) {
    return result(ptrace(request, tid, (void *)addr, (void *)data));
}

long midflight_ptrace_get(pid_t tid, int note, void *buffer, size_t capacity) {
    struct iovec vector = {buffer, capacity};
    long value = ptrace(PTRACE_GETREGSET, tid, (void *)(uintptr_t)note, &vector);
    return value < 0 ? -(long)errno : (long)vector.iov_len;
}

long midflight_ptrace_set(pid_t tid, int note, const void *buffer, size_t length) {
    struct iovec vector = {(void *)(uintptr_t)buffer, length};
    return result(ptrace(PTRACE_SETREGSET, tid, (void *)(uintptr_t)note, &vector));
}

long midflight_extended_state_size(void) {
#if defined(__x86_64__)
    unsigned enabled, largest, a, d;
    if (__get_cpuid_count(0xd, 0, &a, &enabled, &largest, &d)) return enabled; // of the components that XCR0 enables
#endif
    return 0;
}

long midflight_read_memory(pid_t pid, uint64_t address, void *buffer, size_t length) {
    struct iovec local = {buffer, length}, remote = {(void *)(uintptr_t)address, length};
    return result(process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

long midflight_write_memory(pid_t pid, uint64_t address, const void *buffer, size_t length) {
    struct iovec local = {(void *)(uintptr_t)buffer, length}, remote = {(void *)(uintptr_t)address, length};
    return result(process_vm_writev(pid, &local, 1, &remote, 1, 0));
}

long midflight_read_vectors(pid_t pid, const struct iovec *local, const struct iovec *remote, size_t count) {
    return result(process_vm_readv(pid, local, count, remote, count, 0));
}

long midflight_pidfd_open(pid_t pid) { return result(syscall(SYS_pidfd_open, pid, 0)); }

long midflight_pidfd_send_signal(int pidfd, int signal) {
    return result(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int midflight_spawn_in_directory(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}

long midflight_pidfd_getfd(int pidfd, int target_fd) {
    return result(syscall(SYS_pidfd_getfd, pidfd, target_fd, 0));
}

long midflight_set_name(const char *name) { return result(prctl(PR_SET_NAME, name, 0, 0, 0)); }

long midflight_accept(int listener) { return result(accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)); }

long midflight_peer_user(int socket) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -(long)errno;
    return credentials.uid;
}

long midflight_give_socket(const char *path, uid_t owner) {
    int held = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (held < 0) return -(long)errno;
    struct stat status;
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", held);
    long outcome = result(fstat(held, &status));
    if (outcome == 0 && (!S_ISSOCK(status.st_mode) || status.st_nlink != 1 || status.st_uid != geteuid()))
        outcome = -EPERM;
    if (outcome == 0) outcome = result(chmod(name, 0600));
    if (outcome == 0 && owner != status.st_uid) outcome = result(fchownat(held, "", owner, (gid_t)-1, AT_EMPTY_PATH));
    close(held);
    return outcome;
}

long midflight_shares_memory(pid_t one, pid_t other) {
    long order = syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0);
    return order < 0 ? -(long)errno : order == 0;
}

extern const char midflight_stub_begin[], midflight_stub_end[], midflight_donor_entry[], midflight_agent_entry[];
extern const char midflight_resume[];

struct midflight_stub midflight_stub(void) {
    struct midflight_stub stub = {
        .code = midflight_stub_begin,
        .length = (size_t)(midflight_stub_end - midflight_stub_begin),
        .donor_entry = (size_t)(midflight_donor_entry - midflight_stub_begin),
        .agent_entry = (size_t)(midflight_agent_entry - midflight_stub_begin),
        .resume = (size_t)(midflight_resume - midflight_stub_begin),
    };
    return stub;
}

long midflight_find(const void *bytes, size_t length, const void *part, size_t part_length) {
    const char *found = memmem(bytes, length, part, part_length);
    return found ? found - (const char *)bytes : -1;
}
