"""The encodings in which files come: found by what makes their bytes usual text."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from poolviz.datasets.readers.encodings import ENCODINGS, checked, decode
from poolviz.errors import ChoiceError, DataError

# Written for this test; each by itself is enough to tell its encoding.
TEXTS = {
    "gb18030": "房间很干净，服务也热情\n空调太吵，一夜没睡好\n早餐种类丰富，值得再来\n",
    "big5": "房間很乾淨，服務也熱情\n冷氣太吵，一夜沒睡好\n早餐種類豐富，值得再來\n",
    "cp932": "部屋が広くて快適でした。\n朝食はとても美味しかったです。\nコーヒーがぬるい\n",
    "euc_jp": "部屋が広くて快適でした。\n朝食はとても美味しかったです。\nコーヒーがぬるい\n",
    "cp949": "방이 깨끗하고 직원이 친절했어요\n아침 식사가 맛없어요\n위치가 좋고 저렴합니다\n",
    "cp1252": "I don’t like this room, it’s small\nLe déjeuner était bon, cher\nSchöne Größe\n",
    "cp1251": "Номер чистый, завтрак хороший\nКондиционер не работал всю ночь\n",
    "koi8-r": "Номер чистый, завтрак хороший\nКондиционер не работал всю ночь\n",
    "iso8859-5": "Номер чистый, завтрак хороший\nКондиционер не работал всю ночь\n",
    "cp1250": "Pokój był czysty, śniadanie bardzo dobre\nŻle, głośno całą noc, łóżko wąskie\n",
    "iso8859-2": "Pokój był czysty, śniadanie bardzo dobre\nŻle, głośno całą noc, łóżko wąskie\n",
    "cp1253": "Το δωμάτιο ήταν καθαρό\nΠολύ θόρυβος τη νύχτα\nΕξαιρετικό πρωινό\n",
    "cp1254": "Oda temizdi, kahvaltı çok güzeldi\nÇok gürültülü, ışık yok, şehre yakın değil\n",
    "cp1255": "החדר היה נקי\nארוחת הבוקר טעימה מאוד\nלא נחזור לכאן\nהצוות אדיב\n",
    "cp1256": "الغرفة نظيفة والفطور جيد\nالمكيف لا يعمل\nلن نعود مرة أخرى\n",
    "mac-roman": "I don’t like this room, it’s small\nLe déjeuner était bon, cher\nSchöne Größe\n",
    "mac-cyrillic": "Номер чистый, завтрак хороший\nЯ бы вернулась\nКондиционер не работал\n",
    "cp866": "Номер чистый, завтрак хороший\nКондиционер не работал всю ночь\n",
    "koi8-u": "Номер чистий, сніданок їли\nКондиціонер не працював, її ні\n",
    "iso2022_jp": "部屋が広くて快適でした。\n朝食はとても美味しかったです。\n",
    "iso2022_kr": "방이 깨끗하고 직원이 친절했어요\n아침 식사가 맛없어요\n",
    "hz": "房间很干净，服务也热情\n空调太吵，一夜没睡好\n",
    "cp874": "ห้องสะอาดมาก\nพนักงานไม่สุภาพ\nอาหารเช้าอร่อย\nไม่แนะนำเลย\n",
}
EVERYWHERE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig")
SHORT = {
    "gb18030": "房间很干净，早餐一般。",
    "big5": "怎麼修改登入密碼",
    "cp932": "部屋が広くて快適でした。",
    "cp949": "아침 식사가 맛없어요",
    "cp1251": "Номер чистый",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_an_encoding_is_found_by_its_text(encoding):
    found = decode("a.csv", TEXTS[encoding].encode(encoding))
    assert found.text == TEXTS[encoding]
    assert (found.guessed, found.replaced) == (True, 0)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251"])
def test_where_the_bytes_leave_no_doubt_none_is_said(encoding):
    assert not decode("a.csv", TEXTS[encoding].encode(encoding)).doubtful


@pytest.mark.parametrize("encoding", SHORT)
def test_one_short_line_is_enough(encoding):
    assert decode("a.txt", SHORT[encoding].encode(encoding)).text == SHORT[encoding]


@pytest.mark.parametrize("encoding", EVERYWHERE)
@pytest.mark.parametrize("language", ["gb18030", "cp1252", "cp949"])
def test_unicode_is_found_with_its_mark_and_without(encoding, language):
    text = "text,label\n" + TEXTS[language]
    assert decode("a.csv", text.encode(encoding)).text == text


def test_plain_letters_in_utf_16_without_a_mark():
    assert (
        decode("a.csv", "text,label\ngood,1\n".encode("utf-16-be")).text == "text,label\ngood,1\n"
    )


@given(st.sampled_from(list(TEXTS)), st.data())
def test_any_rows_of_a_language_come_back(encoding, data):
    lines = TEXTS[encoding].splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), min_size=4, max_size=8))
    assume(len(set(chosen)) >= min(3, len(lines)))
    text = "label,text\n" + "".join(f"{n % 2},{line}\n" for n, line in enumerate(chosen))
    assert decode("a.csv", text.encode(encoding)).text == text


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff")))
def test_any_text_in_utf_8_is_certain(text):
    for encoding in ("utf-8", "utf-8-sig"):
        found = decode("a.csv", text.encode(encoding))
        assert (found.text, found.guessed, found.doubtful) == (text, False, False)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("好的房间".encode() * 9 + b"\xe5\xa5" + "好".encode(), "好的房间" * 9 + "\ufffd好"),
        ("好的房间".encode() * 9 + b"\xe9", "好的房间" * 9 + "\ufffd"),
        ("好的房间\ufffd".encode() * 9 + b"\xff", "好的房间\ufffd" * 9 + "\ufffd"),
    ],
)
def test_a_bad_byte_in_utf_8_is_counted_and_the_rest_stays(content, text):
    found = decode("a.csv", content)
    assert (found.text, found.encoding, found.replaced) == (text, "utf-8", 1)
    assert not found.guessed


def test_a_damaged_character_of_another_encoding_is_counted_too():
    content = bytearray(TEXTS["gb18030"].encode("gb18030") * 20)
    content[-1:] = b"\xff"
    found = decode("a.csv", bytes(content))
    assert (found.encoding, found.replaced) == ("gb18030", 1)
    assert found.text.startswith(TEXTS["gb18030"])


@pytest.mark.parametrize("text", ["a ~{ b ~} c\n", "\x1b$Bx", "text,label\n~{,1\n好,0\n"])
def test_signs_of_another_script_that_begin_none(text):
    found = decode("a.csv", text.encode())
    assert (found.text, found.encoding, found.guessed) == (text, "utf-8", False)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("language", ["cp1251", "cp1253", "cp1255"])
def test_control_characters_are_no_text_in_utf_8(encoding, language):
    text = TEXTS[language].replace(" ", "").replace("\n", "") * 9
    assert decode("a.csv", text.encode(encoding)).text == text


@pytest.mark.parametrize("text", ["好\0的,1\n坏,0\n", "a\0b c d e f g h,1\n", "ö\0 u a b c d\n"])
def test_a_few_nuls_are_no_utf_16(text):
    found = decode("a.csv", (text * 20).encode())
    assert (found.text, found.encoding, found.guessed) == (text * 20, "utf-8", False)


def test_what_is_as_good_in_several_encodings_is_doubtful():
    assert decode("a.txt", "é".encode("cp1252")).doubtful
    assert decode("a.txt", "лукавство, 很".encode("gb18030")[:3]).doubtful


@pytest.mark.parametrize("encoding", ["cp1252", "mac-roman"])
@pytest.mark.parametrize(
    "text",
    [
        "La habitación es pequeña, mañana volverá\nEl baño está sucio, ¿por qué?\n",
        "Das Zimmer war schön, aber für zwei zu groß\nÜber Nacht zu kühl, müde\n",
        "La chambre était très petite, ça ne va pas\nÀ éviter, même l’été\n",
    ],
)
def test_western_texts_of_windows_and_of_old_macs(encoding, text):
    assert decode("a.csv", text.encode(encoding)).text == text


def test_no_encoding_is_doubted_where_others_give_the_same_text():
    found = decode("a.csv", b"text\nI don\x92t\nWe\x92ll\nCouldn\x92t, it\x92s\nYou\x92re\n")
    assert (found.encoding, found.doubtful) == ("cp1252", False)


@pytest.mark.parametrize(
    ("name", "key"),
    [("GBK", "gb18030"), ("gb2312", "gb18030"), ("Shift_JIS", "cp932"), ("latin-1", "cp1252")],
)
def test_usual_names_are_known(name, key):
    assert checked(name) == key
    text = TEXTS[key]
    assert decode("a.csv", text.encode(key), name).text == text


def test_what_somebody_says_is_believed():
    found = decode("a.csv", "房间".encode(), "gb18030")
    assert found.text == "房间".encode().decode("gb18030", "replace")
    assert not found.guessed
    with pytest.raises(ChoiceError, match="Unknown encoding klingon; choose one of utf-8"):
        decode("a.csv", b"a", "klingon")
    with pytest.raises(ChoiceError, match="Unknown encoding"):
        decode("a.csv", b"a", "rot13")


@pytest.mark.parametrize("key", ENCODINGS)
def test_each_one_offered_can_be_read(key):
    assert checked(key) == key
    assert decode("a.csv", "text,1\n".encode(key), key).text == "text,1\n"


@pytest.mark.parametrize("content", [bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(DataError, match="a.csv is text in no known encoding"):
        decode("a.csv", content)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_text_or_a_sentence(content):
    try:
        found = decode("a.csv", content)
    except DataError:
        return
    assert found.encoding in ENCODINGS
