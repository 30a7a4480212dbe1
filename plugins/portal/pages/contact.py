"""公众留言: how to reach the office. The address is promised: the form for messages will stand here.

It says which ways there are and no other: 国办发〔2017〕47号 wants no page that is “under construction”, and a form that
nobody reads would be worse than none.
"""

from collections.abc import Iterator

from portal.pages import platform
from portal.pages.chrome import HOME, MESSAGES, column_head
from portal.pages.parts import Chrome, Page, View, page_path
from portal.site.model import Site


class ContactView(View, frozen=True):
    """The office's own words from site.yaml, and where the guide and the explanation of applications are."""

    title: str
    intro: str
    office: str
    phone: str
    fax: str
    email: str
    address: str
    postcode: str
    hours: str
    guide: str
    request: str


def plan(site: Site, chrome: Chrome) -> Iterator[Page]:
    """The one page."""
    identity = site.vocabulary.identity
    guide, *_, request = platform.tabs(site)
    intro = f"向{identity.organ}咨询、提意见和建议，或者索取没有公开的文件，可以用下面的方式。"
    view = ContactView(
        chrome=chrome,
        head=column_head(site, MESSAGES.text, MESSAGES.url, "咨询投诉", intro),
        crumbs=(HOME, MESSAGES),
        title=MESSAGES.text,
        intro=intro,
        office=identity.office,
        phone=identity.phone,
        fax=identity.fax or "",
        email=identity.email,
        address=identity.address,
        postcode=identity.postcode or "",
        hours=identity.hours,
        guide=guide.url,
        request=request.url,
    )
    yield Page(page_path(MESSAGES.url), "contact.html", view)
