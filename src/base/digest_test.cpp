// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko {
namespace {

struct Case {
  std::string name;
  std::string text;
  std::string md5, sha1, sha256;
};

class Digests : public testing::TestWithParam<Case> {};

std::string digest(Digest::Kind kind, std::string_view text, std::size_t piece) {
  Digest digest(kind);
  for (std::size_t at = 0; at < text.size(); at += piece) digest.add(as_bytes(text.substr(at, piece)));
  return to_hex(digest.finish());
}

TEST_P(Digests, AreThoseOfTheStandardsHoweverTheTextComes) {
  for (const std::size_t piece : {1, 3, 63, 64, 65, 1000}) {
    EXPECT_EQ(digest(Digest::Kind::md5, GetParam().text, piece), GetParam().md5);
    EXPECT_EQ(digest(Digest::Kind::sha1, GetParam().text, piece), GetParam().sha1);
    EXPECT_EQ(digest(Digest::Kind::sha256, GetParam().text, piece), GetParam().sha256);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Known, Digests,
    testing::Values(Case{"Empty", "", "d41d8cd98f00b204e9800998ecf8427e",
                         "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
                    Case{"Abc", "abc", "900150983cd24fb0d6963f7d28e17f72",
                         "a9993e364706816aba3e25717850c26c9cd0d89d",
                         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
                    Case{"Of55", std::string(55, 'a'), "ef1772b6dff9a122358552954ad0df65",
                         "c1c8bbdc22796e28c0e15163d20899b65621d65a",
                         "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"},
                    Case{"Of56", std::string(56, 'a'), "3b0c8ac703f828b04c6c197006d17218",
                         "c2db330f6083854c99d4b5bfb6e8f29f201be699",
                         "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"},
                    Case{"Of63", std::string(63, 'a'), "b06521f39153d618550606be297466d5",
                         "03f09f5b158a7a8cdad920bddc29b81c18a551f5",
                         "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"},
                    Case{"Of64", std::string(64, 'a'), "014842d480b571495a4a0363793f7367",
                         "0098ba824b5c16427bd7a1122a5a442a25ec644d",
                         "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"},
                    Case{"Of119", std::string(119, 'a'), "8a7bd0732ed6a28ce75f6dabc90e1613",
                         "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56",
                         "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"},
                    Case{"Of120", std::string(120, 'a'), "5f61c0ccad4cac44c75ff505e1f1e537",
                         "f34c1488385346a55709ba056ddd08280dd4c6d6",
                         "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"},
                    Case{"Of1000", std::string(1000, 'a'), "cabe45dcc9ae5b66ba86600cca6b8ba8",
                         "291e9a6c66994949b57ba5e650361e98fc36b1ba",
                         "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"}),
    by_name);

}  // namespace
}  // namespace bansoko
