import Crypto
import Foundation
import JSONText
import TestSupport
import Testing

@testable import PublicFeed

/// Signatures, secrets and the key that keeps them.
struct SignatureTests {
    @Test func `the example of the reference implementations is signed as they sign it`() throws {
        let secret = try #require(WebhookSecret(text: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = WebhookSignature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", seconds: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8),
            secrets: [secret])
        #expect(headers.map(\.name) == ["webhook-id", "webhook-timestamp", "webhook-signature"])
        #expect(headers[1].value == "1614265330")
        #expect(headers[2].value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `the reference library verifies what is signed, by each secret while one is replaced`() throws {
        let secrets = [WebhookSecret.random(), WebhookSecret.random()]
        let body = Array(#"{"id":"48-7-completion","data":{"stage":"đã trả"}}"#.utf8)
        // The library refuses what is more than five minutes off.
        let now = Int64(Date().timeIntervalSince1970)
        func check(signedBy used: [WebhookSecret], with secrets: [WebhookSecret]) throws -> String {
            var headers = JSONObject()
            for header in WebhookSignature.headers(id: "48-7-completion", seconds: now, body: body, secrets: used) {
                headers[header.name] = .string(header.value)
            }
            return try OutsideReader.read(
                JSONValue.object(headers).bytes + [0x0A] + body, script: "check_webhook.py", secrets.map(\.text))
        }
        #expect(try check(signedBy: [secrets[0]], with: [secrets[0]]) == "signed\n")
        #expect(try check(signedBy: secrets, with: secrets) == "signed\n")
        #expect(throws: Failure.self) { try check(signedBy: [secrets[0]], with: [secrets[1]]) }
    }

    @Test func `a secret is 32 random bytes and reads back`() throws {
        let secret = WebhookSecret.random()
        #expect(secret.text.hasPrefix("whsec_"))
        #expect(secret.bytes.count == 32)
        #expect(try #require(WebhookSecret(text: secret.text)).bytes == secret.bytes)
        #expect(WebhookSecret.random().text != secret.text)
        #expect("\(secret)" == "secret (redacted)")
        #expect(!String(reflecting: secret).contains(secret.text.dropFirst(6)))
    }

    @Test(arguments: ["", "whsec_", "whsec_AAAA", "whsec_not base64!!", "whsec_" + String(repeating: "A", count: 100)])
    func `what is no secret is refused`(text: String) {
        #expect(WebhookSecret(text: text) == nil)
    }

    @Test func `a sealed secret opens for its receiver and with its key alone`() throws {
        let key = DeliveryKey()
        let sealed = try key.seal([1, 2, 3], of: "gazette", number: 1)
        #expect(try key.open(sealed, of: "gazette", number: 1) == [1, 2, 3])
        #expect(throws: DeliveryKeyError.self) { try key.open(sealed, of: "other", number: 1) }
        #expect(throws: DeliveryKeyError.self) { try key.open(sealed, of: "gazette", number: 2) }
        #expect(throws: DeliveryKeyError.self) { try DeliveryKey().open(sealed, of: "gazette", number: 1) }
        #expect(throws: DeliveryKeyError.self) { try key.open([], of: "gazette", number: 1) }
    }

    @Test func `the key file is made once, for its owner alone`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "motcua-delivery-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "delivery-key").path
        #expect(throws: DeliveryKeyError.self) { try DeliveryKey.open(path, createIfMissing: false) }
        let sealed = try DeliveryKey.open(path, createIfMissing: true).seal([7], of: "a", number: 1)
        #expect(try DeliveryKey.open(path, createIfMissing: true).open(sealed, of: "a", number: 1) == [7])
        let mode = try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["delivery-key"])
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: DeliveryKeyError.self) { try DeliveryKey.open(path, createIfMissing: true) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try Data("motcua-delivery-key 1\nAAAA\n".utf8).write(to: URL(filePath: path))
        #expect(throws: DeliveryKeyError.self) { try DeliveryKey.open(path, createIfMissing: true) }
    }
}

/// The schedule of tries.
struct RetryScheduleTests {
    @Test(arguments: [
        (1, 5), (2, 20), (3, 80), (4, 320), (5, 1_280), (6, 5_120), (7, 20_480), (8, 43_200), (9, 43_200),
        (13, 43_200),
    ])
    func `the pauses are those of the table`(attempt: Int, seconds: Int64) {
        let schedule = RetrySchedule()
        #expect(schedule.pause(afterAttempt: attempt, chance: 0.5) == .seconds(seconds))
        for chance in [-7, 0, 0.3, 1, 7] {
            let pause = schedule.pause(afterAttempt: attempt, chance: chance) ?? .zero
            #expect(pause > .milliseconds(seconds * 799))
            #expect(pause < .milliseconds(seconds * 1_201))
        }
    }

    @Test func `fourteen tries take more than three days, and then it is over`() {
        let schedule = RetrySchedule()
        let pauses = (1...20).compactMap { schedule.pause(afterAttempt: $0, chance: 0.5) }
        #expect(pauses.count == 13)
        let whole: Duration = pauses.reduce(.zero, +)
        // 79 hours, 35 minutes and 5 seconds.
        #expect(whole == .seconds(286_505))
        #expect(schedule.pause(afterAttempt: .max, chance: 0.5) == nil)
    }

    @Test func `a receiver may ask for more time, within a day`() {
        let schedule = RetrySchedule()
        #expect(schedule.pause(afterAttempt: 1, chance: 0.5, asked: .seconds(600)) == .seconds(600))
        #expect(schedule.pause(afterAttempt: 1, chance: 0.5, asked: .seconds(1)) == .seconds(5))
        #expect(schedule.pause(afterAttempt: 1, chance: 0.5, asked: .seconds(10_000_000)) == .seconds(86_400))
    }
}
