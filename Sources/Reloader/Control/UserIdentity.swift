import CLinuxShims
import Glibc

/// Another user as whom root starts a program, as a login of that user would.
package struct UserIdentity: Sendable, Hashable {
    /// The user as whom the program runs.
    package let userID: UInt32
    /// The first of its groups.
    package let groupID: UInt32
    /// Those of the group database (getgrouplist(3)); `groupID` alone for a user without a name.
    package let groups: [UInt32]
    /// `HOME`, `USER` and `LOGNAME`: sudo(8) leaves root's. Empty for a user without a name.
    package let variables: [String: String]

    /// Reads the user and group databases; in a static program /etc/passwd and /etc/group alone.
    package init(userID: UInt32, groupID: UInt32) {
        midflight_use_account_files()
        self.userID = userID
        self.groupID = groupID
        guard let entry = getpwuid(userID), let name = entry.pointee.pw_name else {
            groups = [groupID]
            variables = [:]
            return
        }
        var count: Int32 = 256
        var list = [gid_t](repeating: 0, count: Int(count))
        let found = getgrouplist(name, groupID, &list, &count)
        groups = found < 0 ? [groupID] : Array(list.prefix(Int(count)))
        let user = String(cString: name)
        variables = [
            "HOME": entry.pointee.pw_dir.map { String(cString: $0) } ?? "/", "USER": user, "LOGNAME": user,
        ]
    }
}
