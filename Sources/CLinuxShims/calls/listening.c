#define _GNU_SOURCE
#include "CLinuxShims.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define LISTENING 10 // TCP_LISTEN of the kernel's net/tcp_states.h

static long ask(int link, int family) {
    struct {
        struct nlmsghdr head;
        struct inet_diag_req_v2 body;
    } request;
    memset(&request, 0, sizeof request);
    request.head.nlmsg_len = sizeof request;
    request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    request.body.sdiag_family = (__u8)family;
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = 1 << LISTENING;
    return send(link, &request, sizeof request, 0) == (ssize_t)sizeof request ? 0 : -(long)errno;
}

// Adds what is listed to `found` from `count` on; the new count, or -errno.
static long take(int link, struct midflight_listener *found, size_t capacity, size_t count) {
    _Alignas(struct nlmsghdr) char buffer[16384];
    for (;;) {
        ssize_t length = recv(link, buffer, sizeof buffer, 0);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return length < 0 ? -(long)errno : -(long)EIO;
        struct nlmsghdr *message = (struct nlmsghdr *)buffer;
        for (int left = (int)length; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type == NLMSG_DONE) return (long)count;
            if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
                message->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg)))
                return -(long)EPROTO;
            const struct inet_diag_msg *socket = NLMSG_DATA(message);
            if (count == capacity) return -(long)ENOSPC;
            found[count].inode = socket->idiag_inode;
            found[count++].port = ntohs(socket->id.idiag_sport);
        }
    }
}

long midflight_listening_sockets(struct midflight_listener *found, size_t capacity) {
    int link = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (link < 0) return -(long)errno;
    struct timeval patience = {1, 0}; // a filter may swallow the question
    setsockopt(link, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    static const int families[] = {AF_INET, AF_INET6};
    long count = 0;
    for (size_t index = 0; index < 2 && count >= 0; index++) {
        long asked = ask(link, families[index]);
        count = asked < 0 ? asked : take(link, found, capacity, (size_t)count);
    }
    close(link);
    return count;
}
