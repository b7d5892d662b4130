import Notices
import PublicFeed

extension PageShell {
    /// What the public log is, what it proves and what not, and how to check it: for anybody, without JavaScript.
    func publicLog() -> [UInt8] {
        page(title: LocalText(vi: "Sổ công khai", en: "The public log")) { html in
            meaning(&html)
            proofs(&html)
            checking(&html)
            limits(&html)
        }
    }

    private func meaning(_ html: inout HTMLWriter) {
        html.say(
            """
            <h1>Sổ công khai</h1><p>Mỗi diễn biến của mỗi hồ sơ (tiếp nhận, yêu cầu bổ sung, hẹn trả, kết quả…) được ghi \
            thành một mục có số thứ tự trong sổ công khai của tỉnh. Sổ chỉ được ghi thêm. Cứ vài giây, toàn bộ sổ được ký bằng \
            khóa điện tử.</p><p>Vì vậy không ai, kể cả cơ quan nhà nước, có thể âm thầm sửa, xóa hay ghi lùi ngày một diễn \
            biến đã công bố: chỉ cần một người còn giữ bằng chứng cũ là thấy ngay.</p>\
            <h2>Trong sổ có gì</h2><p>Mỗi mục chỉ là một dấu vân tay (mã băm) đã trộn với số ngẫu nhiên. Nhìn vào sổ không biết \
            được mục nào của hồ sơ nào. Sổ không chứa họ tên, nội dung hồ sơ hay mã tra cứu của bạn. Nếu số ngẫu nhiên bị xóa theo \
            quy định, mục vẫn đứng trong sổ nhưng không ai biết nó nói gì nữa.</p>
            """,
            """
            <h1>The public log</h1><p>Every event of every dossier (accepted, papers requested, promised, decided…) is \
            recorded as a numbered entry in the province's public log. The log is only ever added to. Every few seconds the \
            whole of it is signed with an electronic key.</p><p>So nobody, the authorities included, can quietly change, \
            remove or back-date an event once it was published: one person who kept an older proof would see it at once.</p>\
            <h2>What is in the log</h2><p>Each entry is only a fingerprint (a hash) mixed with random numbers. Nobody can \
            tell from the log which entry belongs to which dossier. It holds no names, nothing of what a dossier says, and not \
            your look-up code. When the random number is erased as the law asks, the entry stays in the log and nobody can tell \
            any more what it said.</p>
            """)
    }

    private func proofs(_ html: inout HTMLWriter) {
        html.say(
            """
            <h2>Giữ bằng chứng của bạn</h2><p>Trên trang hồ sơ, bấm <strong>Tải bằng chứng</strong> và giữ tệp này. Tệp chứa \
            các diễn biến bạn đã thấy, số mục, và chữ ký dưới toàn bộ sổ. Tệp không chứa mã tra cứu, nhưng cho biết diễn \
            biến hồ sơ của bạn: chỉ đưa cho người bạn tin.</p>
            """,
            """
            <h2>Keep your proof</h2><p>On the page of your dossier, choose <strong>Download the proof</strong> and keep the \
            file. It holds the events that you saw, their numbers, and the signature under the whole log. It does not hold the \
            look-up code, but it tells how your dossier went: give it only to people you trust.</p>
            """)
    }

    private func checking(_ html: inout HTMLWriter) {
        html.say(
            """
            <h2>Cách kiểm tra</h2><p>Ai cũng kiểm tra được, trên máy của mình, không cần mạng và không cần hỏi cơ quan nào. Bạn \
            có thể nhờ người rành máy tính, một tòa báo hay tổ chức mà bạn tin.</p>\
            <ol><li>Lấy khóa công khai của sổ tại <span class="code">/log/<em>số tỉnh</em>/key</span>; so với \
            khóa niêm yết ở Bộ phận Một cửa.</li>\
            <li>Chạy <span class="code">motcua verify bang-chung-so-cong-khai.json --key <em>khóa</em></span>. Chương trình \
            tính lại từng mục và cho biết mục nào đúng.</li>\
            <li>Muốn biết sổ có bị viết lại không: giữ bản ký hôm nay tại <span class="code">/log/<em>số \
            tỉnh</em>/checkpoint</span>; lần sau tải <span class="code">/log/<em>số tỉnh</em>/consistency/<em>số mục</em></span> \
            và chạy <span class="code">motcua verify --checkpoint <em>cũ</em> --checkpoint <em>mới</em></span>.</li></ol>\
            <p>Sổ theo các chuẩn mở RFC 6962 và C2SP (tlog-tiles, signed-note), nên dùng được cả công cụ của người khác. \
            Nhân chứng độc lập có thể ký thêm vào từng bản ký.</p>
            """,
            """
            <h2>How to check</h2><p>Anybody can, on their own computer, without a network and without asking an authority. \
            Ask somebody who knows computers, a newspaper or an organisation that you trust.</p>\
            <ol><li>Take the log's public key from <span class="code">/log/<em>province</em>/key</span>; compare \
            it with the one shown at the one-stop desk.</li>\
            <li>Run <span class="code">motcua verify bang-chung-so-cong-khai.json --key <em>key</em></span>. It computes each \
            entry again and tells which are right.</li>\
            <li>To see whether the log was rewritten: keep today's signature from <span \
            class="code">/log/<em>province</em>/checkpoint</span>; later take <span \
            class="code">/log/<em>province</em>/consistency/<em>size</em></span> and run <span class="code">motcua verify \
            --checkpoint <em>old</em> --checkpoint <em>new</em></span>.</li></ol><p>The log follows the open standards RFC 6962 \
            and C2SP (tlog-tiles, signed-note), so that tools of others work too. Independent witnesses can add their \
            signatures.</p>
            """)
    }

    private func limits(_ html: inout HTMLWriter) {
        html.say(
            """
            <h2>Sổ không chứng minh điều gì</h2><p>Sổ chứng minh rằng điều đã công bố không bị thay đổi về sau. Sổ không chứng \
            minh rằng một quyết định là đúng pháp luật: muốn vậy hãy khiếu nại theo hướng dẫn trên kết quả.</p>\
            <h2>Nếu kiểm tra không khớp</h2><p>Hãy giữ nguyên các tệp, đừng sửa, và báo cho Bộ phận Một cửa, thanh tra hoặc \
            tổ chức mà bạn tin. Hai bản ký mâu thuẫn của cùng một khóa là bằng chứng tự nó đứng vững.</p>\
            <p><a href="/?lang=vi">Tra cứu hồ sơ</a></p>
            """,
            """
            <h2>What the log does not prove</h2><p>It proves that what was published has not been changed since. It does not \
            prove that a decision is lawful: for that, appeal as the decision says.</p>\
            <h2>If something does not match</h2><p>Keep the files as they are and tell the one-stop desk, the inspectorate or \
            an organisation that you trust. Two signatures of one key that contradict each other prove it by themselves.</p>\
            <p><a href="/?lang=en">Look up a dossier</a></p>
            """)
    }
}
