/// What a page is asked in the browser; each answers with a line a fault.
enum Checks {
    /// WCAG 1.4.10: no scrolling sideways, nothing cut off at the right. A data table alone may be wider, inside a region
    /// that has a name, takes the focus and scrolls.
    static let fit = """
        (() => {
            const faults = [], width = document.documentElement.clientWidth;
            const mayScroll = e => {
                const table = e.closest('table'), region = table && table.parentElement;
                const name = region && document.getElementById(region.getAttribute('aria-labelledby'));
                return name && name.innerText.trim() && region.getAttribute('role') === 'region'
                    && region.tabIndex === 0 && getComputedStyle(region).overflowX === 'auto';
            };
            if (document.documentElement.scrollWidth > width)
                faults.push('scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + width);
            for (const e of document.body.querySelectorAll('*')) {
                if (e.closest('.sr, .skip, svg') || mayScroll(e)) continue;
                const r = e.getBoundingClientRect();
                if (r.width > 0 && (r.right > width + 1 || r.left < -1))
                    faults.push(e.tagName + '.' + e.className + ' leaves the window: ' + r.left + '…' + r.right);
            }
            return faults;
        })()
        """
    /// WCAG 2.5.8: 24 by 24 CSS pixels at least, without its exceptions.
    static let targets = """
        [...document.querySelectorAll('a, button, input:not([type=hidden]), summary, select')]
            .filter(e => !e.matches('.skip'))
            .map(e => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width < 24 || r.height < 24)
            .map(([e, r]) => e.outerHTML + ' is ' + r.width + ' by ' + r.height)
        """
    /// Text that nobody sees: all but what is there for screen readers, the way past the header, and the choices of a list
    /// that is not open.
    static let hidden = """
        (() => {
            const faults = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (walk.nextNode()) {
                const e = walk.currentNode.parentElement;
                if (!walk.currentNode.data.trim() || e.closest('.sr, .skip, option')) continue;
                const range = document.createRange();
                range.selectNodeContents(walk.currentNode);
                const r = range.getBoundingClientRect();
                if (!e.checkVisibility({opacityProperty: true, visibilityProperty: true}) || r.width < 1 || r.height < 1)
                    faults.push('hidden: ' + walk.currentNode.data);
            }
            return faults;
        })()
        """
    /// Lines of the State's name and motto that go on in a second one.
    static let brokenState = """
        [...document.querySelectorAll('.state strong')]
            .filter(e => e.getClientRects().length > 1).map(e => e.innerText + ' is broken')
        """
    /// No script of any kind, and nothing that stands for one.
    static let scripts = """
        (() => {
            const faults = [...document.querySelectorAll('script, noscript, iframe, object, embed')].map(e => e.tagName);
            for (const e of document.querySelectorAll('*'))
                for (const a of e.attributes)
                    if (/^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value)) faults.push(e.tagName + ' ' + a.name);
            return faults;
        })()
        """
}
