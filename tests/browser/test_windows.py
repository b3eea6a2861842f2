"""The browsers that the other tests use are what they say."""


def test_page_answers_in_every_window(any_page):
    answer = any_page.goto("/healthz")
    assert answer.status == 200


def test_windows_have_their_sizes_and_clock(visit):
    sizes = {}
    for window in ("phone", "office"):
        page = visit(window)
        page.goto("/healthz")
        sizes[window] = page.evaluate("[innerWidth, navigator.maxTouchPoints > 0, navigator.language]")
        assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Shanghai"
    assert sizes["phone"][1:] == [True, "zh-CN"]
    assert sizes["office"] == [1366, False, "zh-CN"]
