def test_x(cast, browse):
    r = browse(cast.users["clerk1"]).get("/registrations")
    assert r.status_code == 200
    r = browse(cast.users["liaison1"]).get("/registrations")
    assert r.status_code == 200
