# SPDX-License-Identifier: Apache-2.0

# bansoko_module(NAME USES modules... LINKS libraries... PRIVATE libraries...)
#
# A module is a folder under src/. Its sources are the .cpp files in it and
# below it; *_test.cpp go to its one test program, each *_fuzz.cpp becomes a
# fuzz target. USES is checked against src/LAYERS by tools/check_layers.py.
# LINKS are libraries its headers show, PRIVATE those they hide.
function(bansoko_module name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS;PRIVATE" ${ARGN})
  string(REPLACE "/" "_" target ${name})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(sources ${all})
  set(tests ${all})
  set(fuzzers ${all})
  list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    if(BANSOKO_UNITY)
      bansoko_unity(${target} ${sources})
    endif()
    target_link_libraries(${target} PRIVATE ${ARG_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  foreach(used ${ARG_USES})
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(${target} ${scope} ${used})
  endforeach()
  target_link_libraries(${target} ${scope} ${ARG_LINKS})
  if(tests AND BUILD_TESTING AND NOT BANSOKO_FUZZ)
    add_executable(${target}_test ${tests} ${CMAKE_SOURCE_DIR}/tests/allocations.cpp)
    target_link_libraries(${target}_test PRIVATE ${target} traffic GTest::gtest_main ${ARG_PRIVATE})
    target_compile_options(${target}_test PRIVATE ${BANSOKO_TEST_FLAGS})
    add_test(NAME ${name} COMMAND ${target}_test)
    set_tests_properties(${name} PROPERTIES LABELS unit)
  endif()
  if(BUILD_TESTING)
    foreach(fuzzer ${fuzzers})
      bansoko_fuzz(${target} ${fuzzer})
    endforeach()
  endif()
endfunction()

# Sources that have a local name in common with another of their folder, or include headers that cannot go together.
set(BANSOKO_ALONE
    detect/(reputation|threshold_table) engine/(daemon|evidence_keeper|replay_summary|settings|settings_streams|shield|teller)
    keyword/flow_.*/.* packet/tunnel patches/message_writer capture/[a-z_]+ http/(exchange|uri) ldap/message smb/smb_parser smtp/transfer_decoder
    tds/tds_parser tls/(hello|tls) archive/stream rpmdb/sqlite)

# Compiles the sources of each folder as one; those of keywords, small as they are, by the first letter.
function(bansoko_unity target)
  list(JOIN BANSOKO_ALONE "|" alone)
  foreach(source ${ARGN})
    if(NOT source MATCHES "/(${alone})\\.cpp$")
      string(REGEX REPLACE "^.*/src/|/[^/]*$" "" group ${source})
      string(REGEX REPLACE "(/keyword/.).*" "\\1" group ${group})
      string(MAKE_C_IDENTIFIER ${group} group)
      set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP
                        UNITY_BUILD_CODE_BEFORE_INCLUDE "// NOLINTNEXTLINE(bugprone-suspicious-include)")
  target_compile_options(${target} PRIVATE -Wno-subobject-linkage)  # an included source is no header
endfunction()

# A fuzz target. Under the fuzz preset it is a libFuzzer program; elsewhere it
# replays its corpus, so that every build runs every input ever kept.
function(bansoko_fuzz target source)
  get_filename_component(fuzzer ${source} NAME_WE)
  set(corpus ${CMAKE_SOURCE_DIR}/fuzz/corpus/${fuzzer})
  if(BANSOKO_FUZZ)
    add_executable(${fuzzer} ${source})
    target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
  else()
    if(NOT TARGET fuzz_replay)
      add_library(fuzz_replay OBJECT ${CMAKE_SOURCE_DIR}/fuzz/replay.cpp)
    endif()
    add_executable(${fuzzer} ${source})
    target_link_libraries(${fuzzer} PRIVATE fuzz_replay)
  endif()
  target_link_libraries(${fuzzer} PRIVATE ${target})
  if(EXISTS ${corpus})
    if(BANSOKO_FUZZ)
      add_test(NAME fuzz/${fuzzer} COMMAND ${fuzzer} -runs=0 ${corpus})
    else()
      add_test(NAME fuzz/${fuzzer} COMMAND ${fuzzer} ${corpus})
    endif()
    set_tests_properties(fuzz/${fuzzer} PROPERTIES LABELS unit)
  endif()
endfunction()

# bansoko_program(NAME USES modules... LINKS libraries...): src/app/NAME/*.cpp becomes bin/NAME.
function(bansoko_program name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/app/${name}/*.cpp)
  if(NOT sources OR BANSOKO_FUZZ)
    return()
  endif()
  add_executable(${name} ${sources})
  target_compile_definitions(${name} PRIVATE BANSOKO_VERSION="${PROJECT_VERSION}")
  foreach(used ${ARG_USES})
    string(REPLACE "/" "_" used ${used})
    target_link_libraries(${name} PRIVATE ${used})
  endforeach()
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
endfunction()

# bansoko_registry(MODULE TYPE FUNCTION HEADER)
#
# Writes FUNCTION, which lists one TYPE for every folder under
# src/MODULE. The folder's name is its registration: it must define
# `const TYPE& describe()` in the namespace of the same name.
function(bansoko_registry module type function header)
  get_filename_component(leaf ${module} NAME)
  string(REPLACE "/" "_" target ${module})
  file(GLOB entries CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src/${module}
       ${CMAKE_SOURCE_DIR}/src/${module}/*/)
  set(declarations "")
  set(rows "")
  foreach(entry ${entries})
    if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/src/${module}/${entry})
      string(APPEND declarations "namespace ${entry} {\nconst ${type}& describe();\n}\n")
      string(APPEND rows "      &${entry}::describe(),\n")
    endif()
  endforeach()
  list(LENGTH entries count)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${target}_${function}.cpp @ONLY CONTENT
"// Written by cmake/bansoko.cmake from the folders in src/@module@.
#include \"@header@\"

#include <vector>

namespace bansoko::@leaf@ {
@declarations@
std::span<const @type@* const> @function@() {
  static const std::vector<const @type@*> all{
@rows@  };
  return all;
}

}  // namespace bansoko::@leaf@
")
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/${target}_${function}.cpp)
endfunction()

# bansoko_messages(MODULE FOLDER): FOLDER/*.yaml become part of the module, as what shipped_messages() gives.
function(bansoko_messages module folder)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.yaml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  set(rows "")
  foreach(file ${files})
    file(READ ${file} text)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE name)
    string(APPEND rows "    {\"${name}\", R\"messages(${text})messages\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/${module}_messages.cpp @ONLY CONTENT
"// Written by cmake/bansoko.cmake from the files in @folder@.
#include \"@module@/catalogue.h\"

namespace bansoko::@module@ {

std::span<const MessageFile> shipped_messages() {
  static constexpr MessageFile files[] = {
@rows@  };
  return files;
}

}  // namespace bansoko::@module@
")
  target_sources(${module} PRIVATE ${CMAKE_BINARY_DIR}/generated/${module}_messages.cpp)
endfunction()
