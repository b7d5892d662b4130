/// The one stylesheet of the public pages, under a path that changes with its content.
enum Stylesheet {
    /// The content, UTF-8.
    static let bytes = Array("\(text)\n\(StatisticsStyle.text)".utf8)
    /// Where it is served; may be kept for ever.
    static let path = "/static/\(ContentHash.text(of: bytes)).css"

    // Colours: text on its ground has a contrast of 7 : 1 or more, borders of controls 3 : 1 or more (WCAG 1.4.3, 1.4.11).
    // Line height 1.6: Vietnamese stacks two diacritics on one letter.
    private static let text = """
        *,*::before,*::after{box-sizing:border-box}
        html{font-size:112.5%;-webkit-text-size-adjust:100%}
        body{margin:0;background:#fff;color:#1b2229;line-height:1.6;overflow-wrap:break-word;\
        font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif}
        header{background:#0b3c73;color:#fff;border-bottom:4px solid #d9a514}
        header .wide,main,footer{max-width:42rem;margin:0 auto;padding:0 1rem}
        header .wide{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;justify-content:space-between;\
        padding-top:.5rem;padding-bottom:.5rem}
        header a{color:#fff;display:inline-block;padding:.35rem 0;min-height:1.75rem;font-size:.95rem}
        .home{font-weight:700;text-decoration:none}
        .home span{font-weight:400;margin-left:.4rem;padding-left:.55rem;border-left:1px solid #9db6d3}
        main{padding-top:1.25rem;padding-bottom:2rem}
        footer{padding-top:1rem;padding-bottom:2rem;border-top:1px solid #c5ccd3;font-size:.9rem;color:#3d4852}
        h1{font-size:1.6rem;line-height:1.5;margin:.5rem 0 1rem;font-weight:700}
        h2{font-size:1.05rem;line-height:1.5;margin:0 0 .25rem;color:#0b3c73}
        h3{font-size:1rem;line-height:1.5;margin:0}
        p{margin:0 0 .5rem}
        section{margin:1.5rem 0 0}
        main>h2{margin-top:2rem}
        a{color:#0b4f9e;text-underline-offset:.15em}
        a:hover{text-decoration-thickness:2px}
        a:focus-visible,button:focus-visible,input:focus-visible{outline:3px solid #1b2229;outline-offset:2px;\
        box-shadow:0 0 0 2px #fff,0 0 0 8px #ffd23f;border-radius:2px}
        main a,footer a{display:inline-block;min-height:1.5rem}
        .skip{position:absolute;left:-100rem;background:#fff;color:#1b2229;padding:.5rem 1rem;z-index:2}
        .skip:focus{left:.5rem;top:.5rem}
        .sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"Noto Sans Mono",monospace;letter-spacing:.03em;\
        font-variant-ligatures:none}
        .ref{margin:0 0 .5rem;color:#3d4852}
        .ref strong{color:#1b2229;font-size:1.1rem}
        .tags{margin:0}
        .tag{display:inline-block;margin:.1rem 0;padding:.1rem .7rem;border:1px solid;border-radius:1rem;font-size:.9rem;\
        font-weight:600;line-height:1.6}
        .tag::before{content:"";display:inline-block;width:.6em;height:.6em;margin-right:.45em;background:currentColor}
        .tag.run{background:#e7f0f9;color:#0b3c73}
        .tag.run::before{border-radius:50%}
        .tag.wait{background:#fff3cf;color:#553a00}
        .tag.wait::before{transform:rotate(45deg)}
        .tag.done{background:#e3f3e7;color:#0d4a22}
        .tag.done::before{width:.4em;height:.75em;margin-right:.6em;background:none;border:solid currentColor;border-width:0 .2em .2em 0;\
        transform:rotate(45deg) translateY(-.1em)}
        .tag.halt{background:#eef1f4;color:#2f3943}
        .tag.late{background:#fdeae8;color:#86120e}
        .tag.late::before{width:0;height:0;background:none;border:solid transparent;border-width:0 .4em .7em;\
        border-bottom-color:currentColor}
        .box{padding:.75rem 1rem;border-left:.4rem solid #5b6874;background:#f3f5f7;margin:0 0 1rem}
        .box p:last-child{margin-bottom:0}
        .act{border-color:#a86b00;background:#fff8e1}
        .act h2{color:#553a00}
        .calm{border-color:#1b7a3d;background:#eef8f1}
        .bad{border-color:#b3201a;background:#fdf1f0}
        .date{font-size:1.15rem}
        .tel{font-weight:600;padding:.1rem 0}
        form{margin:1rem 0 2rem}
        label{font-weight:700;font-size:1.15rem}
        .hint{color:#3d4852}
        .hint .code{white-space:nowrap}
        input[type=text]{display:block;width:100%;max-width:24rem;font:inherit;font-size:1.3rem;letter-spacing:.05em;\
        padding:.5rem .75rem;min-height:3rem;border:2px solid #3d4852;border-radius:.25rem;background:#fff;color:inherit;\
        text-transform:uppercase}
        input[aria-invalid]{border-color:#b3201a;border-width:3px}
        button{font:inherit;font-weight:700;margin-top:1rem;padding:.5rem 1.75rem;min-height:3rem;border:2px solid #0b3c73;\
        border-radius:.25rem;background:#0b3c73;color:#fff;cursor:pointer}
        button:hover{background:#072a52}
        fieldset{border:0;margin:0;padding:0;min-width:0}
        legend{padding:0;font-weight:700;font-size:1.15rem}
        .rate div{display:flex;align-items:center;max-width:24rem;min-height:3rem;margin:.5rem 0;padding:0 .75rem;\
        border:2px solid #3d4852;border-radius:.25rem}
        .rate div:has(:checked){border-color:#0b3c73;background:#e7f0f9}
        .rate input{flex:none;width:1.5rem;height:1.5rem;margin:0;accent-color:#0b3c73}
        .rate label{flex:1;padding:.5rem 0 .5rem .75rem;font-size:1.1rem}
        ol,ul{margin:0;padding:0;list-style:none}
        .steps li{position:relative;padding:.15rem 0 .6rem 2.1rem;color:#3d4852}
        .steps li::before{content:"";position:absolute;left:.2rem;top:.45rem;width:1.1rem;height:1.1rem;border-radius:50%;\
        border:2px solid #5b6874;background:#fff;z-index:1}
        .steps li:not(:last-child)::after{content:"";position:absolute;left:.7rem;top:1.2rem;bottom:-.5rem;\
        border-left:2px solid #9aa5b0}
        .steps .done{color:#1b2229}
        .steps .done::before{border-color:#1b7a3d;background:#1b7a3d url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
        viewBox='0 0 10 10'%3E%3Cpath d='M1.5 5.2 4 7.7 8.5 2.5' fill='none' stroke='%23fff' stroke-width='1.8'/%3E%3C/svg%3E") \
        center/85% no-repeat}
        .steps .now{font-weight:700;color:#1b2229}
        .steps .now::before{border:.35rem solid #0b3c73}
        .steps .off{text-decoration:line-through}
        .steps .off::before{border-style:dashed}
        .parts .tags{margin:.15rem 0 .35rem}
        .parts li{border:1px solid #9aa5b0;border-radius:.35rem;padding:.75rem 1rem;margin:.5rem 0}
        .parts p:last-child{margin:0}
        .events li{padding:.6rem 0;border-top:1px solid #c5ccd3}
        .events p{margin:0}
        .when,.who{font-size:.9rem;color:#3d4852}
        dl{margin:0}
        dt{font-size:.9rem;color:#3d4852}
        dd{margin:0 0 .5rem}
        .parts .line{display:flex;gap:.25rem;margin:.15rem 0 .35rem}
        .line i{flex:1;height:.5rem;border:2px solid #5b6874;border-radius:.25rem;background:#fff}
        .line .d{background:#1b7a3d;border-color:#1b7a3d}
        .line .n{background:#0b3c73;border-color:#0b3c73}
        .line .o{border-style:dashed}
        .follow li{margin:.25rem 0}
        figure{margin:1rem 0 0}
        .qr{display:block;width:9rem;height:9rem;border:1px solid #c5ccd3}
        figcaption{font-size:.9rem;color:#3d4852}
        .receipt article{border:1px solid #9aa5b0;margin-top:1rem;padding:.75rem;font-size:.95rem}
        .receipt h1{font-size:1.25rem;text-align:center;text-transform:uppercase;margin:.75rem 0 0}
        .receipt p{margin:0 0 .35rem}
        .receipt .form{text-align:center;font-style:italic;font-size:.85rem;color:#3d4852}
        .heads,.signs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(16rem,100%),1fr));gap:.5rem 1rem;\
        text-align:center}
        .heads{font-size:.9rem;text-wrap:balance}
        .motto{border-bottom:1px solid}
        .codes{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between}
        .codes dl{display:block;flex:1 1 14rem}
        .codes .qr{flex:none}
        .codes dd,.proof a{overflow-wrap:anywhere}
        .desk{margin:.5rem 0;padding:.5rem .75rem;border:1px dashed #5b6874}
        .desk p,.pair{display:flex;flex-wrap:wrap;gap:0 .5rem;align-items:baseline}
        .pair{flex:1 1 auto}
        .fill{display:inline-block;flex:1 1 5rem;min-width:4rem;min-height:1.6rem;border-bottom:2px dotted #3d4852}
        .signs{margin-top:.75rem;min-height:6rem;grid-template-columns:1fr 1fr}
        @media (min-width:40rem){.heads{grid-template-columns:1fr max-content}.state{white-space:nowrap}.parts{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}.parts li{margin:0}\
        dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1.5rem}dt{line-height:1.9}}
        @media (forced-colors:active){.tag::before,.steps li::before,.line i{forced-color-adjust:none}}
        @page{size:A4;margin:15mm}
        @page receipt{size:A5 portrait;margin:8mm 10mm}
        @media print{header,footer,.skip,form,.guide,.follow ul{display:none}html{font-size:10.5pt}body{font-size:1rem}\
        main{max-width:none;padding:0}.box,.tag{border:1px solid #000;background:none;color:#000}\
        .parts li,.events li,.box,figure{break-inside:avoid}h2{break-after:avoid}a{color:inherit}\
        .tag::before,.steps li::before,.line i{print-color-adjust:exact;-webkit-print-color-adjust:exact}\
        .receipt{page:receipt}.receipt article{border:0;padding:0;font-size:9pt;line-height:1.4}\
        .receipt h1{font-size:12pt;margin:1mm 0 0}.receipt .form,.receipt dt{font-size:8pt}.receipt h2{font-size:9pt}\
        .receipt p{margin:0 0 1mm}.receipt dd{margin:0 0 1mm}.heads{font-size:8.5pt;grid-template-columns:1fr max-content}.state{white-space:nowrap}\
        .codes{gap:0 4mm}.codes dl{display:grid;grid-template-columns:max-content 1fr;gap:1mm 3mm;align-items:baseline}\
        .codes .qr{width:28mm;height:28mm;border:0}.fill{min-height:4.5mm;border-bottom-width:1px}h2{color:inherit}\
        .desk{margin:1mm 0;padding:1mm 2mm}.signs{margin-top:2mm;min-height:18mm}}
        """
}

/// A short name for content: 64 bits, for caches, against nobody.
enum ContentHash {
    static func text(of bytes: [UInt8]) -> String {
        let text = String(number(of: bytes), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    static func number(of bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        // Four lanes of eight bytes, so that none waits for another; mixed so that each byte reaches every bit.
        bytes.withUnsafeBytes { bytes in
            func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
                let mixed = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
                return mixed ^ (mixed >> 32)
            }
            func word(_ place: Int) -> UInt64 {
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            }
            var (second, third, fourth) = (hash &+ 1, hash &+ 2, hash &+ 3)
            let fours = bytes.count & ~31
            for place in stride(from: 0, to: fours, by: 32) {
                hash = mixed(hash, word(place))
                second = mixed(second, word(place + 8))
                third = mixed(third, word(place + 16))
                fourth = mixed(fourth, word(place + 24))
            }
            for lane in [second, third, fourth] { hash = mixed(hash, lane) }
            for place in fours..<bytes.count { hash = mixed(hash, UInt64(bytes[place])) }
        }
        return hash
    }
}
