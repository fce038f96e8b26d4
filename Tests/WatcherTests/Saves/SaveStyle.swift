import Glibc
import SystemPackage

@testable import Watcher

/// How a program saves `pkg/a.py`, done by the same system calls in the same order.
struct SaveStyle: Sendable, CustomStringConvertible {
    let description: String
    let save: @Sendable (TempTree) throws -> Void

    static let text = String(repeating: "x = 1\n", count: 3000)
    private static let file = "pkg/a.py"
    private static let backup = "pkg/a.py~"

    static let all: [SaveStyle] = [
        SaveStyle(description: "vim: probe 4913, rename to backup, create, unlink backup") { tree in
            try tree.write("pkg/4913", "")
            try tree.unlink("pkg/4913")
            try tree.rename(file, backup)
            let new = try tree.open(file, [.create, .exclusiveCreate])
            _ = try new.writeAll(text.utf8)
            try tree.check(fsync(new.rawValue))
            try new.close()
            chmod(tree[file].string, 0o644)
            try tree.unlink(backup)
        },
        SaveStyle(description: "vim on links, nano, black, VS Code: truncate and write") { tree in
            try tree.write(file, text)
        },
        SaveStyle(description: "emacs, later saves: lock link, write, close, open, close") { tree in
            try tree.symlink("pkg/.#a.py", to: "user@host.1:2")
            try tree.write(file, text)
            try tree.open(file, []).close()
            try tree.unlink("pkg/.#a.py")
        },
        SaveStyle(description: "JetBrains: copy to backup, write in place, unlink backup") { tree in
            try tree.write(backup, "x = 0\n")
            try tree.write(file, text)
            try tree.unlink(backup)
        },
        SaveStyle(description: "JetBrains before: ___jb_tmp___ and ___jb_old___") { tree in
            try tree.write("pkg/a.py___jb_tmp___", text)
            try tree.rename(file, "pkg/a.py___jb_old___")
            try tree.rename("pkg/a.py___jb_tmp___", file)
            try tree.unlink("pkg/a.py___jb_old___")
        },
        SaveStyle(description: "sed -i, patch, coding agents: temporary file and rename") { tree in
            try tree.write("pkg/sedXyZ12", text)
            try tree.rename("pkg/sedXyZ12", file)
        },
        SaveStyle(description: "rsync, tar: an old modification time before the rename") { tree in
            try tree.write("pkg/.a.py.Xy12", text)
            var past = [
                timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0),
            ]
            try tree.check(utimes(tree["pkg/.a.py.Xy12"].string, &past))
            try tree.rename("pkg/.a.py.Xy12", file)
        },
        SaveStyle(description: "git checkout, install: unlink, create, write") { tree in
            try tree.unlink(file)
            try tree.write(file, text)
        },
        SaveStyle(description: "ln: a finished file gets the name") { tree in
            try tree.write("pkg/finished", text)
            try tree.unlink(file)
            try tree.link("pkg/finished", file)
        },
        SaveStyle(description: "O_TMPFILE and linkat") { tree in
            // Not imported from Glibc: __O_TMPFILE | O_DIRECTORY.
            let temporary = Glibc.open(tree["pkg"].string, O_WRONLY | 0o20000000 | O_DIRECTORY, 0o644)
            try tree.check(temporary < 0 ? -1 : 0)
            let file = FileDescriptor(rawValue: temporary)
            _ = try file.writeAll(text.utf8)
            try tree.unlink(SaveStyle.file)
            let source = "/proc/self/fd/\(temporary)"
            try tree.check(linkat(AT_FDCWD, source, AT_FDCWD, tree[SaveStyle.file].string, AT_SYMLINK_FOLLOW))
            try file.close()
        },
        SaveStyle(description: "a symbolic link takes the place of the file") { tree in
            try tree.write("pkg/version2", text)
            try tree.symlink("pkg/new-link", to: "version2")
            try tree.rename("pkg/new-link", file)
        },
        SaveStyle(description: "mmap: no write(2) at all") { tree in
            let opened = Glibc.open(tree[file].string, O_RDWR)
            try tree.check(ftruncate(opened, off_t(text.utf8.count)))
            let memory = mmap(nil, text.utf8.count, PROT_READ | PROT_WRITE, MAP_SHARED, opened, 0)
            // The mapping keeps the file open: CLOSE_WRITE comes with munmap.
            close(opened)
            memory?.copyMemory(from: Array(text.utf8), byteCount: text.utf8.count)
            munmap(memory, text.utf8.count)
        },
    ]
}
