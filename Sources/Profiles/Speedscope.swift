/// A profile in the file format of speedscope.app: one profile for each thread, on one common scale of time.
package enum Speedscope {
    /// JSON. `period`: nanoseconds from look to look.
    package static func text(_ profile: Profile, name: String, period: Int64) -> String {
        let frames = profile.frames.map { frame in
            let place = frame.file.isEmpty ? "" : ",\"file\":\(quoted(frame.file)),\"line\":\(frame.line)"
            return "{\"name\":\(quoted(frame.name))\(place)}"
        }
        let tracks = profile.tracks.map { self.track($0, profile, period: period) }
        return """
            {"$schema":"https://www.speedscope.app/file-format-schema.json","name":\(quoted(name)),\
            "exporter":"midflight","activeProfileIndex":0,"shared":{"frames":[\(frames.joined(separator: ","))]},\
            "profiles":[\(tracks.joined(separator: ","))]}

            """
    }

    /// A gap between samples is an empty stack: the thread was not seen then.
    private static func track(_ track: Profile.Track, _ profile: Profile, period: Int64) -> String {
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
            stacks.append("[" + profile.stacks[sample.stack].map(String.init).joined(separator: ",") + "]")
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
