def test_desk_needs_a_login(client):
    assert client.get("/desk").status_code == 302


def test_cast(cast):
    assert cast.by("clerk1").community_id == cast.community1.id
