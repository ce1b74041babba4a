// SPDX-License-Identifier: Apache-2.0
#include "shield/keyword/file_digest.h"

#include <memory>
#include <string>

#include "base/text.h"

namespace bansoko::keyword {
namespace {

class IsListed final : public detect::BytesTest {
 public:
  IsListed(std::shared_ptr<const detect::DataSet> set, bool wanted) : set_(std::move(set)), wanted_(wanted) {}
  bool holds(Bytes bytes, std::size_t) const noexcept override {
    return set_->find(bytes).has_value() == wanted_;
  }

 private:
  std::shared_ptr<const detect::DataSet> set_;
  bool wanted_;
};

}  // namespace

Result<> compare_file_digest(const rule::Option& option, std::string_view kind, detect::RuleBuilder& rule) {
  std::string_view file = trim(option.value);
  const bool negated = file.starts_with('!');
  if (negated) file = trim(file.substr(1));
  if (file.size() >= 2 && file.starts_with('"') && file.ends_with('"'))
    file = file.substr(1, file.size() - 2);
  if (file.empty()) return fail(Errc::invalid, "it names no file");
  if (rule.settings().files == nullptr) return fail(Errc::unsupported, "no files are provided for");
  // The same file is read once, whichever rules of a folder name it.
  const std::string_view folder = rule.file().substr(0, rule.file().rfind('/') + 1);
  const std::string name = fmt::format("{} {}{}", kind, folder, file);
  BANSOKO_TRY(auto set, rule.settings().files->data_set(
                            {.name = name, .type = kind, .file = file, .rule_file = rule.file()}));
  return rule.add_for("file." + std::string(kind),
                      detect::OwnTest{.test = std::make_shared<const IsListed>(std::move(set), !negated)});
}

}  // namespace bansoko::keyword
