/// A profile as lines `oldest;…;newest COUNT`, which flame graph tools read.
package enum CollapsedStacks {
    /// Sorted, so that equal profiles are equal texts.
    package static func text(_ profile: Profile) -> String {
        var lines: [String] = []
        for (stack, count) in zip(profile.stacks, profile.counts) {
            let names = stack.map { word(profile.frames[$0].label) }
            lines.append(names.joined(separator: ";") + " \(count)\n")
        }
        return lines.sorted().joined()
    }

    /// Lines `oldest;…;newest BEFORE AFTER`, as flamegraph.pl's difffolded.pl writes them.
    package static func text(_ change: ProfileChange) -> String {
        let lines = zip(change.stacks, change.counts).map { stack, pair in
            stack.map { word(change.frames[$0].label) }.joined(separator: ";")
                + " \(pair.before) \(pair.after)\n"
        }
        return lines.sorted().joined()
    }

    /// The separator and line breaks have no escape in this form.
    private static func word(_ label: String) -> String {
        String(
            String.UnicodeScalarView(
                label.unicodeScalars.map { $0 == ";" ? ":" : $0.value < 32 || $0.value == 127 ? "?" : $0 }))
    }
}
