"""``/opensearch.xml``: how a browser adds the search to its own box (OpenSearch 1.1, draft 6).

Its suggestions are those of ``/api/v1/suggest?format=opensearch``: an array of what was typed, the texts, and the
blocks that hold each (OpenSearch Suggestions 1.1).
"""

from __future__ import annotations

from xml.etree import ElementTree

from flask import Blueprint, Response, url_for

from searchapp.language import tr

blueprint = Blueprint("site", __name__)

DESCRIPTION_TYPE = "application/opensearchdescription+xml"
NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_TERMS = "{searchTerms}"


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The description, with addresses of the host that was asked."""
    root = ElementTree.Element("OpenSearchDescription", xmlns=NAMESPACE)
    for name, text in (
        ("ShortName", tr("报告检索")),
        ("Description", tr("在报告库里按原文检索，到段落。")),
        ("Language", "zh-CN"),
        ("InputEncoding", "UTF-8"),
        ("OutputEncoding", "UTF-8"),
    ):
        ElementTree.SubElement(root, name).text = text
    icon = ElementTree.SubElement(root, "Image", type="image/svg+xml", width="16", height="16")
    icon.text = url_for("static", filename="icon.svg", _external=True)
    suggest = url_for("api.suggestions", format="opensearch", _external=True)
    for type_, rel, template in (
        ("text/html", "results", f"{url_for('search.results', _external=True)}?q={_TERMS}"),
        ("application/x-suggestions+json", "suggestions", f"{suggest}&q={_TERMS}"),
        (DESCRIPTION_TYPE, "self", url_for("site.description", _external=True)),
    ):
        ElementTree.SubElement(root, "Url", type=type_, rel=rel, method="get", template=template)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, content_type=f"{DESCRIPTION_TYPE}; charset=utf-8")
