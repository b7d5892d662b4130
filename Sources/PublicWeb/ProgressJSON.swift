import JSONText
import Notices
import PublicFeed
import WorkingTime

/// The same picture as the page's, for programs; all of it, in both languages.
enum ProgressJSON {
    /// What a legal code shows, and nothing else; `completeUntil` only when the feed is behind.
    static func bytes(_ completion: Completion, staleSince: Instant? = nil) -> [UInt8] {
        JSONWriter.bytes { json in
            json.member("legalCode", completion.code.text)
            status(completion.status, completion.stage, &json)
            instant("completeUntil", staleSince, &json)
        }
    }

    /// What a look-up code shows; `completeUntil` only when the feed is behind.
    static func bytes(_ picture: StatusPage) -> [UInt8] {
        let family = picture.family
        let now = picture.now
        var writer = JSONWriter(capacity: 4_096 + 1_024 * family.parts.count)
        writer.object { json in
            json.member("code", picture.code.description)
            stand(family.dossier, of: family, sentence: picture.sentence, holder: picture.holding, now: now, &json)
            json.array("parts") { json in
                for part in family.parts {
                    json.object { json in
                        if let name = part.newest.part { local("part", name, &json) }
                        stand(part, of: family, sentence: part.sentence, holder: part.newest.holder, now: now, &json)
                    }
                }
            }
            json.array("history") { json in
                for event in PublicEvent.all(of: family) { json.object { json in history(event, of: family, &json) } }
            }
            json.member("feed", picture.feedPath)
            instant("completeUntil", picture.staleSince, &json)
            guard let log = picture.log, let proof = picture.proofPath else { return }
            json.object("log") { json in
                json.member("province", Int(log.province))
                json.member("leaf", log.n)
                json.member("size", ifPresent: log.size)
                json.member("proof", proof)
            }
        }
        return writer.bytes
    }

    /// - Parameters:
    ///   - family: of the result: a whole of which a part was refused was granted in part.
    ///   - sentence: as the page has it: of the whole it may be what a part asks.
    ///   - holder: who holds it, by the same rule.
    private static func stand(
        _ stand: DossierStand, of family: DossierFamily, sentence: LocalText?, holder: Notice.Holder?, now: Instant,
        _ json: inout JSONWriter
    ) {
        let notice = stand.newest
        json.member("number", notice.number)
        json.object("procedure") { json in
            json.member("key", notice.procedure)
            json.member("version", notice.procedureVersion)
            json.member("code", ifPresent: notice.procedureCode)
            local("title", notice.procedureTitle, &json)
        }
        json.member("legalCode", ifPresent: notice.legalCode)
        status(notice.status, notice.stage, &json)
        if let sentence { local("sentence", sentence, &json) }
        if let action = notice.action {
            json.object("action") { json in
                local("text", action.text, &json)
                instant("until", action.until, &json)
            }
        }
        if let holder { self.holder(holder, &json) }
        instant("submittedAt", notice.submitted, &json)
        instant("acceptedAt", notice.accepted, &json)
        let waits = Punctuality.waitsForApplicant(notice.stage) && notice.finished == nil
        instant("promisedAt", waits ? nil : notice.promised, &json)
        instant("firstPromisedAt", notice.firstPromised, &json)
        json.member("promiseCause", ifPresent: notice.promiseCause)
        json.member("isPaused", notice.paused)
        json.member("pausedDays", notice.pausedDays)
        json.array("pauseReasons") { json in
            for reason in PauseReason.all(of: stand) { json.string(reason.rawValue) }
        }
        let punctuality = Punctuality(of: notice, now: now)
        json.member("isLate", punctuality == .late || punctuality == .endedLate)
        instant("finishedAt", notice.finished, &json)
        json.member("result", ifPresent: family.result(of: notice))
        json.array("milestones") { json in
            for (milestone, standing) in zip(notice.milestones, MilestoneStanding.all(of: notice)) {
                json.object { json in
                    json.member("key", milestone.key)
                    local("title", milestone.title, &json)
                    json.member("standing", standing.rawValue)
                }
            }
        }
    }

    private static func history(_ event: PublicEvent, of family: DossierFamily, _ json: inout JSONWriter) {
        let notice = event.notice
        instant("at", notice.at, &json)
        if notice.dossier != family.dossier.newest.dossier, let part = notice.part { local("part", part, &json) }
        status(notice.status, notice.stage, &json)
        if let holder = notice.holder { self.holder(holder, &json) }
        switch event.news {
        case .sentence(let sentence): local("sentence", sentence, &json)
        case .promise(let date, let cause):
            instant("promisedAt", date, &json)
            json.member("promiseCause", ifPresent: cause)
        case .stage: break
        }
    }

    /// Both members, written once for all dossiers that stand there.
    private static func status(_ status: NationalStatus, _ stage: PublicStage, _ json: inout JSONWriter) {
        json.raw(standings[Standing(status: status, stage: stage)] ?? [])
    }

    private struct Standing: Hashable {
        let status: NationalStatus
        let stage: PublicStage
    }

    private static let standings: [Standing: [UInt8]] = {
        var standings: [Standing: [UInt8]] = [:]
        for status in NationalStatus.allCases {
            for stage in PublicStage.allCases {
                let object = JSONWriter.bytes { json in
                    json.object("status") { json in
                        json.member("code", status.rawValue)
                        local("name", status.name, &json)
                    }
                    json.object("stage") { json in
                        json.member("key", stage.rawValue)
                        local("tag", stage.tag, &json)
                    }
                }
                // The members without the object's braces.
                standings[Standing(status: status, stage: stage)] = Array(object.dropFirst().dropLast())
            }
        }
        return standings
    }()

    private static func holder(_ holder: Notice.Holder, _ json: inout JSONWriter) {
        json.object("holder") { json in
            json.member("agency", holder.agency)
            local("name", holder.name, &json)
            json.member("phone", ifPresent: holder.phone)
        }
    }

    private static func local(_ key: String, _ text: LocalText, _ json: inout JSONWriter) {
        json.object(key) { json in
            json.member("vi", text.vi)
            json.member("en", ifPresent: text.en)
        }
    }

    private static func instant(_ key: String, _ instant: Instant?, _ json: inout JSONWriter) {
        if let instant { json.member(key, plain: instant.appendISO8601) }
    }
}
