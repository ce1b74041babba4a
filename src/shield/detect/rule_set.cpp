// SPDX-License-Identifier: Apache-2.0
#include "shield/detect/rule_set.h"

#include <algorithm>
#include <map>
#include <set>

#include "shield/detect/literal_choice.h"
#include "shield/detect/rule_compiler.h"
#include "shield/detect/rule_set_state.h"
#include "shield/detect/rule_settling.h"

namespace bansoko::detect {
namespace {

using flow::Side;

constexpr std::array kSides{Side::client, Side::server};

/// Has a rule wait until what exceptions ask about its request is known.
void await_exceptions(CompiledRule& rule, std::uint32_t sid, const HitPolicy& hits,
                      const CompileSettings& settings) {
  if (rule.scope != Scope::transaction) return;
  std::uint8_t& need = rule.needs[flow::index(Side::client)];
  for (const Exception& exception : hits.exceptions) {
    if (!exception.asks_request() || !contains(exception.sids, sid)) continue;
    for (const proto::Buffer& buffer : settings.protocols[static_cast<std::size_t>(rule.protocol)]->buffers)
      if ((buffer.name == "http.host" && !exception.host.empty()) ||
          (buffer.name == "http.uri" && !exception.uri.empty()))
        need = std::max(need, buffer.ready_at);
  }
}

/// One place in the set for each application protocol that a rule may be about.
void take_rules(std::vector<RuleDraft*> drafts, const CompileSettings& settings, RuleSet::State& set) {
  std::erase_if(drafts, [&set](const RuleDraft* draft) { return contains(set.hits->off, draft->info.sid); });
  set.counts.rules = drafts.size();
  std::size_t compiled = 0;
  for (const RuleDraft* draft : drafts) compiled += draft->rules.size();
  set.infos.reserve(compiled);
  set.rules.reserve(compiled);
  for (RuleDraft* draft : drafts) {
    for (CompiledRule& rule : draft->rules) {
      set.infos.push_back(draft->info);
      set.infos.back().about_flow = rule.scope == Scope::once;
      await_exceptions(rule, draft->info.sid, *set.hits, settings);
      set.rules.push_back(std::move(rule));
    }
    draft->rules = {};
  }
}

/// Gives each chain of transforms its number.
void number_chains(RuleSet::State& state) {
  for (CompiledRule& rule : state.rules)
    for (Part& part : rule.parts) {
      if (part.transforms.empty()) continue;
      const auto known = std::ranges::find(state.chains, part.transforms);
      part.chain = static_cast<std::int32_t>(known - state.chains.begin());
      if (known == state.chains.end()) state.chains.push_back(part.transforms);
    }
}

/// Sorts rules into the groups by which they are found.
class Grouping {
 public:
  Grouping(RuleSet::State& state, const CompileSettings& settings)
      : state_(state), settings_(settings), databases_(settings.databases) {
    buffers_.resize(settings.protocols.size());
    for (std::size_t p = 0; p < settings.protocols.size(); ++p)
      buffers_[p].resize(settings.protocols[p]->buffers.size());
    state_.protocols.resize(settings.protocols.size());
  }

  void add(std::uint32_t number) {
    const CompiledRule& rule = state_.rules[number];
    const auto literal = choose_literal(rule);
    if (!literal) ++state_.counts.without_literal;
    note_wanted(rule);
    if (rule.fragments_too) state_.fragments.push_back(number);
    switch (rule.scope) {
      case Scope::transaction:
        add_transaction(number, rule, literal);
        break;
      case Scope::stream:
        add_stream(number, rule, literal);
        if (rule.packets_too) add_packet(number, rule, literal);
        break;
      case Scope::packet:
        add_packet(number, rule, literal);
        break;
      case Scope::once:
        for_transports(rule, [&](std::size_t t) { once_[t].push_back(number); });
        break;
      case Scope::anomaly:
        add_anomaly(number, rule);
        break;
    }
  }

  Result<> compile() {
    settle_wanted();
    for (const Side side : kSides) {
      const std::size_t s = flow::index(side);
      BANSOKO_TRY(state_.streams[s], PortGroups::compile(streams_[s], databases_));
      BANSOKO_TRY(state_.stream_heads[s], PortGroups::compile(stream_heads_[s], databases_));
      count(state_.streams[s]);
      count(state_.stream_heads[s]);
      for (std::size_t t = 0; t < kTransports; ++t) {
        BANSOKO_TRY(state_.packets[t][s], PortGroups::compile(packets_[t][s], databases_));
        count(state_.packets[t][s]);
      }
    }
    BANSOKO_CHECK(compile_changed_packets());
    for (std::size_t p = 0; p < buffers_.size(); ++p) BANSOKO_CHECK(compile_buffers(p));
    state_.always = index_rules(always_, state_.rules);
    state_.always_once = index_rules(once_, state_.rules);
    return {};
  }

 private:
  using Literal = std::optional<ChosenLiteral>;

  template <class F>
  static void for_transports(const CompiledRule& rule, F&& use) {
    std::array<bool, kTransports> wanted{};
    if (rule.transports.empty()) wanted.fill(true);
    for (const std::uint8_t protocol : rule.transports)
      wanted[static_cast<std::size_t>(transport_of(protocol))] = true;
    for (std::size_t t = 0; t < kTransports; ++t)
      if (wanted[t]) use(t);
  }

  // The port that tells services apart is the server's: the destination of what a client sends, the source of
  // what a server sends. Rules for both directions are found by either of their port lists.
  static rule::PortSet service_ports(const CompiledRule& rule, Side side) {
    if (rule.both_directions || rule.scope == Scope::transaction) return {};
    return side == Side::client ? rule.dest_ports : rule.source_ports;
  }

  static LiteralGroup::Entry entry(std::uint32_t number, const ChosenLiteral& literal) {
    return {literal.bytes, literal.nocase, number};
  }

  void add_transaction(std::uint32_t number, const CompiledRule& rule, const Literal& literal) {
    auto& protocol = state_.protocols[static_cast<std::size_t>(rule.protocol)];
    for (const Side side : kSides) {
      if ((rule.sides & bit_of(side)) == 0) continue;
      const std::size_t s = flow::index(side);
      if (literal) {
        const Part& part = rule.parts[literal->part];
        const auto row = static_cast<std::size_t>(part.row[s]);
        const auto p = static_cast<std::size_t>(rule.protocol);
        const bool grows = settings_.protocols[p]->buffers[row].growing && part.chain == Part::kNoChain;
        auto& group = buffers_[p][row][part.chain];
        (grows && literal->is_at_head() ? group.head : group.anywhere).push_back(entry(number, *literal));
      } else {
        protocol.always[s].push_back(number);
      }
    }
  }

  void add_stream(std::uint32_t number, const CompiledRule& rule, const Literal& literal) {
    for (const Side side : kSides) {
      if ((rule.sides & bit_of(side)) == 0) continue;
      const std::size_t s = flow::index(side);
      if (literal) {
        stream_group(*literal, s).push_back({entry(number, *literal), service_ports(rule, side)});
      } else {
        state_.always_streams[s].push_back(number);
      }
    }
  }

  std::vector<PortGroups::Entry>& stream_group(const ChosenLiteral& literal, std::size_t side) {
    return literal.is_at_head() ? stream_heads_[side] : streams_[side];
  }

  void add_packet(std::uint32_t number, const CompiledRule& rule, const Literal& literal) {
    for_transports(rule, [&](std::size_t t) {
      if (!literal) {
        always_[t].push_back(number);
        return;
      }
      for (const Side side : kSides) {
        if ((rule.sides & bit_of(side)) == 0) continue;
        const std::size_t s = flow::index(side);
        if (const auto chain = rule.parts[literal->part].chain; chain != Part::kNoChain) {
          changed_packets_[t][s][chain].push_back(entry(number, *literal));
          continue;
        }
        packets_[t][s].push_back({entry(number, *literal), service_ports(rule, side)});
        // What a TCP packet carries is looked at together with its stream, in one pass; by itself only where
        // the stream does not bring it.
        if (t == static_cast<std::size_t>(Transport::tcp) && rule.scope != Scope::stream)
          stream_group(*literal, s).push_back({entry(number, *literal), service_ports(rule, side)});
      }
    });
  }

  void add_anomaly(std::uint32_t number, const CompiledRule& rule) {
    if (rule.protocol_anomaly.empty()) return state_.anomalies.push_back(number);
    const auto p = static_cast<std::size_t>(rule.protocol);
    const auto known = settings_.protocols[p]->anomalies;
    auto& rules = state_.protocols[p].anomalies;
    rules.resize(known.size());
    rules[static_cast<std::size_t>(std::ranges::find(known, rule.protocol_anomaly) - known.begin())]
        .push_back(number);
  }

  void note_wanted(const CompiledRule& rule) {
    if (rule.protocol < 0) return;
    for (const Side side : kSides) {
      if ((rule.sides & bit_of(side)) == 0) continue;
      std::uint64_t buffers = 0;
      for (const Part& part : rule.parts)
        if (part.row[flow::index(side)] >= 0)
          buffers |= std::uint64_t{1} << static_cast<unsigned>(part.row[flow::index(side)]);
      const rule::PortSet any;
      const rule::PortSet& service = side == Side::client ? rule.dest_ports : rule.source_ports;
      note_wanted_at(static_cast<std::size_t>(rule.protocol), rule.both_directions ? any : service, buffers);
    }
  }

  void note_wanted_at(std::size_t protocol, const rule::PortSet& ports, std::uint64_t buffers) {
    auto& rules = state_.protocols[protocol];
    if (ports.is_any()) {
      rules.wanted |= buffers;
      return;
    }
    using WantedAt = RuleSet::State::ProtocolRules::WantedAt;
    const auto known = std::ranges::find(rules.wanted_at, ports, &WantedAt::ports);
    if (known == rules.wanted_at.end())
      rules.wanted_at.push_back({ports, buffers});
    else
      known->buffers |= buffers;
  }

  /// Those ports that add nothing are not asked.
  void settle_wanted() {
    for (auto& rules : state_.protocols)
      std::erase_if(rules.wanted_at,
                    [&rules](const auto& some) { return (some.buffers & ~rules.wanted) == 0; });
  }

  Result<> compile_buffers(std::size_t p) {
    const auto rows = settings_.protocols[p]->buffers;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (const auto& [chain, entries] : buffers_[p][row]) {
        BANSOKO_TRY(auto group, LiteralGroup::compile(entries.anywhere, databases_));
        BANSOKO_TRY(auto head, LiteralGroup::compile(entries.head, databases_));
        count(group);
        count(head);
        state_.protocols[p].buffers[flow::index(rows[row].side)].push_back(
            {row, chain, ready_at(rows[row], chain != Part::kNoChain), std::move(group), std::move(head)});
      }
    }
    for (auto& groups : state_.protocols[p].buffers)
      std::ranges::stable_sort(groups, {}, &BufferGroup::ready_at);
    return {};
  }

  Result<> compile_changed_packets() {
    for (std::size_t t = 0; t < kTransports; ++t)
      for (const Side side : kSides)
        for (const auto& [chain, entries] : changed_packets_[t][flow::index(side)]) {
          BANSOKO_TRY(auto group, LiteralGroup::compile(entries, databases_));
          count(group);
          state_.changed_packets[t][flow::index(side)].push_back({chain, std::move(group)});
        }
    return {};
  }

  void count(const LiteralGroup& group) {
    if (group.empty()) return;
    state_.counts.literals += group.literals();
    if (!counted_.insert(group.database()).second) return;
    state_.counts.databases += 1;
    state_.counts.database_bytes += group.database()->memory();
  }
  void count(const PortGroups& groups) {
    for (const LiteralGroup& group : groups.groups()) count(group);
  }

  RuleSet::State& state_;
  const CompileSettings& settings_;
  pattern::LiteralDatabases databases_;
  std::set<const pattern::LiteralDatabase*> counted_;
  std::array<std::vector<PortGroups::Entry>, 2> streams_, stream_heads_;
  std::array<std::array<std::vector<PortGroups::Entry>, 2>, kTransports> packets_;
  std::array<std::vector<std::uint32_t>, kTransports> always_, once_;
  using ByChain = std::map<std::int32_t, std::vector<LiteralGroup::Entry>>;
  std::array<std::array<ByChain, 2>, kTransports> changed_packets_;
  struct BufferEntries {
    std::vector<LiteralGroup::Entry> anywhere, head;
  };
  std::vector<std::vector<std::map<std::int32_t, BufferEntries>>> buffers_;  // by protocol and row
};

}  // namespace

std::vector<const pattern::LiteralDatabase*> RuleSet::State::databases() const {
  std::vector<const pattern::LiteralDatabase*> all;
  const auto add = [&all](const LiteralGroup& group) {
    if (!group.empty()) all.push_back(group.database());
  };
  const auto add_groups = [&add](const BySide<PortGroups>& sides) {
    for (const PortGroups& side : sides)
      for (const LiteralGroup& group : side.groups()) add(group);
  };
  add_groups(streams);
  add_groups(stream_heads);
  for (const auto& transport : packets) add_groups(transport);
  for (const auto& transport : changed_packets)
    for (const auto& side : transport)
      for (const PayloadGroup& changed : side) add(changed.literals);
  for (const ProtocolRules& protocol : protocols)
    for (const auto& side : protocol.buffers)
      for (const BufferGroup& buffer : side) {
        add(buffer.literals);
        add(buffer.head);
      }
  return all;
}

Result<std::uint32_t> NameTable::number_of(std::string_view name) {
  const auto known = std::ranges::find(names_, name);
  if (known != names_.end()) return static_cast<std::uint32_t>(known - names_.begin());
  if (names_.size() >= limit_)
    return fail(Errc::limit, "'{}' would be one name more than the {} that the settings allow", name, limit_);
  names_.emplace_back(name);
  return static_cast<std::uint32_t>(names_.size() - 1);
}

RuleSet::RuleSet(std::unique_ptr<State> state) : state_(std::move(state)) {}
RuleSet::~RuleSet() = default;
std::uint64_t RuleSet::generation() const noexcept { return state_->generation; }
std::span<const RuleInfo> RuleSet::rules() const noexcept { return state_->infos; }
const RuleSetCounts& RuleSet::counts() const noexcept { return state_->counts; }
const HitPolicy& RuleSet::hits() const noexcept { return *state_->hits; }

struct RuleSetCompiler::State {
  State(const CompileSettings& of, rule::Diagnostics& diagnostics)
      : settings(of), rules(settings, set->texts, diagnostics) {}

  const CompileSettings& settings;
  std::unique_ptr<RuleSet::State> set = std::make_unique<RuleSet::State>();
  RuleCompiler rules;  // what it tells goes to set
};

RuleSetCompiler::RuleSetCompiler(const CompileSettings& settings, rule::Diagnostics& diagnostics)
    : state_(std::make_unique<State>(settings, diagnostics)) {}
RuleSetCompiler::RuleSetCompiler(RuleSetCompiler&&) noexcept = default;
RuleSetCompiler& RuleSetCompiler::operator=(RuleSetCompiler&&) noexcept = default;
RuleSetCompiler::~RuleSetCompiler() = default;

void RuleSetCompiler::add(const rule::RuleText& text) { state_->rules.add(text); }

Result<std::shared_ptr<const RuleSet>> RuleSetCompiler::finish(std::uint64_t generation) {
  RuleSet::State& set = *state_->set;
  set.generation = generation;
  set.counts.refused = state_->rules.refused();
  set.hits = state_->settings.hits ? state_->settings.hits : std::make_shared<const HitPolicy>();
  take_rules(state_->rules.in_order(), state_->settings, set);
  set.texts.forget();
  number_chains(set);
  Grouping grouping(set, state_->settings);
  for (std::uint32_t number = 0; number < set.rules.size(); ++number) grouping.add(number);
  BANSOKO_CHECK(grouping.compile());
  return std::make_shared<const RuleSet>(std::move(state_->set));
}

Result<std::shared_ptr<const RuleSet>> RuleSet::compile(const std::vector<rule::RuleText>& texts,
                                                        const CompileSettings& settings,
                                                        std::uint64_t generation,
                                                        rule::Diagnostics& diagnostics) {
  RuleSetCompiler compiler(settings, diagnostics);
  for (const rule::RuleText& text : texts) compiler.add(text);
  return compiler.finish(generation);
}

}  // namespace bansoko::detect
