// SPDX-License-Identifier: Apache-2.0
#include "assess/xml/records.h"

#include "base/text.h"

namespace bansoko::xml {

const Node* Node::child(std::string_view wanted) const noexcept {
  for (const Node& one : children)
    if (one.name == wanted) return &one;
  return nullptr;
}

const Node* Node::at(std::string_view path) const noexcept {
  const Node* node = this;
  while (node != nullptr && !path.empty()) {
    const auto slash = path.find('/');
    node = node->child(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return node;
}

std::string_view Node::text_at(std::string_view path) const noexcept {
  const Node* const node = at(path);
  return node == nullptr ? std::string_view() : std::string_view(node->text);
}

std::string_view Node::attribute(std::string_view wanted) const noexcept {
  for (const auto& [key, value] : attributes)
    if (key == wanted) return value;
  return {};
}

Result<> Records::count(std::size_t bytes) {
  bytes_ += bytes;
  if (nodes_ > limits_.max_nodes)
    return fail(Errc::limit, "a record of more than {} elements", limits_.max_nodes);
  if (bytes_ > limits_.max_bytes)
    return fail(Errc::limit, "a record of more than {} bytes", limits_.max_bytes);
  return {};
}

Result<> Records::begin(const Element& element) {
  if (open_.empty()) {
    if (!wanted_(element)) return {};
    nodes_ = bytes_ = 0;
  }
  std::size_t bytes = element.name.size();
  Node& node = open_.emplace_back();
  node.name = element.name;
  for (const auto& [name, value] : element.attributes) {
    node.attributes.emplace_back(name, value);
    bytes += name.size() + value.size();
  }
  ++nodes_;
  return count(bytes);
}

Result<> Records::end(const Element& element) {
  if (open_.empty()) return {};
  Node node = std::move(open_.back());
  open_.pop_back();
  node.text = texts_ == Texts::trimmed ? trim(element.text) : element.text;
  BANSOKO_CHECK(count(node.text.size()));
  if (open_.empty()) return take_(element.path, node);
  open_.back().children.push_back(std::move(node));
  return {};
}

}  // namespace bansoko::xml
