import Foundation
import Testing
import Vault

@Suite struct VaultTests {
    private func make() throws -> (ScratchFolder, PersonalVault) {
        let folder = try ScratchFolder()
        return (folder, PersonalVault(keys: try KeyFile.open(folder.keys, createIfMissing: true)))
    }

    private func code(_ body: () throws -> Any) -> VaultError.Code? {
        do { _ = try body() } catch let error as VaultError { return error.code } catch { return nil }
        return nil
    }

    @Test(arguments: [0, 1, 15, 16, 17, 4096, 1_000_000])
    func `what is sealed is opened`(_ count: Int) throws {
        let (folder, vault) = try make()
        let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let key = try vault.newDataKey(province: "79", dossier: "d1")
        #expect(key.wrapped.bytes.count == 65)
        let sealed = try key.seal(plain, section: "form")
        #expect(sealed.count == 33 + count)
        #expect(try key.open(sealed, section: "form") == plain)

        let later = PersonalVault(keys: try KeyFile.open(folder.keys, createIfMissing: false))
        let opened = try later.open(sealed, with: key.wrapped, province: "79", dossier: "d1", section: "form")
        #expect(opened == plain)
        let again = try later.seal(plain, with: key.wrapped, province: "79", dossier: "d1", section: "form")
        #expect(again != sealed, "every seal has a nonce of its own")
        #expect(try key.open(again, section: "form") == plain)
    }

    @Test func `a value cannot be moved to another place`() throws {
        let (_, vault) = try make()
        let key = try vault.newDataKey(province: "79", dossier: "d1")
        let other = try vault.newDataKey(province: "79", dossier: "d2")
        let sealed = try key.seal(Array("Nguyễn Văn A".utf8), section: "form")
        #expect(code { try key.open(sealed, section: "forms") } == .refused)
        #expect(code { try key.open(sealed, section: "") } == .refused)
        #expect(code { try other.open(sealed, section: "form") } == .refused)
        #expect(code { try vault.unwrap(key.wrapped, province: "79", dossier: "d2") } == .refused)
        #expect(code { try vault.unwrap(key.wrapped, province: "01", dossier: "d1") } == .refused)
        #expect(code { try vault.unwrap(key.wrapped, province: "7", dossier: "9d1") } == .refused)
        #expect(code { try vault.unwrap(WrappedKey(bytes: sealed), province: "79", dossier: "d1") } == .refused)
        #expect(code { try key.open(key.wrapped.bytes, section: "form") } == .refused)
        let (_, stranger) = try make()
        #expect(code { try stranger.unwrap(key.wrapped, province: "79", dossier: "d1") } == .refused)
    }

    @Test func `every flipped bit is refused`() throws {
        let (_, vault) = try make()
        let key = try vault.newDataKey(province: "79", dossier: "d1")
        let sealed = try key.seal(Array("079200001234".utf8), section: "form")
        for index in sealed.indices {
            for bit in 0..<8 {
                var changed = sealed
                changed[index] ^= 1 << bit
                #expect(code { try key.open(changed, section: "form") } == (index == 0 ? .unknownFormat : .refused))
                var wrapped = key.wrapped.bytes
                wrapped[index] ^= 1 << bit
                let found = code { try vault.unwrap(WrappedKey(bytes: wrapped), province: "79", dossier: "d1") }
                let expected: VaultError.Code =
                    index == 0 ? .unknownFormat : index < 5 ? .unknownKeyVersion : .refused
                #expect(found == expected, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test func `a value cut short is refused at every length`() throws {
        let (_, vault) = try make()
        let key = try vault.newDataKey(province: "79", dossier: "d1")
        let sealed = try key.seal([1, 2, 3], section: "form")
        for count in 0..<sealed.count {
            let expected: VaultError.Code = count < 33 ? .truncated : .refused
            #expect(code { try key.open(Array(sealed.prefix(count)), section: "form") } == expected)
            let wrapped = WrappedKey(bytes: Array(key.wrapped.bytes.prefix(count)))
            #expect(code { try vault.unwrap(wrapped, province: "79", dossier: "d1") } == expected)
        }
        #expect(code { try key.open(sealed + [0], section: "form") } == .refused)
        #expect(code { try key.open([UInt8](repeating: 1, count: 100), section: "form") } == .refused)
    }

    @Test func `an old key version opens after a rotation, and a new one needs the new file`() throws {
        let (folder, before) = try make()
        let old = try before.newDataKey(province: "79", dossier: "d1")
        let sealed = try old.seal([1, 2, 3], section: "form")
        let after = PersonalVault(keys: try KeyFile.rotate(folder.keys))
        #expect(try after.open(sealed, with: old.wrapped, province: "79", dossier: "d1", section: "form") == [1, 2, 3])
        #expect(try after.newDataKey(province: "79", dossier: "d2").keyVersion == 2)
        #expect(old.keyVersion == 1)

        let rewrapped = try #require(try after.rewrapped(old.wrapped, province: "79", dossier: "d1"))
        #expect(rewrapped != old.wrapped)
        #expect(try after.rewrapped(rewrapped, province: "79", dossier: "d1") == nil)
        let key = try after.unwrap(rewrapped, province: "79", dossier: "d1")
        #expect(key.keyVersion == 2)
        #expect(try key.open(sealed, section: "form") == [1, 2, 3], "what was sealed before the rewrap still opens")
        #expect(code { try before.unwrap(rewrapped, province: "79", dossier: "d1") } == .unknownKeyVersion)
    }

    @Test func `fingerprints and addresses are keyed and apart from each other`() throws {
        let (folder, vault) = try make()
        let (_, stranger) = try make()
        let bytes = Array("079200001234".utf8)
        #expect(vault.fingerprint(bytes).count == 32)
        #expect(vault.fingerprint(bytes) == vault.fingerprint(bytes))
        #expect(vault.fingerprint(bytes) != vault.fingerprint(bytes + [0]))
        #expect(vault.fingerprint(bytes) != stranger.fingerprint(bytes))
        let here = vault.documentAddress(province: "79", content: bytes)
        #expect(here.count == 32)
        #expect(here != vault.documentAddress(province: "01", content: bytes))
        #expect(here != vault.documentAddress(province: "7", content: Array("9".utf8) + bytes))
        #expect(here != vault.fingerprint(bytes))
        let after = PersonalVault(keys: try KeyFile.rotate(folder.keys))
        #expect(after.fingerprint(bytes) == vault.fingerprint(bytes), "a rotation does not forget requests")
        #expect(after.documentAddress(province: "79", content: bytes) == here)
    }

    @Test func `a commitment is that of RFC 4231 and depends on its salt`() throws {
        // Test case 1: key of 20 bytes 0x0b, "Hi There".
        let salt = [UInt8](repeating: 0x0B, count: 20)
        let commitment = try PersonalVault.commitment(salt: salt, Array("Hi There".utf8))
        let hex = commitment.map { String(format: "%02x", $0) }.joined()
        #expect(hex == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            try PersonalVault.commitment(salt: PersonalVault.newSalt(), [1])
                != PersonalVault.commitment(salt: PersonalVault.newSalt(), [1]))
        #expect(PersonalVault.newSalt().count == 32)
        #expect(code { try PersonalVault.commitment(salt: [UInt8](repeating: 1, count: 15), [1]) } == .weakSalt)
    }
}
