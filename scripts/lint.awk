# Reads Swift sources; prints `file:line: what is wrong` and exits 1 if there is anything. See lint.sh.
# Works with mawk, gawk and busybox.

function complain(text) {
    printf "%s:%d: %s\n", FILENAME, FNR, text
    count++
}

FNR == 1 { documented = 0; inText = 0 }

{
    line = $0
    sub(/^[ \t]+/, "", line)
    code = line
}

# The inside of a multi-line string is text, not code.
inText {
    if (line ~ /^"""/ || line ~ /"""[),.]*$/) inText = 0
    next
}

line ~ /^\/\/\// { documented = 1; next }
line ~ /^@[A-Za-z]+(\(.*\))?$/ { next }

{
    # Strings and comments may name what code may not hold.
    gsub(/\\"/, "", code)
    gsub(/"[^"]*"/, "\"\"", code)
    work = code
    if (match(line, /\/\/.*/)) {
        comment = substr(line, RSTART)
        if (comment ~ /TODO|FIXME|XXX/) complain("unfinished work: do it or leave the note out")
    }
    sub(/\/\/.*/, "", code)
}

code ~ /^(@[A-Za-z]+(\([^)]*\))? +)*(final |indirect |static |nonisolated |mutating |consuming )*package (private\(set\) |internal\(set\) |final |indirect |static |nonisolated |mutating |consuming |lazy |convenience |override )*(struct|enum|class|actor|protocol|typealias|func|var|let|init|subscript)/ {
    if (!documented) complain("a package declaration without a documentation comment")
}

code ~ /(^|[^A-Za-z0-9_])try!/ { complain("try! traps: throw, or handle the error") }
code ~ /(^|[^A-Za-z0-9_])as!/ { complain("as! traps: use as? and handle nil") }
code ~ /(^|[^A-Za-z0-9_.])fatalError *\(/ { complain("fatalError ends the process for everybody: throw") }
code ~ /Dictionary\(uniqueKeysWithValues:/ { complain("traps on a repeated key: use Dictionary(_:uniquingKeysWith:)") }
# A force unwrap: ! after a name, call or subscript, and not !=.
code ~ /[A-Za-z0-9_\])?]!([^=A-Za-z]|$)/ { complain("a force unwrap traps on nil: use guard let, or try #require in tests") }
code ~ /[A-Za-z0-9_\])?]![A-Za-z_]/ { complain("an implicitly unwrapped optional or a force unwrap") }

{
    n = gsub(/"""/, "\"\"\"", work)
    if (line ~ /"""$/ && line !~ /""".*"""/) inText = 1
    # Stored properties in one run share the comment above them, up to the next blank line or brace.
    if (code !~ /^(final |static )*package .*(struct|enum|class|var|let) / || code ~ /\{ .*\}$/) documented = 0
    if (line == "" || line == "}") documented = 0
}

END { exit count > 0 }
