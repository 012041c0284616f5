#include "text/pieces.h"

#include <sentencepiece_processor.h>
#include <sentencepiece_trainer.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct pieces {
  sentencepiece::SentencePieceProcessor processor;
};

namespace {

class lines_iterator final : public sentencepiece::SentenceIterator {
 public:
  explicit lines_iterator(const std::vector<std::string> &lines) : lines_(lines) {}
  bool done() const override { return at_ >= lines_.size(); }
  void Next() override { at_++; }
  const std::string &value() const override { return lines_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string> &lines_;
  size_t at_ = 0;
};

void say(char *fault, const std::string &text) { std::snprintf(fault, PIECES_FAULT_SIZE, "%s", text.c_str()); }

/* Length in bytes of the character at `at`. */
size_t character(const std::string &line, size_t at) {
  size_t next = at + 1;
  while (next < line.size() && (static_cast<unsigned char>(line[next]) & 0xC0) == 0x80) next++;
  return next - at;
}

/* Every character of the lines becomes a piece, so that none falls apart into bytes. Where there are more characters
 * than room for pieces, the rarest beyond ASCII are taken out of the lines: SentencePiece would refuse to train
 * otherwise. */
void drop_rarest(std::vector<std::string> *lines, int vocabulary) {
  constexpr int others = 256 + 3 + 128 + 32; /* byte pieces, controls, ASCII and symbols, and a few real pieces */
  std::map<std::string, int64_t> uses;
  for (const std::string &line : *lines)
    for (size_t at = 0; at < line.size(); at += character(line, at))
      if (line[at] & 0x80) uses[line.substr(at, character(line, at))]++;
  const size_t room = static_cast<size_t>(std::max(vocabulary - others, 0));
  if (uses.size() <= room) return;
  std::vector<std::pair<int64_t, std::string>> order;
  for (const auto &u : uses) order.emplace_back(-u.second, u.first);
  std::sort(order.begin(), order.end());
  for (size_t i = room; i < order.size(); i++) uses.erase(order[i].second);
  for (std::string &line : *lines) {
    std::string kept;
    for (size_t at = 0; at < line.size(); at += character(line, at)) {
      const std::string c = line.substr(at, character(line, at));
      if (c.size() == 1 || uses.count(c)) kept += c;
    }
    line = kept;
  }
}

/* The text arrives normalised (text/normalise.h), and a message must leave as it was written: SentencePiece's own NFKC
 * would turn the fullwidth ，！？： of Chinese into ASCII marks. So its normaliser is the identity, spaces are kept as
 * they are and none is put in front: decoding what was encoded gives the same bytes. One thread, no sampling, no
 * shuffling: the same lines give the same model. */
std::unordered_map<std::string, std::string> options(int vocabulary, const char *symbols) {
  return {{"model_type", "unigram"},
          {"vocab_size", std::to_string(vocabulary)},
          {"character_coverage", "1.0"},
          {"user_defined_symbols", symbols},
          {"normalization_rule_name", "identity"},
          {"add_dummy_prefix", "false"},
          {"remove_extra_whitespaces", "false"},
          {"byte_fallback", "true"},
          {"split_digits", "true"},
          {"hard_vocab_limit", "false"},
          {"num_threads", "1"},
          {"input_sentence_size", "0"},
          {"shuffle_input_sentence", "false"},
          {"max_sentence_length", "65536"},
          {"unk_id", "0"},
          {"bos_id", "1"},
          {"eos_id", "2"},
          {"pad_id", "-1"},
          {"minloglevel", "2"}};
}

int train(const char *const *lines, int64_t count, int vocabulary, const char *symbols, char **model,
          int64_t *model_bytes, char *fault) {
  std::vector<std::string> sorted(lines, lines + count);
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  drop_rarest(&sorted, vocabulary);
  lines_iterator iterator(sorted);
  std::string bytes;
  const auto result = sentencepiece::SentencePieceTrainer::Train(options(vocabulary, symbols), &iterator, &bytes);
  if (!result.ok()) {
    say(fault, result.ToString());
    return -1;
  }
  *model = static_cast<char *>(std::malloc(bytes.size() + 1));
  if (!*model) {
    say(fault, "out of memory");
    return -1;
  }
  std::memcpy(*model, bytes.data(), bytes.size());
  *model_bytes = static_cast<int64_t>(bytes.size());
  return 0;
}

}  // namespace

int pieces_train(const char *const *lines, int64_t count, int vocabulary, const char *symbols, char **model,
                 int64_t *model_bytes, char fault[PIECES_FAULT_SIZE]) {
  *model = nullptr;
  *model_bytes = 0;
  try {
    return train(lines, count, vocabulary, symbols, model, model_bytes, fault);
  } catch (const std::exception &e) {
    say(fault, e.what());
  } catch (...) {
    say(fault, "unknown exception");
  }
  return -1;
}

pieces *pieces_open(const char *model, int64_t model_bytes, char fault[PIECES_FAULT_SIZE]) {
  try {
    auto p = std::make_unique<pieces>();
    const auto result = p->processor.LoadFromSerializedProto({model, static_cast<size_t>(model_bytes)});
    if (result.ok()) return p.release();
    say(fault, result.ToString());
  } catch (const std::exception &e) {
    say(fault, e.what());
  } catch (...) {
    say(fault, "unknown exception");
  }
  return nullptr;
}

void pieces_close(pieces *p) { delete p; }

int pieces_size(const pieces *p) { return p->processor.GetPieceSize(); }

const char *pieces_text(const pieces *p, int id) { return p->processor.IdToPiece(id).c_str(); }

pieces_kind pieces_kind_of(const pieces *p, int id) {
  if (p->processor.IsByte(id)) return PIECES_BYTE;
  return p->processor.IsControl(id) || p->processor.IsUnknown(id) ? PIECES_CONTROL : PIECES_TEXT;
}

int pieces_find(const pieces *p, const char *piece) { return p->processor.PieceToId(piece); }

int pieces_encode(const pieces *p, const char *text, int64_t bytes, int32_t *ids, int room) {
  try {
    std::vector<int> found;
    if (!p->processor.Encode({text, static_cast<size_t>(bytes)}, &found).ok()) return -1;
    if (found.size() > static_cast<size_t>(room)) return -1;
    std::copy(found.begin(), found.end(), ids);
    return static_cast<int>(found.size());
  } catch (...) {
    return -1;
  }
}
