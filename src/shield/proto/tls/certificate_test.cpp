// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/tls/certificate.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "shield/proto/tls/name_text.h"
#include "shield/proto/tls/test_wire.h"
#include "tests/cases.h"

namespace bansoko::proto::tls {
namespace {

using namespace wire;

std::string text_of(const std::optional<Bytes>& name) {
  if (!name) return "none";
  MemoryBudget budget(1 << 20);
  BudgetedBytes text(budget);
  write_name(*name, text);
  return std::string(as_text(text.bytes()));
}

/// A certificate, and the last thing that can be read of it.
struct Case {
  std::string name;
  TestCertificate certificate;
  std::string subject;
  std::vector<Anomaly> faults = {};
};

class ReadCertificate : public testing::TestWithParam<Case> {};

TEST_P(ReadCertificate, AsFarAsItCanBeRead) {
  const std::string bytes = GetParam().certificate.wire();
  Faults faults;
  const Certificate read = read_certificate(as_bytes(bytes), faults);
  EXPECT_EQ(text_of(read.subject), GetParam().subject);
  std::vector<Anomaly> told;
  faults.for_each([&](Anomaly anomaly) { told.push_back(anomaly); });
  EXPECT_EQ(told, GetParam().faults);
}

const std::string kSubject = "C=JP, CN=example.org";

INSTANTIATE_TEST_SUITE_P(
    Shapes, ReadCertificate,
    testing::Values(
        Case{"Whole", {}, kSubject}, Case{"WithoutVersion", {.version = ""}, kSubject},
        Case{"VersionUnknown", {.version = der(0xa0, der(2, "\3"))}, kSubject, {certificate_invalid_version}},
        Case{"VersionNoNumber", {.version = der(0xa0, "x")}, "none", {certificate_invalid_version}},
        Case{"SerialNoNumber", {.serial = der(4, "x")}, "none", {certificate_invalid_serial}},
        Case{"WithoutAlgorithm",
             {.algorithm = der(4, "x")},
             "none",
             {certificate_invalid_algorithmidentifier}},
        Case{"IssuerNoName", {.issuer = der(4, "x")}, "none", {certificate_invalid_x509name}},
        Case{"IssuerEmpty", {.issuer = sequence("")}, kSubject},
        Case{"DateNoDate",
             {.validity = sequence(der(0x17, "yesterday") + der(0x17, "200102030405Z"))},
             kSubject,
             {certificate_invalid_date}},
        Case{"OneDate",
             {.validity = sequence(der(0x17, "200102030405Z"))},
             kSubject,
             {certificate_invalid_date}},
        Case{"ThirteenthMonth",
             {.validity = sequence(der(0x17, "201302030405Z") + der(0x17, "200102030405Z"))},
             kSubject,
             {certificate_invalid_date}},
        Case{"WithoutValidity", {.validity = der(4, "")}, "none", {certificate_invalid_date}},
        Case{"SubjectEmpty", {.subject = sequence("")}, ""},
        Case{"WithoutKey", {.key = ""}, kSubject, {certificate_invalid_der}},
        Case{"ExtensionNoSequence", {.extensions = der(4, "x")}, kSubject, {certificate_invalid_extensions}},
        Case{"IndefiniteLength",
             {.subject = "\x30\x80" + name_part(kCommonName, "x") + "\0\0"s},
             "none",
             {certificate_invalid_x509name}},
        Case{"LongLength", {.subject = "\x30\x84\0\0\0\0"s}, ""},
        Case{"TooLongLength",
             {.subject = "\x30\x89\0\0\0\0\0\0\0\0\0"s},
             "none",
             {certificate_invalid_x509name}}),
    by_name);

/// A subject, and its text.
struct Name {
  std::string name;
  std::string parts;
  std::string want;
};

class NameText : public testing::TestWithParam<Name> {};

TEST_P(NameText, Reads) {
  const std::string& parts = GetParam().parts;
  EXPECT_EQ(text_of(as_bytes(parts)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, NameText,
    testing::Values(
        Name{"Order", name_part(kCommonName, "a") + name_part(kCountry, "JP"), "CN=a, C=JP"},
        Name{"SeveralInOnePart", der(0x31, attribute(kCommonName, "a") + attribute(kCountry, "JP")),
             "CN=a + C=JP"},
        Name{"PartsBehindSeveral",
             der(0x31, attribute(kCommonName, "a") + attribute(kCountry, "JP")) + name_part(kCommonName, "b"),
             "CN=a + C=JP, CN=b"},
        Name{"Mail", name_part("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "a@b.test", 0x16), "Email=a@b.test"},
        Name{"UnknownAttribute", name_part("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x63", "x"),
             "1.2.840.113549.1.9.99=x"},
        Name{"HighFirstNumbers", name_part("\x88\x37", "x"), "2.999=x"},
        Name{"Nul", name_part(kCommonName, "a\0b"s), "CN=a\0b"s},
        Name{"Wide", name_part(kCommonName, "\0a\x00\xe9\x30\x42"s, 0x1e), "CN=a\xc3\xa9\xe3\x81\x82"},
        Name{"Empty", name_part(kCommonName, ""), "CN="},
        Name{"CutShort", name_part(kCommonName, "a") + "\x31\x05x", "CN=a"}),
    by_name);

/// The content of subjectAltName, and the names in it.
struct Others {
  std::string name;
  std::string names;
  std::vector<std::string> want;
};

class OtherNames : public testing::TestWithParam<Others> {};

TEST_P(OtherNames, AreThoseOfText) {
  const std::string bytes = TestCertificate{.extensions = other_names(GetParam().names)}.wire();
  Faults faults;
  Bytes rest = read_certificate(as_bytes(bytes), faults).other_names;
  EXPECT_FALSE(faults.any());
  std::vector<std::string> got;
  while (const auto name = next_other_name(rest)) got.emplace_back(as_text(*name));
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, OtherNames,
    testing::Values(Others{"None", "", {}}, Others{"Host", der(0x82, "a.test"), {"a.test"}},
                    Others{"All",
                           der(0x81, "a@b.test") + der(0x82, "a.test") + der(0x86, "x://y"),
                           {"a@b.test", "a.test", "x://y"}},
                    Others{"AddressIsLeftOut", der(0x87, "\x7f\0\0\1"s) + der(0x82, "a.test"), {"a.test"}},
                    Others{"CutShort", der(0x82, "a.test") + "\x82\x09x", {"a.test"}}),
    by_name);

}  // namespace
}  // namespace bansoko::proto::tls
