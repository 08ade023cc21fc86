package io.slipway.cli.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before something is removed that was not named. */
final class Confirmation {
  private Confirmation() {}

  /**
   * Whether {@code --force} was given, or the answer is yes; no answer is a no.
   *
   * @param warning what will happen
   */
  static boolean given(Invocation call, String warning) throws IOException {
    if (call.flag("--force")) {
      return true;
    }
    Console console = call.console();
    console.out().print("WARNING! " + warning + "\nAre you sure you want to continue? [y/N] ");
    console.flush();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    String answer = in.readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).equals("y");
  }
}
