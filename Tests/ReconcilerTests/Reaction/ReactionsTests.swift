import SystemPackage
import Testing

@testable import Reconciler

@Suite("The first rule that names a file")
struct ReactionsTests {
    private static let reactions = {
        var reactions = Reactions()
        reactions.rules = [
            .init(files: ["templates/", "!templates/mail/"], action: .ignore),
            .init(files: ["*.toml", "/deploy/**/*.cfg"], action: .restart),
            .init(files: ["*.html"], action: .execute(["true"])),
        ]
        return reactions
    }()

    @Test(
        "decides",
        arguments: [
            ("/srv/api/templates/a.html", Reactions.Action.ignore),
            ("/srv/api/x/templates/b/c.html", .ignore),
            ("/srv/api/templates/mail/a.html", .execute(["true"])),
            ("/srv/api/pyproject.toml", .restart), ("/srv/api/deploy/a/b/c.cfg", .restart),
            ("/srv/api/x/deploy/c.cfg", nil), ("/srv/api/a.py", nil), ("/elsewhere/a.html", nil),
            ("/srv/jobs/a.html", .execute(["true"])),
        ])
    func decides(path: String, action: Reactions.Action?) {
        #expect(Self.reactions.action(for: FilePath(path), below: ["/srv/api", "/srv/jobs"]) == action)
    }
}
