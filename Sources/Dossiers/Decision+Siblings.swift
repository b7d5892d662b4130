/// Dossiers of children of the same birth: each goes its own way, and each knows all the others.
///
/// What one knows of another it has told it or heard from it. So whichever of them a new one was submitted with, in
/// whichever order the messages come and however often, all end up knowing all, and then there is nothing more to tell.
extension Deciding {
    /// A new dossier tells the one that it was submitted with.
    mutating func greetSibling() {
        for other in state.siblings { tell([state.dossier], to: other) }
    }

    /// Hears that all of `known` are siblings, and passes on to each what it may not know yet.
    mutating func meet(_ known: [DossierRef], from sender: DossierRef) {
        let old = state.siblings
        let new = known.filter { $0 != state.dossier && !old.contains($0) }
        guard state.parent == nil, !new.isEmpty else { return }
        emit(.siblingsAdded(new))
        for other in state.siblings {
            let news = state.siblings.filter { third in
                let wasTold = old.contains(other) && old.contains(third)
                let hasSaid = other == sender && known.contains(third)
                return third != other && !wasTold && !hasSaid
            }
            if !news.isEmpty { tell([state.dossier] + news, to: other) }
        }
    }

    private mutating func tell(_ known: [DossierRef], to other: DossierRef) {
        send(.siblings(known), to: other, activation: 0)
    }
}
