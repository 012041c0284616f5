#include "text/stop_words.h"

#include <stdlib.h>
#include <string.h>

/* Both lists are sorted by their bytes. Besides the words of grammar they hold what catalogues say of everything:
 * sizes, counts, packings, "design", 套装; in English also the adjectives of catalogues (colours, materials, styles),
 * since a keyword stands where a noun does: "because you like lanterns". */
/* clang-format off */
static const char *const en[] = {
    "a", "about", "above", "across", "actually", "adjust", "adjustable", "adjustment", "after", "again", "against",
    "aged", "ago", "all", "almost", "alone", "along", "already", "also", "although", "always", "am", "amazing",
    "amazon", "among", "an", "and", "another", "antique", "any", "anyone", "anything", "apart", "are", "aren't",
    "around", "as", "aside", "assembled", "assorted", "asst", "at", "automatic", "away", "back", "bank", "be",
    "became", "because", "become", "been", "before", "began", "begin", "behind", "being", "below", "best", "better",
    "between", "beyond", "big", "bigger", "biggest", "black", "blue", "both", "boy", "boys", "brand", "bright",
    "bring", "british", "brown", "bulk", "but", "buy", "by", "call", "came", "can", "can't", "cannot", "carriage",
    "case", "cases", "cent", "centimetre", "centimetres", "cents", "chapter", "charge", "check", "checked", "chic",
    "choose", "classic", "classical", "cm", "cold", "collection", "collections", "color", "colorful", "colors",
    "colour", "colourful", "colours", "come", "comes", "coming", "contains", "cool", "cosy", "could", "couldn't",
    "count", "cozy", "cream", "cut", "cute", "damaged", "damask", "danish", "dark", "day", "days", "decorative",
    "design", "designed", "designs", "did", "didn't", "different", "digital", "director", "discount", "distressed",
    "do", "does", "doesn't", "doing", "don't", "done", "dotty", "double", "down", "dozen", "dry", "due", "during",
    "each", "early", "ebay", "edition", "eight", "either", "electric", "electronic", "elegant", "eleven", "else",
    "embroidered", "empty", "enamel", "end", "english", "enough", "episode", "even", "evening", "ever", "every",
    "everybody", "everyone", "everything", "extra", "fancy", "far", "fast", "feat", "featuring", "fee", "fees",
    "few", "fifteen", "fifty", "film", "find", "first", "five", "fixed", "flat", "floral", "fluffy", "fluted",
    "foldable", "foldaway", "folding", "for", "found", "four", "french", "fresh", "from", "frosted", "full",
    "funky", "further", "gave", "get", "gets", "getting", "giant", "girl", "girls", "give", "given", "gives",
    "giving", "glazed", "global", "glossy", "go", "goes", "going", "gold", "golden", "gone", "good", "got", "gram",
    "grams", "gray", "great", "green", "grey", "guide", "guy", "guys", "had", "half", "hand", "hand-stitched",
    "handmade", "hang", "hanging", "hangs", "happy", "hard", "has", "have", "having", "he", "heavy", "held", "her",
    "here", "here's", "hers", "herself", "high", "him", "himself", "his", "hold", "holding", "holds", "hot", "hour",
    "hours", "how", "however", "hundred", "i", "if", "in", "inch", "inches", "include", "includes", "including",
    "inside", "into", "is", "it", "item", "items", "its", "itself", "ivory", "jolly", "jumbo", "just", "keep",
    "keeps", "kept", "kg", "kilo", "kind", "knitted", "know", "large", "larger", "largest", "last", "late", "later",
    "least", "led", "left", "less", "let", "let's", "life", "like", "lilac", "linen-blend", "little", "live",
    "living", "ln", "local", "long", "longer", "look", "looking", "looks", "lost", "lot", "lots", "loud", "love",
    "lovely", "loves", "low", "made", "magical", "mailout", "main", "make", "makes", "making", "man", "manual",
    "many", "matt", "matte", "may", "maybe", "me", "medium", "mega", "men", "merry", "metallic", "metre", "metres",
    "might", "millimetre", "mini", "minute", "minutes", "missing", "mixed", "modern", "month", "months", "more",
    "morning", "most", "movie", "much", "multi", "must", "my", "myself", "narrow", "natural", "near", "need",
    "needs", "never", "new", "news", "next", "nice", "night", "nights", "nine", "no", "nobody", "non-slip", "none",
    "nor", "not", "nothing", "now", "number", "of", "off", "often", "old", "on", "once", "one", "only", "onto",
    "open", "optical", "or", "orange", "organic", "other", "others", "our", "out", "outside", "oval", "over", "own",
    "pack", "packed", "packs", "painted", "pair", "pairs", "paisley", "pale", "part", "parts", "pastel", "pc",
    "pcs", "people", "per", "perhaps", "person", "piece", "pieces", "pink", "place", "plain", "plus", "polished",
    "polkadot", "portable", "post", "postage", "posts", "presents", "pretty", "printed", "product", "products",
    "purple", "put", "puts", "quiet", "quilted", "quite", "range", "rather", "read", "reading", "ready", "really",
    "red", "regency", "retro", "reusable", "right", "romantic", "rose-gold", "rotating", "round", "rural", "rustic",
    "said", "same", "sample", "save", "say", "says", "scandinavian", "scented", "second", "see", "seen", "set",
    "sets", "seven", "several", "shabby", "shade", "shall", "shape", "shaped", "shapes", "she", "sheet", "sheets",
    "shiny", "short", "should", "show", "side", "silver", "simple", "since", "six", "size", "sized", "sizes",
    "slow", "small", "smaller", "smallest", "so", "soft", "sold", "some", "somebody", "someone", "something",
    "soon", "spare", "sparkly", "special", "spot", "spotty", "square", "standard", "standing", "start", "still",
    "stories", "story", "stripe", "striped", "style", "styles", "such", "super", "swedish", "sweet", "take",
    "taken", "takes", "taking", "tall", "tasty", "tell", "ten", "test", "than", "thank", "thanks", "that", "the",
    "their", "theirs", "them", "themselves", "then", "there", "these", "they", "thick", "thin", "thing", "things",
    "third", "this", "those", "though", "thousand", "three", "through", "thus", "till", "time", "times", "tiny",
    "tips", "title", "to", "today", "together", "told", "tomorrow", "tone", "tonight", "too", "took", "top",
    "total", "toward", "towards", "traditional", "triple", "try", "turn", "turquoise", "twelve", "twenty", "twice",
    "two", "type", "types", "under", "unit", "units", "unscented", "until", "up", "update", "updates", "upon",
    "upper", "urban", "use", "used", "useful", "uses", "using", "various", "version", "very", "via", "victorian",
    "vintage", "virtual", "volume", "want", "wants", "warm", "was", "waterproof", "way", "ways", "we", "website",
    "week", "weekend", "weeks", "well", "went", "were", "wet", "what", "what's", "whatever", "when", "where",
    "which", "while", "white", "who", "whole", "whom", "whose", "why", "why's", "wide", "wild", "will", "wireless",
    "wish", "with", "within", "without", "woman", "women", "won't", "wooden", "woodland", "woolen", "woollen",
    "work", "would", "woven", "wrong", "year", "years", "yellow", "yes", "yet", "you", "young", "your", "yours",
    "yourself", "zero", "zinc",
};

static const char *const zh[] = {
    "一下", "一个", "一些", "一切", "一定", "一把", "一样", "一次", "一款", "一点", "一直", "一种", "一般", "一起",
    "三个", "上去", "上的", "下来", "不会", "不少", "不是", "不用", "不能", "不要", "不过", "专用", "东西", "两个",
    "中号", "中的", "为什么", "为何", "之一", "之前", "之后", "之间", "也有", "事情", "于是", "产品", "什么", "今天",
    "今日", "介绍", "他们", "以上", "以下", "以前", "以及", "以后", "任何", "优惠", "优质", "但是", "你们", "使用",
    "便携式", "促销", "全新", "全部", "公斤", "公里", "关于", "其他", "其它", "其实", "几个", "出来", "分享", "分钟",
    "别人", "到底", "加厚", "加大", "包邮", "十分", "千克", "升级", "升级版", "单件", "厘米", "只有", "只要", "可以",
    "可是", "可能", "各种", "各类", "合集", "告诉", "咱们", "哪个", "哪些", "哪里", "商品", "喜欢", "回来", "因为",
    "地方", "型号", "多功能", "多少", "大号", "大家", "大码", "套装", "她们", "如何", "如果", "它们", "官方", "对于",
    "将要", "小号", "小时", "少许", "就是", "尺寸", "左右", "已经", "平方", "年度", "并且", "应该", "开始", "当然",
    "很多", "必须", "怎么", "怎样", "想要", "成为", "我们", "或者", "所以", "所有", "拥有", "指南", "按照", "推荐",
    "提供", "攻略", "教你", "整套", "新品", "新款", "方法", "旗舰", "旗舰店", "时候", "时尚", "时间", "明天", "星期",
    "昨天", "更加", "曾经", "最新", "月份", "有的", "来自", "根据", "款式", "正品", "正在", "每个", "每天", "每日",
    "比较", "毫升", "毫米", "没有", "热卖", "然后", "爆款", "版本", "特价", "特别", "现在", "的话", "相关", "看到",
    "看看", "真是", "真的", "知道", "礼盒装", "突然", "第一", "第一次", "第三", "第二", "简约", "系列", "组合",
    "终于", "经典", "而且", "能够", "自己", "虽然", "规格", "觉得", "认为", "记录", "许多", "设计", "起来", "过去",
    "过来", "还是", "还有", "这个", "这么", "这些", "这样", "这里", "进去", "进行", "适合", "适用", "通用", "通过",
    "那个", "那么", "那些", "那样", "那里", "部分", "都有", "采用", "问题", "除了", "需要", "非常", "颜色", "风格",
    "高端", "高级",
};
/* clang-format on */

static int compare(const void *key, const void *element) { return strcmp(key, *(const char *const *)element); }

int stop_words_has(const char *word, language l) {
  if (l == LANGUAGE_ZH) return bsearch(word, zh, sizeof zh / sizeof *zh, sizeof *zh, compare) != NULL;
  return bsearch(word, en, sizeof en / sizeof *en, sizeof *en, compare) != NULL;
}
