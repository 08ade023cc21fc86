package io.slipway.dockerfile.ast;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A here-document: {@code [fd]<<[-]NAME} and its body.
 *
 * @param name terminator, quotes removed
 * @param fileDescriptor the digits before {@code <<}; empty when none were written (the shell then
 *     means 0)
 * @param chomp written with {@code <<-}: leading tabs of each body line do not count
 * @param expand false when any part of the name was quoted: COPY and ADD then copy the body as is
 * @param content the raw body, every line with its line end (CRLF kept), without the terminator
 *     line; may be empty
 * @param range from the start of the body to the end of the terminator line
 */
public record Heredoc(
    String name,
    OptionalInt fileDescriptor,
    boolean chomp,
    boolean expand,
    String content,
    SourceRange range) {

  private static final Pattern LEADING_TABS = Pattern.compile("(?m)^\t+");

  public Heredoc {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(fileDescriptor, "fileDescriptor");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(range, "range");
  }

  /** The body as it is used: with {@code <<-}, leading tabs of every line removed. */
  public String body() {
    return chomp ? LEADING_TABS.matcher(content).replaceAll("") : content;
  }
}
