import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.foundation.markdown import ImageUse, Picture, headings, images, inline, plain, render


def shown(text: str) -> str:
    return render(text, image_url=lambda source: Picture(f"/berkas/{source}", 320, 200)).strip()


def test_a_page_has_its_own_h1_so_texts_begin_at_h2() -> None:
    assert shown("# a\n\n## b\n\n### c") == "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>"


def test_emphasis_struck_out_text_lists_and_quotes_are_kept() -> None:
    assert shown("**a** *b* ~~c~~ `d`") == ("<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>")
    assert shown("- a\n- b") == '<ul class="b">\n<li>a</li>\n<li>b</li>\n</ul>'
    assert shown("3. a\n4. b") == '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'
    assert shown("> a") == "<blockquote>\n<p>a</p>\n</blockquote>"


def test_html_is_shown_as_text() -> None:
    assert shown("<b>a</b>") == "<p>&lt;b&gt;a&lt;/b&gt;</p>"
    assert shown("<div>a</div>") == "<p>&lt;div&gt;a&lt;/div&gt;</p>"


@pytest.mark.parametrize("address", ["https://a.id/?a=1", "http://a.id", "mailto:a@b.id", "/pelatihan", "m3#a", "?a:b"])
def test_links_to_the_web_mail_and_the_site_itself_work(address: str) -> None:
    assert f'href="{address}"' in shown(f"[a]({address})")
    assert 'rel="noopener noreferrer"' in shown(f"[a]({address})")


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,a", "vbscript:a", "file:///a", "tel:1", "a:b"],
)
def test_other_links_stay_text(address: str) -> None:
    assert "<a" not in shown(f"[a]({address})")
    assert "<a" not in shown(f"<{address}>")


def test_a_picture_alone_is_a_figure_with_its_title_as_caption() -> None:
    assert shown('![Alur "a"](gambar/a.svg "Gambar 1. <b>")') == (
        '<figure class="e-fig"><img src="/berkas/gambar/a.svg" alt="Alur &quot;a&quot;" width="320" height="200" '
        'loading="lazy" decoding="async"><figcaption>Gambar 1. &lt;b&gt;</figcaption></figure>'
    )
    assert "<figcaption>" not in shown("![a](b.png)")


def test_a_picture_in_a_sentence_is_no_figure() -> None:
    html = shown('a ![b](c.png "d") e')
    assert html.startswith("<p>a <img")
    assert "figure" not in html


def test_the_address_may_come_without_a_size() -> None:
    assert '<img src="/x.png" alt="a" loading="lazy"' in render("![a](b.png)", image_url=lambda _source: "/x.png")


def test_a_picture_that_is_not_there_leaves_its_words() -> None:
    assert "<em>Alur</em>" in render("![Alur](a.svg)", image_url=lambda _source: None)


def test_a_foreign_address_for_a_picture_is_not_used() -> None:
    assert "<img" not in render("![a](b)", image_url=lambda _source: "javascript:alert(1)")


def test_a_table_turns_into_cards_on_a_phone() -> None:
    assert shown("| Sumber | Oleh | Hari |\n|---|:--|--:|\n| Atribusi | **UU** | 5 |") == (
        '<div class="e-tw"><table class="e-tb e-tb--c">\n<thead>\n<tr>\n'
        '<th scope="col">Sumber</th>\n<th scope="col">Oleh</th>\n<th class="n" scope="col">Hari</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<th scope="row">Atribusi</th><td data-l="Oleh"><span><strong>UU</strong></span></td>'
        '<td class="n" data-l="Hari"><span>5</span></td></tr>\n</tbody>\n</table></div>'
    )


def test_a_heading_cell_without_words_gets_some_for_those_who_listen() -> None:
    assert '<th scope="col"><span class="e-vh">Uraian</span></th>' in shown("| | a |\n|---|---|\n| b | c |")


def test_two_tables_do_not_share_their_headings() -> None:
    html = shown("| a | b |\n|---|---|\n| 1 | 2 |\n\n| c | d |\n|---|---|\n| 3 | 4 |")
    assert 'data-l="b"><span>2' in html
    assert 'data-l="d"><span>4' in html


def test_labels_are_escaped() -> None:
    assert '<td data-l="&quot;&gt;&lt;b&gt;">' in shown('| a | "><b> |\n|---|---|\n| 1 | 2 |')


def test_a_label_has_no_paragraphs_but_keeps_its_lines() -> None:
    assert inline("**a** <b>\nb") == "<strong>a</strong> &lt;b&gt;<br>b"
    assert inline("# a") == "# a"
    assert inline("![a](b.png)") == "<em>a</em>"


def test_plain_words_have_no_marks_addresses_or_keys() -> None:
    text = "## Judul\n\n**a** [b](https://c.id)\nd ![e](f.png)\n\n| g | h |\n|---|---|\n| i | j |\n\n```\nk\n```"
    assert plain(text) == "Judul\na b d e\ng\nh\ni\nj\nk"
    assert plain("") == ""


def test_pictures_and_headings_are_found_with_their_lines() -> None:
    text = 'a\n\n![b *c*](d.svg "e")\n\n### f\n\ng\n![](h.png)'
    assert images(text) == [ImageUse("d.svg", "b *c*", "e", 3), ImageUse("h.png", "", "", 7)]
    assert headings(text) == [(3, 5)]


@given(st.text(alphabet=st.sampled_from("#*_[]()!|-`~<>\"'&:\\ \n0ax") | st.characters(), max_size=300))
def test_any_text_can_be_rendered(text: str) -> None:
    for html in (shown(text), inline(text)):
        assert "<script" not in html.lower()
    plain(text)
    images(text)


@pytest.mark.parametrize(
    "text", ["a\ud800b", '![a\udfffb](c.png "\ud800")', "| \ud800 | b |\n|---|---|\n| c | d |", "a\x00b"]
)
def test_half_characters_do_not_stop_a_page(text: str) -> None:
    shown(text).encode()
    inline(text).encode()
    plain(text).encode()


def test_deep_nesting_ends_quickly() -> None:
    assert len(shown(">" * 5000 + "a")) < 100_000
    assert len(shown("[" * 5000 + "a")) < 100_000
    assert len(shown("*a " * 5000)) < 200_000
