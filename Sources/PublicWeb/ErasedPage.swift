import Edge
import HTTPTypes
import Hummingbird
import JSONText
import Notices
import PublicFeed

extension LookUpDesk {
    /// The page of a dossier that was erased.
    func erased(_ code: LookUpCode, _ family: ErasedFamily, _ context: some EdgeRequestContext) -> Response {
        let shell = PageShell(language: context.language, path: "/ho-so/\(code)")
        return LookUpDesk.html(shell.erased(code, family, hasLog: site.log != nil), status: .gone)
    }
}

extension Problem {
    /// 410: the code is right, and what it showed was erased.
    static let erasedDossier = Problem(
        "dossier-erased", status: .gone, vi: "Dữ liệu của hồ sơ này đã được xóa",
        en: "The data of this dossier has been erased"
    ).detailed(
        vi: "Hồ sơ đã kết thúc và dữ liệu đã được xóa theo quy định. Số hồ sơ vẫn cho biết mức độ hoàn thành.",
        en:
            "The dossier has ended and its data was erased as the law provides. Its legal code still tells the degree of "
            + "completion.")
}

extension PageShell {
    /// What is left of a dossier that was erased.
    func erased(_ code: LookUpCode, _ family: ErasedFamily, hasLog: Bool) -> [UInt8] {
        let title = Problem.erasedDossier.title
        return page(title: LocalText(vi: title.vi, en: title.en)) { html in
            html.say(
                "<p class=\"ref\">Hồ sơ <strong class=\"code\">", "<p class=\"ref\">Dossier <strong class=\"code\">")
            html.value(code.description)
            html.markup("</strong></p><div role=\"status\"><h1>")
            html.local(LocalText(vi: title.vi, en: title.en))
            html.say(
                """
                </h1></div><p>Hồ sơ đã kết thúc và dữ liệu của hồ sơ đã được xóa theo quy định. Vì vậy trang này không còn \
                hiện diễn biến, nơi giải quyết và ngày hẹn.</p>
                """,
                """
                </h1></div><p>The dossier has ended and its data was erased as the law provides. This page therefore shows \
                no history, agency or promised date any more.</p>
                """)
            if let legalCode = family.legalCode {
                html.say(
                    "<p>Số hồ sơ vẫn cho biết mức độ hoàn thành: <a class=\"code\" href=\"/ho-so/",
                    "<p>The dossier number still tells how complete it is: <a class=\"code\" href=\"/ho-so/")
                html.value(legalCode)
                html.say("?lang=vi\">", "?lang=en\">")
                html.value(legalCode)
                html.markup("</a></p>")
            }
            if hasLog {
                html.say(
                    """
                    <p>Sổ công khai vẫn giữ các mục của hồ sơ, nhưng không ai còn biết được các mục ấy nói gì. \
                    <a href="/v1/progress/
                    """,
                    """
                    <p>The public log still has the dossier's entries, and nobody can tell any more what they said. \
                    <a href="/v1/progress/
                    """)
                html.value(code.description)
                html.say("/proof\">Tải bằng chứng</a></p>", "/proof\">Download the proof</a></p>")
            }
            html.say(
                "<p>Muốn hỏi thêm, bạn hãy liên hệ nơi đã tiếp nhận hồ sơ.</p>",
                "<p>If you have questions, ask the centre that received the dossier.</p>")
        }
    }
}
