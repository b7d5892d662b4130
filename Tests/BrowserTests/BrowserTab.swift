import Foundation
import JSONText
import TestSupport

/// One tab of the browser, as wide as a telephone or a desk's screen.
struct BrowserTab: Sendable {
    let browser: Chromium
    private let session: String

    /// Opens a tab for the body and closes it afterwards.
    static func with<Value>(
        width: Int, scripts: Bool = true, _ body: (BrowserTab) async throws -> Value
    ) async throws -> Value {
        let browser = try Chromium.shared.get()
        let target = try await browser.call("Target.createTarget", ["url": "about:blank"])["targetId"]
        guard let target = target?.stringValue else { throw Failure("no tab") }
        let attached = try await browser.call(
            "Target.attachToTarget", ["targetId": .string(target), "flatten": true])
        guard let session = attached["sessionId"]?.stringValue else { throw Failure("no session") }
        let tab = BrowserTab(browser: browser, session: session)
        for domain in ["Page", "Runtime", "Network", "Log"] { try await tab.call("\(domain).enable") }
        try await tab.call(
            "Emulation.setDeviceMetricsOverride",
            ["width": .integer(Int64(width)), "height": 720, "deviceScaleFactor": 1, "mobile": .bool(width < 600)])
        try await tab.call("Emulation.setScriptExecutionDisabled", ["value": .bool(!scripts)])
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(tab)) } catch { outcome = .failure(error) }
        // When the browser is gone, the first error says more.
        _ = try? await browser.call("Target.closeTarget", ["targetId": .string(target)])
        return try outcome.get()
    }

    @discardableResult
    func call(_ method: String, _ parameters: JSONObject = [:]) async throws -> JSONValue {
        try await browser.call(method, parameters, session: session)
    }

    /// Opens an address and waits until everything of it is there.
    func open(_ address: String) async throws {
        _ = browser.events(of: session)
        let answer = try await call("Page.navigate", ["url": .string(address)])
        if let error = answer["errorText"]?.stringValue { throw Failure("\(address): \(error)") }
        try await loaded()
    }

    /// Waits for the end of a navigation that the page itself began.
    func loaded() async throws { try await browser.awaitEvent("Page.loadEventFired", session: session) }

    /// What the browser asked for, the statuses of the pages that came, and what it complained about, since the page was
    /// opened.
    func record() -> (requests: [String], statuses: [Int64], complaints: [String]) {
        let events = browser.events(of: session)
        let requests = events.filter { $0.method == "Network.requestWillBeSent" }
            .compactMap { $0.parameters["request"]?["url"]?.stringValue }
        let statuses = events.filter {
            $0.method == "Network.responseReceived" && $0.parameters["type"]?.stringValue == "Document"
        }.compactMap { $0.parameters["response"]?["status"]?.integerValue }
        let complaints = events.compactMap { event -> String? in
            switch event.method {
            case "Log.entryAdded": event.parameters["entry"]?["text"]?.stringValue
            case "Runtime.exceptionThrown": event.parameters["exceptionDetails"]?["text"]?.stringValue
            case "Runtime.consoleAPICalled": "console: \(event.parameters["type"]?.stringValue ?? "?")"
            default: nil
            }
        }
        return (requests, statuses, complaints)
    }

    /// The value of an expression, or of its promise. Works in a page without scripts too: it is the tester's, not the
    /// page's.
    func evaluate(_ expression: String) async throws -> JSONValue {
        let answer = try await call(
            "Runtime.evaluate",
            ["expression": .string(expression), "returnByValue": true, "awaitPromise": true])
        if let details = answer["exceptionDetails"] {
            throw Failure(
                details["exception"]?["description"]?.stringValue ?? details["text"]?.stringValue ?? "an exception")
        }
        return answer["result"]?["value"] ?? .null
    }

    /// Lines that a check of ours gives.
    func lines(_ expression: String) async throws -> [String] {
        try await evaluate(expression).arrayValue?.compactMap(\.stringValue) ?? ["no answer"]
    }

    /// Types text where the focus is.
    func type(_ text: String) async throws { try await call("Input.insertText", ["text": .string(text)]) }

    /// Presses a key: its name and its code on a keyboard of Windows, as the protocol wants it.
    func press(_ key: String, code: Int64, text: String? = nil) async throws {
        var parameters: JSONObject = [
            "type": "keyDown", "key": .string(key), "code": .string(key), "windowsVirtualKeyCode": .integer(code),
        ]
        if let text { parameters["text"] = .string(text) }
        try await call("Input.dispatchKeyEvent", parameters)
        parameters["type"] = "keyUp"
        parameters["text"] = nil
        try await call("Input.dispatchKeyEvent", parameters)
    }

    /// The whole page as PNG; `scale`: pixels a CSS pixel.
    func screenshot(scale: Int64 = 1, of selector: String = "html") async throws -> Data {
        let box =
            try await evaluate(
                """
                (() => { const r = document.querySelector('\(selector)').getBoundingClientRect();
                return [r.left + scrollX, r.top + scrollY, r.width, r.height].map(Math.round); })()
                """
            ).arrayValue?.compactMap(\.integerValue) ?? []
        guard box.count == 4 else { throw Failure("nothing to take a picture of: \(selector)") }
        return try await data(
            "Page.captureScreenshot",
            [
                "captureBeyondViewport": true,
                "clip": [
                    "x": .integer(box[0]), "y": .integer(box[1]), "width": .integer(box[2]),
                    "height": .integer(box[3]), "scale": .integer(scale),
                ],
            ])
    }

    /// The page as a printer gets it, on the paper that its stylesheet asks for.
    func pdf() async throws -> Data { try await data("Page.printToPDF", ["preferCSSPageSize": true]) }

    private func data(_ method: String, _ parameters: JSONObject) async throws -> Data {
        guard let data = Data(base64Encoded: try await call(method, parameters)["data"]?.stringValue ?? "") else {
            throw Failure("\(method) gave nothing")
        }
        return data
    }
}
