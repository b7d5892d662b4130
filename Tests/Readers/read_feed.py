"""Reads a feed with other people's readers, and checks what the standards require: read_feed.py atom|json FILE COUNT.

Atom: expat for well-formedness, feedparser for what a subscriber's program makes of it, and the musts of RFC 4287 and
RFC 5005. JSON Feed: Python's json and the musts of version 1.1. Needs Debian's python3-feedparser
(scripts/install-readers.sh). Ends with status 1 and one line for each fault.
"""
import json
import re
import sys
import xml.etree.ElementTree as tree

faults = []
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def check(holds, fault):
    if not holds:
        faults.append(fault)


def one(element, name):
    found = element.findall(ATOM + name)
    check(len(found) == 1, f"{element.tag} has {len(found)} {name}, not 1")
    return (found[0].text or "").strip() if found else ""


def atom(data, count):
    import feedparser

    root = tree.fromstring(data)
    check(root.tag == ATOM + "feed", "the root is no atom:feed")
    check(root.get("{http://www.w3.org/XML/1998/namespace}lang") in ("vi", "en"), "xml:lang is missing")
    feed_id = one(root, "id")
    check(re.match(r"^tag:[^,]+,\d{4}(-\d\d(-\d\d)?)?:\S+$", feed_id), f"{feed_id} is no tag URI")
    one(root, "title")
    updated = one(root, "updated")
    check(INSTANT.match(updated), f"{updated} is no date of RFC 3339")
    check(root.find(ATOM + "author") is not None, "nobody is the author")
    links = [(link.get("rel"), link.get("type"), link.get("href")) for link in root.findall(ATOM + "link")]
    check(len({(rel, kind) for rel, kind, _ in links}) == len(links), "two links of one rel and type")
    check(all(href.startswith("https://") for _, _, href in links), "a link that is not absolute")
    check(sum(rel == "self" for rel, _, _ in links) == 1, "no link to itself")
    archive = root.find(HISTORY + "archive") is not None
    rels = {rel for rel, _, _ in links}
    check(not archive or "current" in rels, "an archive without a link to the current document")
    check(not (root.find(HISTORY + "complete") is not None and "prev-archive" in rels), "complete, and yet more")
    entries = root.findall(ATOM + "entry")
    ids = [one(entry, "id") for entry in entries]
    check(len(set(ids)) == len(ids), "two entries with one id")
    times = []
    for entry in entries:
        one(entry, "title")
        times.append(one(entry, "updated"))
        check(INSTANT.match(times[-1]), f"{times[-1]} is no date of RFC 3339")
        check(INSTANT.match(one(entry, "published")), "published is no date of RFC 3339")
        check(len(entry.findall(ATOM + "content")) == 1, "an entry without content")
    check(times == sorted(times, reverse=True), "updated is not in order")
    check(not times or max(times) <= updated, "an entry is newer than its feed")
    read = feedparser.parse(data)
    check(not read.bozo, f"feedparser: {read.get('bozo_exception')}")
    check(read.version == "atom10", f"feedparser takes it for {read.version!r}")
    check(len(read.entries) == count, f"feedparser reads {len(read.entries)} entries, not {count}")
    check([entry.id for entry in read.entries] == ids, "feedparser reads other ids")
    check(all(entry.get("link") and entry.get("updated_parsed") for entry in read.entries), "an entry without link or time")
    for entry in read.entries:
        print(entry.title)
        print(entry.content[0].value)


def json_feed(data, count):
    feed = json.loads(data)
    check(feed.get("version") == "https://jsonfeed.org/version/1.1", "no version 1.1")
    check(isinstance(feed.get("title"), str) and feed["title"], "no title")
    for key in ("home_page_url", "feed_url", "next_url"):
        check(key not in feed or feed[key].startswith("https://"), f"{key} is not absolute")
    items = feed.get("items")
    check(isinstance(items, list) and len(items) == count, f"not {count} items")
    ids = [item.get("id") for item in items]
    check(all(isinstance(id, str) for id in ids) and len(set(ids)) == len(ids), "ids that are no texts, or not unique")
    for item in items:
        check("content_text" in item or "content_html" in item, "an item without content")
        check(all(INSTANT.match(item[key]) for key in ("date_published", "date_modified")), "no date of RFC 3339")
        check(all(isinstance(tag, str) for tag in item.get("tags", [])), "a tag that is no text")
        print(item["title"])
        print(item["content_text"])


with open(sys.argv[2], "rb") as file:
    (atom if sys.argv[1] == "atom" else json_feed)(file.read(), int(sys.argv[3]))
for fault in faults:
    print("FAULT:", fault)
sys.exit(1 if faults else 0)
