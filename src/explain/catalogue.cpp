// SPDX-License-Identifier: Apache-2.0
#include "explain/catalogue.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/fill_in.h"
#include "patches/patch_reader.h"
#include "patches/yaml.h"

namespace bansoko::explain {
namespace {

using patches::Faults;
using patches::FaultSink;
using patches::Kind;
using patches::Node;
using Texts = std::map<std::string, Words, std::less<>>;

/// Sorted; nothing where the text cannot be filled in, which is a fault.
std::vector<std::string> places_of(const Node& text, const FaultSink& faults) {
  auto places = places_in(text.text);
  if (!places) {
    faults.add(text, places.error().message);
    return {};
  }
  std::ranges::sort(*places);
  return std::move(*places);
}

void check_places(const Node& words, const FaultSink& faults) {
  const Node* const en = settings::value_of(words, "en");
  const Node* const ja = settings::value_of(words, "ja");
  if (en == nullptr || ja == nullptr) return;  // told already
  const auto of_en = places_of(*en, faults), of_ja = places_of(*ja, faults);
  if (of_en != of_ja)
    faults.add(*ja, fmt::format("has the places '{}', the English text has '{}'", fmt::join(of_ja, ", "),
                                fmt::join(of_en, ", ")));
}

void read_group(const Node& name, const Node& group, const FaultSink& faults, Texts& texts) {
  if (group.kind != Kind::map) faults.add(name, fmt::format("'{}' holds no texts", name.text), "a mapping");
  for (std::size_t i = 0; i < group.keys.size(); ++i) {
    const std::string key = fmt::format("{}.{}", name.text, group.keys[i].text);
    if (!texts.emplace(key, patches::read_words(group.items[i], faults)).second)
      faults.add(group.keys[i], fmt::format("'{}' stands in another file, too", key));
    check_places(group.items[i], faults);
  }
}

void read_file(const MessageFile& file, Faults& faults, Texts& texts) {
  const std::string name(file.name);
  const auto tree = settings::parse_tree(file.text, name, faults);
  if (!tree) return;
  const FaultSink sink(name, faults);
  if (tree->kind != Kind::map) sink.add(*tree, "no groups of texts stand here", "a mapping");
  for (std::size_t i = 0; i < tree->keys.size(); ++i) read_group(tree->keys[i], tree->items[i], sink, texts);
}

}  // namespace

Result<Catalogue> Catalogue::read(std::span<const MessageFile> files) {
  Catalogue made;
  Faults faults;
  for (const MessageFile& file : files) read_file(file, faults, made.texts_);
  if (faults.empty()) return made;
  std::string all;
  for (const settings::Fault& fault : faults) all += (all.empty() ? "" : "\n") + to_text(fault);
  return fail(Errc::invalid, "{}", all);
}

const Words* Catalogue::find(std::string_view key) const noexcept {
  const auto found = texts_.find(key);
  return found == texts_.end() ? nullptr : &found->second;
}

}  // namespace bansoko::explain
