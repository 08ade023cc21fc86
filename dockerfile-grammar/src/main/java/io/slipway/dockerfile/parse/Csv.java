package io.slipway.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;

/** One record of comma-separated values; a field may be quoted, a quote inside is doubled. */
final class Csv {

  private Csv() {}

  /**
   * @throws FlagValueException if a quote stands where none may
   */
  static List<String> fields(String record) {
    if (record.isEmpty()) {
      throw new FlagValueException("EOF");
    }
    List<String> fields = new ArrayList<>();
    int position = 0;
    do {
      if (position < record.length() && record.charAt(position) == '"') {
        position = quoted(record, position + 1, fields);
      } else {
        int comma = record.indexOf(',', position);
        int end = comma < 0 ? record.length() : comma;
        int quote = record.indexOf('"', position);
        if (quote >= 0 && quote < end) {
          throw fault(quote, "bare \" in non-quoted field");
        }
        fields.add(record.substring(position, end));
        position = end;
      }
    } while (position++ < record.length());
    return fields;
  }

  /** Reads behind an opening quote; answers where the comma or the end is. */
  private static int quoted(String record, int start, List<String> fields) {
    var field = new StringBuilder();
    for (int i = start; i < record.length(); i++) {
      if (record.charAt(i) != '"') {
        field.append(record.charAt(i));
      } else if (i + 1 < record.length() && record.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (i + 1 == record.length() || record.charAt(i + 1) == ',') {
        fields.add(field.toString());
        return i + 1;
      } else {
        throw fault(i, "extraneous or missing \" in quoted-field");
      }
    }
    throw fault(record.length(), "extraneous or missing \" in quoted-field");
  }

  private static FlagValueException fault(int index, String what) {
    return new FlagValueException("parse error on line 1, column " + (index + 1) + ": " + what);
  }
}
