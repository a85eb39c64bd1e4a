"""What a shopper may do next, as data: a walk is a dictionary that YAML writes and reads, so that a failing one can be held again.

    {shopper: widget | rest | anonymous, fixture: {…}, turns: [{say: …}, {answer: 2}, {wrong: 0}, {tap: 3}, {photo: true}, …]}

`answer` and `wrong` pick a value for whatever the form asks at that moment, `answer` opens a want while nothing is asked;
`tap` counts the buttons offered so far, newest first.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

TURNS = 15
ORDERS = ("{order_delivered}", "{order_shipped}", "{order_paid_unshipped}", "{order_refunding}")
STRANGE_ORDERS = ("{order_not_mine}", "{order_unknown}")

WANTS = (
    "我的快递到哪了",
    "帮我查下订单",
    "退款怎么还没到账",
    "这件不喜欢 我要退货",
    "想换个大一码的",
    "没发货 把钱退给我",
    "拍错了 帮我取消订单",
    "地址写错了 帮我改一下地址",
    "还没发的那件改成黑色",
    "退货不退了 撤销申请",
    "刚买就降价了 退我差价",
    "都两天了怎么还不发货",
    "显示签收了但是我没收到",
    "快递卡住两天没动了",
    "给我开张发票",
    "收到的时候就是破的",
    "给我发错颜色了",
    "穿一次就开线了",
    "坏了 保修期内帮我报修",
    "害我白跑了三趟 怎么补偿我",
    "你们客服态度太差 我要投诉",
    "付款一直失败",
    "同一单扣了我两次钱",
    "有什么优惠券可以领",
    "黑色M码还有吗",
    "送妈妈的 两百左右有推荐吗",
    "耳机连不上蓝牙",
    "登录不上去",
    "有人冒充客服让我转账",
    "上次投诉处理得怎么样了",
    "给你打五分",
    "建议你们出个小号",
    "I want to return this",
    "where is my parcel",
)
TWO_WANTS = (
    "{order_delivered} 这单不喜欢退了吧 另外开个发票",
    "把没发货的取消了 顺便查下退款到哪了",
    "快递到哪了 还有给我开张发票 抬头个人",
    "{order_paid_unshipped} 改地址 再看看有什么优惠券",
    "东西破了要退货 我还要投诉你们",
)
DIGRESSIONS = (
    "退货运费谁出",
    "几点发货",
    "七天无理由包括内衣吗",
    "发票怎么开",
    "保修多久",
    "西藏包邮吗",
    "优惠券能叠加吗",
    "在吗",
    "今天好热啊",
)
DIGRESSIONS += ("你是机器人吧", "谢谢", "啥意思 再说一遍", "帮我订明天去上海的机票", "你好", "再见")
STOPS = ("算了不弄了", "先不退了吧 等等再说", "不用了", "取消", "停")
YES = ("确认", "对的", "好的", "嗯嗯", "可以 提交吧", "是的 没错", "ok", "yes")
NO = ("不是", "不对", "先不了", "不要", "不是这个")
ANGRY = ("你们就是骗子 气死我了", "垃圾店铺 再也不来了", "你是傻子吗", "等了一个星期 太过分了 马上给我处理", "我要去12315告你们")
PEOPLE = ("转人工", "叫你们客服来", "I want to talk to a human")
JUNK = (
    "👍",
    "😡😡😡",
    "？？？",
    "。",
    "6",
    "asdfgh",
    "🙏🏻🙏🏻",
    "1",
    "第二个",
    "/request_return",
    '/affirm{"instance": "x"}',
    "<script>alert(1)</script>",
)
JUNK += ("{}", "${order_id}", "订单" * 900, "我要退货因为不喜欢 " * 120, "\u202e\u200b", "１２３４", "null", "'; drop table orders; --")
CORRECTIONS = (
    "不对 是 {order_shipped} 这单",
    "说错了 是 {order_delivered}",
    "不是不喜欢 是质量有问题",
    "改一下 换成白色",
    "等下 抬头改成杭州云上科技有限公司",
    "地址错了 是上海市浦东新区世纪大道100号",
    "税号错了 税号是91330106MA2B1C3D5F",
    "不是退货 是换货",
    "换货吧 不退了",
    "{order_paid_unshipped} 这单也要退",
)

ANSWERS: dict[str, tuple[str, ...]] = {
    "order_id": (*ORDERS, "第一个", "最近那单", "订单号 {order_delivered}"),
    "phone_last4": ("{phone_last4}", "尾号{phone_last4}"),
    "reason": ("尺码不合适", "不喜欢 颜色不好看", "质量有问题 开线了", "买错了"),
    "item": ("第一个", "衬衫", "就那件"),
    "sku_option": ("L", "白色", "黑色/L", "43码"),
    "address": ("浙江省杭州市西湖区文三路100号", "上海市浦东新区世纪大道100号 8楼"),
    "invoice_title": ("个人", "杭州云上科技有限公司", "抬头张三"),
    "tax_no": ("91330106MA2B1C3D4E", "税号是 91330106MA2B1C3D4E"),
    "detail": ("买的杯子收到就碎了 客服一直不理我", "快递员把包裹扔在门口", "左边没声音"),
    "remedy": ("退货退款", "换一件新的", "补发", "修一下"),
    "confirm": YES,
}
WRONG: dict[str, tuple[str, ...]] = {
    "order_id": (*STRANGE_ORDERS, "123", "第九个", "2026", "都不是", "不记得了"),
    "phone_last4": ("0000", "12", "忘了"),
    "reason": ("。", "👌", "123456", "不告诉你"),
    "item": ("第九个", "冰箱", "都不是"),
    "sku_option": ("紫色带闪的", "XXXXXXL", "随便", "👗"),
    "address": ("那里", "老地方", "？", "{order_not_mine}"),
    "invoice_title": ("？", "。。", "随便"),
    "tax_no": ("123", "没有", "不知道税号"),
    "detail": ("。", "👎", "就是不爽"),
    "remedy": ("随便", "你说呢", "赔我一万"),
    "confirm": ("也许吧", "你说呢", "等等", "多少钱来着", "🤔"),
}
FITTING_WANTS = (
    "{order_delivered} 不喜欢 我要退货",
    "{order_delivered} 想换个大一码的 L码",
    "{order_delivered} 穿一次就开线了",
    "{order_delivered} 收到的时候就是破的",
    "{order_delivered} 刚买就降价了 退我差价",
    "{order_delivered} 给我开发票 抬头个人",
    "{order_delivered} 质量太差害我跑了三趟 怎么补偿我",
    "{order_delivered} 坏了 保修期内帮我报修",
    "{order_paid_unshipped} 拍错了 帮我取消订单",
    "{order_paid_unshipped} 地址写错了 改成浙江省杭州市西湖区文三路100号",
    "{order_paid_unshipped} 这件改成黑色",
    "{order_paid_unshipped} 不想要了 没发货 把钱退给我",
    "{order_paid_unshipped} 怎么还不发货",
    "{order_refunding} 不退了 撤销退款申请",
    "{order_refunding} 退款怎么还没到账",
    "{order_shipped} 快递到哪了",
    "{order_shipped} 显示签收了但是我没收到",
    "快递员态度恶劣把包裹扔在门口 我要投诉",
)
"""What `answer` says while nothing is asked, so that a walk gets on."""
NOT_ASKED = (*ORDERS, "尺码不合适", "个人", "L", "{phone_last4}")
"""Values out of the blue: what a shopper sends while nothing is asked."""

_FIXTURES = (
    {},
    {"delivered": {"category": "shoes"}},
    {"delivered": {"category": "electronics", "days_ago": 20}},
    {"delivered": {"category": "food"}},
    {"shipped": {"last_scan_hours_ago": 60}},
    {"shipped": {"last_scan_hours_ago": 200}, "unshipped": {"paid_hours_ago": 60}},
    {"level": "diamond"},
)


def _said(*texts: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(texts).map(lambda text: {"say": text})


def _picked(kind: str, most: int) -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, most).map(lambda number: {kind: number})


_WANT_WITH_ORDER = st.tuples(st.sampled_from((*ORDERS, *STRANGE_ORDERS)), st.sampled_from(WANTS)).map(lambda pair: {"say": " ".join(pair)})
_KINDS = {
    "pause": (1, st.just({"pause": True})),
    "want": (3, _said(*WANTS)),
    "want with order": (2, _WANT_WITH_ORDER),
    "answer": (9, _picked("answer", len(FITTING_WANTS) - 1)),
    "wrong": (2, _picked("wrong", 6)),
    "newest button": (3, _picked("tap", 2)),
    "other button": (2, _picked("tap", 15)),
    "yes": (3, _said(*YES)),
    "no": (1, _said(*NO)),
    "correction": (1, _said(*CORRECTIONS)),
    "digression": (2, _said(*DIGRESSIONS)),
    "stop": (1, _said(*STOPS)),
    "two wants": (1, _said(*TWO_WANTS)),
    "junk": (1, _said(*JUNK)),
    "angry": (1, _said(*ANGRY)),
    "out of the blue": (1, _said(*NOT_ASKED)),
    "aside": (
        1,
        st.sampled_from(({"photo": True}, {"stranger": True}, {"again": True}, {"say": "好" * 4001}, *({"say": p} for p in PEOPLE))),
    ),
}
"""How often, and what; the first is the simplest, to which a failing walk is reduced."""

WALKS = st.fixed_dictionaries(
    {
        "shopper": st.sampled_from(("rest", "widget", "widget", "anonymous")),
        "fixture": st.sampled_from(_FIXTURES),
        "turns": st.lists(st.one_of(*(turn for weight, turn in _KINDS.values() for _ in range(weight))), min_size=TURNS, max_size=TURNS),
    }
)
