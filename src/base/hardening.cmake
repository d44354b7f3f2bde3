# harden_program(): compiles everything with the protections that compiler and processor support:
# position-independent code, checked copies, stack protection, and branch targets checked by the
# processor. harden_link(TARGET): links a program with read-only relocations and without an executable
# stack. tests/lint/hardening reads the result from the program.
include(CheckCCompilerFlag)
include(CheckPIESupported)

# Adds a flag to everything that is compiled if the compiler knows it.
function(add_known_flag flag)
  string(MAKE_C_IDENTIFIER "HAVE${flag}" name)
  check_c_compiler_flag(${flag} ${name})
  if(${name})
    add_compile_options(${flag})
  endif()
endfunction()

# 3 also checks sizes that are known only at run time. Compilers that do not know it check as 2.
# Sanitizers intercept the unchecked functions, and checks need optimization.
function(add_fortify)
  if(sanitizers OR CMAKE_BUILD_TYPE STREQUAL "Debug")
    return()
  endif()
  set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3")
  check_c_source_compiles("#include <string.h>
    #if __USE_FORTIFY_LEVEL < 3
    #error the level is not supported
    #endif
    int main(void) { return 0; }" HAVE_FORTIFY_3)
  if(HAVE_FORTIFY_3)
    set(level 3)
  else()
    set(level 2)
  endif()
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level})
endfunction()

macro(harden_program)
  check_pie_supported()
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_known_flag(-fstack-protector-strong)
  add_known_flag(-fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_known_flag(-fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    add_known_flag(-mbranch-protection=standard)
  endif()
  add_fortify()
endmacro()

function(harden_link target)
  target_link_options(${target} PRIVATE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    # The start files of Debian have no mark, so the linker would leave it out. They keep to what a shadow
    # stack needs; they have no landing pads, so the mark for those stays out.
    target_link_options(${target} PRIVATE -Wl,-z,shstk)
  endif()
endfunction()
