"""The refusal that only a shop knows: the request is well-formed, but the shop's rules do not allow it now."""

from __future__ import annotations

from bot.core.errors import Conflict

REASONS: dict[str, str] = {
    "not_paid": "这个订单还没有付款。",
    "not_delivered": "商品还没有签收。运输途中不想要了，可以在快递派送时拒收；签收后也可以再申请。",
    "not_shipped": "这个订单还没有发货，不需要寄回，可以直接取消订单或申请仅退款。",
    "already_shipped": "这个订单已经发货，不能再这样修改。不想要了可以拒收包裹，或签收后申请退货。",
    "already_closed": "这个订单已经关闭。",
    "return_window_over": "已经超过可以申请退货的时间。",
    "exchange_window_over": "已经超过签收后 15 天的换货时间。",
    "not_returnable": "这件商品不支持七天无理由退换。如果有质量问题、破损或发错，请说明情况，我们来处理。",
    "needs_return": "这种情况需要寄回商品后退款，请申请退货退款。",
    "already_requested": "这个订单已经有一个进行中的售后申请，请先等它处理完，或撤销后重新申请。",
    "reopened_once": "逾期未寄回的申请只能重新打开一次。",
    "address_changed_once": "每个订单只能修改一次收货地址，这个订单已经改过了。",
    "address_unclear": "地址不够完整，请写上省、市、区和详细的门牌号。",
    "phone_unclear": "手机号应为 11 位数字，请核对。",
    "fee_differs": "新地址需要补运费，不能直接修改。可以取消后用新地址重新下单。",
    "out_of_stock": "想换的规格暂时没有库存。",
    "unknown_option": "这件商品没有这个规格。",
    "same_option": "这件商品现在就是这个规格，不需要更换。",
    "price_differs": "两个规格的价格不同，不能直接更换。可以取消后重新下单。",
    "which_item": "这个订单里有多件商品，请说明是哪一件。",
    "price_not_lower": "商品现在的价格没有低于您付款时的价格，没有差价可退。",
    "price_protection_over": "已经超过价格保护的时间。",
    "price_protection_used": "这个订单已经退过一次差价。",
    "tax_no_missing": "公司抬头需要纳税人识别号（税号），请补充。",
    "tax_no_unclear": "税号应为 15 到 20 位数字和字母，请核对。",
    "invoice_window_over": "订单完成超过 1 年，不能再开发票。",
    "invoice_changed_once": "发票抬头只能修改一次，这张发票已经改过了。",
    "invoice_change_over": "发票开具超过 30 天，不能再修改抬头。",
    "nothing_to_pick_up": "这个售后申请不需要取件。",
    "slot_gone": "这个取件时间已经约不上了，请换一个时间。",
    "already_sent_back": "商品已经寄出，售后申请不能再撤销。",
    "already_refunded": "退款已经完成，不能再撤销。",
    "order_cancelled": "订单已经取消，不能恢复，需要的话请重新下单。",
    "beyond_authority": "这个金额超出了智能助手可以补偿的范围，需要人工客服审核。",
    "already_compensated": "这个订单已经补偿过一次。",
    "aftersale_ended": "这个售后申请已经结束。",
}
"""Every reason of docs/shop-api.yaml with the sentence that a shopper reads."""


class NotAllowed(Conflict):
    """A rule of the shop forbids the write; `reason` is one of `REASONS`, nothing was changed."""

    code = "not_allowed"

    def __init__(self, reason: str, message: str | None = None) -> None:
        super().__init__(message or REASONS[reason])
        self.reason = reason
