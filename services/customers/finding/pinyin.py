"""How Chinese is read: pypinyin's characters, and our own table of surnames.

Only the data of pypinyin is read: importing the package costs 57 MB of memory, most of it phrases, which names are
not; its characters, cut to the ones that people write, cost five.
"""

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from sys import intern

_WRITTEN = range(0x4E00, 0xA000)
_READINGS_OF_ONE = 2  # 长 chang and zhang, 乐 le and yue; a third is rare
_OTHER_WAYS = 3

_SURNAMES = """
    乐:yue 乜:nie 仇:qiu 会:gui 佴:nai 幺:yao 於:yu 炅:gui 区:ou 单:shan 卜:bu 句:gou 召:shao 尉:wei 折:she 不:fou
    曾:zeng 朴:piao 查:zha 种:chong 秘:bi 繁:po 缪:miao 翟:zhai 盖:ge 祭:zhai 莘:shen 藏:zang 覃:qin 解:xie 那:na
    郇:xun 都:du 重:chong 钭:tou 隗:wei 贠:yun 黑:he 阚:kan 洗:xian 省:xing 能:nai 薄:bo 弗:fei 牟:mu 角:jue 哱:po
    蔚:yu 粘:nian 术:zhu 给:ji 难:ning 扎:za 任:ren 沈:shen 石:shi 贾:jia 冼:xian 盛:sheng 尹:yin 俞:yu 臧:zang
    阮:ruan 瞿:qu 祝:zhu 叶:ye 朱:zhu 余:yu 沙:sha 夏:xia 万:wan 宁:ning 强:qiang 柏:bai 车:che 谷:gu 郝:hao 殷:yin
    晁:chao 员:yun 占:zhan 令狐:ling,hu 万俟:mo,qi 单于:chan,yu 宰父:zai,fu 尉迟:yu,chi 皇甫:huang,fu 鲜于:xian,yu
    夏侯:xia,hou 亓官:qi,guan 长孙:zhang,sun 澹台:tan,tai
"""

Readings = tuple[str, ...]
"""Of one character, the usual one first."""


def readings(text: str) -> list[str]:
    """How a text is read, and the first letters of its syllables: zhongguo, zg; nothing where it holds no Chinese."""
    return [] if text.isascii() else _spelled([_readings_of(character) for character in text])


def readings_of_name(name: str) -> list[str]:
    """The same of a person's name, whose surname is read as surnames are: 单 shan, 曾 zeng, 尉迟 yuchi."""
    name = name.strip()
    for length in (2, 1):
        if surname := _surnames().get(name[:length]):
            return _spelled([*surname, *(_readings_of(character) for character in name[length:])])
    return readings(name)


def _spelled(characters: list[Readings]) -> list[str]:
    """Whole readings and initials, each once: the usual way, and a few with one character read otherwise."""
    usual = [read[0] for read in characters]
    others = ([*usual[:at], other, *usual[at + 1 :]] for at, read in enumerate(characters) for other in read[1:])
    ways = [usual, *islice(others, _OTHER_WAYS)]
    whole = ["".join(way) for way in ways]
    initials = ["".join(syllable[:1] for syllable in way) for way in ways]
    return list(dict.fromkeys([*whole, *initials]))


def _readings_of(character: str) -> Readings:
    """What is no Chinese character is read as it is written."""
    return _characters().get(ord(character)) or (character,)


@cache
def _surnames() -> dict[str, list[Readings]]:
    told = (one.split(":") for one in _SURNAMES.split())
    return {surname: [(syllable,) for syllable in read.split(",")] for surname, read in told}


@cache
def _characters() -> dict[int, Readings]:
    """The readings of every character that is written, without tones."""
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("pypinyin")
    raw: dict[str, str] = json.loads(Path(package.origin).with_name("pinyin_dict.json").read_bytes())
    return {int(code): _without_tones(read) for code, read in raw.items() if int(code) in _WRITTEN}


def _without_tones(read: str) -> Readings:
    """yuè,lè → yue, le. What is written ü is typed v, and u in passports."""
    plain = [_without_tone(one) for one in read.split(",")]
    both = [typed for one in plain for typed in ((one, one.replace("v", "u")) if "v" in one else (one,))]
    return tuple(dict.fromkeys(both))[:_READINGS_OF_ONE]


def _without_tone(read: str) -> str:
    apart = unicodedata.normalize("NFD", read).replace("u\u0308", "v")
    return intern("".join(one for one in apart if one.isascii()))
