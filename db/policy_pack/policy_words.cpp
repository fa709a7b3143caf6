// Two tables and what reads them: long, and plain.
#include "db/policy_pack/policy_words.hpp"

namespace retour::policy_pack {

namespace {

constexpr Sentences english{
    .windows_heading = "How long goods may come back",
    .exclusions_heading = "What does not come back",
    .conditions_heading = "What else we look at",
    .fees_heading = "What is kept back from the refund",
    .trade_in_heading = "What an old article is worth against a new one",
    .notes_heading = "Good to know",
    .counting = "The day after is day 1, and the last day counts. The first line that fits and is still open holds.",
    .no_time_limit = "Goods may come back at any time.",
    .any_reason = "Whatever the reason:",
    .these_reasons = "Where the reason is {0}:",
    .within = "within {1} days of {0}",
    .within_a_day = "within a day of {0}",
    .open_until = ", and at least until {0}",
    .refund_as = " You get {0}.",
    .decides = " {0} decides.",
    .remedy = " Repair, replacement or refund.",
    .remedies = " You get {0}.",
    .after_repair = " What cannot be repaired is replaced or refunded.",
    .refused = "we do not take them back",
    .kept = "{0} is kept as {1}",
    .each = "{0} a unit",
    .shipping_heading = "What delivery cost",
    .whole_order = "once the whole order is back, ",
    .delivery = "it goes back to you",
    .delivery_up_to = "it goes back to you up to {0}, which is standard delivery",
    .no_receipt_heading = "Without a receipt",
    .no_receipt =
        "What was sold here within the last {0} days comes back at its lowest price of that time, up to {1} a "
        "visit.",
    .all_goods = "all goods",
    .version = "Policy {0}, version {1}.",
    .valid_from = " Valid from {0}.",
    .valid_until = " Valid until {0}.",
    .between = ": ",
    .end = ".",
    .list_comma = ", ",
    .list_or = " or ",
    .source_open = " [",
    .source_close = "]",
};

constexpr Sentences chinese{
    .windows_heading = "退货期限",
    .exclusions_heading = "不接受退货的商品",
    .conditions_heading = "其他条件",
    .fees_heading = "退款时扣除的费用",
    .trade_in_heading = "以旧换新可抵金额",
    .notes_heading = "须知",
    .counting = "次日为第1天,最后一天计入在内。以第一条相符且尚未到期的为准。",
    .no_time_limit = "退货没有时间限制。",
    .any_reason = "不论原因:",
    .these_reasons = "原因为{0}时:",
    .within = "{0}次日起{1}天内",
    .within_a_day = "{0}次日起1天内",
    .open_until = ",且至少可至{0}",
    .refund_as = "以{0}退款。",
    .decides = "由{0}决定。",
    .remedy = "可修理、更换或退款。",
    .remedies = "可要求{0}。",
    .after_repair = "无法修复的,予以更换或退款。",
    .refused = "不予退货",
    .kept = "扣除{0}作为{1}",
    .each = "每件{0}",
    .shipping_heading = "配送费",
    .whole_order = "整单退回后,",
    .delivery = "退还配送费",
    .delivery_up_to = "退还标准配送的费用,最多{0}",
    .no_receipt_heading = "没有小票时",
    .no_receipt = "最近{0}天内在本店售出的商品,按该期间最低售价退回,每次最多{1}。",
    .all_goods = "所有商品",
    .version = "政策 {0},第{1}版。",
    .valid_from = "自{0}起有效。",
    .valid_until = "有效期至{0}。",
    .between = ":",
    .end = "。",
    .list_comma = "、",
    .list_or = "或",
    .source_open = "[",
    .source_close = "]",
};

constexpr Conditions english_conditions{
    .channels = "bought {0}",
    .skus = "article {0}",
    .categories = "category {0}",
    .brands = "brand {0}",
    .sellers = "sold by {0}",
    .tiers = "customers of the tier {0}",
    .stores = "brought to the store {0}",
    .regions = "brought to the region {0}",
    .grades = "{0}",
    .paid_from = "from {0} a unit",
    .paid_to = "up to {0} a unit",
    .sold_from = "bought from {0} on",
    .sold_until = "bought until {0}",
    .age_from = "from day {0} after receipt on",
    .age_to = "until day {0} after receipt",
    .alerts = "{0}",
    .confirmed_final = "where the buyer confirmed at purchase that it does not come back",
    .not_confirmed_final = "where the buyer did not confirm at purchase that it does not come back",
    .gift = "brought with a gift receipt",
    .not_gift = "brought without a gift receipt",
    .minor_units = "{0} minor units of the order's currency",
};

constexpr Conditions chinese_conditions{
    .channels = "{0}购买",
    .skus = "货号{0}",
    .categories = "类别{0}",
    .brands = "品牌{0}",
    .sellers = "卖家{0}",
    .tiers = "{0}级会员",
    .stores = "退至门店{0}",
    .regions = "退至地区{0}",
    .grades = "{0}",
    .paid_from = "单价{0}起",
    .paid_to = "单价不超过{0}",
    .sold_from = "{0}起购买",
    .sold_until = "{0}前(含当日)购买",
    .age_from = "收货后第{0}天起",
    .age_to = "收货后第{0}天止",
    .alerts = "{0}",
    .confirmed_final = "购买时已确认不退货",
    .not_confirmed_final = "购买时未确认不退货",
    .gift = "凭礼品小票退回",
    .not_gift = "非凭礼品小票退回",
    .minor_units = "{0}个订单货币最小单位",
};

const char* in(Language language, const char* en, const char* zh) {
  return language == Language::en ? en : zh;
}

}  // namespace

const Sentences& sentences(Language language) {
  return language == Language::en ? english : chinese;
}

const Conditions& conditions(Language language) {
  return language == Language::en ? english_conditions : chinese_conditions;
}

std::string word(SaleChannel channel, Language l) {
  switch (channel) {
    case SaleChannel::online:
      return in(l, "online", "网上");
    case SaleChannel::store:
      return in(l, "in a store", "门店");
    case SaleChannel::phone:
      return in(l, "by phone", "电话");
    case SaleChannel::marketplace:
      return in(l, "from a marketplace", "电商平台");
    case SaleChannel::value:
      break;  // no rule can name it
  }
  return "";
}

std::string word(ReturnReason reason, Language l) {
  switch (reason) {
    case ReturnReason::unspecified:
      return in(l, "not given", "未说明");
    case ReturnReason::size:
      return in(l, "the size", "尺码不合");
    case ReturnReason::quality:
      return in(l, "a defect", "质量问题");
    case ReturnReason::not_as_described:
      return in(l, "other than described", "与描述不符");
    case ReturnReason::damaged_in_transit:
      return in(l, "damaged on the way", "运输损坏");
    case ReturnReason::wrong_item:
      return in(l, "the wrong article", "发错商品");
    case ReturnReason::late:
      return in(l, "delivered too late", "送达过迟");
    case ReturnReason::changed_mind:
      return in(l, "a change of mind", "改变主意");
    case ReturnReason::gift:
      return in(l, "an unwanted gift", "不需要的礼物");
    case ReturnReason::recall:
      return in(l, "a recall", "召回");
    case ReturnReason::other:
      return in(l, "another one", "其他");
  }
  return "";
}

std::string word(Grade grade, Language l) {
  switch (grade) {
    case Grade::ungraded:
      return in(l, "not looked at yet", "尚未检查");
    case Grade::resalable:
      return in(l, "as new", "可再次销售");
    case Grade::refurbishable:
      return in(l, "with signs of use", "有使用痕迹");
    case Grade::unsellable:
      return in(l, "not to be sold again", "无法再次销售");
  }
  return "";
}

std::string word(Role role, Language l) {
  switch (role) {
    case Role::cashier:
      return in(l, "A cashier", "收银员");
    case Role::supervisor:
      return in(l, "A supervisor", "主管");
    case Role::manager:
      return in(l, "The store manager", "店长");
    case Role::regional_manager:
      return in(l, "The regional manager", "区域经理");
  }
  return "";
}

std::string word(Remedy remedy, Language l) {
  switch (remedy) {
    case Remedy::refund:
      return in(l, "a refund", "退款");
    case Remedy::replacement:
      return in(l, "a replacement", "更换");
    case Remedy::repair:
      return in(l, "a repair", "修理");
  }
  return "";
}

std::string word(TenderKind tender, Language l) {
  switch (tender) {
    case TenderKind::cash:
      return in(l, "cash", "现金");
    case TenderKind::card:
      return in(l, "it back to the card", "原卡");
    case TenderKind::gift_card:
      return in(l, "a gift card", "礼品卡");
    case TenderKind::store_credit:
      return in(l, "store credit", "购物余额");
    case TenderKind::voucher:
      return in(l, "a voucher", "代金券");
    case TenderKind::wallet:
      return in(l, "it back to the wallet", "电子钱包");
    case TenderKind::bank_transfer:
      return in(l, "a bank transfer", "银行转账");
  }
  return "";
}

std::string word(CountFrom from, Language l) {
  switch (from) {
    case CountFrom::delivery:
      return in(l, "receipt", "收到商品");
    case CountFrom::last_parcel:
      return in(l, "receipt of the order's last parcel", "收到订单最后一个包裹");
    case CountFrom::sale:
      return in(l, "the sale", "购买");
  }
  return "";
}

std::string word(FeeKind kind, Language l) {
  switch (kind) {
    case FeeKind::restocking:
      return in(l, "a restocking fee", "重新上架费");
    case FeeKind::return_shipping:
      return in(l, "the cost of the return parcel", "退货运费");
    case FeeKind::diminished_value:
      return in(l, "the loss of value", "价值减损");
    case FeeKind::faster_delivery:
      return in(l, "what faster delivery cost above standard delivery", "加急配送高于标准配送的费用");
  }
  return "";
}

std::string word(Alert alert, Language l) {
  switch (alert) {
    case Alert::own_purchase:
      return in(l, "bought by our own staff or their families", "本店员工及其家属购买");
    case Alert::recalled:
      return in(l, "recalled", "被召回");
    case Alert::return_started:
      return in(l, "under a return that was started elsewhere", "已另行发起退货");
    case Alert::under_repair:
      return in(l, "under repair", "正在维修");
  }
  return "";
}

std::string fill(std::string_view sentence, std::string_view first, std::string_view second) {
  std::string text;
  for (std::size_t at = 0; at < sentence.size(); ++at) {
    const std::string_view here = sentence.substr(at, 3);
    if (here == "{0}" || here == "{1}") {
      text += here == "{0}" ? first : second;
      at += 2;
    } else {
      text += sentence[at];
    }
  }
  return text;
}

std::string any_of(const std::vector<std::string>& parts, Language language) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (i > 0) text += last ? sentences(language).list_or : sentences(language).list_comma;
    text += parts[i];
  }
  return text;
}

}  // namespace retour::policy_pack
