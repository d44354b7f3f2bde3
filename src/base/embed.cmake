# embed_files(OUT NAMES...): writes an assembler file that holds the named files (paths from the
# top of the project) and their table, embedded_files[] of base/embed.h.
function(embed_files out)
  set(names ${ARGN})
  list(SORT names)
  set(data "")
  set(table "")
  set(depends "")
  set(index 0)
  foreach(name ${names})
    string(APPEND data "name_${index}: .asciz \"${name}\"\nfile_${index}:\n"
                       ".incbin \"${PROJECT_SOURCE_DIR}/${name}\"\nfile_${index}_end: .byte 0\n")
    string(APPEND table ".balign 8\n.quad name_${index}\n.quad file_${index}\n"
                        ".quad file_${index}_end - file_${index}\n")
    list(APPEND depends ${PROJECT_SOURCE_DIR}/${name})
    math(EXPR index "${index} + 1")
  endforeach()
  # Without this note the linker takes the whole program for one without checked branch targets.
  set(property "#ifdef __CET__\n.section .note.gnu.property,\"a\"\n.balign 8\n.long 4, 16, 5\n")
  string(APPEND property ".asciz \"GNU\"\n.long 0xc0000002, 4, __CET__, 0\n#endif\n")
  file(CONFIGURE OUTPUT ${out} CONTENT
       ".section .rodata\n${data}\n.section .data.rel.ro,\"aw\"\n.balign 8\n.globl embedded_files\nembedded_files:\n${table}.quad 0, 0, 0\n${property}.section .note.GNU-stack,\"\",@progbits\n"
       @ONLY)
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS "${depends}")
endfunction()
