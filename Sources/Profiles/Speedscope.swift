/// A profile in the file format of speedscope.app: one profile for each thread, on one common scale of time.
package enum Speedscope {
    /// JSON. `period`: nanoseconds from look to look.
    package static func text(_ profile: Profile, name: String, period: Int64) -> String {
        let tracks = profile.tracks.map { track($0, profile, period: period) }
        return file(tracks, frames: profile.frames, name: name)
    }

    /// Each thread twice: before the change, and after it.
    package static func text(_ change: ProfileChange, name: String, period: Int64) -> String {
        let first = change.before.profile.frames.count
        func tracks(_ side: ProfileChange.Side, _ when: String, from base: Int) -> [String] {
            side.profile.tracks.map { track in
                var named = track
                named.name += " \(when)"
                return self.track(named, side.profile, from: base, period: period)
            }
        }
        let all =
            tracks(change.before, "before", from: 0) + tracks(change.after, "after", from: first)
        return file(all, frames: change.before.profile.frames + change.after.profile.frames, name: name)
    }

    private static func file(_ tracks: [String], frames: [ProfileFrame], name: String) -> String {
        let frames = frames.map { frame in
            let place = frame.file.isEmpty ? "" : ",\"file\":\(quoted(frame.file)),\"line\":\(frame.line)"
            return "{\"name\":\(quoted(frame.name))\(place)}"
        }
        return """
            {"$schema":"https://www.speedscope.app/file-format-schema.json","name":\(quoted(name)),\
            "exporter":"midflight","activeProfileIndex":0,"shared":{"frames":[\(frames.joined(separator: ","))]},\
            "profiles":[\(tracks.joined(separator: ","))]}

            """
    }

    /// A gap between samples is an empty stack: the thread was not seen then.
    /// `base`: the place of the profile's first function in the file.
    private static func track(
        _ track: Profile.Track, _ profile: Profile, from base: Int = 0, period: Int64
    ) -> String {
        var stacks: [String] = []
        var weights: [String] = []
        var time = track.samples.first?.start ?? 0
        let start = time
        for sample in track.samples {
            if sample.start > time + period {
                stacks.append("[]")
                weights.append(String(sample.start - time))
                time = sample.start
            }
            stacks.append(
                "[" + profile.stacks[sample.stack].map { String($0 + base) }.joined(separator: ",") + "]")
            let weight = Int64(sample.count) * period
            weights.append(String(weight))
            time += weight
        }
        return """
            {"type":"sampled","name":\(quoted(track.name)),"unit":"nanoseconds","startValue":\(start),\
            "endValue":\(time),"samples":[\(stacks.joined(separator: ","))],\
            "weights":[\(weights.joined(separator: ","))]}
            """
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
