// Looking at a value that somebody holds: what it is, what stands around it, whose it is.
export const check = {
  check_open: "Test a token",
  check_title: "Test a token",
  check_lead:
    "Looks at the clipboard or at a file. The value itself is not shown and not sent: the NMS is asked by a hash of it.",
  check_clipboard: "Test the clipboard",
  check_file: "Test a file…",
  check_file_title: "Test the token in a file",
  check_file_open: "Test",
  check_nothing_yet: "Nothing was tested yet.",
  check_found: "What was found",
  check_masked: "It is {masked}.",

  found_empty: "It is empty.",
  found_too_much: "It is far more text than a token.",
  found_not_text: "It is no text.",
  found_not_a_token: "It is no version 1 token.",
  found_masked: "It is the masked value from the list, not the token. Nobody can make the token out of it.",
  found_token: "It has the form of a token, and its checksum is right.",
  found_mistyped: "Its checksum is wrong: at least one character is mistyped.",
  found_broken: "A line break or a blank stands inside it.",
  found_cut_off: {
    one: "It is cut off: {count} character is missing.",
    other: "It is cut off: {count} characters are missing.",
  },
  found_too_long: { one: "It has {count} character too many.", other: "It has {count} characters too many." },
  found_foreign_character: "A character that no token has stands in it.",
  found_several: { one: "There is {count} token in it.", other: "There are {count} tokens in it. Test one at a time." },

  around_bearer: "It stands in an Authorization header with Bearer, as it should.",
  around_without_scheme: "The header lacks the word Bearer before the token. Servers refuse that as unauthorized.",
  around_other_scheme: "The header names another scheme than Bearer. Servers refuse that as unauthorized.",
  around_blanks: "Blanks stand around it. A service that sends them is refused.",
  around_line_breaks: "A line break stands around it. Many programs send it along and are refused.",
  around_invisible: "Characters that cannot be seen stand around it. They make it another value.",
  around_quotes: "Quotation marks stand around it. In an environment file or a header they become part of it.",
  around_other_text: "Other text stands around it.",
} as const;
