from handgrad.dispatch.own_layers import own_layers
from handgrad.store.learner_progress import PassedClass


def test_classes_are_given_file_by_file_and_only_where_the_level_wants_them(course):
    network = course.level("three-layer-network")
    passed = [
        PassedClass("activations", "Relu", b"activations"),
        PassedClass("activations", "Sigmoid", b"activations"),
        PassedClass("fully-connected", "FullyConnected", b"affine"),
    ]
    found = own_layers(network, passed)
    assert sorted(one.names for one in found) == [("FullyConnected",), ("Sigmoid", "Relu")]
    assert own_layers(course.level("fully-connected"), passed) == ()
    assert own_layers(network, [PassedClass("elsewhere", "FullyConnected", b"x")]) == ()
