#define _GNU_SOURCE
#include "CLinuxShims.h"
#include "fork.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

long midflight_fork(void (*become)(const void *context), const void *context) {
    int failed[2];
    if (pipe2(failed, O_CLOEXEC) != 0) return -errno;
    pid_t child = fork();
    if (child == 0) {
        become(context);
        int error = errno;
        if (write(failed[1], &error, sizeof error) < 0) _exit(126);
        _exit(127);
    }
    long result = child < 0 ? -errno : child;
    close(failed[1]);
    int error = 0;
    ssize_t length = 0;
    while (result > 0 && (length = read(failed[0], &error, sizeof error)) < 0 && errno == EINTR) {}
    if (length == sizeof error) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        result = -error;
    }
    close(failed[0]);
    return result;
}

struct service {
    uid_t user;
    gid_t group;
    const gid_t *groups;
    size_t group_count;
    const char *directory;
    char *const *argv, *const *envp;
};

static void become_service(const void *context) {
    const struct service *service = context;
    gid_t group = service->group;
    uid_t user = service->user;
    // Not the C library's functions: they take locks and signal all threads.
    if (syscall(SYS_setgroups, service->group_count, service->groups) != 0 || syscall(SYS_setresgid, group, group, group) != 0 ||
        syscall(SYS_setresuid, user, user, user) != 0)
        return;
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(2, 1) < 0 || chdir(service->directory) != 0) return;
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGIO, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvpe(service->argv[0], service->argv, service->envp);
}

long midflight_launch_as(uid_t user, gid_t group, const gid_t *groups, size_t group_count, const char *directory,
                         char *const argv[], char *const envp[]) {
    struct service service = { user, group, groups, group_count, directory, argv, envp };
    return midflight_fork(become_service, &service);
}
