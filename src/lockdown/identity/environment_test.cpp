// SPDX-License-Identifier: Apache-2.0
#include "lockdown/identity/environment.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/cases.h"

namespace bansoko::identity {
namespace {

using Words = std::vector<std::string_view>;

struct Case {
  std::string_view name;
  Language language;
  Words environment;
  CodeArguments want;
};

CodeArguments files(std::vector<std::string> names) { return {.files = std::move(names)}; }

class CodeOfEnvironment : public testing::TestWithParam<Case> {};

TEST_P(CodeOfEnvironment, Variables) {
  const CodeArguments got = code_environment(GetParam().language, GetParam().environment);
  EXPECT_EQ(got.files, GetParam().want.files);
  EXPECT_EQ(got.from_input, GetParam().want.from_input);
  EXPECT_EQ(got.is_inline, GetParam().want.is_inline);
  EXPECT_EQ(got.truncated, GetParam().want.truncated);
}

INSTANTIATE_TEST_SUITE_P(
    Environment, CodeOfEnvironment,
    testing::Values(
        Case{"Nothing", Language::shell, {}, {}}, Case{"NoEquals", Language::shell, {"BASH_ENV", ""}, {}},
        Case{"OfAnother", Language::perl, {"BASH_ENV=x"}, {}},
        Case{"LongerName", Language::shell, {"BASH_ENVX=x", "XENV=x"}, {}},
        Case{"Preload", Language::none, {"LD_PRELOAD=/a:./b c.so"}, files({"/a", "./b"})},
        Case{"Audit", Language::node, {"LD_AUDIT=/a"}, files({"/a"})},
        Case{"BashEnv", Language::shell, {"BASH_ENV=x"}, files({"x"})},
        Case{"BashEnvEmpty", Language::shell, {"BASH_ENV="}, {}},
        Case{"BashEnvExpanded", Language::shell, {"BASH_ENV=$HOME/x"}, {.truncated = true}},
        Case{"BashEnvQuoted", Language::shell, {"BASH_ENV=/tmp/'x'"}, {.truncated = true}},
        Case{"Env", Language::shell, {"ENV=/x"}, files({"/x"})},
        Case{"EnvExpanded", Language::shell, {"ENV=$(id)"}, {.is_inline = true}},
        Case{"EnvOfApplet", Language::multi, {"ENV=/x"}, files({"/x"})},
        Case{"Function", Language::shell, {"BASH_FUNC_f%%=() { id; }"}, {.is_inline = true}},
        Case{"PythonStartup", Language::python, {"PYTHONSTARTUP=x", "PYTHONPATH=/y"}, files({"x"})},
        Case{"PythonInspect", Language::python, {"PYTHONINSPECT=1"}, {.from_input = true}},
        Case{"PerlOptions", Language::perl, {"PERL5OPT=-Mlib=/l -w"}, {}},
        Case{"PerlModuleWithCode", Language::perl, {"PERL5OPT=Mlib;die"}, {.is_inline = true}},
        Case{"PerlDebugger", Language::perl, {"PERL5DB=require './x'"}, {.is_inline = true}},
        Case{"RubyOptions", Language::ruby, {"RUBYOPT=-w -r./x -rset"}, files({"./x"})},
        Case{"RubyNoDash", Language::ruby, {"RUBYOPT=w r./x"}, files({"./x"})},
        Case{"RubySeparate", Language::ruby, {"RUBYOPT=-r ./x"}, files({"./x"})},
        Case{"NodeRequire", Language::node, {"NODE_OPTIONS=--title t --require ./x"}, files({"./x"})},
        Case{"NodeQuotes", Language::node, {R"(NODE_OPTIONS=--import="./a \"b")"}, files({"./a \"b"})},
        Case{"NodeApostrophe", Language::node, {"NODE_OPTIONS=--title=it's -r ./x"}, files({"./x"})},
        Case{"NodeQuoteOpen", Language::node, {"NODE_OPTIONS=-r \"./x y\\"}, files({"./x y\\"})},
        Case{"NodePrompt", Language::node, {"NODE_REPL_EXTERNAL_MODULE=/x"}, files({"/x"})},
        Case{"JavaTool", Language::java, {"JAVA_TOOL_OPTIONS=-Xmx1g -javaagent:/x=y"}, files({"/x"})},
        Case{"JavaOptions", Language::java, {"_JAVA_OPTIONS='-javaagent:a b'"}, files({"a b"})},
        Case{"JavaOptionsStandAlone", Language::java, {"_JAVA_OPTIONS=-d -javaagent:x"}, files({"x"})},
        Case{"JavaLauncher", Language::java, {"JDK_JAVA_OPTIONS=-cp x @args"}, files({"x", "args"})},
        Case{"ClassPath", Language::java, {"CLASSPATH=a.jar:x"}, files({"x"})},
        Case{"LuaFile", Language::lua, {"LUA_INIT=@x"}, files({"x"})},
        Case{"LuaVersioned", Language::lua, {"LUA_INIT_5_4=@x"}, files({"x"})},
        Case{"LuaCode", Language::lua, {"LUA_INIT=os.exit()"}, {.is_inline = true}},
        Case{"PhpFolders", Language::php, {"PHPRC=/x", "PHP_INI_SCAN_DIR=/y"}, {}},
        Case{"LoaderTakesAll", Language::loader, {"BASH_ENV=x", "LUA_INIT=@y"}, files({"x", "y"})}),
    by_name);

TEST(CodeEnvironment, VariablesBeyondTheLimitAreNotIdentified) {
  Words environment(kMostArguments, "A=b");
  EXPECT_FALSE(code_environment(Language::shell, environment).truncated);
  environment.emplace_back("BASH_ENV=x");
  EXPECT_TRUE(code_environment(Language::shell, environment) == CodeArguments{.truncated = true});
}

TEST(CodeEnvironment, OptionsBeyondTheLimitAreNotIdentified) {
  std::string options = "NODE_OPTIONS=";
  for (std::size_t i = 0; i < kMostArguments; ++i) options += "-i ";
  EXPECT_FALSE(code_environment(Language::node, Words{options}).truncated);
  options += "-i";
  EXPECT_TRUE(code_environment(Language::node, Words{options}).truncated);
}

}  // namespace
}  // namespace bansoko::identity
