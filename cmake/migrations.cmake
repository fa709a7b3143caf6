# retour_embed_migrations(OUT sources FOLDER db/migrations/store FUNCTION retour::journal::store_migrations)
# writes, at build time, a .cpp that defines `std::span<const retour::sqlite::Migration> FUNCTION()` from the files
# NNNN_name.sql of the folder, and appends its path to the variable named by OUT. Declare the function in a header.
# A new file is seen without a fresh configure.
function(retour_embed_migrations)
  cmake_parse_arguments(arg "" "OUT;FOLDER;FUNCTION" "" ${ARGN})
  file(GLOB files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${arg_FOLDER}/*.sql")
  list(SORT files)
  string(MAKE_C_IDENTIFIER "${arg_FUNCTION}" name)
  set(output "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  add_custom_command(OUTPUT "${output}"
    COMMAND "${CMAKE_COMMAND}" "-DFILES=${files}" "-DFUNCTION=${arg_FUNCTION}" "-DOUTPUT=${output}"
            -P "${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake"
    DEPENDS ${files} "${PROJECT_SOURCE_DIR}/cmake/embed_migrations.cmake"
    COMMENT "Compiling in ${arg_FOLDER}" VERBATIM)
  set(${arg_OUT} ${${arg_OUT}} "${output}" PARENT_SCOPE)
endfunction()
