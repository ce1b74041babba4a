// SPDX-License-Identifier: Apache-2.0
#include "shield/pattern/gram_weight.h"

#include <array>
#include <cmath>
#include <cstdint>

namespace bansoko::pattern {
namespace {

// Kinds of bytes, once capital and small letters are folded together as the index does it: letters, digits,
// each other character, and what is no ASCII.
constexpr std::size_t kKinds = 56;

constexpr std::size_t kind_of(char c) noexcept {
  const auto byte = static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) | 0x20U);
  if (byte >= 0x80) return 55;
  if (byte >= 'a' && byte <= 'z') return byte - std::size_t{'a'};
  if (byte >= '0' && byte <= '9') return 26;
  if (byte < '0') return 27 + byte - std::size_t{' '};
  if (byte < 0x40) return 43 + byte - std::size_t{':'};
  return byte == '`' ? 49 : 50 + byte - std::size_t{'{'};
}

// How rare each kind of byte is, and each behind each: 'a' for always, 'b' for every second time, and so on
// by powers of two. Counted in HTML (35 %), JavaScript (15), CSS (10), JSON (5), ELF (10), PNG (5) and the
// heads of HTTP messages (20).
constexpr std::string_view kFirst = "egfgegggfjhfgffgjffeghhhhjhdjfjjjjjiigjhfggghhghkjiihlik";
constexpr std::array<std::string_view, kKinds> kNext{
    "ffefhhejfiiefdjfhdddhghhhkjfmjnnllmkkmjkghhjjllfnkkjjkjm",
    "dgggefgifggeiidfhefiejijejhgkillkllillkjigjjiklmmifkimjm",
    "eheidijegkfdijckkfgegjjkikihlhmlklkjlmlkfghijkhnnjkkjnin",
    "eggfchjidijhiiejjhhghjjkgkiekgmgjkjiikkigfifhiehmkijjnhm",
    "ffffgehjikkffdjfideekihfikjemfonllkiijlgfggfhhfgmkkijohn",
    "eghgeehjdkjfhfdjkfigfkjkjjhfkhlllkmhjkkihggihidmmiikgmkl",
    "giihcifefjifeggijfgefkjkjfkfkfllikljhkiifhgeljigijikjmim",
    "fhhidkkjfkjgijegkdichkkkjkigigkkllmihljihihfiigkmkjkimii",
    "gheefffjiliffcdekgfdielilgkiljnnnmnlkmlliiikmkkhnmkllnlm",
    "efhhehggggggghfhgibighhiihihiijjjjkijjijjjikkjkkkhfkfkkk",
    "gghichffdihhghfifigiijgjhhjejgkkjkhiikjidhjihikklihjjlfl",
    "chigdhkkdhlfkieikkgfgjklfkkfjfgiljmhjlhfgiihgjghjliiinil",
    "dfhfdjijfijdfieejkgfgkkkjjigkhmmjkmjklllgighhjljnjjjlnhm",
    "fieeehdkfkggjgfilkecgikijklekfmnkkkhjkkhfggfhihfkljjinin",
    "hheejfgkhjfefcffldfffgghlhmgminmllmlimlkhkjkklkmmmkllnjn",
    "dhjhdkkgglkdjhfejeedgkkggkkhjhllkkmikllfeifhhkkgjkkklnim",
    "effgfhhghhhghhhhhhgidihhiiihhijjjkkjkjijjhjkkhckkjkikjek",
    "ekegcigkelhhggejkgffegklfllelfnnkkkgilliehifjjigmmlilnin",
    "gjfkdjjgemhhjhfekgddggjkiljemfmmmlkjjjlgfgffkjeijljklnin",
    "ekigdiledllgeiefkegfgljkfllelgmijjlhikkieggfhihgmmlikoho",
    "fffgehhhfkjeedgfjdddikjhkkihkjlkjjkjkkkjhjkklkjllllkkmjl",
    "digicieiekjggihhhhhhhiihijidkhjkkklkkkkjhikhllielkljlljl",
    "efiidjifdiijihehifejijcjjjjgjglkkklijjjjgdiikjilkkjjklhl",
    "eihigjjegijgdjhfihidihiijigeihkkjjjiikjieefhfigkhkkjjlhl",
    "hhhihhhigjjegggcigfehjhjijjdkekkkjkhijjiegiejhifkkjjjkhl",
    "fgihciggchiiefhihihhiihhghihjfjjjjjjjjijgjijkjjkkjijhkgk",
    "ggggggjhijkijkkhjjikkjkikifdjgkkikkkhkkfedigghlilkkiilhl",
    "ggfghggfglihghhgmhgfiihjllhbjfiklkjhkiklhihlmgikligkhmkl",
    "hijfhhjfgjjhijjjjiihhjjjjjhbhgihgjjgjijjejgjjhfjjigijjji",
    "ggfgggigfkihfhhglgefhghklljdkhgimlkkhgkegfheijkdllgkgjim",
    "fggggfigfjjieijijhhfhiijjkfdhfhijjjjkjjjjjfkjjjjjihjjjjj",
    "hijhjijegjjhijjgjfgijijgjjgdhgifgiidijjhjhgjjhjjjfgijjji",
    "hhjhiijgihiiiijijhhiiijhihfdhhiihijgehifiihigiiiiijiiiji",
    "ehihhidghjjdifiijiigiijjjjjdhheijdifjjjiijijjjjjjijijjjj",
    "fhhfihjfhjjhfifijiggiggjjjidighiiihhdiifighifhifiijihjgj",
    "gifgegiffkgggghhkhgfhhggklhdgejiigfgeijjehhjkgkkiihhkkkk",
    "jiigiikiilliijjikgjhkiikjkjcigkiihkiegiegfhhdfijijeiflkk",
    "ejdggkgfkmmgkmkjmgfjgglmnmmbkkiklmmjgelkfffigfmmmjikfnmm",
    "ghhhhhiggihghghghhhghhgdiiidigigfjihgidiijgijigjiiihjjij",
    "eiijfgkiflkjkhijmhggjiklklgcjdkjkkkklchkljklmimlmkfflmkl",
    "efehegjgfikffgigjfefghgkliggjlmmkinmmcmmeimnmlmhmljlknmn",
    "hhehgfieggkhhghgjgfghjgjmlfgljmlmmmjmillmddmmhmmnlmlmnin",
    "eheehgiffhjghghflgdgijffklhgliljlmmkjfkjmeemglliglkjkjkk",
    "gihjihlihmkihhiimihhjikimmhbigjllllklilljkfdlhmmlmhklmim",
    "jiijihkihlkjhiiidhhghhilllkcjhkkihhijbkjikkjjfjllkkjglll",
    "dgfejklfimjffhlfmhdhimgllmligkkilklllllllkbllkkllmmlmmlm",
    "iiihhgkkjllkkhjklijhijkllkgfibglkkiklkjlkjfllkfillielljl",
    "gigjhgkigmkhiiihlgfghiiilliekiiklgjhgdlglhhhjbjkkhjjjlhl",
    "hihehijgcjjiihijjiigiijijjiehgiiiiihhijjijhhigiihehhhiii",
    "hhhhgeifhihgggiijiiiiijiijidgghhiiigfhihghgihfjjjgfhejii",
    "effggghifihighiilgihjgjklkhfjfikklkjlckkjkkjkklllideejkk",
    "gijhijkjikkjkfjikjhiijiekkjgibjfjjjgjhjkhhhkkjjjkkheijjk",
    "ffghgigjhkjkjjjklikkkjkllljfjhkikkkifdhdhgjhgihhjjfeclkk",
    "ehihhiihiihhhihhhihhiiihhihegghhhhhfhhhhhhghihhhhhfghghi",
    "fgegffggfjhfdfhfigeefghhkgihjjkjjjkhjkkijjjkkgjkkkkjhkek",
    "hiighhifhiighiihiihghiihiihfgghgghhhiiihhigiihhiihhhhihh"};

}  // namespace

double gram_weight(std::string_view gram) noexcept {
  std::size_t kind = kind_of(gram.front());
  int bits = kFirst[kind] - 'a';
  for (const char c : gram.substr(1)) {
    const std::size_t next = kind_of(c);
    bits += kNext[kind][next] - 'a';
    kind = next;
  }
  return std::ldexp(1.0, -bits);
}

}  // namespace bansoko::pattern
