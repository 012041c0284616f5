#include "text/phrases.h"

#include <stddef.h>

/* clang-format off */
static const char *const always[] = {
    /* what a shop says to sell */
    "sale", "sales", "discount", "discounts", "discounted", "free", "freebie", "bargain", "bargains", "cheap", "cheapest",
    "coupon", "coupons", "voucher", "vouchers", "promo", "promotion", "promotions", "giveaway", "clearance", "deal", "deals",
    "special offer", "special offers", "limited offer", "on offer", "offer ends", "half price", "half off", "percent", "per cent",
    "dollars", "euros", "money back", "refund", "buy one", "save up to", "cashback", "best price", "best prices", "best value",
    "lowest", "unbeatable",
    /* pressure */
    "limited", "last chance", "final chance", "hurry up", "hurry before", "hurry while", "act now", "order now", "buy now",
    "while stocks last", "while supplies last", "while it lasts", "today only", "tonight only", "only today", "only tonight",
    "one day only", "ends today", "ends tonight", "ends soon", "ending soon", "selling fast", "selling out", "sold out",
    "nearly gone", "almost gone", "going fast", "few left", "must buy", "must have", "must see",
    /* superlatives and promises */
    "guarantee", "guarantees", "guaranteed", "number one", "no 1", "the best", "best ever", "greatest", "world class",
    "the only one", "one of a kind", "unique", "risk free", "miracle", "exclusive", "exclusively", "winner of",
    /* 促销 */
    "免费", "免单", "免邮", "包邮", "白送", "白拿", "赠品", "赠送", "买一送", "买一赠", "买二送", "满减", "满送", "立减", "红包", "返现", "返利",
    "优惠", "领券", "抵扣", "折扣", "打折", "折后", "特价", "特惠", "特卖", "促销", "大促", "甩卖", "清仓", "抛售", "秒杀", "半价", "骨折价",
    "跳楼价", "白菜价", "亏本", "血亏", "捡漏", "划算", "便宜", "超值", "一折", "二折", "三折", "四折", "五折", "六折", "七折", "八折", "九折",
    "免費", "優惠", "特價", "清倉", "最低價", "限時", "促銷", "包郵", "半價", "秒殺",
    /* 催促 */
    "限时", "限量", "限购", "仅限", "仅剩", "仅此一", "只剩最后", "抢购", "疯抢", "抢完", "快抢", "手慢无", "售罄", "断货", "倒计时",
    "最后机会", "最后一天", "最后一波", "错过不再", "不容错过", "必买", "必入", "必看", "赶紧下单", "马上下单", "立即购买",
    /* 绝对化用语与承诺 */
    "第一", "唯一", "国家级", "世界级", "全球级", "宇宙级", "顶级", "顶尖", "顶流", "极致", "极品", "极佳", "绝佳", "绝对", "绝版", "独家",
    "独一无二", "绝无仅有", "史无前例", "前所未有", "无与伦比", "万能", "全国", "全网", "全球", "首选", "首家", "首创", "冠军", "王牌", "领导品牌",
    "领袖品牌", "驰名", "特供", "专供", "填补空白", "最佳", "最优", "最低", "最高", "最强", "最先进", "最好的", "最好用", "最好吃", "最好看", "最美",
    "最棒", "最受", "最具", "最大", "最安全", "最权威", "最便宜", "百分百", "百分之", "保证", "承诺", "包退", "包换", "包治", "根治", "疗效", "稳赚",
    "躺赚", "永久",
};

static const char *const hot[] = {
    "hot right now", "hottest", "hot item", "hot items", "hot pick", "hot topic", "popular", "popularity", "trend", "trends",
    "trending", "viral", "buzz", "buzzing", "crowd", "crowds", "everyone", "everybody", "many people", "most people", "so many of you",
    "lots of people", "lot of people", "people are", "people keep", "many readers", "many viewers", "many travellers", "many members", "many others", "many of you",
    "talked about", "talking about it", "talk of the", "all the rage", "in demand", "sought after", "well loved", "much loved",
    "most loved", "most wanted", "most watched", "most read", "most visited", "best seller", "best sellers", "bestseller",
    "bestsellers", "best selling", "top seller", "bestselling", "flying off", "big hit", "the whole town", "half the town",
    "people's choice", "people's favourite", "customers love", "readers love", "viewers love", "travellers love",
    "热门", "人气", "爆款", "爆红", "走红", "火爆", "大火", "正火", "热卖", "热销", "热议", "热聊", "热读", "热映", "热搜", "畅销", "大家都", "大家在", "大家近来",
    "大家爱", "大家最近", "大家推荐", "很多人", "好多人", "不少人", "许多人", "多人在", "众人", "人人都", "都在看", "都在聊", "都在读", "都在买", "都在玩", "都在追",
    "都在说", "近来常", "排行榜", "榜首", "上榜", "口碑", "受欢迎", "风靡", "流行", "网红", "刷屏", "出圈", "抢手", "好评", "销量", "卖得好", "卖得快", "最热", "潮流",
};

static const char *const fresh[] = {
    "new", "newest", "newly", "newcomer", "newcomers", "brand new", "our latest", "the latest", "latest addition", "arrival", "arrivals", "just in", "just arrived",
    "has arrived", "have arrived", "just landed", "just added", "just came in", "just come in", "just published", "just posted",
    "just released", "just out", "just opened", "just put up", "just now in", "now in", "freshly", "fresh in", "fresh from",
    "fresh off", "fresh on", "fresh arrival", "fresh post", "hot off", "came in today", "out today", "first day", "day one",
    "debut", "premiere", "launch", "launched",
    "新", "刚上", "刚到", "刚发", "刚刚上", "刚刚到", "刚刚发", "刚贴出", "刚来", "刚写", "刚拆", "刚挂", "刚摆", "上架", "上线", "首发", "首映", "首次", "初次见面", "刚出炉",
};

static const char *const drop[] = {
    "price drop", "price drops", "price dropped", "price has dropped", "price fell", "price has fallen", "price came down",
    "price went down", "price cut", "price is down", "prices down", "down from", "dropped to", "lower price", "lower prices",
    "lighter price", "smaller price", "smaller number", "lowered", "marked down", "markdown", "reduced", "reduction", "cheaper",
    "used to cost", "cost more", "costs less", "for less", "less than before", "less than it was", "crossed out", "savings",
    "save money", "you save",
    "降价", "降了", "降到", "降至", "降下", "价降", "直降", "下调", "调价", "调低", "改价", "跌价", "跌到", "价低", "低价", "更低", "原价", "现价", "旧价", "省了", "省下", "少花",
};

static const char *const harmless[] = {
    "feel free", "set free", "free evening", "free evenings", "free afternoon", "free afternoons", "free morning", "free mornings",
    "free hour", "free hours", "free time", "free moment", "free moments", "free weekend", "free hand", "free hands", "hands free",
    "free spirit", "big deal", "great deal of", "good deal of", "new year", "new york", "new zealand", "a new leaf",
    "not for everyone", "unlimited",
    "第一次", "第一眼", "第一口", "第一页", "第一句", "第一步", "第一天", "第一个", "第一位", "第一缕", "第一杯", "第一场", "第一站", "第一章", "第一盏", "第一遍", "第一时间",
    "重新", "清新", "新年", "新娘", "新郎", "耳目一新", "焕然一新", "自新", "很多人情", "一新一旧",
};

static const char *const banned[] = {
    "fuck", "fucks", "fucked", "fucker", "fucking", "motherfucker", "shit", "shitty", "bullshit", "cunt", "cunts", "nigger",
    "niggers", "nigga", "faggot", "faggots", "whore", "whores", "slut", "sluts", "retard", "retarded", "porn", "porno", "pornography",
    "viagra", "heroin", "cocaine",
    "傻逼", "煞笔", "操你", "肏", "他妈的", "你妈逼", "贱人", "婊子", "妓女", "嫖娼", "色情", "黄片", "裸聊", "约炮", "一夜情", "赌博", "博彩", "六合彩", "毒品", "冰毒",
    "海洛因", "摇头丸", "代孕", "枪支", "弹药", "假币", "发票代开", "办证",
};
/* clang-format on */

#define PHRASES(list) ((phrases){(int)(sizeof(list) / sizeof *(list)), (list)})

phrases phrases_always(void) { return PHRASES(always); }
phrases phrases_harmless(void) { return PHRASES(harmless); }
phrases phrases_banned(void) { return PHRASES(banned); }

phrases phrases_of_tone(tone t) {
  if (t == TONE_HOT) return PHRASES(hot);
  if (t == TONE_NEW) return PHRASES(fresh);
  if (t == TONE_DROP) return PHRASES(drop);
  return (phrases){0, NULL};
}
