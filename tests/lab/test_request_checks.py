"""The names under which a lab may be asked for."""

import socket

import pytest

from handgrad.lab.request_checks import AllowedHosts


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8300", "127.9.9.9", "[::1]", "[::1]:80"])
def test_loopback_is_always_ours(host):
    assert AllowedHosts(is_alone=True).is_ours(host)
    assert AllowedHosts(is_alone=False).is_ours(host)


@pytest.mark.parametrize(
    "host", ["", "evil.example", "localhost.", "local host", "[::1", "::ffff", "127.0.0.1.example"]
)
def test_anything_else_is_not(host):
    assert not AllowedHosts(is_alone=True).is_ours(host)


def test_alone_an_address_of_the_network_is_not_ours_either():
    assert not AllowedHosts(is_alone=True).is_ours("192.168.1.7:8300")
    assert AllowedHosts(is_alone=False).is_ours("192.168.1.7:8300")
    assert AllowedHosts(is_alone=False).is_ours("[2001:db8::1]:8300")


def test_a_class_has_the_machines_name_and_those_allowed():
    names = AllowedHosts(is_alone=False, more=("Lab.School.example",))
    assert names.is_ours("lab.school.example:443")
    assert names.is_ours(f"{socket.gethostname()}:8300")
    assert not names.is_ours("school.example")
