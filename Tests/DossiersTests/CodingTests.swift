import Dossiers
import Procedures
import Testing
import WorkingTime

/// The log's format 1, byte for byte: what was written once must be read for decades (R5).
struct CodingTests {
    private static func event(_ body: Event.Body) -> Event {
        Event(
            sequence: 7, moment: Moment(arrived: Instant(microseconds: 5), recorded: Instant(microseconds: 6)),
            by: .officer(id: "o-1", agency: "000.11.H17", roles: ["civil-status"]), body: body)
    }

    private static func dossier(_ number: UInt64) -> DossierRef {
        DossierRef(province: 48, id: DossierID(milliseconds: 1_000, random: (0, number)))
    }

    private static let head = #"{"A":5,"B":["o","o-1","000.11.H17","civil-status"],"F":1,"K":"#

    @Test func `format 1 is written as it was published`() throws {
        let note = SealedReference(section: "said/3", commitment: [0, 255])
        let golden: [(Event.Body, String)] = [
            (.clockStopped, #""clock-stopped","Q":7,"R":6}"#),
            (.ending(EndIndex(2)), #""ending","Q":7,"R":6,"e":2}"#),
            (
                .promised(.init(date: Instant(microseconds: 9), cause: .linkedWait, calendarHash: "h")),
                #""promised","Q":7,"R":6,"c":"linked-wait","h":"h","t":9}"#
            ),
            (
                .completed(
                    activation: 3, outcome: "refuse", said: ["reason": .reason(code: "missing-paper", note: note)]),
                #""completed","Q":7,"R":6,"a":3,"o":"refuse","s":{"reason":{"n":["said/3","00ff"],"r":"missing-paper"}}}"#
            ),
            (.rerouted(activation: 3, agency: "000.12.H17"), #""rerouted","Q":7,"R":6,"a":3,"g":"000.12.H17"}"#),
            (
                .rerouted(activation: 3, agency: "000.12.H17", said: ["why": .reason(code: "elsewhere", note: note)]),
                #""rerouted","Q":7,"R":6,"a":3,"g":"000.12.H17","s":{"why":{"n":["said/3","00ff"],"r":"elsewhere"}}}"#
            ),
            (
                .factsSet(["facts.verification": .yesNo(true), "form.from": .date(CivilDate(daysSinceEpoch: 2))]),
                #""facts-set","Q":7,"R":6,"f":{"facts.verification":true,"form.from":[2]}}"#
            ),
            (
                .siblingsAdded([Self.dossier(1), Self.dossier(2)]),
                #""siblings-added","Q":7,"R":6,"d":[[48,"\#(Self.dossier(1).id)"],[48,"\#(Self.dossier(2).id)"]]}"#
            ),
            (
                .sent(
                    Message(
                        from: Self.dossier(1), to: Self.dossier(2), activation: 0, number: 3,
                        body: .siblings([Self.dossier(1)]))),
                #""sent","Q":7,"R":6,"v":{"a":0,"f":[48,"\#(Self.dossier(1).id)"],"n":3,"#
                    + #""t":[48,"\#(Self.dossier(2).id)"],"w":[[48,"\#(Self.dossier(1).id)"]]}}"#
            ),
        ]
        for (body, rest) in golden {
            let event = Self.event(body)
            #expect(String(decoding: event.encoded(), as: UTF8.self) == Self.head + rest)
            #expect(try Event(decoding: Array((Self.head + rest).utf8)) == event)
        }
    }

    @Test func `a sibling stands in the first event and in the state only where there is one`() throws {
        var submitted = Event.Submitted(
            dossier: Self.dossier(2), procedure: "p", version: 1, contentHash: "h", calendarHash: "i", channel: .desk,
            centre: "c", agency: "a", submitted: Instant(microseconds: 5), facts: [:], sibling: Self.dossier(1))
        for (sibling, isThere) in [(Self.dossier(1), true), (nil, false)] {
            submitted.sibling = sibling
            let event = Self.event(.submitted(submitted))
            let state = evolve(nil, event)
            let member = #""b":[48,"\#(Self.dossier(1).id)"]"#
            let list = #""b":[[48,"\#(Self.dossier(1).id)"]]"#
            #expect(String(decoding: event.encoded(), as: UTF8.self).contains(member) == isThere)
            #expect(String(decoding: state.encoded(), as: UTF8.self).contains(list) == isThere)
            #expect(try Event(decoding: event.encoded()) == event)
            #expect(try State(decoding: state.encoded()) == state)
        }
    }

    @Test func `everything that can be said reads back`() throws {
        let said: [String: Said] = [
            "a": .reason(code: "x", note: nil), "b": .documents([]), "c": .documents(["p", "q"]),
            "d": .date(CivilDate(daysSinceEpoch: -3)), "e": .instant(.latest), "f": .yesNo(false),
            "g": .sealed(SealedReference(section: "s", commitment: [])), "h": .agency("000"),
        ]
        let event = Self.event(.withdrawalAsked(activation: 0, said: said))
        #expect(try Event(decoding: event.encoded()) == event)
    }

    @Test(arguments: [
        "", "{}", "[]", "null", #"{"F":2}"#, head + #""unheard-of","Q":7,"R":6}"#, head + #""opened","Q":7,"R":6}"#,
        head + #""promised","Q":7,"R":6,"c":"whim","h":"h","t":9}"#, head + #""claimed","Q":7,"R":6,"a":"1","o":"x"}"#,
    ])
    func `bytes that are none of ours are refused`(_ text: String) {
        #expect(throws: Unreadable.self) { try Event(decoding: Array(text.utf8)) }
        #expect(throws: Unreadable.self) { try State(decoding: Array(text.utf8)) }
        #expect(throws: Unreadable.self) { try Message(decoding: Array(text.utf8)) }
    }
}
