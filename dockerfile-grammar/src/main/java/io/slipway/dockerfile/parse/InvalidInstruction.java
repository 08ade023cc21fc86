package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Diagnostic.Code;

/** Leaves the reading of one instruction; the reader turns it into a diagnostic. */
final class InvalidInstruction extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Code code;

  InvalidInstruction(Code code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  Code code() {
    return code;
  }

  static InvalidInstruction atLeastOneArgument(String keyword) {
    return count(keyword + " requires at least one argument");
  }

  static InvalidInstruction exactlyOneArgument(String keyword) {
    return count(keyword + " requires exactly one argument");
  }

  static InvalidInstruction noDestination(String keyword) {
    return count(
        keyword
            + " requires at least two arguments, but only one was provided."
            + " Destination could not be determined");
  }

  static InvalidInstruction count(String message) {
    return new InvalidInstruction(Code.ARGUMENT_COUNT, message);
  }

  static InvalidInstruction value(String message) {
    return new InvalidInstruction(Code.ARGUMENT_VALUE, message);
  }

  static InvalidInstruction flag(String message) {
    return new InvalidInstruction(Code.FLAG, message);
  }

  static InvalidInstruction word(String message) {
    return new InvalidInstruction(Code.WORD_SYNTAX, message);
  }
}
