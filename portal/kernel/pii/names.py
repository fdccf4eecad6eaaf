"""Names of persons: sure beside a label or where tagger and surname agree on three characters, else a hint."""

import re
from collections.abc import Iterator

from portal.kernel.pii.spans import Kind, Span

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
    "方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申"
    "尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋甘景薄单包司柏宁柯"
    "阮桂闵解强柴华车冉房边谈骆蒙尚代娄邬冷储晏饶"
)
DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|皇甫|尉迟|慕容|令狐|司徒|夏侯|端木|闻人|公孙"
TITLES = re.compile(
    r"(?:先生|女士|小姐|太太|经理|总监|主任|店长|老师|师傅|老板|医生|护士|教练|律师|书记|局长|所长|科长|警官|会计|院长|校长)$"
)
_SURNAME = f"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])"
_HAN = "[一-鿿]"
_NAME = rf"{_SURNAME}{_HAN}{{1,2}}"
_LABEL = (
    r"(?:姓名|名字|联系人|投诉人|举报人|申请人|反映人|具报人|消费者|当事人|诉求人|户名|收款人|开户人|收件人|收货人|寄件人|经办人|负责人|"
    r"法定代表人|法人代表|法人|代理人|业主|车主|患者|家长|会员名?)"
)
_AFTER = (
    r"(?=[^一-鿿]|$|电话|手机|联系|身份|性别|地址|住址|住在|居住|微信|邮箱|号码|今年|在|称|反映|投诉|认为|要求|购买)"
)
_NOT_A_VERB = r"(?![于向任时安常关单成曲房边管解强万和何])"
_LABELLED = re.compile(rf"{_LABEL}\s*[:：]\s*(?P<found>{_NAME}(?:\s*[、/丶和及]\s*{_NAME})*){_AFTER}")
_CALLED = re.compile(
    rf"(?:我叫|名叫|姓名是|姓名为|名字是|名字叫|本人叫?{_NOT_A_VERB}|我[,，]{_NOT_A_VERB})\s*(?P<found>{_NAME}){_AFTER}"
)
_IDENTIFIED = re.compile(
    rf"(?P<found>{_SURNAME}{_HAN}?(?![证件本卡]){_HAN})"
    r"(?=\s*[,，、(（]?\s*(?:[男女]\s*[,，、。;；)）]|(?:公民)?身份证?号))"
)
_ONE = re.compile(_NAME)
_NO_LAST = (
    "路街道店园苑区城房茶卡堂院楼馆社镇村县市省寺湖河湾桥关口宫家会性感化员者人品物石肉菜饭汤粉面酒水油味叶丝子机器表图证书法案费款价"
    "的了是有不很太得着过在用写吵去来说和与把被给也都又就还没看要想能会可这那么呢吗吧啊上下里外中前后时间量度费心情氏您之列宽于冲"
)
_NO_NAMES = re.compile(
    r"王老吉|马赛克|高尔夫|黄金周|毛血旺|白三红|金龟婿|孔方兄|夏威夷|张家界|徐家汇|王府井|夏士莲|李锦记|胡萝卜|江浙沪|秦皇岛|武陵源|向右转|向左转|何原因|成正比|毛绒绒|安琪儿|查一查|何以堪|马上发|"
    r"申请人|高新区|温斯顿|韦尔斯|金刚钻|幼儿园|阳光城|易中难|周大福|周生生|周六福|张小泉|王麻子|马应龙|金利来|史努比|金茂府|高露洁|隆力奇|路易斯|雷克萨|安卓系|安全感|安全性|欧莱雅|施华蔻|施华寇|"
    r"冷冰冰|马克杯|白话文|牛羊猪|马克思|薄荷香|马王堆|高素质|万分之|谢谢您|熊宝宝|安卓大|左家塘|凌驾于|柯尼卡|康师傅|老干妈|全聚德|海底捞|华莱士|李维斯|安踏店|金拱门|白皮书|马桶盖|单反机|高清晰|"
    r"毛玻璃|万元户|安检员|常温奶|施工队|方便面|金黄色|白颜色|黄颜色|齐刷刷|马大哈"
)


def names(text: str) -> list[Span]:
    """What may be a person's name; 张某 and 王女士 hide the person already and are left alone."""
    spans = {span.start: span for span in _tagged(text)}
    for pattern in (_LABELLED, _CALLED, _IDENTIFIED):
        for match in pattern.finditer(text):
            for one in _ONE.finditer(text, match.start("found"), match.end("found")):
                if not _hides(one[0]):
                    spans[one.start()] = Span(one.start(), one.end(), Kind.NAME)
    return list(_apart(sorted(spans.values())))


def _tagged(text: str) -> Iterator[Span]:
    import rjieba

    place = 0
    for word, tag in rjieba.tag(text):
        start = text.index(word, place)
        place = start + len(word)
        if tag == "nr" and _ONE.fullmatch(word) and not _hides(word) and not _NO_NAMES.fullmatch(word):
            likely = len(word) == 3 and word[-1] not in _NO_LAST
            yield Span(start, place, Kind.NAME, is_sure=likely)


def _hides(word: str) -> bool:
    return bool(TITLES.search(word)) or "某" in word


def _apart(spans: list[Span]) -> Iterator[Span]:
    end = 0
    for span in spans:
        if span.start >= end:
            end = span.end
            yield span
