"""What a process has of an agent that was in its parent when it was forked."""


def tidy(ends: list) -> int:
    """Closes copies of that agent's pipe ends, [number, inode], and drops its warning filter; returns how many went."""
    gone = 0
    for number, inode in ends:
        try:
            if posix.fstat(number).st_ino == inode:
                posix.close(number)
                gone += 1
        except OSError:
            pass  # closed by itself: the descriptors are close-on-exec
    for filters in warning_filters():
        for index in range(len(filters) - 1, -1, -1):
            if is_foreign(filters[index]):
                del filters[index]
                gone += 1
    return gone


def is_foreign(entry: object) -> bool:
    """Whether it is a filter of an agent that is not this one."""
    if type(entry) is not tuple or len(entry) != 5 or type(entry[1]) is not Record:
        return False
    match = getattr(entry[1], "match", None)
    if type(match) is not FunctionType or match is is_fork_warning:
        return False
    return match.__code__.co_filename == is_fork_warning.__code__.co_filename
