// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_compiler.h"

#include <algorithm>
#include <deque>
#include <memory_resource>
#include <optional>
#include <unordered_map>

#include "base/suggest.h"
#include "base/text.h"
#include "shield/detect/keyword.h"
#include "shield/detect/rule_builder.h"

namespace bansoko::detect {
namespace {

/// Where in a rule a fault is, for its report.
struct Place {
  std::uint32_t line;
  std::uint32_t column;
};

class Compiler {
 public:
  Compiler(const CompileSettings& settings, TextPool& texts, rule::Diagnostics& diagnostics)
      : settings_(settings), words_(settings.protocols), texts_(texts), diagnostics_(diagnostics) {
    for (const Keyword* keyword : settings.keywords) keywords_.emplace(keyword->name, keyword);
  }

  std::optional<RuleDraft> compile(const rule::RuleText& text) {
    RuleBuilder rule(text, settings_, words_, texts_);
    bool good = true;
    const std::size_t told = diagnostics_.size();
    if (const auto used = rule.use_protocol(text.protocol); !used) {
      report(text, {text.protocol_line, text.protocol_column}, used.error().message, rule.known_protocols());
      good = false;
    }
    for (const rule::Option& option : text.options) good = apply(option, text, rule) && good;
    left_out_ = rule.is_left_out();
    if (left_out_) diagnostics_.resize(told);  // whatever else it asks for
    if (!good || left_out_) return std::nullopt;
    auto finished = rule.finish();
    if (!finished) {
      report(text, {text.line, 1}, finished.error().message, "");
      return std::nullopt;
    }
    return RuleDraft{rule.info(), texts_.keep_once(text.file), text.line, std::move(*finished)};
  }

  /// Whether the rule compiled last says that it is not for us.
  bool left_out() const noexcept { return left_out_; }

  void report(const rule::RuleText& text, Place at, std::string message, std::string valid,
              rule::Severity severity = rule::Severity::error) {
    diagnostics_.push_back({text.file, at.line, at.column, severity, std::move(message), std::move(valid)});
  }

 private:
  bool apply(const rule::Option& option, const rule::RuleText& text, RuleBuilder& rule) {
    if (apply_known(option, option.name, text, rule)) return good_;
    const auto alias = std::ranges::find(settings_.aliases, option.name, &Alias::name);
    if (alias != settings_.aliases.end()) return apply_alias(*alias, option, text, rule);
    report(text, {option.line, option.name_column}, "'" + option.name + "' is not a rule option",
           nearest(option.name));
    return false;
  }

  /// False: there is no option of that name. Else good_ says whether it could be applied. Faults are told of
  /// the name as `written`.
  bool apply_known(const rule::Option& option, std::string_view written, const rule::RuleText& text,
                   RuleBuilder& rule) {
    const auto known = keywords_.find(option.name);
    const Place value_at = option.has_value ? Place{option.value_line, option.value_column}
                                            : Place{option.line, option.name_column};
    if (known != keywords_.end()) {
      const Keyword& keyword = *known->second;
      auto done = check_argument(option, keyword);
      if (done) {
        done = keyword.compile(option, rule);
        if (!done) done = fail(Errc::invalid, "{}: {}", written, done.error().message);
      }
      if (!done) report(text, value_at, done.error().message, std::string(keyword.valid));
      if (const std::string warning = rule.take_warning(); !warning.empty())
        report(text, {option.line, option.name_column}, fmt::format("{}: {}", written, warning), "",
               rule::Severity::warning);
      good_ = done.has_value();
    } else if (words_.buffer(option.name) != nullptr) {
      good_ = apply_buffer(option, text, rule);
    } else if (words_.field(option.name) != nullptr) {
      good_ = apply_field(option, text, rule, value_at);
    } else {
      return false;
    }
    return true;
  }

  bool apply_alias(const Alias& alias, const rule::Option& option, const rule::RuleText& text,
                   RuleBuilder& rule) {
    if (alias.use == Alias::Use::same && alias.means != "payload") {
      rule::Option same = option;
      same.name = alias.means;
      if (apply_known(same, option.name, text, rule)) return good_;
    }
    const auto done = apply_older(alias, option, rule);
    if (!done) report(text, {option.line, option.name_column}, option.name + ": " + done.error().message, "");
    return done.has_value();
  }

  Result<> apply_older(const Alias& alias, const rule::Option& option, RuleBuilder& rule) {
    const bool takes_value = alias.use == Alias::Use::content;
    if (takes_value != option.has_value)
      return fail(Errc::invalid, "'{}' {}", option.name, takes_value ? "needs a value" : "takes no value");
    if (alias.means != "payload" && !rule.is_buffer(alias.means))
      return fail(Errc::invalid, "it means '{}', which is not a buffer of any protocol", alias.means);
    if (alias.use == Alias::Use::same) return rule.look_into(alias.means);
    if (alias.use == Alias::Use::modifier && rule.names_buffer())
      return fail(Errc::invalid, "it cannot follow a buffer that the rule named before its contents");
    if (alias.use == Alias::Use::content) {
      const auto content = keywords_.find("content");
      if (content == keywords_.end()) return fail(Errc::invalid, "there is no option 'content'");
      BANSOKO_CHECK(content->second->compile(option, rule));
    }
    BANSOKO_CHECK(rule.move_last_content(alias.means));
    if (!alias.nocase) return {};
    BANSOKO_TRY(Content* const moved, rule.last_content());
    moved->finder = pattern::Finder(std::string(as_text(moved->finder.needle())), true);
    return {};
  }

  static Result<> check_argument(const rule::Option& option, const Keyword& keyword) {
    if (keyword.valid.empty() && option.has_value)
      return fail(Errc::invalid, "'{}' takes no value", option.name);
    if (!keyword.valid.empty() && !keyword.value_optional && !option.has_value)
      return fail(Errc::invalid, "'{}' needs a value", option.name);
    return {};
  }

  bool apply_buffer(const rule::Option& option, const rule::RuleText& text, RuleBuilder& rule) {
    auto done = option.has_value ? Result<>(fail(Errc::invalid, "'{}' takes no value", option.name))
                                 : rule.look_into(option.name);
    if (!done) report(text, {option.line, option.name_column}, done.error().message, "");
    return done.has_value();
  }

  bool apply_field(const rule::Option& option, const rule::RuleText& text, RuleBuilder& rule, Place at) {
    const proto::Field& field = *rule.find_field(option.name);
    const auto range = field_range(field, option.value);
    auto done = range ? rule.add_field(option.name, *range) : Result<>(tl::unexpected<Error>(range.error()));
    if (!done) report(text, at, option.name + ": " + done.error().message, valid_values(field));
    return done.has_value();
  }

  /// One of the field's words, in letters of any case, or a range.
  static Result<Range> field_range(const proto::Field& field, std::string_view value) {
    const bool negated = trim(value).starts_with('!');
    const std::string_view word = trim(trim(value).substr(negated ? 1 : 0));
    for (const proto::NamedValue& named : field.names)
      if (same_text(named.name, word))
        return Range{.low = named.value, .high = named.value, .negated = negated};
    return parse_range(value);
  }

  static std::string valid_values(const proto::Field& field) {
    std::string valid = "10, <10, >10, 10<>20, !10";
    for (const proto::NamedValue& name : field.names) valid += ", " + std::string(name.name);
    return valid;
  }

  std::string nearest(const std::string& name) const {
    std::vector<std::string_view> known;
    for (const Alias& alias : settings_.aliases) known.push_back(alias.name);
    for (const Keyword* keyword : settings_.keywords) known.push_back(keyword->name);
    for (const proto::Protocol* protocol : settings_.protocols) {
      for (const auto& buffer : protocol->buffers) known.push_back(buffer.name);
      for (const auto& field : protocol->fields) known.push_back(field.name);
    }
    return std::string(bansoko::nearest(name, known));
  }

  const CompileSettings& settings_;
  Vocabulary words_;
  TextPool& texts_;
  rule::Diagnostics& diagnostics_;
  std::unordered_map<std::string_view, const Keyword*> keywords_;
  bool good_ = true;  // of the option applied last
  bool left_out_ = false;
};

// What sets goes before what reads, so that both can happen in one packet.
unsigned rank(bool sets, bool reads) noexcept {
  if (sets) return reads ? 1 : 0;
  return reads ? 2 : 3;
}

unsigned memory_rank(const CompiledRule& rule) noexcept {
  static const RuleMemory nothing;
  const RuleMemory& memory = rule.memory == nullptr ? nothing : *rule.memory;
  return rank(!rule.bit_changes.empty(), !rule.bit_tests.empty()) << 4U |
         rank(!memory.number_changes.empty(), !memory.number_tests.empty()) << 2U |
         rank(!memory.mark_changes.empty(), !memory.mark_tests.empty());
}

/// By which rules are sorted, in one number: that is compared often.
std::uint64_t precedence(const RuleDraft& draft) noexcept {
  return static_cast<std::uint64_t>(draft.info.action) << 38U |
         std::uint64_t{memory_rank(draft.rules.front())} << 32U | draft.info.priority;
}

/// gid and sid.
constexpr std::uint64_t identity(const RuleInfo& info) noexcept {
  return std::uint64_t{info.gid} << 32U | info.sid;
}

std::string name_of(const RuleInfo& info) { return fmt::format("sid {} (gid {})", info.sid, info.gid); }

}  // namespace

struct RuleCompiler::State {
  Compiler compiler;
  std::deque<RuleDraft> drafts;
  std::pmr::monotonic_buffer_resource memory;
  std::pmr::unordered_map<std::uint64_t, RuleDraft*> known{&memory};  // by identity
  std::size_t refused = 0;
};

RuleCompiler::RuleCompiler(const CompileSettings& settings, TextPool& texts, rule::Diagnostics& diagnostics)
    : state_(new State{.compiler = Compiler(settings, texts, diagnostics), .drafts = {}, .memory = {}}) {}
RuleCompiler::~RuleCompiler() = default;

std::size_t RuleCompiler::refused() const noexcept { return state_->refused; }

void RuleCompiler::add(const rule::RuleText& text) {
  auto draft = state_->compiler.compile(text);
  if (!draft) {
    if (!state_->compiler.left_out()) ++state_->refused;
    return;
  }
  RuleDraft*& known = state_->known[identity(draft->info)];
  if (known == nullptr) {
    known = &state_->drafts.emplace_back(std::move(*draft));
    return;
  }
  state_->compiler.report(text, {text.line, 1},
                          fmt::format("{} stands twice, first at {}:{}; the one with the higher rev is kept",
                                      name_of(draft->info), known->file, known->line),
                          "", rule::Severity::warning);
  if (draft->info.rev > known->info.rev) *known = std::move(*draft);
}

std::vector<RuleDraft*> RuleCompiler::in_order() {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  order.reserve(state_->drafts.size());
  for (const RuleDraft& draft : state_->drafts) order.emplace_back(precedence(draft), order.size());
  std::ranges::sort(order);
  std::vector<RuleDraft*> drafts;
  drafts.reserve(order.size());
  for (const auto& [key, place] : order) drafts.push_back(&state_->drafts[place]);
  return drafts;
}

}  // namespace bansoko::detect
