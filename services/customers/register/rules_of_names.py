"""What a full name is (一.4), in the ways names are written here, and the one form by which equal names are known."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_HONORIFIC_WORDS = (
    "先生 小姐 女士 太太 夫人 老师 经理 总经理 副总 总监 董事长 老板 老总 店长 师傅 同志 美女 帅哥 医生 大夫 律师 "
    "教授 博士 主任 局长 处长 科长 院长 校长 行长 书记 会计 警官 阿姨 叔叔 伯伯 爷爷 奶奶 大爷 大妈 大叔 大哥 大姐 "
    "大嫂 夫妇 夫妻 总"
).split()
_HONORIFICS = tuple(sorted(_HONORIFIC_WORDS, key=len, reverse=True))
_HONORIFICS_AFTER_A_SURNAME = frozenset("董工哥姐叔姨嫂婶爷氏")  # elsewhere they may belong to a given name
_TITLES = frozenset("mr mrs ms miss mister mx madam madame sir dr prof professor jr sr".split())
_FAMILIAR = ("小", "老", "阿")
_COMPOUND_SURNAMES = (
    "万俟萬俟司马司馬上官欧阳歐陽夏侯诸葛諸葛闻人聞人东方東方赫连赫連皇甫尉迟尉遲公羊澹台澹臺公冶宗政濮阳濮陽淳于单于單于"
    "太叔申屠公孙公孫仲孙仲孫轩辕軒轅令狐钟离鍾離宇文长孙長孫慕容鲜于鮮于闾丘閭丘闾邱司徒司空司寇亓官丌官仉督子车子車"
    "颛孙顓孫端木巫马巫馬公西漆雕乐正樂正壤驷壤駟公良拓跋夹谷夾谷宰父谷梁榖梁穀梁段干百里东郭東郭东门東門南门南門西门西門"
    "北宫北宮呼延归海歸海羊舌微生梁丘左丘南宫南宮第五独孤獨孤纳兰納蘭完颜完顏耶律叶赫葉赫那拉贺兰賀蘭哥舒达奚達奚"
    "屠岸即墨毌丘公输公輸斛律斛斯欧冶歐冶叔孙叔孫季孙季孫孟孙孟孫太史豆卢豆盧尔朱爾朱贺拔賀拔贺若賀若伯赏伯賞"
    "墨哈谯笪譙笪阳佟陽佟商牟佘佴有琴言福缑亢"
)
_SURNAMES = frozenset(_COMPOUND_SURNAMES[at : at + 2] for at in range(0, len(_COMPOUND_SURNAMES), 2)) | frozenset(
    "爱新觉罗 愛新覺羅 钮祜禄 鈕祜祿 赫舍里 瓜尔佳 瓜爾佳 叶赫那拉 葉赫那拉".split()
)
_BRACKETED = re.compile(r"[(\[【〔<《].*?(?:[)\]】〕>》]|$)")
_DOTS = re.compile(r"\s*[·•‧・･∙]\s*")
_HELD_BACK = re.compile(r"[某×*?○〇□_]|(?<=[^\W\da-zA-Z])[xX]+(?![a-zA-Z])")
_WORDS = re.compile(r"[a-z'\-]+|[^\W\da-z]+|·")


def is_full_name(name: str) -> bool:
    """Whether a name says more than a surname: 王先生, 李小姐, 张总, 王, 欧阳, 小王, 王某 and Mr Wang do not."""
    return full_name(name) is not None


@lru_cache(maxsize=4096)
def full_name(name: str) -> str | None:
    """A full name in the one form that all ways of writing it share; None when it is not full.

    王 小明, 王小明先生 and 王小明（朋友） are one name; so are 买买提·艾力 and 买买提•艾力, and Ming Wang and
    Mr. MING WANG.
    """
    plain = _plain(name)
    if _HELD_BACK.search(plain):
        return None
    words = _WORDS.findall(_unaccented(plain))
    letters, characters = _letters_in(words), _characters_in(words)
    is_full = len(letters) + bool(characters) >= 2 or _says_more_than_a_surname(characters)
    number = "".join(re.findall(r"\d", plain))  # where a branch tells namesakes apart by one
    return " ".join([characters, *letters] if characters else letters) + number if is_full else None


def may_be_full_form(name: str, known: str) -> bool:
    """Whether `name` is the known one, or may be the full form of one that is not full: 王小明 of 王先生, 李四 not.

    Where the two have nothing to compare, as 老板 and 王小明 or Mr Wang and 王明, it may.
    """
    if full_name(known) is not None:
        return full_name(name) == full_name(known)
    (begins, letters), (characters, words) = _beginning_of(known), _beginning_of(name)
    return (not characters or characters.startswith(begins)) and (not words or letters <= words)


def _beginning_of(name: str) -> tuple[str, frozenset[str]]:
    """What is said of a name that need not be full: the first of its characters, and its words of letters."""
    words = _WORDS.findall(_unaccented(_HELD_BACK.sub("", _plain(name))))
    characters = _characters_in(words)
    familiar = len(characters) == 2 and characters.startswith(_FAMILIAR)
    return characters[familiar:], frozenset(_letters_in(words))


def _plain(name: str) -> str:
    return _DOTS.sub("·", _BRACKETED.sub("", unicodedata.normalize("NFKC", name)))


def _letters_in(words: Iterable[str]) -> list[str]:
    return [word for word in words if _is_of_letters(word) and len(word) > 1 and word not in _TITLES]


def _characters_in(words: Iterable[str]) -> str:
    return _without_honorific("".join(word for word in words if not _is_of_letters(word)).strip("·"))


def _says_more_than_a_surname(characters: str) -> bool:
    familiar = len(characters) == 2 and characters.startswith(_FAMILIAR)
    return len(characters) >= 2 and characters not in _SURNAMES and not familiar


def _without_honorific(characters: str) -> str:
    bare = characters.removeprefix("姓")
    if bare.endswith(_HONORIFICS):
        longest = next(honorific for honorific in _HONORIFICS if bare.endswith(honorific))
        return _without_honorific(bare.removesuffix(longest))
    if bare and bare[-1] in _HONORIFICS_AFTER_A_SURNAME and not _says_more_than_a_surname(bare[:-1]):
        return bare[:-1]
    return bare


def _is_of_letters(word: str) -> bool:
    """Written in an alphabet, so that a word is a name; of characters a name is a few without a space."""
    return word[0].upper() != word[0].lower() or word[0] in "'-"


def _unaccented(text: str) -> str:
    """In lower case, é as e: a name is known again however it was typed."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(one for one in apart if unicodedata.category(one) != "Mn"))
