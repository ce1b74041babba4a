// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/dns/record_facts.h"

#include <algorithm>

#include "shield/proto/dns/codes.h"

namespace bansoko::proto::dns {
namespace {

constexpr std::uint16_t kAnyClass = 255;

/// Uncompressed: each label with its length, and the root's.
std::uint32_t wire_size(const NamePlace& name) noexcept { return name.length == 0 ? 1 : name.length + 2U; }

void keep_most(std::optional<std::uint32_t>& most, std::uint32_t size) noexcept {
  most = std::max(most.value_or(0), size);
}

bool covers_nothing(const Record& record) noexcept { return ByteReader(record.data).u16() == 0; }

}  // namespace

void RecordFacts::note(Section section, const Record& record) noexcept {
  note_class(section, record);
  if (record.type == type_tsig) note_tsig(record);
  if (record.type == type_sig || record.type == type_rrsig) note_signature(record);
}

// The class of OPT is a size (RFC 6891 section 6.1.2), that of TSIG and TKEY is ANY (RFC 8945 section 4.2, RFC
// 2930 section 2), and so are that of SIG(0) (RFC 2931 section 3) and of a KEY that TKEY is about.
void RecordFacts::note_class(Section section, const Record& record) noexcept {
  const bool is_question = section == Section::question;
  if (record.type == type_tkey) is_about_key_ = true;
  if (!is_question && (record.type == type_opt || record.type == type_tsig || record.type == type_tkey))
    return;
  if (!is_question && record.type == type_key && is_about_key_) return;
  if (!is_question && record.type == type_sig && covers_nothing(record)) return;
  if (!class_) class_ = record.record_class;
  if (is_question || *class_ == kAnyClass) return;
  is_class_mixed_ = is_class_mixed_.value_or(false) || record.record_class != *class_;
}

void RecordFacts::note_tsig(const Record& record) noexcept {
  if (!record.inner) return;
  keep_most(tsig_names_size_, wire_size(record.owner) + wire_size(record.inner->name));
  ByteReader in(record.inner->rest);
  in.skip(8);  // time signed, fudge
  in.skip(in.u16());
  in.skip(2);  // original id
  const std::uint16_t error = in.u16();
  if (in.ok()) tsig_error_ = std::max(tsig_error_.value_or(0), error);
}

void RecordFacts::note_signature(const Record& record) noexcept {
  if (!record.inner) return;
  const std::size_t fixed = kSignerOffset + record.inner->rest.size();
  keep_most(signature_size_, static_cast<std::uint32_t>(fixed) + wire_size(record.inner->name));
}

}  // namespace bansoko::proto::dns
