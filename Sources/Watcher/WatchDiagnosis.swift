import Glibc
package import SystemPackage

/// Whether files can be watched here, without watching any for longer than the question takes.
package enum WatchDiagnosis {
    /// What users would be told about a watcher of `directories`; empty where its source of events has room
    /// for it and sees every change. Without a directory the question is whether there is room at all.
    package static func notices(for directories: [FilePath]) -> [WatchNotice] {
        do throws(Errno) {
            let source = try EventSource()
            do throws(Errno) {
                for directory in directories.isEmpty ? ["/"] : directories {
                    _ = try source.add(BytePath(directory.string), .place)
                }
            } catch {
                if error == .noSpace { return [WatchNotice(SourceLimit.watches.notice)] }
            }
        } catch {
            if error == .tooManyOpenFiles { return [WatchNotice(SourceLimit.instances.notice)] }
        }
        return remote(directories)
    }

    /// One notice for each directory on a file system that others change without an event. A missing
    /// directory gives none.
    private static func remote(_ directories: [FilePath]) -> [WatchNotice] {
        let table = MountTable(Proc.read(MountTable.file))
        return directories.compactMap { directory in
            var status = Glibc.stat()
            guard stat(directory.string, &status) == 0,
                let type = table.remoteType(device: UInt64(status.st_dev))
            else {
                return nil
            }
            return WatchNotice(.remoteFileSystem(type: type), path: directory)
        }
    }
}
