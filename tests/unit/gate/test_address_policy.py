import pytest

from archiver.checker.gate import AddressPolicy
from archiver.domain.errors import RefusedAddress, SettingsError

REFUSED_URLS = [
    ("file:///etc/passwd", "not http"),
    ("javascript:alert(1)", "not http"),
    ("data:text/html,hello", "not http"),
    ("ftp://example.com/", "not http"),
    ("//example.com/", "no scheme"),
    ("example.com/wall", "no scheme"),
    ("http://", "no host"),
    ("", "nothing at all"),
    ("http://127.0.0.1/", "loopback"),
    ("http://127.0.0.1:8787/", "loopback on any port"),
    ("https://127.255.255.254/", "the whole of 127/8 is loopback"),
    ("http://localhost/", "the loopback name"),
    ("http://LOCALHOST:8080/", "case does not matter"),
    ("http://wall.localhost/", "names under localhost are loopback too"),
    ("http://127.1/", "two-part form that browsers accept"),
    ("http://2130706433/", "decimal form of 127.0.0.1"),
    ("http://017700000001/", "octal form"),
    ("http://0177.0.0.1/", "octal first part"),
    ("http://0x7f000001/", "hexadecimal form"),
    ("http://0x7f.0.0.1/", "hexadecimal first part"),
    ("http://0x/", "empty hexadecimal number, read as 0"),
    ("http://example.0x7f/", "a name that ends in a number is no name"),
    ("http://127.0.0.1./", "trailing dot"),
    ("http://localhost./", "trailing dot after a name"),
    ("http://example.com./", "trailing dot after a public name"),
    ("http://１２７.0.0.1/", "full-width digits are mapped to ASCII by browsers"),
    ("http://127。0。0。1/", "ideographic full stops are mapped to dots"),
    ("http://loc\u00adalhost/", "a soft hyphen that the mapping drops"),
    ("http://%31%32%37.0.0.1/", "percent-encoded host"),
    ("http://169.254.169.254/latest/meta-data/", "metadata service"),
    ("http://168.63.129.16/", "metadata on a public address"),
    ("http://100.100.100.200/", "metadata in the carrier range"),
    ("http://10.1.2.3/", "private"),
    ("http://172.31.0.1/", "private"),
    ("http://192.168.1.1/", "private"),
    ("http://0.0.0.0/", "this network"),
    ("http://192.0.0.8/", "protocol assignment"),
    ("http://192.88.99.1/", "former 6to4 relay"),
    ("http://198.18.0.1/", "benchmark"),
    ("http://203.0.113.7/", "documentation"),
    ("http://224.0.0.1/", "multicast"),
    ("http://255.255.255.255/", "broadcast"),
    ("http://[::1]/", "IPv6 loopback"),
    ("http://[::]/", "unspecified"),
    ("http://[::127.0.0.1]/", "IPv4-compatible"),
    ("http://[::ffff:127.0.0.1]/", "IPv4-mapped"),
    ("http://[::ffff:a9fe:a9fe]/", "IPv4-mapped in hexadecimal"),
    ("http://[64:ff9b::a9fe:a9fe]/", "NAT64 of the metadata address"),
    ("http://[64:ff9b:1::808:808]/", "local NAT64"),
    ("http://[2002:a9fe:a9fe::]/", "6to4 of the metadata address"),
    ("http://[2001:0:53aa:64c:0:0:0:1]/", "Teredo"),
    ("http://[2001:db8::1]/", "documentation"),
    ("http://[3fff::1]/", "documentation"),
    ("http://[fec0::1]/", "former site-local"),
    ("http://[fc00::1]/", "unique local"),
    ("http://[fd00:ec2::254]/", "metadata over IPv6"),
    ("http://[fe80::1]/", "link-local"),
    ("http://[fe80::1%25eth0]/", "link-local with a zone"),
    ("http://[ff02::1]/", "multicast"),
    ("http://[5f00::1]/", "segment routing, outside the public space"),
    ("http://[::1", "unclosed bracket"),
    ("http://user@example.com/", "user name"),
    ("http://user:pass@example.com/", "user name and password"),
    ("http://example.com@127.0.0.1/", "user name that looks like a host"),
    ("http://@example.com/", "empty user name"),
    ("http://example.com\\@127.0.0.1/", "backslash before the at sign"),
    ("http:\\\\example.com/", "backslashes for slashes"),
    (" http://example.com/", "leading space"),
    ("http://example.com/ ", "trailing space"),
    ("http://exa mple.com/", "space in the host"),
    ("http://exam\tple.com/", "tab, which readers drop"),
    ("java\nscript:alert(1)", "line feed, which readers drop"),
    ("http://example.com/\x00", "null character"),
    ("http://example.com\u3000/", "ideographic space"),
    ("http://example.com\u202e/", "direction override"),
    ("http://example.com:0/", "port 0"),
    ("http://example.com:65536/", "port too high"),
    ("http://example.com:http/", "port that is no number"),
    ("http://" + "a" * 64 + ".com/", "label too long"),
    ("http://" + "a." * 130 + "com/", "name too long"),
    ("http://example..com/", "empty label"),
    ("http://example.com/" + "a" * 9000, "too long"),
]


@pytest.mark.parametrize(("url", "why"), REFUSED_URLS, ids=[why for _, why in REFUSED_URLS])
def test_refuses_what_is_not_a_plain_public_web_address(url: str, why: str) -> None:
    with pytest.raises(RefusedAddress):
        AddressPolicy().check_url(url)


ACCEPTED_URLS = [
    # (given, opened, why)
    ("https://example.com", "https://example.com/", "a bare host gets its path"),
    ("HTTPS://Example.COM/Wall?A=B#c-1", "https://example.com/Wall?A=B#c-1", "only the host folds"),
    ("http://example.com:8080/", "http://example.com:8080/", "any port"),
    ("http://my_shop.example.com/", "http://my_shop.example.com/", "underscores exist in names"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/", "IDNA"),
    ("https://example.com/é?q=é", "https://example.com/%C3%A9?q=%C3%A9", "non-ASCII is encoded"),
    ("https://example.com/%C3%A9", "https://example.com/%C3%A9", "but never twice"),
    ("http://8.8.8.8/", "http://8.8.8.8/", "public IPv4"),
    ("http://[2606:4700:0::1]/", "http://[2606:4700::1]/", "public IPv6, compressed"),
    ("http://[64:ff9b::808:808]/", "http://[64:ff9b::808:808]/", "NAT64 of a public address"),
    ("http://notlocalhost/", "http://notlocalhost/", "hosts are compared, not substrings"),
    ("https://example.com/a?u=http://me@x", "https://example.com/a?u=http://me@x", "@ in a query"),
]


@pytest.mark.parametrize(("given", "opened", "why"), ACCEPTED_URLS)
def test_gives_public_addresses_in_the_form_that_is_opened(
    given: str, opened: str, why: str
) -> None:
    assert AddressPolicy().check_url(given).geturl() == opened, why


ALLOWED = [
    # (allow list, url or None, host, ip, accepted)
    (["127.0.0.1"], "http://127.0.0.1:9/", "127.0.0.1", "127.0.0.1", True),
    (["127.0.0.1"], "http://localhost:9/", "localhost", "127.0.0.1", True),
    (["localhost"], "http://localhost/", "localhost", "::1", True),
    (["[::1]"], "http://[0:0::1]/", "::1", "::1", True),
    (["Intranet.Example"], "http://intranet.example/", "intranet.example", "10.0.0.7", True),
    ([" 10.0.0.7 "], "http://intranet.example/", "intranet.example", "10.0.0.7", True),
    # one allowed host opens no other host, and one address no other address
    (["intranet.example"], "http://other.example/", "other.example", "10.0.0.7", False),
    (["intranet.example"], "http://a.intranet.example/", "a.intranet.example", "10.0.0.7", False),
    (["127.0.0.1"], "http://example.com/", "example.com", "127.0.0.2", False),
    (["127.0.0.1"], "http://example.com/", "example.com", "169.254.169.254", False),
]


@pytest.mark.parametrize(("allow", "url", "host", "ip", "accepted"), ALLOWED)
def test_the_allow_list_opens_exactly_what_it_names(
    allow: list[str], url: str, host: str, ip: str, accepted: bool
) -> None:
    policy = AddressPolicy(frozenset(allow))
    policy.check_url(url)
    if accepted:
        policy.check_ip(host, ip)
        assert policy.check_all(host, [ip]) == [ip]
    else:
        with pytest.raises(RefusedAddress):
            policy.check_ip(host, ip)


def test_one_private_address_spoils_the_whole_answer() -> None:
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        AddressPolicy().check_all("example.com", ["8.8.8.8", "10.0.0.1"])


def test_an_answer_without_addresses_is_refused() -> None:
    with pytest.raises(RefusedAddress):
        AddressPolicy().check_all("example.com", [])


@pytest.mark.parametrize("entry", ["", "127.0.0.1:80", "http://localhost", "10.0.0.0/8", "*"])
def test_an_allow_list_entry_that_names_nothing_exact_is_an_error(entry: str) -> None:
    with pytest.raises(SettingsError, match="host name"):
        AddressPolicy([entry])
