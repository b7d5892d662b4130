"""Reads a DCAT-AP catalogue with rdflib, and checks what DCAT-AP requires: read_catalogue.py FILE COUNT.

FILE holds the Turtle, a line of three dashes, and the JSON-LD: both must be the same graph. Needs Debian's
python3-rdflib (scripts/install-readers.sh). Ends with status 1 and one line for each fault.
"""
import sys

from rdflib import Graph, Namespace, RDF
from rdflib.compare import isomorphic

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")

with open(sys.argv[1], encoding="utf-8") as file:
    turtle, json_ld = file.read().split("\n---\n")
graph = Graph().parse(data=turtle, format="turtle")
other = Graph().parse(data=json_ld, format="json-ld")
faults = []
if not isomorphic(graph, other):
    faults.append("Turtle and JSON-LD are different graphs")
    faults += [f"only in Turtle: {triple}" for triple in list(graph - other)[:5]]
    faults += [f"only in JSON-LD: {triple}" for triple in list(other - graph)[:5]]


def required(kind, count, properties):
    found = list(graph.subjects(RDF.type, kind))
    if len(found) != count:
        faults.append(f"{len(found)} of {kind}, not {count}")
    for subject in found:
        faults.extend(f"{subject} has no {name}" for name in properties if not list(graph.objects(subject, name)))


months = int(sys.argv[2])
required(DCAT.Catalog, 1, [DCT.title, DCT.description, DCT.publisher, DCAT.dataset, DCT.license, FOAF.homepage])
required(FOAF.Agent, 1, [FOAF.name])
required(DCAT.Dataset, months, [DCT.title, DCT.description, DCT.publisher, DCAT.distribution, DCT.temporal])
required(DCAT.Distribution, 2 * months, [DCAT.accessURL, DCAT.downloadURL, DCAT.mediaType, DCT.license])
for title in graph.objects(None, DCT.title):
    if title.language not in ("vi", "en"):
        faults.append(f"{title!r} has no language")
for fault in faults:
    print("FAULT:", fault)
sys.exit(1 if faults else 0)
