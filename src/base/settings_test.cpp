// SPDX-License-Identifier: Apache-2.0
#include "base/settings.h"

#include <gtest/gtest.h>

#include "base/settings_units.h"
#include "tests/cases.h"

namespace bansoko::settings {
namespace {

using std::chrono::seconds;

enum class Colour : std::uint8_t { red, green };
constexpr std::array<Choice<Colour>, 2> kColours{{{"red", Colour::red}, {"green", Colour::green}}};

struct Sample {
  std::string name = "plain";
  bool loud = false;
  Colour colour = Colour::red;
  std::uint16_t count = 7;
  std::vector<std::string> words = {"one", "two words"};
  Words vars = {{"A", "any"}};
  struct Named {
    std::string word;
    std::uint16_t count = 1;
  };
  std::map<std::string, Named, std::less<>> named;
  struct Inner {
    std::uint32_t memory = 64U << 20U;
    std::uint64_t window = 4096;
    seconds patience{600};
  } inner;
};

Part bind(Sample& sample) {
  return {"sample", "What this is.", [&sample](Section& section) {
            section.text("name", sample.name, "A name.");
            section.flag("loud", sample.loud, "Whether to be loud.");
            section.choice("colour", sample.colour, kColours, "The colour.");
            section.number("count", sample.count, 1, 65535, "How many.");
            section.list("words", sample.words, "Some words.");
            section.map("vars", sample.vars, "Some variables.");
            section.groups("named", sample.named, "Some groups.", [](Section& inner, Sample::Named& one) {
              inner.text("word", one.word, "A word.");
              inner.number("count", one.count, 1, 9, "How many.");
            });
            section.sub("inner", "The inner part.", [&sample](Section& inner) {
              inner.size("memory", sample.inner.memory, 1U << 20U, 1U << 30U, "Bytes to take.");
              inner.size("window", sample.inner.window, 0, 1U << 30U, "Bytes of it to see.");
              inner.duration("patience", sample.inner.patience, seconds(1), seconds(86400),
                             "How long to wait.");
              inner.require("window", sample.inner.window <= sample.inner.memory, "more than memory");
            });
          }};
}

constexpr std::array<std::string_view, 1> kOthers{"other"};

bool read_sample(std::string_view text, Sample& sample, Faults& faults) {
  return read(text, "f.yaml", bind(sample), kOthers, faults);
}

struct RefusedCase {
  std::string_view name;
  std::string_view text;
  std::string_view want;  // the first fault
};

class SettingsRefuse : public testing::TestWithParam<RefusedCase> {};

TEST_P(SettingsRefuse, WithTheReason) {
  Sample sample;
  Faults faults;
  EXPECT_FALSE(read_sample(GetParam().text, sample, faults));
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(to_text(faults[0]), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, SettingsRefuse,
    testing::Values(
        RefusedCase{"UnknownKeyNearAnother", "sample:\n  nmae: x\n",
                    "f.yaml:2:3: sample: unknown setting 'nmae', did you mean 'name'? "
                    "(valid: name, loud, colour, count, words, vars, named, inner)"},
        RefusedCase{"UnknownKeyNearNone", "sample:\n  inner:\n    zzzzzzzz: x\n",
                    "f.yaml:3:5: sample.inner: unknown setting 'zzzzzzzz' (valid: memory, window, patience)"},
        RefusedCase{"UnknownPart", "sampel: {}\n",
                    "f.yaml:1:1: unknown setting 'sampel', did you mean 'sample'? (valid: sample, other)"},
        RefusedCase{
            "UnknownWord", "sample:\n  colour: gren\n",
            "f.yaml:2:11: sample.colour: unknown word 'gren', did you mean 'green'? (valid: red, green)"},
        RefusedCase{"NotAFlag", "sample: {loud: 2}",
                    "f.yaml:1:16: sample.loud: '2' is neither yes nor no (valid: yes or no)"},
        RefusedCase{
            "NotANumber", "sample: {count: 1x}",
            "f.yaml:1:17: sample.count: '1x' is not a whole number (valid: a number from 1 to 65535)"},
        RefusedCase{
            "NegativeNumber", "sample: {count: -1}",
            "f.yaml:1:17: sample.count: '-1' is not a whole number (valid: a number from 1 to 65535)"},
        RefusedCase{"TooSmall", "sample: {count: 0}",
                    "f.yaml:1:17: sample.count: '0' is less than 1 (valid: a number from 1 to 65535)"},
        RefusedCase{
            "TooLarge", "sample: {count: 65536}",
            "f.yaml:1:17: sample.count: '65536' is more than 65535 (valid: a number from 1 to 65535)"},
        RefusedCase{"BeyondSixtyFourBits", "sample: {count: 99999999999999999999}",
                    "f.yaml:1:17: sample.count: '99999999999999999999' is too large "
                    "(valid: a number from 1 to 65535)"},
        RefusedCase{"SizeInUnknownUnit", "sample: {inner: {memory: 64 MB}}",
                    "f.yaml:1:26: sample.inner.memory: '64 MB' is not a size such as 512 KiB or 64 MiB "
                    "(valid: a size from 1 MiB to 1 GiB)"},
        RefusedCase{"SizeTooLarge", "sample: {inner: {memory: 2 GiB}}",
                    "f.yaml:1:26: sample.inner.memory: '2 GiB' is more than 1 GiB "
                    "(valid: a size from 1 MiB to 1 GiB)"},
        RefusedCase{"SizeOverflows", "sample: {inner: {memory: 18446744073709551615 KiB}}",
                    "f.yaml:1:26: sample.inner.memory: '18446744073709551615 KiB' is too large "
                    "(valid: a size from 1 MiB to 1 GiB)"},
        RefusedCase{"TimeWithoutUnit", "sample: {inner: {patience: 30}}",
                    "f.yaml:1:28: sample.inner.patience: '30' is not a time such as 30 s or 5 min "
                    "(valid: a time from 1 s to 1 d)"},
        RefusedCase{"TimeTooFine", "sample: {inner: {patience: 1500 ms}}",
                    "f.yaml:1:28: sample.inner.patience: '1500 ms' is not a multiple of 1 s "
                    "(valid: a time from 1 s to 1 d)"},
        RefusedCase{"ListForText", "sample: {name: [a]}",
                    "f.yaml:1:16: sample.name: cannot be a list (valid: text)"},
        RefusedCase{"TextForList", "sample: {words: a}",
                    "f.yaml:1:17: sample.words: cannot be a single value (valid: a list: [one, two])"},
        RefusedCase{"TextForGroup", "sample: {inner: a}",
                    "f.yaml:1:17: sample.inner: cannot be a single value (valid: a group of settings)"},
        RefusedCase{"ListInList", "sample: {words: [[a]]}",
                    "f.yaml:1:18: sample.words: an item must be a single value"},
        RefusedCase{"MapInMap", "sample: {vars: {A: {b: c}}}",
                    "f.yaml:1:20: sample.vars: 'A' must have a single value"},
        RefusedCase{"NoValue", "sample:\n  name:\n  loud: yes\n",
                    "f.yaml:2:3: sample.name: has no value; leave the line out to have the default "
                    "(valid: text)"},
        RefusedCase{"ControlCharacterByEscape", "sample: {name: \"a\\nb\"}",
                    "f.yaml:1:16: sample.name: too long, or with control characters"},
        RefusedCase{"BetweenSettings", "sample: {inner: {window: 65 MiB}}",
                    "f.yaml:1:26: sample.inner.window: more than memory"},
        RefusedCase{"InANamedGroup", "sample: {named: {x: {count: 10}}}",
                    "f.yaml:1:29: sample.named.x.count: '10' is more than 9 (valid: a number from 1 to 9)"},
        RefusedCase{
            "UnknownInANamedGroup", "sample: {named: {x: {wort: a}}}",
            "f.yaml:1:22: sample.named.x: unknown setting 'wort', did you mean 'word'? (valid: word, count)"},
        RefusedCase{"TextForNamedGroup", "sample: {named: {x: a}}",
                    "f.yaml:1:21: sample.named.x: cannot be a single value (valid: a group of settings)"},
        RefusedCase{
            "ListForNamedGroups", "sample: {named: [a]}",
            "f.yaml:1:17: sample.named: cannot be a list (valid: names with a group of settings each)"},
        RefusedCase{"DuplicateKey", "sample:\n  name: a\n  name: b\n",
                    "f.yaml:3:3: 'name' stands here twice"},
        RefusedCase{"DuplicatePart", "sample: {}\nother: {}\nsample: {}\n",
                    "f.yaml:3:1: 'sample' stands here twice"},
        RefusedCase{"Tab", "sample:\n\tname: a\n", "f.yaml:2:1: a tab in the indentation (valid: spaces)"},
        RefusedCase{"TabAfterSpaces", "sample:\n \tname: a\n",
                    "f.yaml:2:2: a tab in the indentation (valid: spaces)"},
        RefusedCase{"ControlCharacter", std::string_view("sample: {}\n\0", 12),
                    "f.yaml:2:1: control character 0x00"},
        RefusedCase{"Anchor", "other: &a [x]\n",
                    "f.yaml:1:8: anchors (&name) are not used here (valid: the value itself)"},
        RefusedCase{"AnchorBomb", "other: {a: &a [x], b: &b [*a, *a], c: [*b, *b]}\n",
                    "f.yaml:1:12: anchors (&name) are not used here (valid: the value itself)"},
        RefusedCase{"Tag", "sample: {name: !!str a}\n", "f.yaml:1:16: tags (!name) are not used here"},
        RefusedCase{"TwoDocuments", "sample: {}\n---\nsample: {}\n",
                    "f.yaml:1:1: holds more than one document (valid: one)"},
        RefusedCase{"Broken", "sample: {name: [a}\n", "f.yaml:1:18: illegal flow end"},
        RefusedCase{"NotAMap", "- a\n", "f.yaml:1:1: cannot be a list (valid: 'sample:')"},
        RefusedCase{"KeyIsAList", "sample: {[a]: b}\n", "f.yaml:1:10: a key must be a word"}),
    by_name);

TEST(Settings, AllFaultsAreReported) {
  Sample sample;
  Faults faults;
  EXPECT_FALSE(read_sample("sample: {loud: 2, count: 0, nam: x, inner: {memory: 1}}", sample, faults));
  EXPECT_EQ(faults.size(), 4u);
}

TEST(Settings, WhatIsAtFaultKeepsItsDefault) {
  Sample sample;
  Faults faults;
  EXPECT_FALSE(read_sample("sample: {count: 0, name: new}", sample, faults));
  EXPECT_EQ(sample.count, 7);
  EXPECT_EQ(sample.name, "new");
}

TEST(Settings, AHugeFileIsRefusedUnread) {
  Sample sample;
  Faults faults;
  EXPECT_FALSE(read_sample(std::string(kMaxFileSize + 1, '#'), sample, faults));
  EXPECT_EQ(to_text(faults.at(0)), "f.yaml: larger than 1048576 bytes");
  faults.clear();
  EXPECT_TRUE(read_sample(std::string(kMaxFileSize, '#'), sample, faults));
}

TEST(Settings, DeepNestingIsAFault) {
  Sample sample;
  Faults faults;
  EXPECT_FALSE(read_sample("other: " + std::string(100000, '['), sample, faults));
  EXPECT_EQ(faults.size(), 1u);
}

struct AcceptedCase {
  std::string_view name;
  std::string_view text;
};

class SettingsLeaveDefaults : public testing::TestWithParam<AcceptedCase> {};

TEST_P(SettingsLeaveDefaults, WhereNothingIsSaid) {
  Sample sample;
  Sample untouched;
  Faults faults;
  ASSERT_TRUE(read_sample(GetParam().text, sample, faults)) << to_text(faults.at(0));
  EXPECT_EQ(write(bind(sample), Comments::none), write(bind(untouched), Comments::none));
}

INSTANTIATE_TEST_SUITE_P(Settings, SettingsLeaveDefaults,
                         testing::Values(AcceptedCase{"Empty", ""},
                                         AcceptedCase{"OnlyComments", "# nothing\n"},
                                         AcceptedCase{"EmptyPart", "sample:\n"},
                                         AcceptedCase{"EmptyGroup", "sample:\n  inner:\n  # memory: 1 MiB\n"},
                                         AcceptedCase{"OtherPart", "other: {whatever: [1, {a: b}]}\n"},
                                         AcceptedCase{"CarriageReturns", "sample:\r\n  name: plain\r\n"}),
                         by_name);

TEST(Settings, EveryKindIsRead) {
  Sample sample;
  Faults faults;
  ASSERT_TRUE(
      read_sample("sample:\n"
                  "  name: \"it: \\\"q\\\"\"\n"
                  "  loud: ON\n"
                  "  colour: green\n"
                  "  count: 65535\n"
                  "  words: []\n"
                  "  vars: {B: '![10.0.0.0/8]'}\n"
                  "  named: {x: {word: w}, y z: {count: 3}}\n"
                  "  inner: {memory: 1gib, window: 0, patience: 5 min}\n",
                  sample, faults))
      << to_text(faults.at(0));
  EXPECT_EQ(sample.name, "it: \"q\"");
  EXPECT_TRUE(sample.loud);
  EXPECT_EQ(sample.colour, Colour::green);
  EXPECT_EQ(sample.count, 65535);
  EXPECT_TRUE(sample.words.empty());
  EXPECT_EQ(sample.vars, (Words{{"A", "any"}, {"B", "![10.0.0.0/8]"}}));
  EXPECT_EQ(sample.inner.memory, 1U << 30U);
  EXPECT_EQ(sample.inner.window, 0u);
  EXPECT_EQ(sample.inner.patience, seconds(300));
  ASSERT_EQ(sample.named.size(), 2u);
  EXPECT_EQ(sample.named["x"].word, "w");
  EXPECT_EQ(sample.named["y z"].count, 3);

  Sample again;
  for (const Comments comments : {Comments::none, Comments::all}) {
    again = {};
    again.vars.clear();
    ASSERT_TRUE(read_sample(write(bind(sample), comments), again, faults));
    EXPECT_EQ(write(bind(again), comments), write(bind(sample), comments));
  }
}

TEST(Settings, TheDefaultFileExplainsItself) {
  Sample sample;
  EXPECT_EQ(write(bind(sample), Comments::all),
            R"(# What this is.
sample:
  # A name.
  name: plain

  # Whether to be loud. (yes or no)
  loud: no

  # The colour. (red, green)
  colour: red

  # How many. (a number from 1 to 65535)
  count: 7

  # Some words.
  words:
    - one
    - "two words"

  # Some variables.
  vars:
    A: any

  # Some groups.
  named: {}

  # The inner part.
  inner:
    # Bytes to take. (a size from 1 MiB to 1 GiB)
    memory: 64 MiB

    # Bytes of it to see. (a size from 0 to 1 GiB)
    window: 4 KiB

    # How long to wait. (a time from 1 s to 1 d)
    patience: 10 min
)");
}

}  // namespace
}  // namespace bansoko::settings
