/// Boxes as one SVG file: nothing is loaded from elsewhere, a small script zooms and searches.
enum FlamePicture {
    private static let width = 1200.0
    private static let row = 17

    /// What a box says and looks like.
    struct Look {
        /// Shown when the pointer rests on it.
        var title: String
        /// As in CSS.
        var color: String
    }

    /// Boxes narrower than this many of `total` could not be seen: a third of a unit.
    static func least(of total: Int) -> Int { max(1, total / 3600) }

    /// `title` stands above the boxes. The first one is that of all samples.
    static func svg(_ boxes: [FlameBox], title: String, look: (FlameBox) -> Look) -> String {
        let total = max(1, boxes.first?.count ?? 0)
        let depth = boxes.map(\.depth).max() ?? 0
        let height = (depth + 1) * row + 50
        let shapes = boxes.map { shape($0, look($0), total: total, bottom: height - row - 8) }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 \(height)" width="100%">
            <style>text{font:12px monospace;fill:#111}rect{stroke:#fff;stroke-width:.5}g.b{cursor:pointer}\
            g.b:hover rect{stroke:#111}.dim{opacity:.45}.hit rect{fill:#c4f}.button{fill:#06c;cursor:pointer}</style>
            <rect width="1200" height="\(height)" fill="#fafafa"/>
            <text x="8" y="20">\(escaped(title))</text>
            <text x="1130" y="20" class="button" id="search">search</text>
            <text x="1050" y="20" class="button" id="reset">all</text>
            <text x="8" y="36" id="found"></text>
            \(shapes.joined(separator: "\n"))
            <script><![CDATA[\(script)]]></script>
            </svg>

            """
    }

    private static func shape(_ box: FlameBox, _ look: Look, total: Int, bottom: Int) -> String {
        let left = width * Double(box.left) / Double(total)
        let size = width * Double(box.count) / Double(total)
        let y = bottom - box.depth * row
        let name = escaped(box.frame.name)
        return """
            <g class="b" data-x="\(left)" data-w="\(size)" data-n="\(name)"><title>\(escaped(look.title))</title>\
            <rect x="\(left)" y="\(y)" width="\(size)" height="\(row - 1)" fill="\(look.color)"/>\
            <text x="\(left + 3)" y="\(y + 12)">\(escaped(cut(box.frame.name, to: size)))</text></g>
            """
    }

    /// As many characters as fit: one is about 7.3 units wide.
    private static func cut(_ name: String, to size: Double) -> String {
        let room = Int((size - 6) / 7.3)
        return room < 3 ? "" : name.count <= room ? name : name.prefix(room - 1) + "…"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // XML 1.0 has no form for them.
            case _ where scalar.value < 32 || scalar.value == 0xfffe || scalar.value == 0xffff: escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private static let script = """

        const boxes = [...document.querySelectorAll('g.b')];
        const fit = (name, w) => { const n = Math.floor((w - 6) / 7.3);
          return n < 3 ? '' : name.length <= n ? name : name.slice(0, n - 1) + '…'; };
        function zoom(x, w) {
          for (const g of boxes) {
            const left = +g.dataset.x, size = +g.dataset.w, e = 1e-6;
            const seen = left < x + w - e && left + size > x + e;
            g.style.display = seen ? '' : 'none';
            if (!seen) continue;
            const a = Math.max(left, x), b = Math.min(left + size, x + w);
            const rect = g.querySelector('rect'), text = g.querySelector('text');
            const px = (a - x) / w * 1200, pw = (b - a) / w * 1200;
            rect.setAttribute('x', px); rect.setAttribute('width', pw);
            text.setAttribute('x', px + 3); text.textContent = fit(g.dataset.n, pw);
            g.classList.toggle('dim', size > w + e);
          }
        }
        function search(word) {
          let spans = [];
          for (const g of boxes) {
            const hit = word !== '' && g.dataset.n.toLowerCase().includes(word.toLowerCase());
            g.classList.toggle('hit', hit);
            if (hit) spans.push([+g.dataset.x, +g.dataset.x + +g.dataset.w]);
          }
          spans.sort((a, b) => a[0] - b[0]);
          let sum = 0, end = 0;
          for (const [a, b] of spans) { sum += Math.max(0, b - Math.max(a, end)); end = Math.max(end, b); }
          document.getElementById('found').textContent =
            word === '' ? '' : word + ': ' + (sum / 12).toFixed(1) + ' %';
        }
        for (const g of boxes) g.addEventListener('click', () => zoom(+g.dataset.x, +g.dataset.w));
        document.getElementById('reset').addEventListener('click', () => { zoom(0, 1200); search(''); });
        document.getElementById('search').addEventListener('click', () => {
          const word = prompt('Part of a name:'); if (word !== null) search(word); });

        """
}
